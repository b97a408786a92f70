// Operands that stay in memory are brought by an engine that one unit asks, the
// others compute: a kernel of producers and consumers around a ring of slots.
// RUN: amosc %s --target=nvidia-sm90 --stop-after=parse -o - | amos-opt -amos-apply-mapping -o %t.nest
// RUN: FileCheck %s --check-prefix=NEST < %t.nest
// RUN: amos-opt -split-input-file -amos-launch-roles %t.nest -canonicalize -cse | FileCheck %s

// Boxes of 128 rows of A, four panels of 64 columns of B.
// NEST-DAG: #[[A:.+]] = affine_map<(d0, d1)[s0] -> (d0 * 64, d1 * 16 + s0 * 64, 1)>
// NEST-DAG: #[[B:.+]] = affine_map<(d0, d1)[s0] -> (d1 * 16, d0 * 256 + s0 * 64, 1)>
// NEST-LABEL: func.func @matmul(
// NEST: memref.alloc() {amos.level = @nvidia_sm90::@shared} : memref<1x128x64xf16>
// NEST: memref.alloc() {amos.level = @nvidia_sm90::@shared} : memref<4x64x64xf16>
// NEST: amos.stage {{.*}} via @nvidia_sm90::@tma_load #[[A]] merging[1, 1] : memref<1000x576xf16>, memref<1x128x64xf16>
// NEST: amos.stage {{.*}} via @nvidia_sm90::@tma_load #[[B]] merging[1, 1] : memref<576x512xf16>, memref<4x64x64xf16>
// NEST-COUNT-4: amos.invoke

// Sixteen parts, each group of 384 threads does one.
// CHECK-LABEL: func.func @matmul(
// CHECK-DAG: %[[GROUPS:.+]] = arith.constant 16 : index
// CHECK-DAG: %[[THREADS:.+]] = arith.constant 384 : index
// CHECK-DAG: %[[BYTES:.+]] = arith.constant 230464 : i32
// Three descriptors, 128 bytes each, are built on the host: what is stored has one.
// CHECK-COUNT-3: llvm.alloca {{.*}} x !llvm.array<16 x i64> {alignment = 64 : i64}
// CHECK-COUNT-3: llvm.call @amos_tensor_map_tiled(
// CHECK-NOT: llvm.call @amos_tensor_map_tiled(
// CHECK: gpu.launch blocks({{.*}} = %[[GROUPS]], {{.*}} threads({{.*}} = %[[THREADS]], {{.*}} dynamic_shared_memory_size %[[BYTES]]
// What descriptors say is asked for first.
// CHECK-COUNT-3: nvvm.prefetch tensormap
// A full and an empty barrier for each of four slots.
// CHECK-COUNT-8: nvvm.mbarrier.init
// CHECK: nvvm.barrier0
// CHECK: scf.if
// The producer: waits until a slot is empty, asks for one box of A, four of B.
// CHECK:   setmaxnreg.dec
// CHECK:   nvvm.elect.sync
// CHECK:   nvvm.mbarrier.try_wait
// CHECK:   nvvm.mbarrier.arrive.expect_tx
// CHECK-COUNT-5: nvvm.cp.async.bulk.tensor.shared.cluster.global
// CHECK-NOT: nvvm.cp.async.bulk
// CHECK: } else {
// Consumers: sums are in their registers before, and only read after a wait.
// CHECK:   setmaxnreg.inc
// CHECK:   amos.settle
// CHECK:   nvvm.mbarrier.try_wait
// CHECK:   nvvm.wgmma.fence.aligned
// CHECK-COUNT-4: amos.invoke
// CHECK:   nvvm.wgmma.commit.group.sync.aligned
// CHECK:   wgmma.wait_group.sync.aligned
// CHECK:   nvvm.mbarrier.arrive
// CHECK:   amos.settle
// CHECK:   amos.store
func.func @matmul(%a: memref<1000x576xf16>, %b: memref<576x512xf16>, %c: memref<1000x512xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n256k16_f16_kn, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 2] @core, [1, 1] @core, [0, 1] @warpgroup, [2, 4]]
                                   block [1, 1, 4] staging [chunk, chunk]>}
    ins(%a, %b : memref<1000x576xf16>, memref<576x512xf16>) outs(%c : memref<1000x512xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// Pixels of N C H W are contiguous, the reduction is not: three units gather images in
// turn while the engine brings weights. A slot is full when the engine was asked and
// the 128 lanes of a unit have arrived.
// CHECK-LABEL: func.func @gather(
// CHECK-DAG: %[[LANES:.+]] = arith.constant 640 : index
// CHECK-DAG: %[[FULL:.+]] = arith.constant 129 : i32
// CHECK-COUNT-1: llvm.call @amos_tensor_map_tiled(
// CHECK: gpu.launch blocks({{.*}} threads({{.*}} = %[[LANES]],
// CHECK: nvvm.mbarrier.init %{{.*}}, %[[FULL]]
// CHECK: scf.if
// CHECK:   nvvm.mbarrier.try_wait
// CHECK:   nvvm.elect.sync
// CHECK:     nvvm.mbarrier.arrive.expect_tx
// CHECK:     nvvm.cp.async.bulk.tensor.shared.cluster.global
// CHECK:   memref.load {{.*}} : memref<2x64x12x14xf16>
// CHECK:   vector.from_elements
// CHECK:   arith.xori
// CHECK:   vector.store {{.*}} vector<8xf16>
// CHECK:   nvvm.fence.proxy
// CHECK:   nvvm.mbarrier.arrive
// CHECK: } else {
// CHECK:   nvvm.wgmma.fence.aligned
func.func @gather(%x: memref<2x64x12x14xf16>, %f: memref<64x3x3x64xf16>, %y: memref<2x64x10x12xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p + r, q + s)>,
                     affine_map<(n, k, p, q, c, r, s) -> (c, r, s, k)>,
                     affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
    iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n64k16_f16_kn, [[0, 2, 3], [1], [4, 5, 6]]>,
    amos.schedule = #amos.schedule<order [[0, 2, 3], [1], [4, 5, 6]] tiles [] nest [[0, 2] @core, [0, 1] @warpgroup, [1, 4]]
                                   block [1, 4] staging [chunk, chunk]>}
    ins(%x, %f : memref<2x64x12x14xf16>, memref<64x3x3x64xf16>) outs(%y : memref<2x64x10x12xf32>) {
  ^bb0(%a: f16, %b: f16, %z: f32):
    %u = arith.extf %a : f16 to f32
    %v = arith.extf %b : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// No more units gather than there are slots: a barrier tells one phase from the next alone,
// and a third unit could take a slot for empty that is two phases behind.
// CHECK-LABEL: func.func @gather_two_slots(
// CHECK-DAG: %[[LANES:.+]] = arith.constant 512 : index
// CHECK: gpu.launch blocks({{.*}} threads({{.*}} = %[[LANES]],
func.func @gather_two_slots(%x: memref<2x64x12x14xf16>, %f: memref<64x3x3x64xf16>, %y: memref<2x64x10x12xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p + r, q + s)>,
                     affine_map<(n, k, p, q, c, r, s) -> (c, r, s, k)>,
                     affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
    iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n64k16_f16_kn, [[0, 2, 3], [1], [4, 5, 6]]>,
    amos.schedule = #amos.schedule<order [[0, 2, 3], [1], [4, 5, 6]] tiles [] nest [[0, 2] @core, [0, 1] @warpgroup, [1, 4]]
                                   block [1, 4] staging [chunk, chunk] stages 2>}
    ins(%x, %f : memref<2x64x12x14xf16>, memref<64x3x3x64xf16>) outs(%y : memref<2x64x10x12xf32>) {
  ^bb0(%a: f16, %b: f16, %z: f32):
    %u = arith.extf %a : f16 to f32
    %v = arith.extf %b : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// Four times as many sums leave registers for one unit that gathers.
// CHECK-LABEL: func.func @gather_wide(
// CHECK-DAG: %[[LANES:.+]] = arith.constant 384 : index
// CHECK-DAG: %[[FULL:.+]] = arith.constant 129 : i32
// CHECK: gpu.launch blocks({{.*}} threads({{.*}} = %[[LANES]],
// CHECK: nvvm.mbarrier.init %{{.*}}, %[[FULL]]
// CHECK:   setmaxnreg.dec
// CHECK:   nvvm.fence.proxy
func.func @gather_wide(%x: memref<2x64x12x14xf16>, %f: memref<64x3x3x256xf16>, %y: memref<2x256x10x12xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p + r, q + s)>,
                     affine_map<(n, k, p, q, c, r, s) -> (c, r, s, k)>,
                     affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
    iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n256k16_f16_kn, [[0, 2, 3], [1], [4, 5, 6]]>,
    amos.schedule = #amos.schedule<order [[0, 2, 3], [1], [4, 5, 6]] tiles [] nest [[0, 2] @core, [0, 1] @warpgroup, [1, 4]]
                                   block [1, 4] staging [chunk, chunk]>}
    ins(%x, %f : memref<2x64x12x14xf16>, memref<64x3x3x256xf16>) outs(%y : memref<2x256x10x12xf32>) {
  ^bb0(%a: f16, %b: f16, %z: f32):
    %u = arith.extf %a : f16 to f32
    %v = arith.extf %b : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}
