// Integers and indices do not go together, but the parser gives the region
// builder nobody to tell.
func.func @e(%a: tensor<8xi8>, %c: tensor<8xindex>) -> tensor<8xindex> {
  %d = linalg.elementwise kind=#linalg.elementwise_kind<abs> ins(%a: tensor<8xi8>) outs(%c: tensor<8xindex>) -> tensor<8xindex>
  return %d : tensor<8xindex>
}
