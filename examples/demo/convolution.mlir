// A layer of ResNet: 3x3 on 28x28, 128 to 128 channels, padded by one. The image
// is of bytes without sign (NHWC), the weights have a sign (HWCF).
#image = affine_map<(n, p, q, k, r, s, c) -> (n, p + r, q + s, c)>
#weights = affine_map<(n, p, q, k, r, s, c) -> (r, s, c, k)>
#result = affine_map<(n, p, q, k, r, s, c) -> (n, p, q, k)>

func.func @convolution(%image: tensor<1x28x28x128xi8>, %weights: tensor<3x3x128x128xi8>)
    -> tensor<1x28x28x128xi32> {
  %border = arith.constant 0 : i8
  %padded = tensor.pad %image low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%n: index, %y: index, %x: index, %c: index):
    tensor.yield %border : i8
  } : tensor<1x28x28x128xi8> to tensor<1x30x30x128xi8>
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<1x28x28x128xi32>
  %start = linalg.fill ins(%zero : i32) outs(%empty : tensor<1x28x28x128xi32>)
      -> tensor<1x28x28x128xi32>
  %result = linalg.generic {
      indexing_maps = [#image, #weights, #result],
      iterator_types = ["parallel", "parallel", "parallel", "parallel",
                        "reduction", "reduction", "reduction"]}
      ins(%padded, %weights : tensor<1x30x30x128xi8>, tensor<3x3x128x128xi8>)
      outs(%start : tensor<1x28x28x128xi32>) {
  ^bb0(%a: i8, %b: i8, %sum: i32):
    %x = arith.extui %a : i8 to i32
    %y = arith.extsi %b : i8 to i32
    %product = arith.muli %x, %y : i32
    %next = arith.addi %sum, %product : i32
    linalg.yield %next : i32
  } -> tensor<1x28x28x128xi32>
  return %result : tensor<1x28x28x128xi32>
}
