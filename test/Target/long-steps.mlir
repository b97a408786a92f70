// Rows of a filter lie nine rows of its tensor apart when one tap is brought: more than
// an engine steps over, and 64 of them reach over more rows than a box has. They are
// brought as the pixels of an image, or gathered.
//
// RUN: amosc %s --target=nvidia-sm90 --intrinsic='wgmma_m64n64k16_f16_*' --stop-after=apply-mapping -o - | FileCheck %s

// CHECK-LABEL: func.func @taps(
// CHECK-NOT: amos.stage {{.*}} via @nvidia_sm90::@tma_load #{{.*}} : memref<40x3x3x24xf16>
// CHECK: amos.stage {{.*}} : memref<40x3x3x24xf16>
// CHECK-NOT: amos.stage {{.*}} via @nvidia_sm90::@tma_load #{{.*}} : memref<40x3x3x24xf16>
func.func @taps(%x: tensor<1x24x11x13xf16>, %w: tensor<40x24x3x3xf16>, %y: tensor<1x40x9x11xf32>) -> tensor<1x40x9x11xf32> {
  %0 = linalg.conv_2d_nchw_fchw ins(%x, %w : tensor<1x24x11x13xf16>, tensor<40x24x3x3xf16>)
      outs(%y : tensor<1x40x9x11xf32>) -> tensor<1x40x9x11xf32>
  return %0 : tensor<1x40x9x11xf32>
}

// Eight rows apart is a step that the engine takes, but not for 64 rows.
// CHECK-LABEL: func.func @every_eighth_row(
// CHECK: amos.stage %{{[^ ]+}}() index #{{[^ ]+}} to %{{[^ ]+}} : memref<505x64xf16>
func.func @every_eighth_row(%a: tensor<505x64xf16>, %b: tensor<64x64xf16>, %c: tensor<64x64xf32>) -> tensor<64x64xf32> {
  %0 = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i * 8, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<505x64xf16>, tensor<64x64xf16>) outs(%c : tensor<64x64xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %p = arith.mulf %u, %v : f32
    %s = arith.addf %z, %p : f32
    linalg.yield %s : f32
  } -> tensor<64x64xf32>
  return %0 : tensor<64x64xf32>
}
