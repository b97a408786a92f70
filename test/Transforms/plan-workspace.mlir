// RUN: amos-opt --amos-plan-workspace %s | FileCheck %s

// Buffers start at multiples of 256 bytes, neighbours 256 to 1024 bytes apart
// modulo 2048.
// CHECK-LABEL: func.func @two
// CHECK-SAME:    %[[WS:.+]]: memref<[[BYTES:[0-9]+]]xi8>
// CHECK-SAME:    amos.workspace = [[BYTES]] : i64
// CHECK:         %[[ZERO:.+]] = arith.constant 0 : index
// CHECK:         memref.view %[[WS]][%[[ZERO]]][] : memref<[[BYTES]]xi8> to memref<10xi32>
// CHECK:         %[[NEXT:.+]] = arith.constant 256 : index
// CHECK:         memref.view %[[WS]][%[[NEXT]]][] : memref<[[BYTES]]xi8> to memref<4xvector<16xi8>>
func.func @two() -> (memref<10xi32>, memref<4xvector<16xi8>>) {
  %a = memref.alloc() : memref<10xi32>
  %b = memref.alloc() : memref<4xvector<16xi8>>
  return %a, %b : memref<10xi32>, memref<4xvector<16xi8>>
}

// CHECK-LABEL: func.func @page
// CHECK:         memref.view
// CHECK:         %[[NEXT:.+]] = arith.constant 4608 : index
// CHECK:         memref.view {{.*}}[%[[NEXT]]]
func.func @page() -> (memref<1024xi32>, memref<1024xi32>) {
  %a = memref.alloc() : memref<1024xi32>
  %b = memref.alloc() : memref<1024xi32>
  return %a, %b : memref<1024xi32>, memref<1024xi32>
}

// CHECK-LABEL: func.func @none
// CHECK-SAME:    memref<0xi8>
// CHECK-SAME:    amos.workspace = 0 : i64
func.func @none() {
  return
}
