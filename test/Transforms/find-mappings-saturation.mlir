// An intrinsic that clamps its sums is not what wraps, nor what clamps elsewhere. Nor
// has an operator that clamps alike a mapping: its result depends on their order.
// RUN: amos-opt %s -amos-normalize -amos-find-mappings | FileCheck %s

#none = affine_map<() -> ()>
#one = #amos.fragment<(e) -> ()>

amos.accelerator @saturating target(#llvm.target_features<[]>) clock(1.0e9) {
  scope @thread
  level @memory per @thread address(!llvm.ptr) bandwidth(8.0) latency(4) access(1)
  level @register per @thread granule(4) capacity(64)

  intrinsic @mac_s16 issue(@thread) class(scalar) operands[#one, #one, #one]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<i8>, %b: tensor<i8>, %c: tensor<i32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<i8>, tensor<i8>) outs(%c : tensor<i32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %low = arith.constant -32768 : i32
      %high = arith.constant 32767 : i32
      %xw = arith.extsi %x : i8 to i32
      %yw = arith.extsi %y : i8 to i32
      %m = arith.muli %xw, %yw : i32
      %s = arith.addi %z, %m : i32
      %t = arith.minsi %s, %high : i32
      %r = arith.maxsi %t, %low : i32
      linalg.yield %r : i32
    } -> tensor<i32>
    yield %d : tensor<i32>
  } lowering {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %low = arith.constant -32768 : i32
    %high = arith.constant 32767 : i32
    %xw = arith.extsi %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %m = arith.muli %xw, %yw : i32
    %s = arith.addi %z, %m : i32
    %t = arith.minsi %s, %high : i32
    %r = arith.maxsi %t, %low : i32
    yield %r : i32
  }
}

// CHECK-LABEL: func.func @wraps(
// CHECK-NOT: amos.candidates = [#amos.candidate
// CHECK: "E-RANGE", "the intrinsic may saturate where the operator does not", "bound the values, or choose an intrinsic that wraps"
func.func @wraps(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>)
                     outs(%c : tensor<8x6xi32>) -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// What the intrinsic adds has to be what the operator adds in the first place.
// CHECK-LABEL: func.func @adds(
// CHECK: "E-BODY", "the operator computes
func.func @adds(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>) outs(%c : tensor<8x6xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %xw = arith.extsi %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %m = arith.addi %xw, %yw : i32
    %s = arith.addi %z, %m : i32
    linalg.yield %s : i32
  } -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}

// CHECK-LABEL: func.func @clamps(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-BODY", "the operator computes max(min(acc + a * b, 32767), -32768), which depends on the order of its steps", "accumulate by an associative operation"
func.func @clamps(%a: tensor<8x4xi8>, %b: tensor<4x6xi8>, %c: tensor<8x6xi32>) -> tensor<8x6xi32> {
  %low = arith.constant -32768 : i32
  %high = arith.constant 32767 : i32
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>,
                       affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x4xi8>, tensor<4x6xi8>) outs(%c : tensor<8x6xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %xw = arith.extsi %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %m = arith.muli %xw, %yw : i32
    %s = arith.addi %z, %m : i32
    %t = arith.minsi %s, %high : i32
    %r = arith.maxsi %t, %low : i32
    linalg.yield %r : i32
  } -> tensor<8x6xi32>
  return %d : tensor<8x6xi32>
}
