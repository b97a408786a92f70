// What named ops mean is what scalar intrinsics are declared to compute, for all
// element types and both ways to extend integers.
// RUN: cat %amos/lib/Accelerators/generic.mlir %s | amos-opt -amos-normalize -amos-find-mappings | FileCheck %s

// CHECK-LABEL: func.func @matmul_f32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_f32, []>
func.func @matmul_f32(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @matmul_f64(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_f64, []>
func.func @matmul_f64(%a: tensor<8x4xf64>, %b: tensor<4x6xf64>, %c: tensor<8x6xf64>) -> tensor<8x6xf64> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf64>, tensor<4x6xf64>)
                     outs(%c : tensor<8x6xf64>) -> tensor<8x6xf64>
  return %d : tensor<8x6xf64>
}

// CHECK-LABEL: func.func @matmul_f16(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_f16, []>
func.func @matmul_f16(%a: tensor<8x4xf16>, %b: tensor<4x6xf16>, %c: tensor<8x6xf16>) -> tensor<8x6xf16> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf16>, tensor<4x6xf16>)
                     outs(%c : tensor<8x6xf16>) -> tensor<8x6xf16>
  return %d : tensor<8x6xf16>
}

// CHECK-LABEL: func.func @matmul_f16_f32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_f16_f32, []>
func.func @matmul_f16_f32(%a: tensor<8x4xf16>, %b: tensor<4x6xf16>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf16>, tensor<4x6xf16>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @matmul_bf16_f32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_bf16_f32, []>
func.func @matmul_bf16_f32(%a: tensor<8x4xbf16>, %b: tensor<4x6xbf16>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xbf16>, tensor<4x6xbf16>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}

// CHECK-LABEL: func.func @matmul_s8_s8_i32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
func.func @matmul_s8_s8_i32(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>)
                     outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @matmul_u8_u8_i32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_u8_u8_i32, []>
func.func @matmul_u8_u8_i32(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>)
                     outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @matmul_i16_i32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_i16_i32, []>
func.func @matmul_i16_i32(%a: tensor<8x4xi16>, %b: tensor<4x6xi16>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xi16>, tensor<4x6xi16>)
                     outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @matmul_i32(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_i32, []>
func.func @matmul_i32(%a: tensor<8x4xi32>, %b: tensor<4x6xi32>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xi32>, tensor<4x6xi32>)
                     outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @conv_2d_nchw_fchw(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_2d_nchw_fchw"
func.func @conv_2d_nchw_fchw(%a: tensor<1x4x8x8xi8>, %b: tensor<6x4x3x3xi8>, %c: tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32> {
  %d = linalg.conv_2d_nchw_fchw ins(%a, %b : tensor<1x4x8x8xi8>, tensor<6x4x3x3xi8>)
                   outs(%c : tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32>
  return %d : tensor<1x6x6x6xi32>
}

// CHECK-LABEL: func.func @conv_2d_nhwc_hwcf(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_2d_nhwc_hwcf"
func.func @conv_2d_nhwc_hwcf(%a: tensor<1x8x8x4xi8>, %b: tensor<3x3x4x6xi8>, %c: tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32> {
  %d = linalg.conv_2d_nhwc_hwcf ins(%a, %b : tensor<1x8x8x4xi8>, tensor<3x3x4x6xi8>)
                   outs(%c : tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32>
  return %d : tensor<1x6x6x6xi32>
}

// CHECK-LABEL: func.func @conv_2d_nhwc_fhwc(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_2d_nhwc_fhwc"
func.func @conv_2d_nhwc_fhwc(%a: tensor<1x8x8x4xi8>, %b: tensor<6x3x3x4xi8>, %c: tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32> {
  %d = linalg.conv_2d_nhwc_fhwc ins(%a, %b : tensor<1x8x8x4xi8>, tensor<6x3x3x4xi8>)
                   outs(%c : tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32>
  return %d : tensor<1x6x6x6xi32>
}

// CHECK-LABEL: func.func @conv_2d_ngchw_gfchw(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_2d_ngchw_gfchw"
func.func @conv_2d_ngchw_gfchw(%a: tensor<1x2x4x8x8xi8>, %b: tensor<2x6x4x3x3xi8>, %c: tensor<1x2x6x6x6xi32>) -> tensor<1x2x6x6x6xi32> {
  %d = linalg.conv_2d_ngchw_gfchw ins(%a, %b : tensor<1x2x4x8x8xi8>, tensor<2x6x4x3x3xi8>)
                   outs(%c : tensor<1x2x6x6x6xi32>) -> tensor<1x2x6x6x6xi32>
  return %d : tensor<1x2x6x6x6xi32>
}

// CHECK-LABEL: func.func @depthwise_conv_2d_nhwc_hwc(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.depthwise_conv_2d_nhwc_hwc"
func.func @depthwise_conv_2d_nhwc_hwc(%a: tensor<1x8x8x4xi8>, %b: tensor<3x3x4xi8>, %c: tensor<1x6x6x4xi32>) -> tensor<1x6x6x4xi32> {
  %d = linalg.depthwise_conv_2d_nhwc_hwc ins(%a, %b : tensor<1x8x8x4xi8>, tensor<3x3x4xi8>)
                   outs(%c : tensor<1x6x6x4xi32>) -> tensor<1x6x6x4xi32>
  return %d : tensor<1x6x6x4xi32>
}

// CHECK-LABEL: func.func @depthwise_conv_2d_nhwc_hwcm(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.depthwise_conv_2d_nhwc_hwcm"
func.func @depthwise_conv_2d_nhwc_hwcm(%a: tensor<1x8x8x4xi8>, %b: tensor<3x3x4x2xi8>, %c: tensor<1x6x6x4x2xi32>) -> tensor<1x6x6x4x2xi32> {
  %d = linalg.depthwise_conv_2d_nhwc_hwcm ins(%a, %b : tensor<1x8x8x4xi8>, tensor<3x3x4x2xi8>)
                   outs(%c : tensor<1x6x6x4x2xi32>) -> tensor<1x6x6x4x2xi32>
  return %d : tensor<1x6x6x4x2xi32>
}

// CHECK-LABEL: func.func @conv_1d_ncw_fcw(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_1d_ncw_fcw"
func.func @conv_1d_ncw_fcw(%a: tensor<1x4x8xi8>, %b: tensor<6x4x3xi8>, %c: tensor<1x6x6xi32>) -> tensor<1x6x6xi32> {
  %d = linalg.conv_1d_ncw_fcw ins(%a, %b : tensor<1x4x8xi8>, tensor<6x4x3xi8>)
                   outs(%c : tensor<1x6x6xi32>) -> tensor<1x6x6xi32>
  return %d : tensor<1x6x6xi32>
}

// CHECK-LABEL: func.func @conv_3d_ndhwc_dhwcf(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.conv_3d_ndhwc_dhwcf"
func.func @conv_3d_ndhwc_dhwcf(%a: tensor<1x8x8x8x4xi8>, %b: tensor<3x3x3x4x6xi8>, %c: tensor<1x6x6x6x6xi32>) -> tensor<1x6x6x6x6xi32> {
  %d = linalg.conv_3d_ndhwc_dhwcf ins(%a, %b : tensor<1x8x8x8x4xi8>, tensor<3x3x3x4x6xi8>)
                   outs(%c : tensor<1x6x6x6x6xi32>) -> tensor<1x6x6x6x6xi32>
  return %d : tensor<1x6x6x6x6xi32>
}

// CHECK-LABEL: func.func @batch_matmul(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.batch_matmul"
func.func @batch_matmul(%a: tensor<2x8x4xi8>, %b: tensor<2x4x6xi8>, %c: tensor<2x8x6xi32>) -> tensor<2x8x6xi32> {
  %d = linalg.batch_matmul ins(%a, %b : tensor<2x8x4xi8>, tensor<2x4x6xi8>)
                   outs(%c : tensor<2x8x6xi32>) -> tensor<2x8x6xi32>
  return %d : tensor<2x8x6xi32>
}

// CHECK-LABEL: func.func @matvec(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.matvec"
func.func @matvec(%a: tensor<8x4xi8>, %b: tensor<4xi8>, %c: tensor<8xi32>) -> tensor<8xi32> {
  %d = linalg.matvec ins(%a, %b : tensor<8x4xi8>, tensor<4xi8>)
                   outs(%c : tensor<8xi32>) -> tensor<8xi32>
  return %d : tensor<8xi32>
}

// CHECK-LABEL: func.func @vecmat(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.vecmat"
func.func @vecmat(%a: tensor<4xi8>, %b: tensor<4x6xi8>, %c: tensor<6xi32>) -> tensor<6xi32> {
  %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x6xi8>)
                   outs(%c : tensor<6xi32>) -> tensor<6xi32>
  return %d : tensor<6xi32>
}

// CHECK-LABEL: func.func @dot(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.dot"
func.func @dot(%a: tensor<4xi8>, %b: tensor<4xi8>, %c: tensor<i32>) -> tensor<i32> {
  %d = linalg.dot ins(%a, %b : tensor<4xi8>, tensor<4xi8>)
                   outs(%c : tensor<i32>) -> tensor<i32>
  return %d : tensor<i32>
}

// CHECK-LABEL: func.func @batch_matvec(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.batch_matvec"
func.func @batch_matvec(%a: tensor<2x8x4xi8>, %b: tensor<2x4xi8>, %c: tensor<2x8xi32>) -> tensor<2x8xi32> {
  %d = linalg.batch_matvec ins(%a, %b : tensor<2x8x4xi8>, tensor<2x4xi8>)
                   outs(%c : tensor<2x8xi32>) -> tensor<2x8xi32>
  return %d : tensor<2x8xi32>
}

// CHECK-LABEL: func.func @batch_reduce_matmul(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.batch_reduce_matmul"
func.func @batch_reduce_matmul(%a: tensor<2x8x4xi8>, %b: tensor<2x4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.batch_reduce_matmul ins(%a, %b : tensor<2x8x4xi8>, tensor<2x4x6xi8>)
                   outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @mmt4d(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
// CHECK-SAME: amos.operation = "linalg.mmt4d"
func.func @mmt4d(%a: tensor<2x4x8x1xi8>, %b: tensor<3x4x16x1xi8>, %c: tensor<2x3x8x16xi32>) -> tensor<2x3x8x16xi32> {
  %d = linalg.mmt4d ins(%a, %b : tensor<2x4x8x1xi8>, tensor<3x4x16x1xi8>)
                   outs(%c : tensor<2x3x8x16xi32>) -> tensor<2x3x8x16xi32>
  return %d : tensor<2x3x8x16xi32>
}

// CHECK-LABEL: func.func @quantized_matmul(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
func.func @quantized_matmul(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %zero = arith.constant 0 : i32
  %d = linalg.quantized_matmul ins(%a, %b, %zero, %zero : tensor<8x4xi8>, tensor<4x6xi8>, i32, i32)
                   outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @conv_2d_nhwc_hwcf_q(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
func.func @conv_2d_nhwc_hwcf_q(%a: tensor<1x8x8x4xi8>, %b: tensor<3x3x4x6xi8>, %c: tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32> {
  %zero = arith.constant 0 : i32
  %d = linalg.conv_2d_nhwc_hwcf_q ins(%a, %b, %zero, %zero : tensor<1x8x8x4xi8>, tensor<3x3x4x6xi8>, i32, i32)
                   outs(%c : tensor<1x6x6x6xi32>) -> tensor<1x6x6x6xi32>
  return %d : tensor<1x6x6x6xi32>
}

// CHECK-LABEL: func.func @quantized_batch_matmul(
// CHECK: amos.candidates = [#amos.candidate<<@generic::@mac_s8_s8_i32, []>
func.func @quantized_batch_matmul(%a: tensor<2x8x4xi8>, %b: tensor<2x4x6xi8>, %c: tensor<2x8x6xi32>) -> tensor<2x8x6xi32> {
  %zero = arith.constant 0 : i32
  %d = linalg.quantized_batch_matmul ins(%a, %b, %zero, %zero : tensor<2x8x4xi8>, tensor<2x4x6xi8>, i32, i32)
                   outs(%c : tensor<2x8x6xi32>) -> tensor<2x8x6xi32>
  return %d : tensor<2x8x6xi32>
}

