// RUN: amos-opt --amos-lower-tiles %s | FileCheck %s

amos.accelerator @m target(#llvm.target_features<["+fma"]>) {
  scope @thread
  level @register per @thread granule(32) capacity(512)
  intrinsic @dot issue(@thread) class(dot)
      operands[#amos.fragment<(e) -> (e mod 4, e floordiv 4)>,
               #amos.fragment<(e) -> (e mod 4, e floordiv 4)>, #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<4x4xi8>, %b: tensor<4x4xi8>, %c: tensor<4xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k, n)>, affine_map<(n, k) -> (k, n)>, affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4x4xi8>, tensor<4x4xi8>) outs(%c : tensor<4xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %p = arith.muli %u, %v : i32
      %r = arith.addi %z, %p : i32
      linalg.yield %r : i32
    } -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<16xi8>, %c: vector<4xi32>):
    yield %c : vector<4xi32>
  }
  intrinsic @wide issue(@thread) class(vector)
      operands[#amos.fragment<(e) -> ()>, #amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e)>] semantics {
  ^bb0(%a: tensor<bf16>, %b: tensor<4xbf16>, %c: tensor<4xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<bf16>, tensor<4xbf16>) outs(%c : tensor<4xf32>) {
    ^bb0(%x: bf16, %y: bf16, %z: f32):
      %u = arith.extf %x : bf16 to f32
      %v = arith.extf %y : bf16 to f32
      %p = arith.mulf %u, %v : f32
      %r = arith.addf %z, %p : f32
      linalg.yield %r : f32
    } -> tensor<4xf32>
    yield %d : tensor<4xf32>
  } lowering {
  ^bb0(%a: vector<4xf32>, %b: vector<4xf32>, %c: vector<4xf32>):
    %d = math.fma %a, %b, %c : vector<4xf32>
    yield %d : vector<4xf32>
  }
}

// What is there or not as a whole is asked for once and loaded as a word.
// CHECK-LABEL: func.func @guarded_words
// CHECK-COUNT-4: scf.if
// CHECK-NOT:     scf.if
// CHECK:         vector.from_elements {{.*}} : vector<4xi32>
func.func @guarded_words(%A: memref<8x32xi8>, %n: index) -> !amos.tile<4x4xi8, @m::@dot[0]> {
  %a = amos.load %A(%n) index affine_map<(n)[k, r] -> (n + r, k + 4)> where affine_set<(n)[k, r] : (7 - n - r >= 0)>
    : memref<8x32xi8> -> !amos.tile<4x4xi8, @m::@dot[0]>
  return %a : !amos.tile<4x4xi8, @m::@dot[0]>
}

// Three rows of a window whose fourth is absent: a load each, zeros between.
// CHECK-LABEL: func.func @interleave_rows
// CHECK-COUNT-3: vector.load {{.*}} : memref<8x32xi8>, vector<4xi8>
// CHECK-NOT:     vector.load
// CHECK:         vector.shuffle {{.*}} [0, 4, 8, 16, 1, 5, 9, 16, 2, 6, 10, 16, 3, 7, 11, 16]
func.func @interleave_rows(%A: memref<8x32xi8>, %B: memref<4x4xi8>, %C: memref<4xi32>, %p: index, %n: index) {
  %a = amos.load %A(%p, %n) index affine_map<(p, n)[r, c] -> (p + r, n * 4 + c)> where affine_set<(p, n)[r, c] : (2 - r >= 0)>
    : memref<8x32xi8> -> !amos.tile<4x4xi8, @m::@dot[0]>
  %z = amos.zero : !amos.tile<4xi32, @m::@dot[2]>
  %b = amos.load %B() index affine_map<()[k, n] -> (k, n)> : memref<4x4xi8> -> !amos.tile<4x4xi8, @m::@dot[1]>
  %c = amos.invoke @m::@dot(%a, %b, %z) : (!amos.tile<4x4xi8, @m::@dot[0]>, !amos.tile<4x4xi8, @m::@dot[1]>, !amos.tile<4xi32, @m::@dot[2]>) -> !amos.tile<4xi32, @m::@dot[2]>
  amos.store %c, %C() index affine_map<()[n] -> (n)> : !amos.tile<4xi32, @m::@dot[2]>, memref<4xi32>
  return
}

// The inputs of two groups, each for two results: one load, repeated.
// CHECK-LABEL: func.func @repeat_within_groups
// CHECK:         %[[PIXEL:.+]] = vector.load {{.*}} : memref<8x32xi8>, vector<8xi8>
// CHECK:         vector.shuffle %[[PIXEL]], {{.*}} [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7]
func.func @repeat_within_groups(%A: memref<8x32xi8>, %p: index, %g: index) -> !amos.tile<4x4xi8, @m::@dot[0]> {
  %a = amos.load %A(%p, %g) index affine_map<(p, g)[c, n] -> (p, g * 8 + (n floordiv 2) * 4 + c)>
    : memref<8x32xi8> -> !amos.tile<4x4xi8, @m::@dot[0]>
  return %a : !amos.tile<4x4xi8, @m::@dot[0]>
}

// Gaps are loaded with what is between, no further than the last element.
// CHECK-LABEL: func.func @skip_gaps
// CHECK:         %[[MASK:.+]] = vector.constant_mask [10] : vector<16xi1>
// CHECK:         %[[ROW:.+]] = vector.maskedload {{.*}}, %[[MASK]]
// CHECK:         vector.shuffle %[[ROW]], {{.*}} [0, 0, 0, 0, 3, 3, 3, 3, 6, 6, 6, 6, 9, 9, 9, 9]
func.func @skip_gaps(%A: memref<8x32xi8>, %p: index) -> !amos.tile<4x4xi8, @m::@dot[0]> {
  %a = amos.load %A(%p) index affine_map<(p)[c, n] -> (p, n * 3)>
    : memref<8x32xi8> -> !amos.tile<4x4xi8, @m::@dot[0]>
  return %a : !amos.tile<4x4xi8, @m::@dot[0]>
}

// CHECK-LABEL: func.func @widen
// CHECK:         %[[X:.+]] = memref.load {{.*}} : memref<8x8xbf16>
// CHECK:         vector.broadcast %[[X]] : bf16 to vector<4xbf16>
// CHECK:         arith.extf {{.*}} : vector<4xbf16> to vector<4xf32>
// CHECK:         vector.load {{.*}} : memref<8x8xbf16>, vector<4xbf16>
// CHECK:         arith.extf {{.*}} : vector<4xbf16> to vector<4xf32>
// A copy may have widened them before.
// CHECK:         vector.load {{.*}} : memref<8x8xf32>, vector<4xf32>
// CHECK-NOT:     arith.extf
// CHECK:         return
func.func @widen(%A: memref<8x8xbf16>, %W: memref<8x8xf32>, %i: index)
    -> (!amos.tile<bf16, @m::@wide[0]>, !amos.tile<4xbf16, @m::@wide[1]>, !amos.tile<4xbf16, @m::@wide[1]>) {
  %a = amos.load %A(%i) index affine_map<(i) -> (i, i)> : memref<8x8xbf16> -> !amos.tile<bf16, @m::@wide[0]>
  %b = amos.load %A(%i) index affine_map<(i)[n] -> (i, n)> : memref<8x8xbf16> -> !amos.tile<4xbf16, @m::@wide[1]>
  %c = amos.load %W(%i) index affine_map<(i)[n] -> (i, n)> : memref<8x8xf32> -> !amos.tile<4xbf16, @m::@wide[1]>
  return %a, %b, %c : !amos.tile<bf16, @m::@wide[0]>, !amos.tile<4xbf16, @m::@wide[1]>, !amos.tile<4xbf16, @m::@wide[1]>
}

// Channels on the lanes, pixels side by side in memory: rows of three pixels of
// each channel, of which the last tile has three.
// CHECK-LABEL: func.func @transpose_stores
// CHECK-DAG:     vector.shuffle {{.*}} [0, 4, 1, 5] : vector<4xi32>, vector<4xi32>
// CHECK-DAG:     vector.shuffle {{.*}} [2, 6, 3, 7] : vector<4xi32>, vector<4xi32>
// CHECK-COUNT-3: vector.maskedstore {{.*}} : memref<7x9xi32>, vector<4xi1>, vector<4xi32>
// CHECK-NOT:     vector.maskedstore
// CHECK-NOT:     memref.store
// CHECK:         return
func.func @transpose_stores(%C: memref<7x9xi32>, %q: index, %x: vector<4xi32>) {
  %z = amos.zero : !amos.tile<4xi32, @m::@dot[2]>
  amos.store %z, %C(%q) index affine_map<(q)[n] -> (n + 4, q * 3)> where affine_set<(q)[n] : (2 - n >= 0)> : !amos.tile<4xi32, @m::@dot[2]>, memref<7x9xi32>
  amos.store %z, %C(%q) index affine_map<(q)[n] -> (n + 4, q * 3 + 2)> where affine_set<(q)[n] : (2 - n >= 0)> : !amos.tile<4xi32, @m::@dot[2]>, memref<7x9xi32>
  amos.store %z, %C(%q) index affine_map<(q)[n] -> (n + 4, q * 3 + 1)> where affine_set<(q)[n] : (2 - n >= 0)> : !amos.tile<4xi32, @m::@dot[2]>, memref<7x9xi32>
  return
}

// A read between them keeps the stores apart.
// CHECK-LABEL: func.func @keep_stores_before_reads
// CHECK-COUNT-4: memref.store
// CHECK:         memref.load
// CHECK-COUNT-4: memref.store
func.func @keep_stores_before_reads(%C: memref<7x9xi32>, %q: index) -> i32 {
  %z = amos.zero : !amos.tile<4xi32, @m::@dot[2]>
  amos.store %z, %C(%q) index affine_map<(q)[n] -> (n, q * 3)> : !amos.tile<4xi32, @m::@dot[2]>, memref<7x9xi32>
  %r = memref.load %C[%q, %q] : memref<7x9xi32>
  amos.store %z, %C(%q) index affine_map<(q)[n] -> (n, q * 3 + 1)> : !amos.tile<4xi32, @m::@dot[2]>, memref<7x9xi32>
  return %r : i32
}
