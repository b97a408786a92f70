// Tiles come from shared memory by the copies of the machine, whichever way they
// lie: the copy's function and what the operand wants are compared everywhere.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-apply-mapping -amos-launch-nests -amos-lower-tiles -canonicalize -cse | FileCheck %s

// B lies along its reduction: two tiles by the copy that does not transpose, its
// words dealt out. Elements of 16 bits are what the copy moves, of whatever type.
// CHECK-LABEL: func.func @transposed(
// CHECK:     amos.stage
// CHECK:     amos.stage
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>
// CHECK:     %[[TWO:.+]] = nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>
// CHECK-COUNT-4: llvm.extractvalue %[[TWO]]
// CHECK:     nvvm.mma.sync
// CHECK:     nvvm.mma.sync
func.func @transposed(%a: memref<32x32xbf16>, %b: memref<96x32xbf16>, %c: memref<32x96xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_bf16_f32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 2] @warp, [2, 1]]
                                   block [1, 2, 1] staging [chunk, chunk]>}
    ins(%a, %b : memref<32x32xbf16>, memref<96x32xbf16>) outs(%c : memref<32x96xf32>) {
  ^bb0(%x: bf16, %y: bf16, %z: f32):
    %u = arith.extf %x : bf16 to f32
    %v = arith.extf %y : bf16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}

// A tile of bytes along its reduction is one of 16 bits with half the columns; B
// lies across, where a pair of bytes is not what a lane wants: gathered.
// CHECK-LABEL: func.func @bytes(
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>
// CHECK-NOT: nvvm.ldmatrix
// CHECK:     memref.load
// CHECK:     nvvm.mma.sync
func.func @bytes(%a: memref<32x64xi8>, %b: memref<64x96xi8>, %c: memref<32x96xi32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k32_s8_s32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 2] @warp, [2, 1]]
                                   block [1, 2, 1] staging [chunk, chunk]>}
    ins(%a, %b : memref<32x64xi8>, memref<64x96xi8>) outs(%c : memref<32x96xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %u = arith.extsi %x : i8 to i32
    %v = arith.extsi %y : i8 to i32
    %p = arith.muli %u, %v : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  }
  return
}

// A single tile of B has no neighbour, so the copy is one of two matrices.
// CHECK-LABEL: func.func @alone(
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<row>, num = 4
// CHECK:     nvvm.ldmatrix {{.*}} layout = #nvvm.mma_layout<col>, num = 2
// CHECK:     nvgpu.mma.sync
func.func @alone(%a: memref<32x32xf16>, %b: memref<32x96xf16>, %c: memref<32x96xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 1] @warp, [2, 1]]
                                   block [1, 1, 1] staging [chunk, chunk]>}
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
