// Integers and indices do not go together, but the parser gives the region
// builder nobody to tell.
func.func @batch(%a: tensor<2x8x4xi8>, %b: tensor<2x4x3xi8>, %c: tensor<8x3xindex>) -> tensor<8x3xindex> {
  %d = linalg.batch_reduce_matmul ins(%a, %b : tensor<2x8x4xi8>, tensor<2x4x3xi8>)
                                  outs(%c : tensor<8x3xindex>) -> tensor<8x3xindex>
  return %d : tensor<8x3xindex>
}
