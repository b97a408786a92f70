// What is returned twice has two buffers of the caller's.
// RUN: amos-opt %s -amos-protect-arguments | FileCheck %s
// RUN: amosc run %s --target=generic | FileCheck %s --check-prefix=PASSES
// RUN: amosc %s --target=generic --emulate -o %t.o

// CHECK-LABEL: func.func @tensor
// CHECK-SAME: bufferization.writable = false
// CHECK: %[[COPY:.+]] = bufferization.alloc_tensor() copy(%[[SUM:.+]])
// CHECK: return %[[SUM]], %[[COPY]]
// PASSES: tensor: passed
func.func @tensor(%a: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %sum = arith.addf %a, %a : tensor<4xf32>
  return %sum, %sum : tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: func.func @buffer
// CHECK: %[[FIRST:.+]] = memref.alloc() : memref<4xf32>
// CHECK: %[[COPY:.+]] = memref.alloc() : memref<4xf32>
// CHECK: memref.copy %[[FIRST]], %[[COPY]]
// CHECK: return %[[FIRST]], %[[COPY]]
// PASSES: buffer: passed
func.func @buffer(%a: memref<4xf32>) -> (memref<4xf32>, memref<4xf32>) {
  %first = memref.alloc() : memref<4xf32>
  linalg.copy ins(%a : memref<4xf32>) outs(%first : memref<4xf32>)
  return %first, %first : memref<4xf32>, memref<4xf32>
}
