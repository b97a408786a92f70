// The engine stores results although the ring has room for two slots only: parts
// have one chunk each, and no more slots are asked for. Pixels beyond the end of an
// image are beyond the end of a row of the box.
//
// RUN: amosc %s --target=nvidia-sm90 --emit=ptx -o - | FileCheck %s

// CHECK-LABEL: .entry pointwise_kernel{{[0-9]+}}(
// CHECK-NOT: st.global
// CHECK: cp.async.bulk.tensor.2d.global.shared
// CHECK-NOT: st.global
func.func @pointwise(%x: tensor<16x64x56x56xf16>, %w: tensor<64x64x1x1xf16>) -> tensor<16x64x56x56xf16> {
  %zero = arith.constant 0.0 : f32
  %none = tensor.empty() : tensor<16x64x56x56xf32>
  %init = linalg.fill ins(%zero : f32) outs(%none : tensor<16x64x56x56xf32>) -> tensor<16x64x56x56xf32>
  %d = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<16x64x56x56xf16>, tensor<64x64x1x1xf16>) outs(%init : tensor<16x64x56x56xf32>) -> tensor<16x64x56x56xf32>
  %result = tensor.empty() : tensor<16x64x56x56xf16>
  %narrow = linalg.generic {indexing_maps = [affine_map<(a, b, c, d) -> (a, b, c, d)>, affine_map<(a, b, c, d) -> (a, b, c, d)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%d : tensor<16x64x56x56xf32>) outs(%result : tensor<16x64x56x56xf16>) {
  ^bb0(%s: f32, %o: f16):
    %n = arith.truncf %s : f32 to f16
    linalg.yield %n : f16
  } -> tensor<16x64x56x56xf16>
  return %narrow : tensor<16x64x56x56xf16>
}
