// A machine that multiplies eight elements of each source at a time, and a sum of
// products whose first source is copied beforehand. A copy holds all of a dimension
// of unknown extent and not one element more.
#lanes = #amos.fragment<(e) -> (e)>
#vector = affine_map<(i) -> (i)>

amos.accelerator @vector target(#llvm.target_features<[]>) clock(2.0e9) {
  scope @thread
  scope @device = 1 @thread
  level @memory per @device address(!llvm.ptr) bandwidth(8.0) latency(200) access(32)
  level @register per @thread granule(32) capacity(512)
  intrinsic @mac issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<8xi32>, %b: tensor<8xi32>, %c: tensor<8xi32>):
    %d = linalg.generic {indexing_maps = [#vector, #vector, #vector], iterator_types = ["parallel"]}
        ins(%a, %b : tensor<8xi32>, tensor<8xi32>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i32, %y: i32, %z: i32):
      %m = arith.muli %x, %y : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<8xi32>, %b: vector<8xi32>, %c: vector<8xi32>):
    %m = arith.muli %a, %b : vector<8xi32>
    %d = arith.addi %c, %m : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

#rows = affine_map<(i, k) -> (i, k)>
func.func @rows(%a: tensor<?x64xi32>, %b: tensor<?x64xi32>, %c: tensor<?xi32>) -> tensor<?xi32> {
  %d = linalg.generic {
      indexing_maps = [#rows, #rows, affine_map<(i, k) -> (i)>],
      iterator_types = ["parallel", "reduction"],
      amos.mapping = #amos.mapping<@vector::@mac, [[0]]>,
      amos.schedule = #amos.schedule<order [[0]] tiles [] nest [[1, 1], [0, 1]] block [1, 1] staging [copy, direct]>}
      ins(%a, %b : tensor<?x64xi32>, tensor<?x64xi32>) outs(%c : tensor<?xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %m = arith.muli %x, %y : i32
    %r = arith.addi %z, %m : i32
    linalg.yield %r : i32
  } -> tensor<?xi32>
  return %d : tensor<?xi32>
}
