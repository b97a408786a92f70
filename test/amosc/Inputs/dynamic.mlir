func.func private @unused(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
func.func @grows(%a: tensor<?x8xi8>, %b: tensor<8x16xi8>, %c: tensor<?x16xi32>, %x: tensor<4xf32>)
    -> (tensor<?x16xi32>, tensor<4xf32>) {
  %y = func.call @unused(%x) : (tensor<4xf32>) -> tensor<4xf32>
  %d = linalg.matmul ins(%a, %b : tensor<?x8xi8>, tensor<8x16xi8>)
                     outs(%c : tensor<?x16xi32>) -> tensor<?x16xi32>
  return %d, %y : tensor<?x16xi32>, tensor<4xf32>
}
