// RUN: cat %amos/lib/Accelerators/x86-avx512.mlir %s > %t.mlir
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping | FileCheck %s
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping=seed=7 > %t.first
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping=seed=7 | diff %t.first -
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping=effort=0 | FileCheck %s --check-prefix=SCALAR
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping=effort=1 | FileCheck %s --check-prefix=FIRST
// RUN: amos-opt %t.mlir -amos-find-mappings -amos-select-mapping=never-pad=true | FileCheck %s --check-prefix=PAD
// RUN: amos-opt %t.mlir -amos-find-mappings "-amos-select-mapping=mapping={{@convolution#0=#amos.mapping<@x86_avx512::@vpdpbusd,[[1],[4,5,6]]>}}" | FileCheck %s --check-prefix=FORCED

#a = affine_map<(m, n, k) -> (m, k)>
#b = affine_map<(m, n, k) -> (k, n)>
#c = affine_map<(m, n, k) -> (m, n)>

// Rows are read as they lie, columns are packed, reductions are innermost and
// the block divides the extents.
// CHECK-LABEL: func.func @matmul(
// CHECK: amos.cost = #amos.cost<cycles = {{[0-9]+}}, lower_bound = 16777216, bound = "compute", useful = 1000
// CHECK-SAME: amos.mapping = #amos.mapping<@x86_avx512::@vpdpbusd, {{\[\[}}1], [2]]>
// CHECK-SAME: nest {{\[\[}}1, [[NR:[0-9]+]]], [0, [[MR:[0-9]+]]], [2, 1]]
// CHECK-SAME: block {{\[}}[[MR]], [[NR]], 1] staging [direct, pack]
// SCALAR-LABEL: func.func @matmul(
// SCALAR: linalg.generic
// SCALAR-NOT: amos.mapping =
// FIRST-LABEL: func.func @matmul(
// FIRST: amos.mapping =
// FORCED-LABEL: func.func @matmul(
func.func @matmul(%x: tensor<1024x1024xi8>, %y: tensor<1024x1024xi8>) -> tensor<1024x1024xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1024x1024xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1024x1024xi32>) -> tensor<1024x1024xi32>
  %r = linalg.generic {indexing_maps = [#a, #b, #c], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %y : tensor<1024x1024xi8>, tensor<1024x1024xi8>) outs(%init : tensor<1024x1024xi32>) {
  ^bb0(%l: i8, %w: i8, %acc: i32):
    %u = arith.extui %l : i8 to i32
    %s = arith.extsi %w : i8 to i32
    %m = arith.muli %u, %s : i32
    %n = arith.addi %acc, %m : i32
    linalg.yield %n : i32
  } -> tensor<1024x1024xi32>
  return %r : tensor<1024x1024xi32>
}

// The padded activation is read as it lies, the weights are packed; seven pixels of a
// row by two vectors of channels, window and channels innermost.
// CHECK-LABEL: func.func @convolution(
// CHECK: amos.candidates = [#amos.candidate<<@x86_avx512::@vpdpbusd, {{\[\[}}1], [4]]>
// CHECK-SAME: amos.mapping = #amos.mapping<@x86_avx512::@vpdpbusd, {{\[\[}}1], [4]]>
// CHECK-SAME: nest {{\[\[}}4, 2], [0, 1], [1, 7], [2, 1], [3, 1], [5, 1]]
// CHECK-SAME: block [1, 7, 1, 1, 2, 1] staging [direct, pack]
// SCALAR-LABEL: func.func @convolution(
// FORCED-LABEL: func.func @convolution(
// FORCED: amos.mapping = #amos.mapping<@x86_avx512::@vpdpbusd, {{\[\[}}1], [4, 5, 6]]>
func.func @convolution(%x: tensor<1x28x28x128xi8>, %y: tensor<3x3x128x128xi8>) -> tensor<1x28x28x128xi32> {
  %zero = arith.constant 0 : i32
  %none = arith.constant 0 : i8
  %empty = tensor.empty() : tensor<1x28x28x128xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x28x28x128xi32>) -> tensor<1x28x28x128xi32>
  %p = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %none : i8
  } : tensor<1x28x28x128xi8> to tensor<1x30x30x128xi8>
  %r = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, p + r, q + s, c)>,
                       affine_map<(n, k, p, q, c, r, s) -> (r, s, c, k)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, p, q, k)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%p, %y : tensor<1x30x30x128xi8>, tensor<3x3x128x128xi8>) outs(%init : tensor<1x28x28x128xi32>) {
  ^bb0(%l: i8, %w: i8, %acc: i32):
    %u = arith.extui %l : i8 to i32
    %s = arith.extsi %w : i8 to i32
    %m = arith.muli %u, %s : i32
    %n = arith.addi %acc, %m : i32
    linalg.yield %n : i32
  } -> tensor<1x28x28x128xi32>
  return %r : tensor<1x28x28x128xi32>
}

// A ragged product: all five vectors of columns in one block, the padding is in
// the cost. Refused where padding is.
// CHECK-LABEL: func.func @ragged(
// CHECK: useful = 938
// CHECK-SAME: block [{{[0-9]+}}, 1, 5]
// PAD-LABEL: func.func @ragged(
// PAD: amos.candidates = []
// PAD-SAME: #amos.rejection<@x86_avx512::@fma_f32, "E-EXTENT", "performs multiply-adds on padding, which is refused here"
func.func @ragged(%x: tensor<67x131xf32>, %y: tensor<131x75xf32>, %z: tensor<67x75xf32>) -> tensor<67x75xf32> {
  %r = linalg.matmul ins(%x, %y : tensor<67x131xf32>, tensor<131x75xf32>) outs(%z : tensor<67x75xf32>) -> tensor<67x75xf32>
  return %r : tensor<67x75xf32>
}

// What is given is kept, what is missing is added.
// CHECK-LABEL: func.func @given(
// CHECK: amos.cost = #amos.cost<cycles
// CHECK-SAME: amos.mapping = #amos.mapping<@x86_avx512::@fma_f32, {{\[\[}}1]]>
// CHECK-SAME: amos.schedule = #amos.schedule<order {{\[\[}}1]] tiles [] nest {{\[\[}}0, 3], [2, 2], [1, 1]] block [3, 1, 2] staging [direct, direct]>
// CHECK: amos.mapping = #amos.mapping<@x86_avx512::@fma_f32, {{\[\[}}0]] operands [1, 0] family commuted>
// CHECK-SAME: amos.schedule = #amos.schedule<
func.func @given(%x: tensor<96x64xf32>, %y: tensor<64x64xf32>, %z: tensor<96x64xf32>) -> (tensor<96x64xf32>, tensor<96x64xf32>) {
  %r = linalg.matmul {amos.mapping = #amos.mapping<@x86_avx512::@fma_f32, [[1]]>,
      amos.schedule = #amos.schedule<order [[1]] tiles [] nest [[0, 3], [2, 2], [1, 1]] block [3, 1, 2] staging [direct, direct]>}
      ins(%x, %y : tensor<96x64xf32>, tensor<64x64xf32>) outs(%z : tensor<96x64xf32>) -> tensor<96x64xf32>
  %s = linalg.matmul {amos.mapping = #amos.mapping<@x86_avx512::@fma_f32, [[0]] operands [1, 0] family commuted>}
      ins(%x, %y : tensor<96x64xf32>, tensor<64x64xf32>) outs(%z : tensor<96x64xf32>) -> tensor<96x64xf32>
  return %r, %s : tensor<96x64xf32>, tensor<96x64xf32>
}
