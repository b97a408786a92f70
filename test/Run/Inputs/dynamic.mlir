// Functions of unknown extents: a batch, rows of a product, columns and rows and
// sums of one, both image extents, several ops, buffers, a padded batch.

func.func @rows(%a: tensor<?x52xi8>, %b: tensor<52x37xi8>) -> tensor<?x37xi32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0 : i32
  %m = tensor.dim %a, %c0 : tensor<?x52xi8>
  %empty = tensor.empty(%m) : tensor<?x37xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<?x37xi32>) -> tensor<?x37xi32>
  %d = linalg.matmul ins(%a, %b : tensor<?x52xi8>, tensor<52x37xi8>)
                     outs(%init : tensor<?x37xi32>) -> tensor<?x37xi32>
  return %d : tensor<?x37xi32>
}

func.func @all(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>, %c: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x?xf32>)
                     outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %d : tensor<?x?xf32>
}

func.func @batch(%x: tensor<?x9x8x12xi8>, %w: tensor<3x3x12x20xi8>) -> tensor<?x9x8x20xi32> {
  %c0 = arith.constant 0 : index
  %pad = arith.constant 0 : i8
  %zero = arith.constant 0 : i32
  %n = tensor.dim %x, %c0 : tensor<?x9x8x12xi8>
  %padded = tensor.pad %x low[0, 1, 1, 0] high[0, 1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index, %l: index):
    tensor.yield %pad : i8
  } : tensor<?x9x8x12xi8> to tensor<?x11x10x12xi8>
  %empty = tensor.empty(%n) : tensor<?x9x8x20xi32>
  %init = linalg.fill ins(%zero : i32) outs(%empty : tensor<?x9x8x20xi32>) -> tensor<?x9x8x20xi32>
  %d = linalg.conv_2d_nhwc_hwcf
      ins(%padded, %w : tensor<?x11x10x12xi8>, tensor<3x3x12x20xi8>)
      outs(%init : tensor<?x9x8x20xi32>) -> tensor<?x9x8x20xi32>
  return %d : tensor<?x9x8x20xi32>
}

// The image is two larger than the result.
func.func @image(%x: memref<2x?x?x8xf32>, %w: memref<3x3x8x16xf32>, %y: memref<2x?x?x16xf32>) {
  linalg.conv_2d_nhwc_hwcf
      ins(%x, %w : memref<2x?x?x8xf32>, memref<3x3x8x16xf32>)
      outs(%y : memref<2x?x?x16xf32>)
  return
}

func.func @chain(%a: tensor<?x16xf32>, %b: tensor<16x24xf32>, %c: tensor<24x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %a, %c0 : tensor<?x16xf32>
  %wide = tensor.empty(%m) : tensor<?x24xf32>
  %init = linalg.fill ins(%zero : f32) outs(%wide : tensor<?x24xf32>) -> tensor<?x24xf32>
  %ab = linalg.matmul ins(%a, %b : tensor<?x16xf32>, tensor<16x24xf32>)
                      outs(%init : tensor<?x24xf32>) -> tensor<?x24xf32>
  %relu = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%ab : tensor<?x24xf32>) outs(%wide : tensor<?x24xf32>) {
  ^bb0(%x: f32, %o: f32):
    %r = arith.maximumf %x, %zero : f32
    linalg.yield %r : f32
  } -> tensor<?x24xf32>
  %narrow = tensor.empty(%m) : tensor<?x8xf32>
  %start = linalg.fill ins(%zero : f32) outs(%narrow : tensor<?x8xf32>) -> tensor<?x8xf32>
  %d = linalg.matmul ins(%relu, %c : tensor<?x24xf32>, tensor<24x8xf32>)
                     outs(%start : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %d : tensor<?x8xf32>
}
