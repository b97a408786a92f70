// RUN: amosc %s --target=h200 --fallback=allow --stop-after=select-mapping | FileCheck %s

// Channels are neighbours in memory: they lie on the lanes, although pixels would fill
// whole tiles as well. What lanes bring one by one costs instructions.
// CHECK-LABEL: func.func @depthwise
// CHECK: amos.mapping = #amos.mapping<@h200::@fma_lanes_f16_f32, {{\[\[(0, 1|1, 2)\]\]}}
func.func @depthwise(%arg0: tensor<16x112x112x32xf16>, %arg1: tensor<3x3x32xf16>) -> tensor<16x112x112x32xf16> {
  %zero = arith.constant 0.0 : f32
  %empty = tensor.empty() : tensor<16x112x112x32xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<16x112x112x32xf32>) -> tensor<16x112x112x32xf32>
  %pz0 = arith.constant 0.0 : f16
  %padded0 = tensor.pad %arg0 low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i0: index, %i1: index, %i2: index, %i3: index):
    tensor.yield %pz0 : f16
  } : tensor<16x112x112x32xf16> to tensor<16x114x114x32xf16>
  %sum = linalg.generic {
      indexing_maps = [affine_map<(n, g, p, q, r, s) -> (n, p+r-1 + 1, q+s-1 + 1, g)>, affine_map<(n, g, p, q, r, s) -> (r, s, g)>, affine_map<(n, g, p, q, r, s) -> (n, p, q, g)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%padded0, %arg1 : tensor<16x114x114x32xf16>, tensor<3x3x32xf16>) outs(%init : tensor<16x112x112x32xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<16x112x112x32xf32>
  %narrow_empty = tensor.empty() : tensor<16x112x112x32xf16>
  %narrow = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>], iterator_types = ["parallel", "parallel", "parallel", "parallel"]}
      ins(%sum : tensor<16x112x112x32xf32>) outs(%narrow_empty : tensor<16x112x112x32xf16>) {
  ^bb0(%a: f32, %o: f16):
    %m = arith.truncf %a : f32 to f16
    linalg.yield %m : f16
  } -> tensor<16x112x112x32xf16>
  return %narrow : tensor<16x112x112x32xf16>
}
