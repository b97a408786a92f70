// RUN: amos-opt --amos-fuse-rows --canonicalize --cse %s | FileCheck %s

#id = affine_map<(i, j) -> (i, j)>
#row = affine_map<(i, j) -> (i)>
#column = affine_map<(i, j) -> (j)>
#across = affine_map<(i, j) -> (j, i)>

// What two ops take is computed once, and each row stays near.
// CHECK-LABEL: func.func @rows
// CHECK:         scf.for {{.*}} to %c64 step %c1 iter_args(%[[ALL:.+]] =
// CHECK:           %[[ROW:.+]] = tensor.extract_slice %arg0{{.*}} to tensor<1x1024xf32>
// CHECK:           %[[E:.+]] = linalg.exp ins(%[[ROW]] {{.*}} -> tensor<1x1024xf32>
// CHECK-NOT:       linalg.exp
// CHECK:           %[[S:.+]] = linalg.reduce {{.*}} ins(%[[E]] {{.*}} outs(%{{.+}} : tensor<1xf32>)
// CHECK:           linalg.generic {{.*}} ins(%[[E]], %[[S]] {{.*}} {
// CHECK:           tensor.insert_slice {{.*}} into %[[ALL]]
func.func @rows(%x: tensor<64x1024xf32>, %s: tensor<64xf32>) -> tensor<64x1024xf32> {
  %e = tensor.empty() : tensor<64x1024xf32>
  %r = tensor.empty() : tensor<64xf32>
  %0 = linalg.exp ins(%x : tensor<64x1024xf32>) outs(%e : tensor<64x1024xf32>) -> tensor<64x1024xf32>
  %1 = linalg.reduce { arith.addf } ins(%0 : tensor<64x1024xf32>) outs(%s : tensor<64xf32>) dimensions = [1]
  %2 = linalg.generic {indexing_maps = [#id, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%0, %1 : tensor<64x1024xf32>, tensor<64xf32>) outs(%e : tensor<64x1024xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %q = arith.divf %a, %b : f32
    linalg.yield %q : f32
  } -> tensor<64x1024xf32>
  return %2 : tensor<64x1024xf32>
}

// As many rows as fit, of a number that divides all.
// CHECK-LABEL: func.func @several_rows
// CHECK:         scf.for {{.*}} to %c64 step %c32
// CHECK:           linalg.exp {{.*}} -> tensor<32x100xf32>
func.func @several_rows(%x: tensor<64x100xf32>, %s: tensor<64xf32>) -> tensor<64xf32> {
  %e = tensor.empty() : tensor<64x100xf32>
  %0 = linalg.exp ins(%x : tensor<64x100xf32>) outs(%e : tensor<64x100xf32>) -> tensor<64x100xf32>
  %1 = linalg.reduce { arith.addf } ins(%0 : tensor<64x100xf32>) outs(%s : tensor<64xf32>) dimensions = [1]
  return %1 : tensor<64xf32>
}

// CHECK-LABEL: func.func @fits_a_cache
// CHECK-NOT:     scf.for
func.func @fits_a_cache(%x: tensor<8x8xf32>, %s: tensor<8xf32>) -> tensor<8xf32> {
  %e = tensor.empty() : tensor<8x8xf32>
  %0 = linalg.exp ins(%x : tensor<8x8xf32>) outs(%e : tensor<8x8xf32>) -> tensor<8x8xf32>
  %1 = linalg.reduce { arith.addf } ins(%0 : tensor<8x8xf32>) outs(%s : tensor<8xf32>) dimensions = [1]
  return %1 : tensor<8xf32>
}

// The sum of a column needs every row.
// CHECK-LABEL: func.func @no_row_in_common
// CHECK:         linalg.reduce {{.*}} dimensions = [0]
// CHECK:         scf.for
// CHECK:           linalg.reduce {{.*}} dimensions = [1]
func.func @no_row_in_common(%x: tensor<256x256xf32>, %s: tensor<256xf32>) -> tensor<256x256xf32> {
  %e = tensor.empty() : tensor<256x256xf32>
  %0 = linalg.reduce { arith.addf } ins(%x : tensor<256x256xf32>) outs(%s : tensor<256xf32>) dimensions = [0]
  %1 = linalg.reduce { arith.maximumf } ins(%x : tensor<256x256xf32>) outs(%s : tensor<256xf32>) dimensions = [1]
  %2 = linalg.generic {indexing_maps = [#column, #row, #id], iterator_types = ["parallel", "parallel"]}
      ins(%0, %1 : tensor<256xf32>, tensor<256xf32>) outs(%e : tensor<256x256xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %q = arith.divf %a, %b : f32
    linalg.yield %q : f32
  } -> tensor<256x256xf32>
  return %2 : tensor<256x256xf32>
}

// CHECK-LABEL: func.func @needed_elsewhere
// CHECK-NOT:     scf.for
func.func @needed_elsewhere(%x: tensor<64x1024xf32>, %s: tensor<64xf32>) -> (tensor<64x1024xf32>, tensor<64xf32>) {
  %e = tensor.empty() : tensor<64x1024xf32>
  %0 = linalg.exp ins(%x : tensor<64x1024xf32>) outs(%e : tensor<64x1024xf32>) -> tensor<64x1024xf32>
  %1 = linalg.reduce { arith.addf } ins(%0 : tensor<64x1024xf32>) outs(%s : tensor<64xf32>) dimensions = [1]
  return %0, %1 : tensor<64x1024xf32>, tensor<64xf32>
}

// Lines of padding that two pieces need are made twice, as nothing is computed.
// CHECK-LABEL: func.func @padding
// CHECK:         scf.for {{.*}} to %c64 step %c2
// CHECK:           tensor.pad
// CHECK:           } : tensor<?x64x16xf32> to tensor<4x66x16xf32>
// CHECK:           linalg.generic
func.func @padding(%x: tensor<64x64x16xf32>, %w: tensor<3x3xf32>, %o: tensor<64x64x16xf32>) -> tensor<64x64x16xf32> {
  %c = arith.constant 0.0 : f32
  %p = tensor.pad %x low[1, 1, 0] high[1, 1, 0] {
  ^bb0(%i: index, %j: index, %k: index):
    tensor.yield %c : f32
  } : tensor<64x64x16xf32> to tensor<66x66x16xf32>
  %0 = linalg.generic {indexing_maps = [affine_map<(p, q, c, r, s) -> (p + r, q + s, c)>, affine_map<(p, q, c, r, s) -> (r, s)>, affine_map<(p, q, c, r, s) -> (p, q, c)>],
                       iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%p, %w : tensor<66x66x16xf32>, tensor<3x3xf32>) outs(%o : tensor<64x64x16xf32>) {
  ^bb0(%a: f32, %b: f32, %m: f32):
    %q = arith.maximumf %a, %m : f32
    linalg.yield %q : f32
  } -> tensor<64x64x16xf32>
  return %0 : tensor<64x64x16xf32>
}

// What is computed is not computed twice: the loop of the windows stays whole.
// CHECK-LABEL: func.func @windows_of_what_is_computed
// CHECK:         scf.for {{.*}} to %c1024 step %c32
// CHECK:           linalg.exp {{.*}} -> tensor<64x32xf32>
func.func @windows_of_what_is_computed(%x: tensor<64x1024xf32>, %w: tensor<3xf32>, %o: tensor<62x1024xf32>) -> tensor<62x1024xf32> {
  %e = tensor.empty() : tensor<64x1024xf32>
  %0 = linalg.exp ins(%x : tensor<64x1024xf32>) outs(%e : tensor<64x1024xf32>) -> tensor<64x1024xf32>
  %1 = linalg.generic {indexing_maps = [affine_map<(i, j, r) -> (i + r, j)>, affine_map<(i, j, r) -> (r)>, affine_map<(i, j, r) -> (i, j)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%0, %w : tensor<64x1024xf32>, tensor<3xf32>) outs(%o : tensor<62x1024xf32>) {
  ^bb0(%a: f32, %b: f32, %m: f32):
    %q = arith.maximumf %a, %m : f32
    linalg.yield %q : f32
  } -> tensor<62x1024xf32>
  return %1 : tensor<62x1024xf32>
}

// A sum of nothing is not what upstream's tiling can do with.
// CHECK-LABEL: func.func @sum_of_nothing
// CHECK-NOT:     scf.for
// CHECK:         return
func.func @sum_of_nothing(%a: tensor<1003x0xf32>, %b: tensor<0x64xf32>, %c: tensor<1003x64xf32>) -> tensor<1003x64xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<1003x0xf32>, tensor<0x64xf32>) outs(%c : tensor<1003x64xf32>) -> tensor<1003x64xf32>
  %e = linalg.exp ins(%d : tensor<1003x64xf32>) outs(%c : tensor<1003x64xf32>) -> tensor<1003x64xf32>
  return %e : tensor<1003x64xf32>
}
