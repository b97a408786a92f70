// The phases of a transposed convolution: pixels are brought as those of a convolution,
// backwards along the window, and taps from a filter whose number is odd, which leaves
// some of the last phases nothing: what is zeros alone is neither brought nor
// multiplied.
//
// RUN: amosc %s --target=h200 --assume-finite --mapping='#amos.mapping<@h200::@wgmma_m64n64k16_f16_kn, [[0, 2, 4], [1], [6]]>' --stop-after=apply-mapping -o - | FileCheck %s
// RUN: amosc %s --target=h200 --assume-finite --mapping='#amos.mapping<@h200::@wgmma_m64n64k16_f16_kn, [[0, 2, 4], [1], [6]]>' --emit=cubin -o %t.cubin
// RUN: amosc run %s --target=h200 --assume-finite --mapping='#amos.mapping<@h200::@wgmma_m64n64k16_f16_kn, [[0, 2, 4], [1], [6]]>' --emulate

// CHECK-LABEL: func.func @transposed(
// CHECK: %[[SOME:.+]] = arith.andi %{{.+}}, %{{.+}} : i1
// CHECK-NEXT: scf.if %[[SOME]] -> (!amos.tile
// CHECK-DAG: amos.stage {{.*}} via @h200::@tma_load_window #{{.*}} : memref<2x8x8x64xf16>
// CHECK-DAG: amos.stage {{.*}} via @h200::@tma_load_slab #{{.*}} : memref<3x3x64x64xf16>
func.func @transposed(%a: tensor<2x8x8x64xf16>, %b: tensor<3x3x64x64xf16>) -> tensor<2x15x15x64xf32> {
  %zero = arith.constant 0.0 : f16
  %e = tensor.empty() : tensor<2x17x17x64xf16>
  %f = linalg.fill ins(%zero : f16) outs(%e : tensor<2x17x17x64xf16>) -> tensor<2x17x17x64xf16>
  %s = tensor.insert_slice %a into %f[0, 1, 1, 0] [2, 8, 8, 64] [1, 2, 2, 1] : tensor<2x8x8x64xf16> into tensor<2x17x17x64xf16>
  %sum = arith.constant 0.0 : f32
  %g = tensor.empty() : tensor<2x15x15x64xf32>
  %c = linalg.fill ins(%sum : f32) outs(%g : tensor<2x15x15x64xf32>) -> tensor<2x15x15x64xf32>
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, p - r + 2, q - s + 2, c)>,
                       affine_map<(n, k, p, q, c, r, s) -> (r, s, c, k)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, p, q, k)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%s, %b : tensor<2x17x17x64xf16>, tensor<3x3x64x64xf16>) outs(%c : tensor<2x15x15x64xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %t = arith.addf %z, %m : f32
    linalg.yield %t : f32
  } -> tensor<2x15x15x64xf32>
  return %d : tensor<2x15x15x64xf32>
}
