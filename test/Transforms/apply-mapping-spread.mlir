// A nest that is spread over parts of the machine: what a group of units shares
// is filled at every step of the reduction, steps beyond the end are guarded,
// sums stay in registers.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-apply-mapping | FileCheck %s

// CHECK-DAG: affine_set<(d0, d1)[s0, s1, s2] : (d0 * -8 - s1 * 8 - s2 + 74 >= 0, d1 * -16 - s0 + 36 >= 0)>
// CHECK-LABEL: func.func @matmul(
// CHECK: %[[ROWS:.+]] = arith.constant 4 : index
// CHECK: %[[COLUMNS:.+]] = arith.constant 3 : index
// CHECK: scf.parallel (%{{.+}}, %{{.+}}) = ({{.+}}) to (%[[ROWS]], %[[COLUMNS]])
// CHECK:   memref.alloc() {amos.level = @nvidia_sm80::@shared} : memref<384xf16>
// Rows of 32 columns, the start of the next one an odd number of 16 bytes away.
// CHECK:   memref.alloc() {amos.level = @nvidia_sm80::@shared} : memref<640xf16>
// CHECK:   scf.parallel
// CHECK:     scf.for {{.*}} iter_args
// CHECK:       amos.stage {{.*}} to %[[A:.+]] : memref<50x37xf16>, memref<16x16xf16, strided<[24, 1]>>
// CHECK:       amos.stage {{.*}} to %[[B:.+]] : memref<37x75xf16>, memref<16x4x8xf16, strided<[40, 8, 1]>>
// CHECK:       amos.load %[[A]]
// CHECK:       amos.load %[[B]]
// CHECK:       amos.invoke
// CHECK:     amos.store
// CHECK:   } {amos.scope = @nvidia_sm80::@warp}
// CHECK: } {amos.scope = @nvidia_sm80::@core}
func.func @matmul(%a: memref<50x37xf16>, %b: memref<37x75xf16>, %c: memref<50x75xf32>) {
  linalg.generic {
    indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
    iterator_types = ["parallel", "parallel", "reduction"],
    amos.mapping = #amos.mapping<@nvidia_sm80::@mma_m16n8k16_f16_f32, [[0], [1], [2]]>,
    amos.schedule = #amos.schedule<order [[0], [1], [2]] tiles [] nest [[0, 1] @core, [1, 4] @core, [1, 2] @warp, [2, 1]]
                                   block [1, 2, 1] staging [chunk, chunk]>}
    ins(%a, %b : memref<50x37xf16>, memref<37x75xf16>) outs(%c : memref<50x75xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  }
  return
}
