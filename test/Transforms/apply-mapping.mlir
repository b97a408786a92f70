// RUN: amos-opt --amos-apply-mapping %s | FileCheck %s

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

// Rows in registers, tiles of b stored beforehand, the old values of c loaded
// because the program accumulates into them.
// CHECK-LABEL: func.func @divisible
// CHECK-DAG:     %[[A:.+]] = bufferization.to_buffer %arg0 read_only
// CHECK-DAG:     %[[B:.+]] = bufferization.to_buffer %arg1 read_only
// CHECK-DAG:     %[[OLD:.+]] = bufferization.to_buffer %arg2 read_only
// CHECK-DAG:     %[[C:.+]] = memref.alloc() : memref<4x16xi32>
// CHECK:         %[[TILES:.+]] = memref.alloc() : memref<2x3x16xi16>
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             %[[T:.+]] = amos.load %[[B]](
// CHECK:             amos.store %[[T]], %[[TILES]](%{{.+}}, %{{.+}}) index #[[PACKED:.+]] :
// CHECK:         scf.for %[[J:.+]] =
// CHECK:           scf.for %[[I:.+]] =
// CHECK:             %[[C0:.+]] = amos.load %[[OLD]](%[[I]], %[[J]])
// CHECK:             %[[C1:.+]] = amos.load %[[OLD]](%[[I]], %[[J]])
// CHECK:             %[[SUM:.+]]:2 = scf.for %[[K:.+]] = {{.*}} iter_args(%[[S0:.+]] = %[[C0]], %[[S1:.+]] = %[[C1]])
// CHECK:               %[[A0:.+]] = amos.load %[[A]](%[[I]], %[[K]])
// CHECK:               %[[BT:.+]] = amos.load %[[TILES]](%[[J]], %[[K]]) index #[[PACKED]] :
// CHECK:               %[[N0:.+]] = amos.invoke @m::@dot(%[[A0]], %[[BT]], %[[S0]])
// CHECK:               %[[A1:.+]] = amos.load %[[A]](%[[I]], %[[K]])
// CHECK:               %[[N1:.+]] = amos.invoke @m::@dot(%[[A1]], %[[BT]], %[[S1]])
// CHECK:               scf.yield %[[N0]], %[[N1]]
// CHECK-NOT:         where
// CHECK:             amos.store %[[SUM]]#0, %[[C]](
// CHECK:             amos.store %[[SUM]]#1, %[[C]](
// CHECK:         bufferization.to_tensor %[[C]] restrict writable
func.func @divisible(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 2], [2, 1]] block [2, 1, 1] staging [direct, pack]>}
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

// Every extent leaves a rest: guards stay on the borders, the body of the
// innermost loop has none.
// CHECK-LABEL: func.func @tails
// CHECK:         scf.for
// CHECK:           iter_args
// CHECK-NOT:         where
// CHECK:             amos.invoke
// CHECK:           amos.load {{.*}} where
// CHECK:           amos.invoke
func.func @tails(%a: tensor<5x7xi16>, %b: tensor<7x19xi16>, %c: tensor<5x19xi32>) -> tensor<5x19xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 2], [2, 1]] block [2, 1, 1] staging [direct, pack]>}
      ins(%a, %b : tensor<5x7xi16>, tensor<7x19xi16>) outs(%c : tensor<5x19xi32>) {
  ^bb0(%x: i16, %y: i16, %z: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<5x19xi32>
  return %r : tensor<5x19xi32>
}

// A reduction loop outside a parallel one sends partial sums through memory.
// CHECK-LABEL: func.func @reduction_outside
// CHECK:         memref.copy %[[OLD:.+]], %[[C:.+]] :
// CHECK:         scf.for
// CHECK:           scf.for
// CHECK:             amos.load %[[C]](
// CHECK:             amos.invoke
// CHECK:             amos.store {{.*}}, %[[C]](
func.func @reduction_outside(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[2, 1], [1, 1], [0, 1]] block [1, 1, 1] staging [direct, direct]>}
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
