// A result keeps what it starts from wherever no sum is stored.
// RUN: amosc run %s --target=generic --quiet | FileCheck %s
// RUN: amosc run %s --target=native --quiet | FileCheck %s
// RUN: amosc run %s --target=nvidia-sm80 --emulate --quiet | FileCheck %s

#left = affine_map<(i, j, k) -> (i, k)>
#right = affine_map<(i, j, k) -> (k, j)>
#even = affine_map<(i, j, k) -> (i * 2, j)>
#below = affine_map<(i, j, k) -> (i + 3, j)>

// CHECK: even: passed
func.func @even(%a: tensor<4x6xf32>, %b: tensor<6x5xf32>, %c: tensor<8x5xf32>) -> tensor<8x5xf32> {
  %d = linalg.generic {indexing_maps = [#left, #right, #even], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x6xf32>, tensor<6x5xf32>) outs(%c : tensor<8x5xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %m = arith.mulf %x, %y : f32
    %s = arith.addf %z, %m : f32
    linalg.yield %s : f32
  } -> tensor<8x5xf32>
  return %d : tensor<8x5xf32>
}

// CHECK: below_zeros: passed
func.func @below_zeros(%a: tensor<4x6xf16>, %b: tensor<6x5xf16>) -> tensor<9x5xf32> {
  %empty = tensor.empty() : tensor<9x5xf32>
  %zero = arith.constant 0.0 : f32
  %c = linalg.fill ins(%zero : f32) outs(%empty : tensor<9x5xf32>) -> tensor<9x5xf32>
  %d = linalg.generic {indexing_maps = [#left, #right, #below], iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x6xf16>, tensor<6x5xf16>) outs(%c : tensor<9x5xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %xw = arith.extf %x : f16 to f32
    %yw = arith.extf %y : f16 to f32
    %m = arith.mulf %xw, %yw : f32
    %s = arith.addf %z, %m : f32
    linalg.yield %s : f32
  } -> tensor<9x5xf32>
  return %d : tensor<9x5xf32>
}
