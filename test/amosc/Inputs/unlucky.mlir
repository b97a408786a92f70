func.func private @unused(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @unlucky(%a: tensor<4x8xf64>, %b: tensor<8x16xf64>, %c: tensor<4x16xf64>, %x: tensor<4xf32>)
    -> (tensor<4x16xf64>, tensor<4xf32>) {
  %y = func.call @unused(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %d = linalg.matmul ins(%a, %b : tensor<4x8xf64>, tensor<8x16xf64>)
                     outs(%c : tensor<4x16xf64>) -> tensor<4x16xf64>
  return %d, %y : tensor<4x16xf64>, tensor<4xf32>
}
