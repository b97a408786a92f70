// The parser makes room for the elements before it looks for them.
func.func @vector(%a: f32) {
  %v = vector.from_elements %a : vector<9223372036854775807xf32>
  return
}
