// 30 queries against 50 keys of 70 bytes: nothing divides by eight or four.
func.func @scores(%queries: tensor<30x70xi8>, %keys: tensor<50x70xi8>) -> tensor<30x50xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<30x50xi32>
  %sums = linalg.fill ins(%zero : i32) outs(%empty : tensor<30x50xi32>) -> tensor<30x50xi32>
  %scores = linalg.generic {
      indexing_maps = [affine_map<(q, k, i) -> (q, i)>,
                       affine_map<(q, k, i) -> (k, i)>,
                       affine_map<(q, k, i) -> (q, k)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%queries, %keys : tensor<30x70xi8>, tensor<50x70xi8>) outs(%sums : tensor<30x50xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extsi %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %z, %m : i32
    linalg.yield %r : i32
  } -> tensor<30x50xi32>
  return %scores : tensor<30x50xi32>
}
