// A quantized convolution as a TensorFlow Lite importer writes it in TOSA: image
// N H W C, weights O H W I, zero points as operands, sums in i32.
module {
  func.func @main(%image: tensor<1x14x14x16xi8>, %weight: tensor<32x3x3x16xi8>, %bias: tensor<32xi32>) -> tensor<1x14x14x32xi32> {
    %zero = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
    %0 = tosa.conv2d %image, %weight, %bias, %zero, %zero {acc_type = i32, dilation = array<i64: 1, 1>, pad = array<i64: 1, 1, 1, 1>, stride = array<i64: 1, 1>} : (tensor<1x14x14x16xi8>, tensor<32x3x3x16xi8>, tensor<32xi32>, tensor<1xi8>, tensor<1xi8>) -> tensor<1x14x14x32xi32>
    return %0 : tensor<1x14x14x32xi32>
  }
}
