// A contraction that no framework has a name for: scores of words in a sentence,
// each against a table that the sentence chose.
func.func @scores(%words: tensor<4x32x64xi8>,
                  %tables: tensor<4x48x64xi8>)
    -> tensor<4x32x48xi32> {
  %zero = arith.constant 0 : i32
  %empty = tensor.empty() : tensor<4x32x48xi32>
  %start = linalg.fill ins(%zero : i32) outs(%empty : tensor<4x32x48xi32>) -> tensor<4x32x48xi32>
  %result = linalg.generic {
      indexing_maps = [affine_map<(s, w, t, k) -> (s, w, k)>,
                       affine_map<(s, w, t, k) -> (s, t, k)>,
                       affine_map<(s, w, t, k) -> (s, w, t)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%words, %tables : tensor<4x32x64xi8>, tensor<4x48x64xi8>)
      outs(%start : tensor<4x32x48xi32>) {
  ^bb0(%word: i8, %table: i8, %sum: i32):
    %x = arith.extui %word : i8 to i32
    %y = arith.extsi %table : i8 to i32
    %product = arith.muli %x, %y : i32
    %next = arith.addi %sum, %product : i32
    linalg.yield %next : i32
  } -> tensor<4x32x48xi32>
  return %result : tensor<4x32x48xi32>
}
