// Buffers are filled ahead: the loop that works on one step begins the fill of
// the buffers two steps on, and loads the next step's first fragments.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-apply-mapping -amos-pipeline-stages | FileCheck %s
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-apply-mapping -amos-pipeline-stages -amos-launch-nests -amos-lower-tiles -amos-lower-stages -canonicalize -cse | FileCheck %s --check-prefix=LOW

// CHECK-LABEL: func.func @matmul(
// Three buffers of 16 rows of A, and of 32 rows of B.
// CHECK: memref.alloc() {amos.level = @nvidia_sm80::@shared} : memref<1920xf16>
// CHECK: memref.alloc() {amos.level = @nvidia_sm80::@shared} : memref<3840xf16>
// Two steps begin before the loop; the first is waited for.
// CHECK: amos.stage {{.*}} {amos.begun}
// CHECK: nvvm.cp.async.commit.group
// CHECK: amos.stage {{.*}} {amos.begun}
// CHECK: nvvm.cp.async.commit.group
// CHECK: llvm.inline_asm {{.*}} "cp.async.wait_group $0;"
// CHECK: nvvm.barrier
// CHECK: amos.load
// Numbers of slots are carried and go from the last to the first.
// CHECK: scf.for {{.*}}-> ({{.*}}, index, index, index) {
// The second round's fragments, the fill, the first round's products ..
// CHECK:   amos.load
// CHECK:   scf.if
// CHECK:     amos.stage {{.*}} {amos.begun}
// CHECK:   nvvm.cp.async.commit.group
// CHECK:   amos.invoke
// .. the wait, the next step's first fragments, the second round's products.
// CHECK:   llvm.inline_asm {{.*}} "cp.async.wait_group $0;"
// CHECK:   nvvm.barrier
// CHECK:   amos.load
// CHECK:   amos.invoke
// CHECK-COUNT-3: arith.select
// CHECK:   scf.yield
// CHECK-NOT: amos.stage
// CHECK: amos.store

// LOW-LABEL: func.func @matmul(
// LOW: nvvm.cp.async.shared.global
// LOW: scf.for
// LOW:   nvvm.ldmatrix
// LOW:   nvvm.cp.async.shared.global
// LOW:   nvgpu.mma.sync
// LOW:   nvvm.barrier
// LOW:   nvvm.ldmatrix
// LOW:   nvgpu.mma.sync
// LOW:   scf.yield
// Neighbours are stored together.
// LOW: vector.store {{.*}} {alignment = 8 : i64} : memref<32x96xf32>, vector<2xf32>
func.func @matmul(%a: memref<32x160xf16>, %b: memref<160x96xf16>, %c: memref<32x96xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 2] @warp, [2, 2], [2, 1]]
                                   block [1, 2, 1] staging [chunk, chunk] stages 3>}
    ins(%a, %b : memref<32x160xf16>, memref<160x96xf16>) outs(%c : memref<32x96xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// Loops over a window and channels become one. Rows of 20 bytes are brought
// in pieces of 4.
// CHECK-LABEL: func.func @convolution(
// CHECK:     scf.for
// CHECK-NOT: scf.for
// CHECK:     amos.stage {{.*}} {amos.begun}
// CHECK:     scf.yield
// LOW-LABEL: func.func @convolution(
// LOW:       scf.for
// LOW-NOT:   scf.for
// LOW:       nvvm.cp.async.shared.global {{.*}}, 16, cache =  cg
// LOW:       nvvm.cp.async.shared.global {{.*}}, 4, cache =  ca
func.func @convolution(%a: memref<2x18x18x32xf16>, %b: memref<3x3x32x10xf16>, %c: memref<2x16x16x10xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(n, p, q, k, r, s, c) -> (n, p + r, q + s, c)>, affine_map<(n, p, q, k, r, s, c) -> (r, s, c, k)>,
                     affine_map<(n, p, q, k, r, s, c) -> (n, p, q, k)>],
    iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0, 1, 2], [3], [6]]>,
    amos.schedule = #amos.schedule<order [[0, 1, 2], [3], [6]] tiles [] nest [[2, 4] @core, [3, 2] @core, [2, 2] @warp, [0, 1], [1, 1], [4, 2], [4, 1]]
                                   block [1, 1, 2, 2, 1] staging [chunk, chunk] stages 2>}
    ins(%a, %b : memref<2x18x18x32xf16>, memref<3x3x32x10xf16>) outs(%c : memref<2x16x16x10xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}
