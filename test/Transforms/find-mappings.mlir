// RUN: cat %amos/lib/Accelerators/virtual-gemm.mlir %amos/lib/Accelerators/x86-avx512.mlir %amos/lib/Accelerators/generic.mlir %s | amos-opt -amos-find-mappings | FileCheck %s

// CHECK-LABEL: func.func @matmul(
// CHECK: linalg.matmul
// CHECK-SAME: amos.candidates = [
// CHECK-SAME: <@x86_avx512::@fma_f32, {{\[\[}}1]]>
// CHECK-SAME: <@x86_avx512::@fma_f32, {{\[\[}}0]] operands [1, 0] family commuted>
// CHECK-SAME: <@generic::@mac_f32, []>
// CHECK-SAME: amos.rejected = [
// CHECK-SAME: <@virtual_gemm::@gemm_f16, "E-DTYPE", "operand 0 is of 'f32', expected 'f16' as source 0 of the intrinsic", "give operand 0 as 'f16'">
func.func @matmul(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// u8 by s8 is another product than s8 by s8.
// CHECK-LABEL: func.func @unsigned(
// CHECK-SAME: ) ->
// CHECK: amos.candidates = [
// CHECK-NOT: vpdpbusd_s8
// CHECK-SAME: <@x86_avx512::@vpdpbusd, {{\[\[}}1], [2]]>
// CHECK-NOT: mac_s8_s8_i32
// CHECK-SAME: <@generic::@mac_u8_s8_i32, []>
// CHECK: amos.rejected
// CHECK-SAME: <@x86_avx512::@vpdpbusd_s8, "E-BODY", "the operator computes acc + unsigned(a) * signed(b), the intrinsic acc + signed(a) * signed(b)", "">
func.func @unsigned(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>,
                       affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>) outs(%c : tensor<8x6xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extui %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %v, %u : i32
    %r = arith.addi %m, %z overflow<nsw> : i32
    linalg.yield %r : i32
  } -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// The s8 operand comes first: the sources must be exchanged.
// CHECK-LABEL: func.func @exchanged(
// CHECK: amos.candidates = [
// CHECK-SAME: <@x86_avx512::@vpdpbusd, {{\[\[}}0], [2]] operands [1, 0] family commuted>
func.func @exchanged(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>,
                       affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>) outs(%c : tensor<8x6xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extsi %x : i8 to i16
    %w = arith.extsi %u : i16 to i32
    %v = arith.extui %y : i8 to i32
    %m = arith.muli %v, %w : i32
    %r = arith.addi %m, %z : i32
    linalg.yield %r : i32
  } -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// A multiply-add in one op, and a depthwise convolution on a matrix unit: no
// iteration is read by src2 only, a unit iteration stands in.
// CHECK-LABEL: func.func @depthwise(
// CHECK: amos.candidates = [
// CHECK-SAME: <@virtual_gemm::@gemm_f16, {{\[\[}}0, 1], [], [3, 4]] family unit>
func.func @depthwise(%a: tensor<7x7x8xf16>, %b: tensor<3x3x8xf16>, %c: tensor<5x5x8xf16>) -> tensor<5x5x8xf16> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(p, q, c, r, s) -> (p + r, q + s, c)>,
                       affine_map<(p, q, c, r, s) -> (r, s, c)>,
                       affine_map<(p, q, c, r, s) -> (p, q, c)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<7x7x8xf16>, tensor<3x3x8xf16>) outs(%c : tensor<5x5x8xf16>) {
  ^bb0(%x: f16, %y: f16, %z: f16):
    %r = math.fma %y, %x, %z fastmath<fast> : f16
    linalg.yield %r : f16
  } -> tensor<5x5x8xf16>
  return %d : tensor<5x5x8xf16>
}

// CHECK-LABEL: func.func @other_body(
// CHECK: amos.candidates = []
// CHECK-SAME: <@generic::@mac_f32, "E-BODY", "the operator computes max(acc, a * b), the intrinsic acc + a * b", "">
func.func @other_body(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>,
                       affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>) outs(%c : tensor<8x6xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.maximumf %m, %z : f32
    linalg.yield %r : f32
  } -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @dynamic(
// CHECK: amos.candidates = [#amos.candidate<
func.func @dynamic(%a: tensor<8x4xf32>, %b: tensor<4x?xf32>, %c: tensor<8x?xf32>) -> tensor<8x?xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x?xf32>)
                     outs(%c : tensor<8x?xf32>) -> tensor<8x?xf32>
  return %d : tensor<8x?xf32>
}

// CHECK-LABEL: func.func @empty(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-EXTENT", "iteration d2 has extent 0, there is nothing to do"
func.func @empty(%a: tensor<8x0xf32>, %b: tensor<0x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x0xf32>, tensor<0x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @elementwise(
// CHECK-NOT: amos.candidates
func.func @elementwise(%a: tensor<8x4xf32>, %b: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %e = tensor.empty() : tensor<8x4xf32>
  %d = linalg.mul ins(%a, %b : tensor<8x4xf32>, tensor<8x4xf32>) outs(%e : tensor<8x4xf32>) -> tensor<8x4xf32>
  %f = tensor.empty() : tensor<8xf32>
  %r = linalg.reduce ins(%d : tensor<8x4xf32>) outs(%f : tensor<8xf32>) dimensions = [1]
    (%x: f32, %y: f32) {
      %s = arith.addf %x, %y : f32
      linalg.yield %s : f32
    }
  return %d : tensor<8x4xf32>
}
