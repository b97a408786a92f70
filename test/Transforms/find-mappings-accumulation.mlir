// Mappings take steps in another order and fill tiles with zeros. Only what
// accumulates in any order has one, and one that pads a reduction only where a
// product with zero adds nothing.
// RUN: amos-opt %s -amos-find-mappings | FileCheck %s
// RUN: amosc run %s --emulate --quiet | FileCheck %s --check-prefix=RESULT

#vector = affine_map<(i, k) -> (k)>
#matrix = affine_map<(i, k) -> (k, i)>
#sums = affine_map<(i, k) -> (i)>
#left = affine_map<(i, j, k) -> (i, k)>
#right = affine_map<(i, j, k) -> (k, j)>
#result = affine_map<(i, j, k) -> (i, j)>

amos.accelerator @paths {
  scope @thread
  level @memory per @thread bandwidth(8.0) latency(200) access(32)
  level @register per @thread granule(32) capacity(512)
  intrinsic @shortest issue(@thread) class(dot) latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi32>, %b: tensor<4x8xi32>, %c: tensor<8xi32>):
    %d = linalg.generic {indexing_maps = [#vector, #matrix, #sums], iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi32>, tensor<4x8xi32>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i32, %y: i32, %z: i32):
      %s = arith.addi %x, %y : i32
      %m = arith.minui %z, %s : i32
      linalg.yield %m : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  }
  intrinsic @alternate issue(@thread) class(dot) latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi32>, %b: tensor<4x8xi32>, %c: tensor<8xi32>):
    %d = linalg.generic {indexing_maps = [#vector, #matrix, #sums], iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi32>, tensor<4x8xi32>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i32, %y: i32, %z: i32):
      %s = arith.muli %x, %y : i32
      %m = arith.subi %s, %z : i32
      linalg.yield %m : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  }
}

// Tiles of results are padded, which are not stored.
// CHECK-LABEL: func.func @whole(
// CHECK: amos.candidates = [#amos.candidate<<@paths::@shortest, {{\[\[}}1], [2]]>
// RESULT: whole: passed
func.func @whole(%a: tensor<3x8xi32>, %b: tensor<8x10xi32>, %c: tensor<3x10xi32>) -> tensor<3x10xi32> {
  %d = linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x8xi32>, tensor<8x10xi32>) outs(%c : tensor<3x10xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %s = arith.addi %x, %y : i32
    %m = arith.minui %z, %s : i32
    linalg.yield %m : i32
  } -> tensor<3x10xi32>
  return %d : tensor<3x10xi32>
}

// The least of all sums and of zero is zero.
// CHECK-LABEL: func.func @padded(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-PROOF", "obligation 'neutral' does not hold: there is no point, but zeros count at d0 = 0, d1/8 = 0, d2/4 = 1, i1 = 0, r1 = 2"
// RESULT: padded: passed
func.func @padded(%a: tensor<3x6xi32>, %b: tensor<6x10xi32>, %c: tensor<3x10xi32>) -> tensor<3x10xi32> {
  %d = linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x6xi32>, tensor<6x10xi32>) outs(%c : tensor<3x10xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %s = arith.addi %x, %y : i32
    %m = arith.minui %z, %s : i32
    linalg.yield %m : i32
  } -> tensor<3x10xi32>
  return %d : tensor<3x10xi32>
}

// What the program itself pads with zeros is read as it is.
// CHECK-LABEL: func.func @pads(
// CHECK: amos.candidates = [#amos.candidate<<@paths::@shortest, {{\[\[}}1], [2]]>
// RESULT: pads: passed
func.func @pads(%a: tensor<3x6xi32>, %b: tensor<8x10xi32>, %c: tensor<3x10xi32>) -> tensor<3x10xi32> {
  %zero = arith.constant 0 : i32
  %p = tensor.pad %a low[0, 1] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : i32
  } : tensor<3x6xi32> to tensor<3x8xi32>
  %d = linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%p, %b : tensor<3x8xi32>, tensor<8x10xi32>) outs(%c : tensor<3x10xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %s = arith.addi %x, %y : i32
    %m = arith.minui %z, %s : i32
    linalg.yield %m : i32
  } -> tensor<3x10xi32>
  return %d : tensor<3x10xi32>
}

// CHECK-LABEL: func.func @alternates(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-BODY", "the operator computes a * b - acc, which depends on the order of its steps"
// RESULT: alternates: passed
func.func @alternates(%a: tensor<3x7xi32>, %b: tensor<7x10xi32>, %c: tensor<3x10xi32>) -> tensor<3x10xi32> {
  %d = linalg.generic {indexing_maps = [#left, #right, #result], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<3x7xi32>, tensor<7x10xi32>) outs(%c : tensor<3x10xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %s = arith.muli %x, %y : i32
    %m = arith.subi %s, %z : i32
    linalg.yield %m : i32
  } -> tensor<3x10xi32>
  return %d : tensor<3x10xi32>
}
