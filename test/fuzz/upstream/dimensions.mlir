// A dimensions that is no list of integers are used although they did not parse.
func.func @f(%a: tensor<5x6xf32>, %b: tensor<6x5xf32>) -> tensor<6x5xf32> {
  %c = linalg.broadcast ins(%a : tensor<5x6xf32>) outs(%b : tensor<6x5xf32>) dimensions = ["x"]
  return %c : tensor<6x5xf32>
}
