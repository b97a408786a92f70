// RUN: amos-opt --amos-apply-mapping %s | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
#id = affine_map<(d0, d1) -> (d0, d1)>
#turned = affine_map<(d0, d1) -> (d1, d0)>
#column = affine_map<(d0, d1) -> (d1)>

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
    yield %c : vector<8xi32>
  }
}

// The result has the layout and the type that the epilogue gives it; sums have no
// memory. The constant is made inside.
// CHECK-DAG: #[[$COLUMN:.+]] = affine_map<(d0, d1)[s0] -> (d1 * 8 + s0)>
// CHECK-DAG: #[[$BIAS:.+]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[$AT:.+]] = affine_map<(d0, d1)[s0] -> (d1 * 8 + s0, d0)>
// CHECK-LABEL: func.func @once
// CHECK-NOT:     memref<4x16xi32>
// CHECK:         %[[C:.+]] = memref.alloc() : memref<16x4xi8>
// CHECK:         %[[BIAS:.+]] = bufferization.to_buffer %arg2 read_only
// CHECK:         amos.store %{{.+}}, %[[C]](%{{.+}}, %{{.+}}) index #[[$AT]] with(%[[BIAS]]) at [#[[$BIAS]]] : <8xi32, @m::@dot[2]>, memref<16x4xi8>, memref<16xi32> by {
// CHECK-NEXT:    ^bb0(%[[S:.+]]: i32, %[[B:.+]]: i32):
// CHECK-NEXT:      %[[FOUR:.+]] = arith.constant 4
// CHECK-NEXT:      %[[A:.+]] = arith.addi %[[S]], %[[B]]
// CHECK-NEXT:      %[[R:.+]] = arith.shrsi %[[A]], %[[FOUR]]
// CHECK-NEXT:      %[[T:.+]] = arith.trunci %[[R]]
// CHECK-NEXT:      amos.yield %[[T]] : i8
// CHECK:         bufferization.to_tensor %[[C]] restrict writable : memref<16x4xi8>
func.func @once(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %bias: tensor<16xi32>) -> tensor<16x4xi8> {
  %zero = arith.constant 0 : i32
  %four = arith.constant 4 : i32
  %e = tensor.empty() : tensor<4x16xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.generic {
      indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"],
      amos.epilogue = true,
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 1], [2, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%z : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %s: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<4x16xi32>
  %o = tensor.empty() : tensor<16x4xi8>
  %f = linalg.generic {indexing_maps = [#id, #column, #turned], iterator_types = ["parallel", "parallel"]}
      ins(%r, %bias : tensor<4x16xi32>, tensor<16xi32>) outs(%o : tensor<16x4xi8>) {
  ^bb0(%x: i32, %y: i32, %old: i8):
    %s = arith.addi %x, %y : i32
    %h = arith.shrsi %s, %four : i32
    %t = arith.trunci %h : i32 to i8
    linalg.yield %t : i8
  } -> tensor<16x4xi8>
  return %f : tensor<16x4xi8>
}

// A reduction around a parallel loop: sums stay in memory of their own type until
// the last step, which stores the result.
// CHECK-LABEL: func.func @read_back
// CHECK-DAG:     %[[SUMS:.+]] = memref.alloc() : memref<4x16xi32>
// CHECK-DAG:     %[[C:.+]] = memref.alloc() : memref<4x16xi8>
// CHECK:         linalg.fill {{.*}} outs(%[[SUMS]]
// CHECK:         scf.for %[[K:.+]] =
// CHECK:           scf.for
// CHECK:             scf.for
// CHECK:               amos.load %[[SUMS]]
// CHECK:               %[[SUM:.+]] = amos.invoke
// CHECK:               scf.if
// CHECK:                 amos.store %[[SUM]], %[[C]]({{.*}} by {
// CHECK:               } else {
// CHECK:                 amos.store %[[SUM]], %[[SUMS]]({{[^{]*$}}
// CHECK:         bufferization.to_tensor %[[C]]
func.func @read_back(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>) -> tensor<4x16xi8> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<4x16xi32>
  %z = linalg.fill ins(%zero : i32) outs(%e : tensor<4x16xi32>) -> tensor<4x16xi32>
  %r = linalg.generic {
      indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"],
      amos.epilogue = true,
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[2, 1], [1, 1], [0, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%z : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %s: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<4x16xi32>
  %o = tensor.empty() : tensor<4x16xi8>
  %f = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%r : tensor<4x16xi32>) outs(%o : tensor<4x16xi8>) {
  ^bb0(%x: i32, %old: i8):
    %t = arith.trunci %x : i32 to i8
    linalg.yield %t : i8
  } -> tensor<4x16xi8>
  return %f : tensor<4x16xi8>
}

// Sums start from a bias where it lies.
// CHECK-LABEL: func.func @from_bias
// CHECK:         %[[BIAS:.+]] = bufferization.to_buffer %arg2 read_only
// CHECK:         amos.load %[[BIAS]](%{{.+}}, %{{.+}}) index #[[$COLUMN]] : memref<16xi32>
func.func @from_bias(%a: tensor<4x6xi16>, %b: tensor<6x16xi16>, %bias: tensor<16xi32>) -> tensor<4x16xi32> {
  %e = tensor.empty() : tensor<4x16xi32>
  %z = linalg.broadcast ins(%bias : tensor<16xi32>) outs(%e : tensor<4x16xi32>) dimensions = [0]
  %r = linalg.generic {
      indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 1], [0, 1], [2, 1]] block [1, 1, 1] staging [direct, direct]>}
      ins(%a, %b : tensor<4x6xi16>, tensor<6x16xi16>) outs(%z : tensor<4x16xi32>) {
  ^bb0(%x: i16, %y: i16, %s: i32):
    %u = arith.extsi %x : i16 to i32
    %v = arith.extsi %y : i16 to i32
    %p = arith.muli %u, %v : i32
    %t = arith.addi %s, %p : i32
    linalg.yield %t : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}
