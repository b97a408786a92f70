// The type of each element is listed before anything else is looked at.
func.func @vector(%a: vector<9223372036854775807xf32>) {
  %0:2 = vector.to_elements %a : vector<9223372036854775807xf32>
  return
}
