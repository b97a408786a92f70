// RUN: amos-opt %s -amos-find-mappings -verify-diagnostics

amos.accelerator @machine {
  scope @unit
  intrinsic @product issue(@unit) class(matrix) semantics {
  ^bb0(%a: tensor<4x8xf32>, %b: tensor<8x2xf32>, %c: tensor<4x2xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<4x8xf32>, tensor<8x2xf32>)
        outs(%c : tensor<4x2xf32>) -> tensor<4x2xf32>
    yield %d : tensor<4x2xf32>
  }
}

// Three of four loops, or all, on the unit.
func.func @right(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2, 3]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @outer(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [3]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @unknown(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' names the intrinsic '@machine::@quotient', which no accelerator here has}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@quotient, [[0], [1], [2]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @lists(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the matching has 2 lists, the intrinsic 3 iterations (E-STRUCT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @range(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the matching lists iteration 4, the operator has 4 (E-STRUCT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [4]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @nobody(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+2 {{'amos.mapping' is wrong: no iteration plays r1 (E-STRUCT)}}
  // expected-note @+1 {{name one, or write 'family unit'}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], []]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @column(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+2 {{'amos.mapping' is wrong: iteration d1 cannot play i1: src1 does not depend on d1, but does on i1 (E-STRUCT)}}
  // expected-note @+1 {{leave d1 out of the matching, or match it to an iteration that is read by src2 and written but not read by src1}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[1], [0], [2]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @operands(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: 'operands' must list each of the sources 0 to 1 once (E-STRUCT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2]] operands [0, 0]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @body(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the operator computes max(acc, a * b), the intrinsic acc + a * b (E-BODY)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2]]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.maximumf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @type(%a: tensor<6x5x3xf64>, %b: tensor<5x3x7xf64>, %c: tensor<6x7xf64>) -> tensor<6x7xf64> {
  // expected-error @+2 {{'amos.mapping' is wrong: operand 0 is of 'f64', expected 'f32' as source 0 of the intrinsic (E-DTYPE)}}
  // expected-note @+1 {{give operand 0 as 'f32'}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf64>, tensor<5x3x7xf64>) outs(%c : tensor<6x7xf64>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2]]>} {
  ^bb0(%x: f64, %y: f64, %z: f64):
    %m = arith.mulf %x, %y : f64
    %r = arith.addf %z, %m : f64
    linalg.yield %r : f64
  } -> tensor<6x7xf64>
  return %d : tensor<6x7xf64>
}

func.func @order(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the schedule orders other iterations than are matched (E-STRUCT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2, 3]]>,
               amos.schedule = #amos.schedule<order [[0], [1], [3]] tiles [] nest [[0, 1], [1, 1], [2, 1]] block [1, 1, 1] staging [direct, direct]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @box(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the tile of 'r1' exceeds the intrinsic's extent 8 (E-EXTENT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2, 3]]>,
               amos.schedule = #amos.schedule<order [[0], [1], [2, 3]] tiles [[4], [2], [4, 4]] nest [[0, 1], [1, 1], [2, 1]] block [1, 1, 1] staging [direct, direct]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

func.func @nest(%a: tensor<6x5x3xf32>, %b: tensor<5x3x7xf32>, %c: tensor<6x7xf32>) -> tensor<6x7xf32> {
  // expected-error @+1 {{'amos.mapping' is wrong: the last step of loop '(d2,d3)/8' is 0, expected its block 1 (E-STRUCT)}}
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k, l) -> (i, k, l)>,
                       affine_map<(i, j, k, l) -> (k, l, j)>,
                       affine_map<(i, j, k, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<6x5x3xf32>, tensor<5x3x7xf32>) outs(%c : tensor<6x7xf32>)
      attrs = {amos.mapping = #amos.mapping<@machine::@product, [[0], [1], [2, 3]]>,
               amos.schedule = #amos.schedule<order [[0], [1], [2, 3]] tiles [] nest [[0, 1], [1, 1]] block [1, 1, 1] staging [direct, direct]>} {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x7xf32>
  return %d : tensor<6x7xf32>
}

