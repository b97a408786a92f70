// RUN: amos-opt --amos-share-loops --canonicalize --cse %s | FileCheck %s
// RUN: amos-opt --amos-share-loops --canonicalize --cse --amos-fork-threads %s | FileCheck %s --check-prefix=FORK

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>

// Rows are dealt out, in pieces of one size.
// CHECK-LABEL: func.func @rows
// CHECK:         scf.parallel (%[[T:.+]]) = (%c0) to (%c2) step (%c1) {
// CHECK:           scf.for %[[P:.+]] = %{{.+}} to %{{.+}} step %c1
// CHECK:             %[[I:.+]] = affine.apply #{{.+}}(%[[P]])
// CHECK:             memref.subview %arg0[%[[I]], 0] [32, 4096] [1, 1]
// CHECK:             linalg.generic
// CHECK:         } {amos.thread_loop}
func.func @rows(%x: memref<64x4096xf32>, %r: memref<64xf32>)
    attributes {amos.threads = 2 : i64, amos.vector_bytes = 64 : i64} {
  linalg.generic {indexing_maps = [#id, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : memref<64x4096xf32>) outs(%r : memref<64xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// The loop that runs on lanes stays long.
// CHECK-LABEL: func.func @columns
// CHECK:         memref.subview %arg0[0, %{{.+}}] [8192, 64] [1, 1]
func.func @columns(%x: memref<8192x128xf32>, %r: memref<128xf32>)
    attributes {amos.threads = 2 : i64, amos.vector_bytes = 64 : i64} {
  linalg.generic {indexing_maps = [#id, #column], iterator_types = ["reduction", "parallel"]}
      ins(%x : memref<8192x128xf32>) outs(%r : memref<128xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// CHECK-LABEL: func.func @too_few_columns
// CHECK-NOT:     scf.parallel
func.func @too_few_columns(%x: memref<8192x96xf32>, %r: memref<96xf32>)
    attributes {amos.threads = 2 : i64, amos.vector_bytes = 64 : i64} {
  linalg.generic {indexing_maps = [#id, #column], iterator_types = ["reduction", "parallel"]}
      ins(%x : memref<8192x96xf32>) outs(%r : memref<96xf32>) {
  ^bb0(%a: f32, %b: f32):
    %s = arith.addf %a, %b : f32
    linalg.yield %s : f32
  }
  return
}

// A number that nothing divides, and as many threads as the runtime says, if all of
// them have enough to do.
// CHECK-LABEL: func.func @odd
// CHECK:         %[[ASKED:.+]] = call @omp_get_max_threads() : () -> i32
// CHECK:         %[[MOST:.+]] = arith.index_cast %[[ASKED]] : i32 to index
// CHECK:         %[[SOME:.+]] = arith.minsi %[[MOST]], %c3
// CHECK:         %[[N:.+]] = arith.maxsi %[[SOME]], %c1
// CHECK:         scf.parallel (%[[T:.+]]) = (%c0) to (%[[N]]) step (%c1) {
// CHECK:           %[[A:.+]] = arith.muli %[[T]], %c99991
// CHECK:           %[[LOW:.+]] = arith.divui %[[A]], %[[N]]
// CHECK:           %[[NEXT:.+]] = arith.addi %[[T]], %c1
// CHECK:           %[[B:.+]] = arith.muli %[[NEXT]], %c99991
// CHECK:           %[[HIGH:.+]] = arith.divui %[[B]], %[[N]]
// CHECK:           %[[SIZE:.+]] = arith.subi %[[HIGH]], %[[LOW]]
// CHECK:           memref.subview %arg0[%[[LOW]]] [%[[SIZE]]] [1]
func.func @odd(%x: memref<99991xf32>, %y: memref<99991xf32>) attributes {amos.threads = 0 : i64} {
  linalg.exp ins(%x : memref<99991xf32>) outs(%y : memref<99991xf32>)
  return
}

// No sum is shared.
// CHECK-LABEL: func.func @one_sum
// CHECK-NOT:     scf.parallel
func.func @one_sum(%x: memref<262144xf32>, %r: memref<f32>) attributes {amos.threads = 2 : i64} {
  linalg.reduce {arith.addf} ins(%x : memref<262144xf32>) outs(%r : memref<f32>) dimensions = [0]
  return
}

// CHECK-LABEL: func.func @small
// CHECK-NOT:     scf.parallel
func.func @small(%x: memref<4096xf32>, %y: memref<4096xf32>) attributes {amos.threads = 2 : i64} {
  linalg.exp ins(%x : memref<4096xf32>) outs(%y : memref<4096xf32>)
  return
}

// CHECK-LABEL: func.func @one_thread
// CHECK-NOT:     scf.parallel
func.func @one_thread(%x: memref<99991xf32>, %y: memref<99991xf32>) {
  linalg.exp ins(%x : memref<99991xf32>) outs(%y : memref<99991xf32>)
  return
}

// What a piece allocates is its thread's, once for all of them.
// CHECK-LABEL: func.func @pieces
// CHECK:         scf.parallel
// CHECK:           memref.alloca() {alignment = 64 : i64} : memref<4x1024xf32>
// CHECK:           scf.for %[[P:.+]] =
// CHECK:             %[[I:.+]] = arith.muli %[[P]], %c4
// CHECK:             memref.subview %arg0[%[[I]], 0] [4, 1024]
// FORK-LABEL: func.func @pieces
// FORK:         omp.parallel num_threads(%{{.+}} : i32) {
// FORK:           %[[MINE:.+]] = func.call @omp_get_thread_num()
// FORK:           %[[FIRST:.+]] = arith.index_cast %[[MINE]]
// FORK:           %[[ALL:.+]] = func.call @omp_get_num_threads()
// FORK:           %[[STEP:.+]] = arith.index_cast %[[ALL]]
// FORK:           memref.alloca()
// FORK:           scf.for %{{.+}} = %[[FIRST]] to %c2 step %[[STEP]]
// FORK:           omp.terminator
func.func @pieces(%x: memref<64x1024xf32>, %y: memref<64x1024xf32>)
    attributes {amos.threads = 2 : i64} {
  scf.forall (%i) = (0) to (64) step (4) {
    %part = memref.subview %x[%i, 0] [4, 1024] [1, 1]
        : memref<64x1024xf32> to memref<4x1024xf32, strided<[1024, 1], offset: ?>>
    %to = memref.subview %y[%i, 0] [4, 1024] [1, 1]
        : memref<64x1024xf32> to memref<4x1024xf32, strided<[1024, 1], offset: ?>>
    %own = memref.alloc() : memref<4x1024xf32>
    linalg.exp ins(%part : memref<4x1024xf32, strided<[1024, 1], offset: ?>>) outs(%own : memref<4x1024xf32>)
    linalg.tanh ins(%own : memref<4x1024xf32>) outs(%to : memref<4x1024xf32, strided<[1024, 1], offset: ?>>)
  }
  return
}

// CHECK-LABEL: func.func @unknown_step
// CHECK-NOT:     scf.parallel
// CHECK:         scf.forall
func.func @unknown_step(%x: memref<65536xf32>, %n: index) attributes {amos.threads = 2 : i64} {
  scf.forall (%i) = (0) to (65536) step (%n) {
    %part = memref.subview %x[%i] [1024] [1] : memref<65536xf32> to memref<1024xf32, strided<[1], offset: ?>>
    linalg.exp ins(%part : memref<1024xf32, strided<[1], offset: ?>>)
               outs(%part : memref<1024xf32, strided<[1], offset: ?>>)
  }
  return
}

// CHECK-LABEL: func.func @copies
// CHECK:         memref.copy %arg0, %arg1
// CHECK:         scf.parallel
// CHECK:           linalg.generic
func.func @copies(%a: memref<64xf32>, %b: memref<64xf32>, %c: memref<65536xf32>, %d: memref<65536xf32>)
    attributes {amos.threads = 2 : i64} {
  memref.copy %a, %b : memref<64xf32> to memref<64xf32>
  memref.copy %c, %d : memref<65536xf32> to memref<65536xf32>
  return
}

// No more pieces are tried than make a difference, however many there could be.
// CHECK-LABEL: func.func @endless
// CHECK:         scf.parallel
func.func @endless(%c: memref<4000000000010000xf32>, %d: memref<4000000000010000xf32>)
    attributes {amos.threads = 2 : i64} {
  memref.copy %c, %d : memref<4000000000010000xf32> to memref<4000000000010000xf32>
  return
}
