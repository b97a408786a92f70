// Pixels that lie side by side in an image are stored in pairs, although tiles of
// pixels go on from image to image: an even pixel and the next one are in one row.
//
// RUN: amosc %s --target=nvidia-sm90 --emit=ptx -o - | FileCheck %s

// CHECK-LABEL: .entry image_kernel{{[0-9]+}}(
// CHECK: wgmma.mma_async
// CHECK-NOT: st.global.b16
// CHECK: st.global.v2.b16
// CHECK-NOT: st.global.b16
func.func @image(%x: tensor<16x64x28x28xf16>, %w: tensor<64x64x3x3xf16>) -> tensor<16x64x26x26xf16> {
  %zero = arith.constant 0.0 : f32
  %none = tensor.empty() : tensor<16x64x26x26xf32>
  %init = linalg.fill ins(%zero : f32) outs(%none : tensor<16x64x26x26xf32>) -> tensor<16x64x26x26xf32>
  %d = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<16x64x28x28xf16>, tensor<64x64x3x3xf16>) outs(%init : tensor<16x64x26x26xf32>) -> tensor<16x64x26x26xf32>
  %result = tensor.empty() : tensor<16x64x26x26xf16>
  %narrow = linalg.generic {indexing_maps = [affine_map<(a, b, c, d) -> (a, b, c, d)>, affine_map<(a, b, c, d) -> (a, b, c, d)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%d : tensor<16x64x26x26xf32>) outs(%result : tensor<16x64x26x26xf16>) {
  ^bb0(%s: f32, %o: f16):
    %n = arith.truncf %s : f32 to f16
    linalg.yield %n : f16
  } -> tensor<16x64x26x26xf16>
  return %narrow : tensor<16x64x26x26xf16>
}
