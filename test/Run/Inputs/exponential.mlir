func.func @exponential(%a: tensor<2x8192xf32>, %b: tensor<8192x4xf32>, %c: tensor<2x4xf32>) -> tensor<2x4xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<2x8192xf32>, tensor<8192x4xf32>)
                     outs(%c : tensor<2x4xf32>) -> tensor<2x4xf32>
  %e = math.exp %d : tensor<2x4xf32>
  return %e : tensor<2x4xf32>
}
