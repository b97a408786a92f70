// A depthwise convolution on the lanes of a GPU: no memory is worth its way through
// another one. Windows of some results are read where they lie; channels are on lanes.
//
// RUN: amosc %s --target=h200 --stop-after=select-mapping -o - -Wno-fallback | FileCheck %s
// RUN: amosc run %s --target=h200 --emulate -Wno-fallback | FileCheck %s --check-prefix=RESULT

// CHECK-LABEL: func.func @depthwise(
// CHECK: amos.mapping = #amos.mapping<@h200::@fma_lanes_f16_f32,
// CHECK-SAME: amos.schedule = #amos.schedule<{{.*}}[2, 3], [3, 3]] block {{.*}} staging [direct, direct]
// RESULT: depthwise: passed
func.func @depthwise(%a: tensor<4x18x18x64xf16>, %b: tensor<3x3x64xf16>) -> tensor<4x16x16x64xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x16x16x64xf32>
  %c = linalg.fill ins(%zero : f32) outs(%e : tensor<4x16x16x64xf32>) -> tensor<4x16x16x64xf32>
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, p, q, g, r, s) -> (n, p + r, q + s, g)>,
                       affine_map<(n, p, q, g, r, s) -> (r, s, g)>,
                       affine_map<(n, p, q, g, r, s) -> (n, p, q, g)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<4x18x18x64xf16>, tensor<3x3x64xf16>) outs(%c : tensor<4x16x16x64xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %t = arith.addf %z, %m : f32
    linalg.yield %t : f32
  } -> tensor<4x16x16x64xf32>
  return %d : tensor<4x16x16x64xf32>
}
