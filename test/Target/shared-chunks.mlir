// Neighbours start together and bring what both need once: half of the rows each, to
// both. A slot is empty when the units of both have read it.
//
// RUN: amosc %s --target=nvidia-sm90 --stop-after=parse -o - | amos-opt -split-input-file -amos-apply-mapping -o %t.nest
// RUN: FileCheck %s --check-prefix=NEST < %t.nest
// RUN: amos-opt -split-input-file -amos-launch-roles %t.nest -canonicalize -cse | FileCheck %s

// NEST-LABEL: func.func @neighbours(
// NEST: } {amos.cluster = 2 : i64, amos.scope = @nvidia_sm90::@core}

// CHECK-LABEL: func.func @neighbours(
// CHECK-DAG: %[[TWO:.+]] = arith.constant 2 : index
// CHECK-DAG: %[[GROUPS:.+]] = arith.constant 8 : index
// Both lanes that tell of a slot, two of each group.
// CHECK-DAG: %[[EMPTY:.+]] = arith.constant 4 : i32
// CHECK-DAG: %[[BOTH:.+]] = arith.constant 3 : i16
// CHECK: gpu.launch clusters({{.*}} = %[[TWO]], {{.*}} blocks({{.*}} = %[[GROUPS]],
// CHECK: nvvm.mbarrier.init %{{.*}}, %[[EMPTY]]
// Nobody arrives at barriers that are not made yet.
// CHECK: nvvm.cluster.arrive
// CHECK: nvvm.cluster.wait
// Rows of A are the group's own, half of those of B go to both.
// CHECK: nvvm.mbarrier.arrive.expect_tx
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global
// CHECK-NOT: multicast_mask
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global {{.*}} multicast_mask = %[[BOTH]]
// CHECK-NOT: nvvm.cp.async.bulk
// CHECK: } else {
// CHECK-COUNT-4: amos.invoke
// CHECK: nvvm.mapa
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<7>
// CHECK: nvvm.mapa
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<7>
// CHECK: amos.store
// Nobody leaves whose memory is still written.
// CHECK: nvvm.cluster.arrive
// CHECK: nvvm.cluster.wait
// CHECK: gpu.terminator
func.func @neighbours(%a: memref<512x256xf16>, %b: memref<512x256xf16>, %c: memref<512x512xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n256k16_f16_nk, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[1, 1] @core, [0, 2] @core, [0, 1] @warpgroup, [2, 4]]
                                   block [1, 1, 4] staging [chunk, chunk] cluster 2>}
    ins(%a, %b : memref<512x256xf16>, memref<512x256xf16>) outs(%c : memref<512x512xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// -----

// Columns that are neighbours, of two parts of a sum each: clusters of four, in which
// those with the same part share the rows.
// CHECK-LABEL: func.func @neighbours_with_parts(
// CHECK-DAG: %[[FOUR:.+]] = arith.constant 4 : index
// CHECK-DAG: %[[GROUPS:.+]] = arith.constant 8 : index
// CHECK-DAG: %[[EVERY_SECOND:.+]] = arith.constant 5 : i16
// CHECK: gpu.launch clusters({{.*}} = %[[FOUR]], {{.*}} blocks({{.*}} = %[[GROUPS]],
// CHECK: %[[RECEIVERS:.+]] = arith.shli %[[EVERY_SECOND]], %{{.*}} : i16
// CHECK: nvvm.cp.async.bulk.tensor.shared.cluster.global {{.*}} multicast_mask = %[[RECEIVERS]]
// CHECK: } else {
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<7>
// CHECK: nvvm.mbarrier.arrive %{{.*}} : !llvm.ptr<7>
// CHECK: nvvm.cluster.wait
// CHECK-COUNT-2: nvvm.mapa
// CHECK: gpu.terminator
func.func @neighbours_with_parts(%a: tensor<256x2048xf16>, %b: tensor<256x2048xf16>) -> tensor<256x256xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<256x256xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<256x256xf32>) -> tensor<256x256xf32>
  %sum = linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n128k16_f16_nk, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[2, 64] @core, [0, 2] @core, [1, 1] @core, [0, 1] @warpgroup, [2, 4]]
                                   block [1, 1, 4] staging [chunk, chunk] cluster 2>}
    ins(%a, %b : tensor<256x2048xf16>, tensor<256x2048xf16>) outs(%c : tensor<256x256xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<256x256xf32>
  return %sum : tensor<256x256xf32>
}
