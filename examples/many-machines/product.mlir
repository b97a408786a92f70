func.func @product(%a: tensor<64x96xf32>, %b: tensor<96x80xf32>,
                   %c: tensor<64x80xf32>) -> tensor<64x80xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<64x96xf32>, tensor<96x80xf32>)
                     outs(%c : tensor<64x80xf32>) -> tensor<64x80xf32>
  return %d : tensor<64x80xf32>
}
