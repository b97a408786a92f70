func.func @unknown(%x: tensor<4xf32>) -> tensor<4xf32> {
  %y = linalg.unknown %x : tensor<4xf32>
  return %y : tensor<4xf32>
}
