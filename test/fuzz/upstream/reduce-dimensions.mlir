// Dimensions that do not parse are set although there are none.
func.func @reduce(%a: tensor<8x4xf32>, %b: tensor<8xf32>) -> tensor<8xf32> {
  %r = linalg.reduce { arith.addf } ins(%a : tensor<8x4xf32>) outs(%b : tensor<8xf32>) dimensions = <1]
  return %r : tensor<8xf32>
}
