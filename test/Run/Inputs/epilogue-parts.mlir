// A schedule that reads sums back after every eight terms of the reduction, with a
// rest of five.
#id = affine_map<(d0, d1) -> (d0, d1)>
func.func @parts(%a: tensor<6x37xi8>, %b: tensor<37x9xi8>, %bias: tensor<9xi32>) -> tensor<6x9xi8> {
  %zero = arith.constant 0 : i32
  %six = arith.constant 6 : i32
  %e = tensor.empty() : tensor<6x9xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<6x9xi32>) -> tensor<6x9xi32>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"], amos.epilogue = true,
      amos.mapping = #amos.mapping<@generic::@mac_s8_s8_i32, []>,
      amos.schedule = #amos.schedule<order [] tiles [] nest [[2, 8], [0, 1], [1, 1], [2, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<6x37xi8>, tensor<37x9xi8>) outs(%z : tensor<6x9xi32>) {
  ^bb0(%x: i8, %y: i8, %s: i32):
    %u = arith.extsi %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %p = arith.muli %u, %v : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<6x9xi32>
  %o = tensor.empty() : tensor<6x9xi8>
  %r = linalg.generic {indexing_maps = [#id, affine_map<(d0, d1) -> (d1)>, #id], iterator_types = ["parallel", "parallel"]}
      ins(%sum, %bias : tensor<6x9xi32>, tensor<9xi32>) outs(%o : tensor<6x9xi8>) {
  ^bb0(%x: i32, %y: i32, %old: i8):
    %s = arith.addi %x, %y : i32
    %h = arith.shrsi %s, %six : i32
    %t = arith.trunci %h : i32 to i8
    linalg.yield %t : i8
  } -> tensor<6x9xi8>
  return %r : tensor<6x9xi8>
}
