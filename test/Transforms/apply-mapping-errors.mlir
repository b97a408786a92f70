// RUN: amos-opt --amos-apply-mapping --split-input-file --verify-diagnostics %s

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @block(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{'block' has 2 entries, expected one for each of the 3 outer loops}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 1], [1, 1], [2, 1]] block [1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @block_too_large(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{block 9 of loop 'd0' is not between 1 and its extent 4}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 9], [1, 1], [2, 1]] block [9, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @missing_loop(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{the last step of loop 'd2/2' is 0, expected its block 1}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 1], [1, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @unknown_loop(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{'nest' names outer loop 7, there are 3}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[7, 1], [1, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @step(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{step 2 of loop 'd0' does not divide the step around it}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 3], [0, 2], [1, 1], [2, 1]] block [2, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @staging(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{'staging' has 1 entries, expected one for each of the 2 sources}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 1], [1, 1], [2, 1]] block [1, 1, 1] staging [direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// -----

// A dump that starts behind the parser may mark what is no buffer.
// expected-error@+1 {{argument 0 is marked 'amos.prepacked', expected a tensor or memref of static shape, got 'f32'}}
func.func @number(%a: f32 {amos.prepacked}) {
  return
}

// -----

// expected-error@+1 {{argument 0 is marked 'amos.prepacked', expected a tensor or memref of static shape, got 'tensor<?xf32>'}}
func.func @unknown(%a: tensor<?xf32> {amos.prepacked}) {
  return
}

// -----

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 2)>, #amos.fragment<(e) -> (e mod 2, e floordiv 2)>,
               #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<16xi16> to vector<16xi32>
    %y = arith.extsi %b : vector<16xi16> to vector<16xi32>
    %p = arith.muli %x, %y : vector<16xi32>
    %even, %odd = vector.deinterleave %p : vector<16xi32> -> vector<8xi32>
    %s = arith.addi %even, %odd : vector<8xi32>
    %d = arith.addi %c, %s : vector<8xi32>
    yield %d : vector<8xi32>
  }
}

func.func @cluster(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @below {{the last loop over groups has 1 steps, expected a multiple of 'cluster', which is 2}}
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[0, 1], [1, 1], [2, 1]] block [1, 1, 1] staging [direct, direct] cluster 2>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}
