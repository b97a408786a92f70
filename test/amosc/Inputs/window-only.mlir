func.func @window(%x: tensor<1x5x8xf16>, %f: tensor<3x8x8xf16>, %y: tensor<1x3x8xf32>) -> tensor<1x3x8xf32> {
  %0 = linalg.conv_1d_nwc_wcf ins(%x, %f : tensor<1x5x8xf16>, tensor<3x8x8xf16>)
      outs(%y : tensor<1x3x8xf32>) -> tensor<1x3x8xf32>
  return %0 : tensor<1x3x8xf32>
}
