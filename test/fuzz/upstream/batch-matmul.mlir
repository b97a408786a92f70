// Integers and indices do not go together, but the parser gives the region
// builder nobody to tell.
func.func @batch(%a: tensor<2x8x4xi8>, %b: tensor<2x4x6xi8>, %c: tensor<2x8x6xindex>) -> tensor<2x8x6xindex> {
  %d = linalg.batch_matmul ins(%a, %b : tensor<2x8x4xi8>, tensor<2x4x6xi8>)
                           outs(%c : tensor<2x8x6xindex>) -> tensor<2x8x6xindex>
  return %d : tensor<2x8x6xindex>
}
