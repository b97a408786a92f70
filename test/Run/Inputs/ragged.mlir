// No extent is a multiple of anything: every tile has a border.
func.func @ragged(%a: tensor<13x37xi8>, %b: tensor<37x21xi8>, %c: tensor<13x21xi32>) -> tensor<13x21xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<13x37xi8>, tensor<37x21xi8>) outs(%c : tensor<13x21xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %xw = arith.extui %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %p = arith.muli %xw, %yw : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<13x21xi32>
  return %r : tensor<13x21xi32>
}
