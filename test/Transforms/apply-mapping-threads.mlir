// RUN: amos-opt --amos-apply-mapping --canonicalize --cse %s | FileCheck %s

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

// Of 8 groups of columns and 31 blocks of rows, the last one of which is shorter, two threads
// need share the groups only. What is packed beforehand they share, too.
// CHECK-LABEL: func.func @even
// CHECK:         scf.parallel (%{{.+}}) = (%c0) to (%c2) step (%c1) {
// CHECK:           amos.store
// CHECK:         } {amos.thread_loop}
// CHECK:         scf.parallel (%[[T:.+]]) = (%c0) to (%c2) step (%c1) {
// CHECK:           %[[A:.+]] = arith.muli %[[T]], %c8
// CHECK:           %[[FIRST:.+]] = arith.divui %[[A]], %c2
// CHECK:           arith.divui
// CHECK:           %[[LOW:.+]] = arith.maxsi %[[FIRST]], %c0
// CHECK:           %[[HIGH:.+]] = arith.minsi
// CHECK:           scf.for %[[J:.+]] = %[[LOW]] to %[[HIGH]] step %c1 {
// CHECK:             scf.for %{{.+}} = %c0 to %c120 step %c4 {
// CHECK-NOT:         scf.if
func.func @even(%a: tensor<121x1024xi16>, %b: tensor<1024x64xi16>, %c: tensor<121x64xi32>)
    -> tensor<121x64xi32> attributes {amos.threads = 2 : i64} {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 4], [2, 1]] block [4, 1, 1] staging [direct, pack]>}
      ins(%a, %b : tensor<121x1024xi16>, tensor<1024x64xi16>) outs(%c : tensor<121x64xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<121x64xi32>
  return %r : tensor<121x64xi32>
}

// Three groups of columns are uneven, so blocks of rows are shared as well, inside of a
// reduction that is not; the shorter last one is the thread's whose turn it is.
// CHECK-LABEL: func.func @collapsed
// CHECK:         scf.parallel (%[[T:.+]]) = (%c0) to (%c2) step (%c1) {
// CHECK:           %[[A:.+]] = arith.muli %[[T]], %c93
// CHECK:           %[[LOW:.+]] = arith.divui %[[A]], %c2
// CHECK:           %[[HIGH:.+]] = arith.divui
// CHECK:           scf.for %{{.+}} = %c0 to %c512 step %c256 {
// CHECK:             %[[J0:.+]] = arith.divui %[[LOW]], %c31
// CHECK:             %[[J1:.+]] = arith.ceildivui %[[HIGH]], %c31
// CHECK:             scf.for %[[J:.+]] = %{{.+}} to %{{.+}} step %c1 {
// CHECK:               %[[BEFORE:.+]] = arith.muli %[[J]], %c31
// CHECK:               %[[I0:.+]] = arith.subi %[[LOW]], %[[BEFORE]]
// CHECK:               %[[I1:.+]] = arith.subi %[[HIGH]], %[[BEFORE]]
// CHECK:               scf.for
// CHECK:               %[[IS0:.+]] = arith.cmpi sle, %[[I0]], %c30
// CHECK:               %[[IS1:.+]] = arith.cmpi sgt, %[[I1]], %c30
// CHECK:               %[[IS:.+]] = arith.andi %[[IS0]], %[[IS1]]
// CHECK:               scf.if %[[IS]] {
func.func @collapsed(%a: tensor<121x1024xi16>, %b: tensor<1024x24xi16>, %c: tensor<121x24xi32>)
    -> tensor<121x24xi32> attributes {amos.threads = 2 : i64} {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[2, 256], [1, 1], [0, 4], [2, 1]] block [4, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<121x1024xi16>, tensor<1024x24xi16>) outs(%c : tensor<121x24xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<121x24xi32>
  return %r : tensor<121x24xi32>
}

// Too little is no nest of threads.
// CHECK-LABEL: func.func @small
// CHECK-NOT:     scf.parallel
func.func @small(%a: tensor<8x6xi16>, %b: tensor<6x16xi16>, %c: tensor<8x16xi32>)
    -> tensor<8x16xi32> attributes {amos.threads = 2 : i64} {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 4], [2, 1]] block [4, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<8x6xi16>, tensor<6x16xi16>) outs(%c : tensor<8x16xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<8x16xi32>
  return %r : tensor<8x16xi32>
}
