func.func @network(%image: tensor<1x8x8x16xi8>, %filter: tensor<3x3x16x16xi8>,
                   %a: tensor<64x64xi8>, %b: tensor<64x64xi8>, %c: tensor<64x64xi32>)
    -> (tensor<1x6x6x16xi32>, tensor<64x64xi32>) {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x6x6x16xi32>
  %start = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x6x6x16xi32>)
      -> tensor<1x6x6x16xi32>
  %0 = linalg.conv_2d_nhwc_hwcf
      ins(%image, %filter : tensor<1x8x8x16xi8>, tensor<3x3x16x16xi8>)
      outs(%start : tensor<1x6x6x16xi32>) -> tensor<1x6x6x16xi32>
  %1 = linalg.matmul ins(%a, %b : tensor<64x64xi8>, tensor<64x64xi8>)
                     outs(%c : tensor<64x64xi32>) -> tensor<64x64xi32>
  return %0, %1 : tensor<1x6x6x16xi32>, tensor<64x64xi32>
}
