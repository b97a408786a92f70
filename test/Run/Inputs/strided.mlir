// Buffers whose elements do not lie side by side, known when compiling or not.
func.func @rows(%a: memref<37x64xf32, strided<[100, 1], offset: 5>>, %b: memref<64x50xf32>,
                %c: memref<37x50xf32, strided<[60, 1]>>) {
  linalg.matmul ins(%a, %b : memref<37x64xf32, strided<[100, 1], offset: 5>>, memref<64x50xf32>)
                outs(%c : memref<37x50xf32, strided<[60, 1]>>)
  return
}

func.func @columns(%a: memref<48x64xi8, strided<[1, 48]>>, %b: memref<64x48xi8, strided<[1, 64]>>,
                   %c: memref<48x48xi32, strided<[1, 50], offset: 3>>) {
  linalg.matmul ins(%a, %b : memref<48x64xi8, strided<[1, 48]>>, memref<64x48xi8, strided<[1, 64]>>)
                outs(%c : memref<48x48xi32, strided<[1, 50], offset: 3>>)
  return
}

// The last rows and columns fill no vector, and go to columns.
func.func @ragged_columns(%a: memref<13x21xf32, strided<[1, 13]>>, %b: memref<21x19xf32>,
                          %c: memref<13x19xf32, strided<[1, ?]>>) {
  linalg.matmul ins(%a, %b : memref<13x21xf32, strided<[1, 13]>>, memref<21x19xf32>)
                outs(%c : memref<13x19xf32, strided<[1, ?]>>)
  return
}

func.func @passed(%a: memref<33x64xi8, strided<[?, 1], offset: ?>>,
                  %b: memref<64x40xi8, strided<[?, ?], offset: ?>>,
                  %c: memref<33x40xi32, strided<[?, 1], offset: ?>>) {
  linalg.matmul ins(%a, %b : memref<33x64xi8, strided<[?, 1], offset: ?>>,
                             memref<64x40xi8, strided<[?, ?], offset: ?>>)
                outs(%c : memref<33x40xi32, strided<[?, 1], offset: ?>>)
  return
}

// Channels that lie in every other place.
func.func @image(%x: memref<1x9x9x16xf32, strided<[?, ?, 32, 2], offset: 1>>,
                 %w: memref<3x3x16x16xf32>, %y: memref<1x7x7x16xf32, strided<[?, ?, ?, 1]>>) {
  linalg.conv_2d_nhwc_hwcf
      ins(%x, %w : memref<1x9x9x16xf32, strided<[?, ?, 32, 2], offset: 1>>, memref<3x3x16x16xf32>)
      outs(%y : memref<1x7x7x16xf32, strided<[?, ?, ?, 1]>>)
  return
}

// Types of views follow from the strides, in the reference as well.
func.func @view(%a: memref<8x8xf16, strided<[?, 2], offset: ?>>,
                %b: memref<4x4xf32, strided<[9, 2], offset: 1>>) {
  %v = memref.subview %a[1, 2] [4, 4] [1, 1] : memref<8x8xf16, strided<[?, 2], offset: ?>>
       to memref<4x4xf16, strided<[?, 2], offset: ?>>
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j, i)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%v : memref<4x4xf16, strided<[?, 2], offset: ?>>)
      outs(%b : memref<4x4xf32, strided<[9, 2], offset: 1>>) {
  ^bb0(%x: f16, %y: f32):
    %w = arith.extf %x : f16 to f32
    %s = arith.addf %w, %y : f32
    linalg.yield %s : f32
  }
  return
}

func.func @single(%x: memref<f32, strided<[], offset: ?>>, %y: memref<f32, strided<[], offset: 2>>) {
  %v = memref.load %x[] : memref<f32, strided<[], offset: ?>>
  memref.store %v, %y[] : memref<f32, strided<[], offset: 2>>
  return
}
