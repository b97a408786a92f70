// Results of two bytes go through panels in shared memory, from which the engine
// stores them while the unit goes on.
// RUN: amosc %s --target=nvidia-sm90 --stop-after=parse -o - | amos-opt -amos-apply-mapping -o %t.nest
// RUN: FileCheck %s --check-prefix=NEST < %t.nest
// RUN: amos-opt -split-input-file -amos-launch-roles -amos-lower-tiles %t.nest -canonicalize -cse | FileCheck %s

// Four panels of 64 columns of each tile; rows beyond the end are outside of the
// tensor, which the copy drops.
// NEST: #[[PANEL:.+]] = affine_map<(d0, d1, d2, d3)[s0] -> (d2 * 64, d3 * 256 + s0 * 64, 1)>
// NEST-LABEL: func.func @product(
// NEST: amos.store {{.*}} via @nvidia_sm90::@tma_store #[[PANEL]] merging[1, 1] panels[0, 1] : {{.*}} by {

// A third descriptor; the ring leaves room for two panels of 8 KiB for each unit.
// CHECK-LABEL: func.func @product(
// CHECK-DAG: arith.constant 230464 : i32
// CHECK-COUNT-3: llvm.call @amos_tensor_map_tiled(
// CHECK: gpu.launch
// CHECK: setmaxnreg.inc
// CHECK: nvvm.wgmma.commit.group.sync.aligned
// The bias of what is there is added before anything is stored.
// CHECK: arith.addf {{.*}} : vector<128xf32>
// CHECK: arith.truncf {{.*}} : vector<128xf32> to vector<128xf16>
// A panel: the one before the last has been read, all meet and write, the engine
// sees it, all meet again, one lane hands it over.
// CHECK: nvvm.elect.sync
// CHECK: cp.async.bulk.wait_group.read
// CHECK: nvvm.barrier id
// CHECK-COUNT-16: llvm.store {{.*}} {alignment = 4 : i64} : vector<2xf16>, !llvm.ptr<3>
// CHECK-NOT: llvm.store
// CHECK: nvvm.fence.proxy
// CHECK: nvvm.barrier id
// CHECK: nvvm.elect.sync
// CHECK: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK: nvvm.cp.async.bulk.commit.group
// CHECK-COUNT-3: nvvm.cp.async.bulk.tensor.global.shared.cta
// CHECK-NOT: nvvm.cp.async.bulk.tensor.global
// Before the kernel ends everything is stored.
// CHECK: cp.async.bulk.wait_group $0
func.func @product(%a: tensor<1000x576xf16>, %b: tensor<576x512xf16>, %bias: tensor<512xf16>) -> tensor<1000x512xf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1000x512xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<1000x512xf32>) -> tensor<1000x512xf32>
  %sum = linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.epilogue = true,
    amos.mapping = #amos.mapping<@nvidia_sm90::@wgmma_m64n256k16_f16_kn, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 2] @core, [1, 1] @core, [0, 1] @warpgroup, [2, 4]]
                                   block [1, 1, 4] staging [chunk, chunk]>}
    ins(%a, %b : tensor<1000x576xf16>, tensor<576x512xf16>) outs(%c : tensor<1000x512xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<1000x512xf32>
  %o = tensor.empty() : tensor<1000x512xf16>
  %r = linalg.generic {
    indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
    iterator_types = ["parallel", "parallel"]}
    ins(%sum, %bias : tensor<1000x512xf32>, tensor<512xf16>) outs(%o : tensor<1000x512xf16>) {
  ^bb0(%x: f32, %y: f16, %old: f16):
    %w = arith.extf %y : f16 to f32
    %s = arith.addf %x, %w : f32
    %h = arith.truncf %s : f32 to f16
    linalg.yield %h : f16
  } -> tensor<1000x512xf16>
  return %r : tensor<1000x512xf16>
}
