// A transposed convolution of stride 2, as the gather that front ends write.
func.func @transposed(%a: tensor<1x4x4x8xf32>, %b: tensor<3x3x8x16xf32>, %c: tensor<1x7x7x16xf32>) -> tensor<1x7x7x16xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x9x9x8xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x9x9x8xf32>) -> tensor<1x9x9x8xf32>
  %s = tensor.insert_slice %a into %f[0, 1, 1, 0] [1, 4, 4, 8] [1, 2, 2, 1] : tensor<1x4x4x8xf32> into tensor<1x9x9x8xf32>
  %d = linalg.conv_2d_nhwc_hwcf ins(%s, %b : tensor<1x9x9x8xf32>, tensor<3x3x8x16xf32>) outs(%c : tensor<1x7x7x16xf32>) -> tensor<1x7x7x16xf32>
  return %d : tensor<1x7x7x16xf32>
}
