// A copy of a machine takes the address of a piece at once. Where strides are
// known at run time only, pieces pass through registers.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-normalize -amos-find-mappings -amos-select-mapping -amos-apply-mapping -amos-pipeline-stages -amos-launch-nests -amos-lower-tiles -amos-lower-stages | FileCheck %s

// CHECK-LABEL: func.func @image(
// CHECK: gpu.launch
// CHECK: memref.load {{.*}} strided<[?, ?, 32, 2], offset: 1>>
func.func @image(%x: memref<1x9x9x16xf32, strided<[?, ?, 32, 2], offset: 1>>,
                 %w: memref<3x3x16x16xf32>, %y: memref<1x7x7x16xf32, strided<[?, ?, ?, 1]>>) {
  linalg.conv_2d_nhwc_hwcf
      ins(%x, %w : memref<1x9x9x16xf32, strided<[?, ?, 32, 2], offset: 1>>, memref<3x3x16x16xf32>)
      outs(%y : memref<1x7x7x16xf32, strided<[?, ?, ?, 1]>>)
  return
}
