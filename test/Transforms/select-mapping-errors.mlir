// RUN: cat %amos/lib/Accelerators/x86-avx512.mlir %s > %t.mlir
// RUN: %exits 1 amos-opt %t.mlir -amos-select-mapping 2>&1 | FileCheck %s
// RUN: sed -n '/^func.func @first/,/^}/p' %s > %t.first
// RUN: cat %amos/lib/Accelerators/x86-avx512.mlir %t.first > %t.one.mlir
// RUN: %exits 1 amos-opt %t.one.mlir -amos-find-mappings -amos-select-mapping=mapping=m000000 2>&1 | FileCheck %s --check-prefix=ID
// RUN: %exits 1 amos-opt %t.one.mlir -amos-find-mappings "-amos-select-mapping=mapping={{#amos.mapping<@x86_avx512::@fma_f32,[[2]]>}}" 2>&1 | FileCheck %s --check-prefix=LITERAL

// ID: error: none of the candidates has the id 'm000000' that is demanded
// LITERAL: error: the demanded mapping is wrong: {{.*}} (E-STRUCT)
func.func @first(%x: tensor<96x64xf32>, %y: tensor<64x64xf32>, %z: tensor<96x64xf32>) -> tensor<96x64xf32> {
  %r = linalg.matmul ins(%x, %y : tensor<96x64xf32>, tensor<64x64xf32>) outs(%z : tensor<96x64xf32>) -> tensor<96x64xf32>
  return %r : tensor<96x64xf32>
}

// CHECK: error: 'amos.mapping' cannot run: the block takes 38 of 32 registers in level 'register' (E-CAPACITY)
// CHECK: note: make the block smaller
func.func @spills(%x: tensor<96x64xf32>, %y: tensor<64x64xf32>, %z: tensor<96x64xf32>) -> tensor<96x64xf32> {
  %r = linalg.matmul {amos.mapping = #amos.mapping<@x86_avx512::@fma_f32, [[1]]>,
      amos.schedule = #amos.schedule<order [[1]] tiles [] nest [[2, 4], [0, 8], [1, 1]] block [8, 1, 4] staging [direct, direct]>}
      ins(%x, %y : tensor<96x64xf32>, tensor<64x64xf32>) outs(%z : tensor<96x64xf32>) -> tensor<96x64xf32>
  return %r : tensor<96x64xf32>
}
