// RUN: amos-opt %s -amos-normalize | FileCheck %s --implicit-check-not=@scale --implicit-check-not="= tosa."

// CHECK-DAG: #[[LHS:.+]] = affine_map<(d0, d1, d2) -> (d0, d2)>
// CHECK-DAG: #[[RHS:.+]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[OUT:.+]] = affine_map<(d0, d1, d2) -> (d0, d1)>

// A description stays as it is written.
// CHECK: amos.accelerator
// CHECK: linalg.matmul
amos.accelerator @machine {
  scope @unit
  intrinsic @product issue(@unit) class(matrix) semantics {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>, %c: tensor<4x2xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x2xf32>)
        outs(%c : tensor<4x2xf32>) -> tensor<4x2xf32>
    yield %d : tensor<4x2xf32>
  }
}

// CHECK: ml_program.global private mutable @seed
ml_program.global private mutable @seed(dense<0> : tensor<i64>) : tensor<i64>

// CHECK-LABEL: func.func @matmul(
// CHECK: linalg.generic
// CHECK-SAME: indexing_maps = [#[[LHS]], #[[RHS]], #[[OUT]]]
// CHECK-SAME: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-SAME: amos.operation = "linalg.matmul"
func.func @matmul(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// A saved decision survives.
// CHECK-LABEL: func.func @decided(
// CHECK: linalg.generic
// CHECK-SAME: amos.mapping = #amos.mapping<@machine::@product, {{\[\[}}0], [1], [2]]>
func.func @decided(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2]]>}
                     ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// Loops of one step stay loops.
// CHECK-LABEL: func.func @unit_loops(
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]
// CHECK-SAME: amos.operation = "linalg.conv_2d_nhwc_hwcf"
func.func @unit_loops(%a: tensor<1x8x8x4xf32>, %b: tensor<1x1x4x6xf32>, %c: tensor<1x8x8x6xf32>) -> tensor<1x8x8x6xf32> {
  %d = linalg.conv_2d_nhwc_hwcf ins(%a, %b : tensor<1x8x8x4xf32>, tensor<1x1x4x6xf32>)
                                outs(%c : tensor<1x8x8x6xf32>) -> tensor<1x8x8x6xf32>
  return %d : tensor<1x8x8x6xf32>
}

// Elementwise ops keep their names: nothing is mapped there.
// CHECK-LABEL: func.func @elementwise(
// CHECK: linalg.add
// CHECK-NOT: amos.operation
func.func @elementwise(%a: tensor<8xf32>, %b: tensor<8xf32>) -> tensor<8xf32> {
  %d = linalg.add ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%a : tensor<8xf32>) -> tensor<8xf32>
  return %d : tensor<8xf32>
}

// CHECK-LABEL: func.func @caller(
// CHECK-NOT: call
// CHECK: arith.mulf
// CHECK: arith.mulf
// CHECK: return
func.func @caller(%a: f32) -> f32 {
  %b = call @scale_twice(%a) : (f32) -> f32
  return %b : f32
}
func.func private @scale_twice(%a: f32) -> f32 {
  %b = call @scale(%a) : (f32) -> f32
  %c = call @scale(%b) : (f32) -> f32
  return %c : f32
}
func.func private @scale(%a: f32) -> f32 {
  %b = arith.mulf %a, %a : f32
  return %b : f32
}

// CHECK-LABEL: func.func @tosa_conv2d(
// CHECK: tensor.pad %{{.*}} low[0, 1, 1, 0] high[0, 1, 1, 0]
// CHECK: linalg.generic
// CHECK: amos.operation = "tosa.conv2d"
// CHECK: arith.mulf
// CHECK: arith.addf
func.func @tosa_conv2d(%image: tensor<1x8x8x4xf32>, %kernel: tensor<16x3x3x4xf32>, %bias: tensor<16xf32>) -> tensor<1x8x8x16xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %d = tosa.conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = f32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>}
      : (tensor<1x8x8x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x8x8x16xf32>
  return %d : tensor<1x8x8x16xf32>
}

// Zero points of zero leave no trace.
// CHECK-LABEL: func.func @tosa_matmul(
// CHECK: linalg.generic
// CHECK-SAME: amos.operation = "tosa.matmul"
// CHECK-NEXT: ^bb0(%[[A:.+]]: i8, %[[B:.+]]: i8, %[[C:.+]]: i32):
// CHECK-NEXT: %[[X:.+]] = arith.extsi %[[A]]
// CHECK-NEXT: %[[Y:.+]] = arith.extsi %[[B]]
// CHECK-NEXT: arith.muli %[[X]], %[[Y]]
func.func @tosa_matmul(%a: tensor<1x8x4xi8>, %b: tensor<1x4x6xi8>) -> tensor<1x8x6xi32> {
  %zero = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.matmul %a, %b, %zero, %zero : (tensor<1x8x4xi8>, tensor<1x4x6xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x6xi32>
  return %d : tensor<1x8x6xi32>
}

// The contraction is the same for other zero points; what they add comes after.
// CHECK-LABEL: func.func @tosa_zero_point(
// CHECK: %[[PRODUCT:.+]] = linalg.generic
// CHECK-SAME: amos.operation = "tosa.matmul"
// CHECK-NOT: arith.subi
// CHECK: %[[SUM:.+]] = linalg.generic {{.*}}"parallel", "parallel", "reduction"]} ins(%arg1,
// CHECK: arith.addi
// CHECK: linalg.generic {{.*}} ins(%[[PRODUCT]], %[[SUM]] :
// CHECK: arith.muli %{{.*}}, %c5_i32
// CHECK: arith.subi
func.func @tosa_zero_point(%a: tensor<1x8x4xi8>, %b: tensor<1x4x6xi8>) -> tensor<1x8x6xi32> {
  %zero = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %five = "tosa.const"() <{values = dense<5> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.matmul %a, %b, %five, %zero : (tensor<1x8x4xi8>, tensor<1x4x6xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x8x6xi32>
  return %d : tensor<1x8x6xi32>
}

// CHECK-LABEL: func.func @tosa_transpose_conv2d(
// CHECK: linalg.generic
// CHECK: amos.operation = "tosa.transpose_conv2d"
func.func @tosa_transpose_conv2d(%image: tensor<1x4x4x4xf32>, %kernel: tensor<16x3x3x4xf32>, %bias: tensor<16xf32>) -> tensor<1x9x9x16xf32> {
  %zero = "tosa.const"() <{values = dense<0.0> : tensor<1xf32>}> : () -> tensor<1xf32>
  %d = tosa.transpose_conv2d %image, %kernel, %bias, %zero, %zero
      {acc_type = f32, out_pad = array<i64: 0, 0, 0, 0>, stride = array<i64: 2, 2>}
      : (tensor<1x4x4x4xf32>, tensor<16x3x3x4xf32>, tensor<16xf32>, tensor<1xf32>, tensor<1xf32>) -> tensor<1x9x9x16xf32>
  return %d : tensor<1x9x9x16xf32>
}

// Control flow, shapes and mathematics of other dialects pass through.
// CHECK-LABEL: func.func @mixed(
// CHECK: cf.assert
// CHECK: scf.if
// CHECK: math.exp
func.func @mixed(%a: tensor<?xf32>, %flag: i1) -> tensor<?xf32> {
  cf.assert %flag, "the flag is set"
  %r = scf.if %flag -> tensor<?xf32> {
    %e = math.exp %a : tensor<?xf32>
    scf.yield %e : tensor<?xf32>
  } else {
    scf.yield %a : tensor<?xf32>
  }
  return %r : tensor<?xf32>
}
