// Groups with parts of one sum start together and add among themselves what each has
// in its memory; no buffer of partial sums is left, and one kernel.
//
// RUN: amosc %s --target=nvidia-sm90 --stop-after=parse -o - | amos-opt -amos-apply-mapping -o %t.nest
// RUN: FileCheck %s --check-prefix=NEST < %t.nest
// RUN: amos-opt -amos-launch-roles %t.nest -canonicalize -cse | FileCheck %s

// NEST-LABEL: func.func @four_parts(
// NEST: memref.alloc() : memref<4x128x256xf32>
// NEST: } {amos.parts = array<i64: 0>, amos.scope = @nvidia_sm90::@core}

// CHECK-LABEL: func.func @four_parts(
// CHECK-DAG: %[[FOUR:.+]] = arith.constant 4 : index
// CHECK-DAG: %[[GROUPS:.+]] = arith.constant 8 : index
// CHECK-NOT: memref<4x128x256xf32>
// CHECK: gpu.launch clusters({{.*}} = %[[FOUR]], {{.*}} blocks({{.*}} = %[[GROUPS]],
// The producer meets the group, then the cluster.
// CHECK: setmaxnreg.dec
// CHECK: nvvm.barrier0
// CHECK: nvvm.cluster.arrive
// CHECK: nvvm.cluster.wait
// Sums are written when all chunks have been read, read when all parts have written.
// CHECK: setmaxnreg.inc
// CHECK: amos.settle
// CHECK: nvvm.barrier0
// CHECK: amos.store %{{.*}} index {{.*}} memref<64x136xf32, #gpu.address_space<workgroup>>
// CHECK: nvvm.cluster.arrive
// CHECK: nvvm.cluster.wait
// CHECK-COUNT-4: nvvm.mapa
// Added in the order of the parts, sixteen bytes of sums and eight of results at once.
// CHECK: arith.addf
// CHECK: vector.store {{.*}} {alignment = 8 : i64} : memref<128x256xf16>, vector<4xf16>
// Both meet the cluster again before a group leaves.
// CHECK: nvvm.cluster.arrive
// CHECK: nvvm.cluster.wait
// CHECK-NOT: scf.parallel
// CHECK: return
func.func @four_parts(%a: tensor<128x2048xf16>, %b: tensor<2048x256xf16>) -> tensor<128x256xf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<128x256xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<128x256xf32>) -> tensor<128x256xf32>
  %sum = linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.epilogue = true,
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n128k16_f16_kn, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[2, 32] @core, [0, 2] @core, [1, 1] @core, [0, 1] @warpgroup, [2, 4]]
                                   block [1, 1, 4] staging [chunk, chunk]>}
    ins(%a, %b : tensor<128x2048xf16>, tensor<2048x256xf16>) outs(%c : tensor<128x256xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<128x256xf32>
  %o = tensor.empty() : tensor<128x256xf16>
  %r = linalg.generic {
    indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
    iterator_types = ["parallel", "parallel"]}
    ins(%sum : tensor<128x256xf32>) outs(%o : tensor<128x256xf16>) {
  ^bb0(%x: f32, %out: f16):
    %t = arith.truncf %x : f32 to f16
    linalg.yield %t : f16
  } -> tensor<128x256xf16>
  return %r : tensor<128x256xf16>
}
