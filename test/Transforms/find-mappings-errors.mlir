// RUN: amos-opt %s -amos-find-mappings | FileCheck %s
// RUN: not amos-opt %s -amos-find-mappings=intrinsic=[ 2>&1 | FileCheck %s --check-prefix=PATTERN

// PATTERN: error: '[' is no pattern:

amos.accelerator @machine {
  scope @unit
  intrinsic @outer issue(@unit) class(matrix) semantics {
  ^bb0(%a: tensor<4xf32>, %b: tensor<4xf32>, %c: tensor<4x4xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>,
                         affine_map<(i, j) -> (i, j)>],
        iterator_types = ["parallel", "parallel"]}
        ins(%a, %b : tensor<4xf32>, tensor<4xf32>) outs(%c : tensor<4x4xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<4x4xf32>
    yield %d : tensor<4x4xf32>
  }
}

// The matrices allow it, the proof does not: lanes of one tile add to one element.
// CHECK-LABEL: func.func @scatter(
// CHECK: amos.candidates = []
// CHECK-SAME: amos.rejected = [#amos.rejection<@machine::@outer, "E-PROOF", "obligation 'lanes' does not hold: two lanes store one element at d0/4 = 0, i1 = 1, i2 = 0 and at d0/4 = 0, i1 = 0, i2 = 1", "", <@machine::@outer, {{\[\[}}0], [1]]>>
func.func @scatter(%a: tensor<8xf32>, %b: tensor<3xf32>, %c: tensor<10xf32>) -> tensor<10xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>,
                       affine_map<(i, j) -> (i + j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<8xf32>, tensor<3xf32>) outs(%c : tensor<10xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<10xf32>
  return %d : tensor<10xf32>
}
// CHECK-LABEL: func.func @matvec(
// CHECK: amos.candidates = [#amos.candidate<<@machine::@outer, {{\[\[}}0], []] family unit>
// CHECK-SAME: amos.rejected = []
func.func @matvec(%a: tensor<8x4xf32>, %w: tensor<4xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %d = linalg.matvec ins(%a, %w : tensor<8x4xf32>, tensor<4xf32>) outs(%c : tensor<8xf32>) -> tensor<8xf32>
  return %d : tensor<8xf32>
}
// CHECK-LABEL: func.func @dot(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-STRUCT", "no iteration of the operator is read by src1 and written but not read by src2, as i1 of the intrinsic is", "give the operator an iteration of extent 1 that is read by src1 and written but not read by src2"
func.func @dot(%a: tensor<4xf32>, %w: tensor<4xf32>, %c: tensor<f32>) -> tensor<f32> {
  %d = linalg.dot ins(%a, %w : tensor<4xf32>, tensor<4xf32>) outs(%c : tensor<f32>) -> tensor<f32>
  return %d : tensor<f32>
}

// What does not accumulate, or loops that say they are something else.
// CHECK-LABEL: func.func @scalar(
// CHECK: "E-BODY", "operand 1 is 'f32', expected a tensor or a memref"
func.func @scalar(%a: tensor<8xf32>, %b: f32, %c: tensor<8xf32>) -> tensor<8xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> ()>, affine_map<(i) -> (i)>],
      iterator_types = ["parallel"]}
      ins(%a, %b : tensor<8xf32>, f32) outs(%c : tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %d : tensor<8xf32>
}

// CHECK-LABEL: func.func @kinds(
// CHECK: "E-STRUCT", "iteration d1 is parallel, but the destination does not depend on it", "make it a reduction"
func.func @kinds(%a: tensor<8x4xf32>, %b: tensor<4xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<8x4xf32>, tensor<4xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %d : tensor<8xf32>
}

// CHECK-LABEL: func.func @alias(
// CHECK: "E-BODY", "operand 1 is also written", "write to a buffer of its own"
func.func @alias(%a: memref<8x8xf32>, %c: memref<8x8xf32>) {
  linalg.matmul ins(%a, %c : memref<8x8xf32>, memref<8x8xf32>) outs(%c : memref<8x8xf32>)
  return
}

// CHECK-LABEL: func.func @iteration_index(
// CHECK: "E-BODY", "the operator computes acc + a * b + ?, the intrinsic acc + a * b"
func.func @iteration_index(%a: tensor<8xi32>, %b: tensor<4xi32>, %c: tensor<8x4xi32>) -> tensor<8x4xi32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<8xi32>, tensor<4xi32>) outs(%c : tensor<8x4xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %i = linalg.index 0 : index
    %k = arith.index_cast %i : index to i32
    %m = arith.muli %x, %y : i32
    %s = arith.addi %z, %m : i32
    %r = arith.addi %s, %k : i32
    linalg.yield %r : i32
  } -> tensor<8x4xi32>
  return %d : tensor<8x4xi32>
}

// CHECK-LABEL: func.func @three_sources(
// CHECK: "E-BODY", "the operator has 3 sources, the intrinsic 2"
func.func @three_sources(%a: tensor<8xf32>, %b: tensor<4xf32>, %s: tensor<8xf32>, %c: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i)>,
                       affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b, %s : tensor<8xf32>, tensor<4xf32>, tensor<8xf32>) outs(%c : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32, %w: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %n = arith.mulf %m, %w : f32
    %r = arith.addf %z, %n : f32
    linalg.yield %r : f32
  } -> tensor<8x4xf32>
  return %d : tensor<8x4xf32>
}

// A difference that only rounding sees is one.
// CHECK-LABEL: func.func @rounded(
// CHECK: "E-BODY", "the operator computes acc + f32(f16(a * b)), the intrinsic acc + a * b"
func.func @rounded(%a: tensor<8xf32>, %b: tensor<4xf32>, %c: tensor<8x4xf32>) -> tensor<8x4xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : tensor<8xf32>, tensor<4xf32>) outs(%c : tensor<8x4xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %t = arith.truncf %m : f32 to f16
    %e = arith.extf %t : f16 to f32
    %r = arith.addf %z, %e : f32
    linalg.yield %r : f32
  } -> tensor<8x4xf32>
  return %d : tensor<8x4xf32>
}
