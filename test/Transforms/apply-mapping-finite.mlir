// RUN: amosc %s --target=generic --stop-after=apply-mapping | FileCheck %s
// RUN: amosc %s --target=generic --stop-after=apply-mapping --assume-finite | FileCheck %s --check-prefix=FINITE

// The first pixel has no left neighbour, the last no right one. A weight of zero's
// neighbour may be an infinity, so that the product is computed; where there is none,
// it is left out.
// CHECK-LABEL: func.func @border
// CHECK: amos.load {{.*}} where
// FINITE-LABEL: func.func @border
// FINITE-SAME: amos.finite
// FINITE-NOT: amos.load {{.*}} where
// FINITE: amos.invoke
// FINITE-NOT: amos.load {{.*}} where
func.func @border(%x: tensor<1x4x8xf32>, %w: tensor<3x8xf32>, %c: tensor<1x4x8xf32>) -> tensor<1x4x8xf32> {
  %zero = arith.constant 0.0 : f32
  %padded = tensor.pad %x low[0, 1, 0] high[0, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %zero : f32
  } : tensor<1x4x8xf32> to tensor<1x6x8xf32>
  %d = linalg.depthwise_conv_1d_nwc_wc
      ins(%padded, %w : tensor<1x6x8xf32>, tensor<3x8xf32>) outs(%c : tensor<1x4x8xf32>) -> tensor<1x4x8xf32>
  return %d : tensor<1x4x8xf32>
}
