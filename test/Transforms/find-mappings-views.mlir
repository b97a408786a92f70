// Sources are read where they come from; results agree with the input's.
// RUN: amosc run %s --target=generic | FileCheck %s
// RUN: amosc run %s --target=native | FileCheck %s
// RUN: cat %amos/lib/Accelerators/generic.mlir %s | amos-opt -amos-normalize -amos-find-mappings -amos-select-mapping -amos-apply-mapping -canonicalize | FileCheck %s --check-prefix=VIEWS

// Only what guards can fail is guarded: rows above and below.
// CHECK: pad_of_pad: passed
// VIEWS-LABEL: func.func @pad_of_pad(
func.func @pad_of_pad(%a: tensor<4x4xf32>, %b: tensor<4x4xf32>, %c: tensor<9x4xf32>) -> tensor<9x4xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %a low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<4x4xf32> to tensor<6x4xf32>
  %q = tensor.pad %p low[2, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<6x4xf32> to tensor<9x4xf32>
  %d = linalg.matmul ins(%q, %b : tensor<9x4xf32>, tensor<4x4xf32>) outs(%c : tensor<9x4xf32>) -> tensor<9x4xf32>
  return %d : tensor<9x4xf32>
}

// Ones are read, not zeros.
// CHECK: pad_inside_ones: passed
func.func @pad_inside_ones(%a: tensor<4x4xf32>, %b: tensor<4x6xf32>, %c: tensor<9x6xf32>) -> tensor<9x6xf32> {
  %zero = arith.constant 0.0 : f32
  %one = arith.constant 1.0 : f32
  %p = tensor.pad %a low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %one : f32
  } : tensor<4x4xf32> to tensor<6x4xf32>
  %q = tensor.pad %p low[2, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<6x4xf32> to tensor<9x4xf32>
  %d = linalg.matmul ins(%q, %b : tensor<9x4xf32>, tensor<4x6xf32>) outs(%c : tensor<9x6xf32>) -> tensor<9x6xf32>
  return %d : tensor<9x6xf32>
}

// CHECK: transposed_pad: passed
// VIEWS-LABEL: func.func @transposed_pad(
// VIEWS-NOT: linalg.transpose
// VIEWS-LABEL: func.func @gram(
func.func @transposed_pad(%a: tensor<5x4xf32>, %b: tensor<3x5xf32>) -> tensor<6x3xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %a low[0, 1] high[0, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<5x4xf32> to tensor<5x6xf32>
  %e = tensor.empty() : tensor<6x5xf32>
  %q = linalg.transpose ins(%p : tensor<5x6xf32>) outs(%e : tensor<6x5xf32>) permutation = [1, 0]
  %f = tensor.empty() : tensor<5x3xf32>
  %r = linalg.transpose ins(%b : tensor<3x5xf32>) outs(%f : tensor<5x3xf32>) permutation = [1, 0]
  %g = tensor.empty() : tensor<6x3xf32>
  %c = linalg.fill ins(%zero : f32) outs(%g : tensor<6x3xf32>) -> tensor<6x3xf32>
  %d = linalg.matmul ins(%q, %r : tensor<6x5xf32>, tensor<5x3xf32>) outs(%c : tensor<6x3xf32>) -> tensor<6x3xf32>
  return %d : tensor<6x3xf32>
}

// CHECK: gram: passed
func.func @gram(%a: tensor<17x33xf32>) -> tensor<17x17xf32> {
  %zero = arith.constant dense<0.0> : tensor<17x17xf32>
  %e = tensor.empty() : tensor<33x17xf32>
  %t = linalg.transpose ins(%a : tensor<17x33xf32>) outs(%e : tensor<33x17xf32>) permutation = [1, 0]
  %d = linalg.matmul ins(%a, %t : tensor<17x33xf32>, tensor<33x17xf32>) outs(%zero : tensor<17x17xf32>) -> tensor<17x17xf32>
  return %d : tensor<17x17xf32>
}

// Every second row of a part: no copy of the part is made.
// CHECK: slice: passed
// VIEWS-LABEL: func.func @slice(
// VIEWS-NOT: tensor.extract_slice
// VIEWS-LABEL: func.func @slice_of_pad(
func.func @slice(%a: tensor<20x12xf32>, %b: tensor<6x9xf32>, %c: tensor<5x9xf32>) -> tensor<5x9xf32> {
  %s = tensor.extract_slice %a[3, 5] [9, 6] [1, 1] : tensor<20x12xf32> to tensor<9x6xf32>
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, k) -> (i * 2, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%s, %b : tensor<9x6xf32>, tensor<6x9xf32>) outs(%c : tensor<5x9xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<5x9xf32>
  return %d : tensor<5x9xf32>
}

// A slice with steps, of what is padded.
// CHECK: slice_of_pad: passed
// VIEWS-NOT: tensor.extract_slice
// VIEWS-NOT: tensor.pad
func.func @slice_of_pad(%a: tensor<8x6xf32>, %b: tensor<6x9xf32>, %c: tensor<5x9xf32>) -> tensor<5x9xf32> {
  %zero = arith.constant 0.0 : f32
  %p = tensor.pad %a low[1, 0] high[1, 0] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<8x6xf32> to tensor<10x6xf32>
  %s = tensor.extract_slice %p[0, 0] [5, 6] [2, 1] : tensor<10x6xf32> to tensor<5x6xf32>
  %d = linalg.matmul ins(%s, %b : tensor<5x6xf32>, tensor<6x9xf32>) outs(%c : tensor<5x9xf32>) -> tensor<5x9xf32>
  return %d : tensor<5x9xf32>
}

// Elements with zeros between them: products with those are left out, and nothing
// spreads the image.
// CHECK: spread: passed
// VIEWS-LABEL: func.func @spread(
// VIEWS-NOT: insert_slice
// VIEWS-LABEL: func.func @multiplied(
func.func @spread(%a: tensor<1x4x3xi8>, %b: tensor<3x3x5xi8>, %c: tensor<1x7x5xi32>) -> tensor<1x7x5xi32> {
  %zero = arith.constant 0 : i8
  %e = tensor.empty() : tensor<1x9x3xi8>
  %f = linalg.fill ins(%zero : i8) outs(%e : tensor<1x9x3xi8>) -> tensor<1x9x3xi8>
  %s = tensor.insert_slice %a into %f[0, 1, 0] [1, 4, 3] [1, 2, 1] : tensor<1x4x3xi8> into tensor<1x9x3xi8>
  %d = linalg.conv_1d_nwc_wcf ins(%s, %b : tensor<1x9x3xi8>, tensor<3x3x5xi8>) outs(%c : tensor<1x7x5xi32>) -> tensor<1x7x5xi32>
  return %d : tensor<1x7x5xi32>
}

// An Inf times such a zero is no zero, and nobody promised that there is none. A
// border of zeros is read as one all the same.
// CHECK: multiplied: passed
// VIEWS: tensor.insert_slice {{.*}} [1, 2, 1]
// VIEWS-LABEL: func.func @framed(
// CHECK: framed: passed
// VIEWS-NOT: insert_slice
func.func @multiplied(%a: tensor<1x4x3xf32>, %b: tensor<3x3x5xf32>, %c: tensor<1x7x5xf32>) -> tensor<1x7x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x9x3xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x9x3xf32>) -> tensor<1x9x3xf32>
  %s = tensor.insert_slice %a into %f[0, 1, 0] [1, 4, 3] [1, 2, 1] : tensor<1x4x3xf32> into tensor<1x9x3xf32>
  %d = linalg.conv_1d_nwc_wcf ins(%s, %b : tensor<1x9x3xf32>, tensor<3x3x5xf32>) outs(%c : tensor<1x7x5xf32>) -> tensor<1x7x5xf32>
  return %d : tensor<1x7x5xf32>
}
func.func @framed(%a: tensor<1x7x3xf32>, %b: tensor<3x3x5xf32>, %c: tensor<1x7x5xf32>) -> tensor<1x7x5xf32> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<1x9x3xf32>
  %f = linalg.fill ins(%zero : f32) outs(%e : tensor<1x9x3xf32>) -> tensor<1x9x3xf32>
  %s = tensor.insert_slice %a into %f[0, 1, 0] [1, 7, 3] [1, 1, 1] : tensor<1x7x3xf32> into tensor<1x9x3xf32>
  %d = linalg.conv_1d_nwc_wcf ins(%s, %b : tensor<1x9x3xf32>, tensor<3x3x5xf32>) outs(%c : tensor<1x7x5xf32>) -> tensor<1x7x5xf32>
  return %d : tensor<1x7x5xf32>
}
