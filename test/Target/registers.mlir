// The innermost loop holds the block's multiply-adds, one load for each vector of
// weights, one broadcast for each row, and nothing else that touches a vector.
//
// RUN: amosc %s --target=x86-avx512 --emit=asm --entry=divisible -o - | %python %S/Inputs/innermost.py vpdpbusd | FileCheck %s --check-prefix=DIV
// RUN: amosc %s --target=x86-avx512 --emit=asm --entry=ragged -o - | %python %S/Inputs/innermost.py vpdpbusd | FileCheck %s --check-prefix=RAG
// RUN: amosc %s --target=x86-avx512 --emit=asm --entry=convolution -o - | %python %S/Inputs/innermost.py vdpbf16ps | FileCheck %s --check-prefix=CONV

// DIV:     loop: 4 vmovdqu64, 4 vpbroadcastd, 16 vpdpbusd
// DIV-NOT: loop:
// DIV:     vectors on the stack: 0
func.func @divisible(%a: tensor<96x256xi8>, %b: tensor<256x128xi8>, %c: tensor<96x128xi32>) -> tensor<96x128xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@x86_avx512::@vpdpbusd, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 4], [0, 4], [2, 1]] block [4, 4, 1] staging [direct, pack]>}
      ins(%a, %b : tensor<96x256xi8>, tensor<256x128xi8>) outs(%c : tensor<96x128xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<96x128xi32>
  return %r : tensor<96x128xi32>
}

// Rests of rows and columns have loops of their own, without guards.
// RAG-DAG: loop: 5 vmovdqu64, 3 vpbroadcastd, 15 vpdpbusd
// RAG-DAG: loop: 1 vpbroadcastd, 5 vpdpbusd
// RAG:     vectors on the stack: 0
func.func @ragged(%a: tensor<67x131xi8>, %b: tensor<131x75xi8>, %c: tensor<67x75xi32>) -> tensor<67x75xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@x86_avx512::@vpdpbusd, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 5], [0, 3], [2, 1]] block [3, 5, 1] staging [direct, pack]>}
      ins(%a, %b : tensor<67x131xi8>, tensor<131x75xi8>) outs(%c : tensor<67x75xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<67x75xi32>
  return %r : tensor<67x75xi32>
}

// The model's own choice for a convolution: whatever block, no vector is spilled.
// CONV:     loop: {{.*}} vdpbf16ps
// CONV:     vectors on the stack: 0
func.func @convolution(%x: tensor<1x30x30x64xbf16>, %w: tensor<3x3x64x128xbf16>) -> tensor<1x28x28x128xf32> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<1x28x28x128xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<1x28x28x128xf32>) -> tensor<1x28x28x128xf32>
  %r = linalg.conv_2d_nhwc_hwcf ins(%x, %w : tensor<1x30x30x64xbf16>, tensor<3x3x64x128xbf16>) outs(%init : tensor<1x28x28x128xf32>) -> tensor<1x28x28x128xf32>
  return %r : tensor<1x28x28x128xf32>
}
