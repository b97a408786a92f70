// A permutation that is no list of integers is used although it did not parse.
func.func @f(%a: tensor<5x6xf32>, %b: tensor<6x5xf32>) -> tensor<6x5xf32> {
  %c = linalg.transpose ins(%a : tensor<5x6xf32>) outs(%b : tensor<6x5xf32>) permutation = ["x"]
  return %c : tensor<6x5xf32>
}
