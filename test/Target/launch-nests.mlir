// A spread nest becomes one kernel: blocks are the groups, threads the lanes of
// the units, buffers of a group lie in its shared memory and are filled by all.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-apply-mapping -amos-launch-nests -amos-lower-tiles -amos-lower-stages -canonicalize -cse | FileCheck %s

// CHECK-LABEL: func.func @matmul(
// CHECK-SAME: amos.target = #nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">
// Two rows of 16 by three of 32 columns; two units of 32 lanes.
// CHECK-DAG: %[[C6:.+]] = arith.constant 6 : index
// CHECK-DAG: %[[C64:.+]] = arith.constant 64 : index
// CHECK-DAG: %[[BYTES:.+]] = arith.constant 2048 : i32
// CHECK: gpu.launch blocks({{.*}} = %[[C6]], {{.*}} threads({{.*}} = %[[C64]], {{.*}} dynamic_shared_memory_size %[[BYTES]]
// CHECK:   %[[POOL:.+]] = gpu.dynamic_shared_memory
// CHECK:   memref.view %[[POOL]]{{.*}} to memref<384xf16, #gpu.address_space<workgroup>>
// CHECK:   memref.view %[[POOL]]{{.*}} to memref<640xf16, #gpu.address_space<workgroup>>
// CHECK:   nvvm.read.ptx.sreg.ctaid.x
// CHECK:   scf.for
// Eight elements of a row of A at once.
// CHECK:     vector.load %{{.*}} {alignment = 16 : i64} : memref<32x32xf16>, vector<8xf16>
// CHECK:     vector.load %{{.*}} {alignment = 16 : i64} : memref<32x96xf16>, vector<8xf16>
// CHECK:     nvvm.barrier
// CHECK:     vector.store {{.*}} {alignment = 16 : i64}
// CHECK:     vector.store {{.*}} {alignment = 16 : i64}
// CHECK:     nvvm.barrier
// Copies of the machine bring a tile of A, and two of B at once.
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<col>
// CHECK-NOT: vector.load
// CHECK:     nvgpu.mma.sync
// Neighbours of a sum are stored together.
// CHECK:   vector.store {{.*}} {alignment = 8 : i64} : memref<32x96xf32>, vector<2xf32>
// CHECK: gpu.terminator
func.func @matmul(%a: memref<32x32xf16>, %b: memref<32x96xf16>, %c: memref<32x96xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 2] @warp, [2, 1]]
                                   block [1, 2, 1] staging [chunk, chunk]>}
    ins(%a, %b : memref<32x32xf16>, memref<32x96xf16>) outs(%c : memref<32x96xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}
