// The fifteen operators of AMOS (ISCA 2022) on a matrix unit: as many mappings as
// its Table 6 counts under its own rule, and all that are right without it. Only
// direct mappings end in "]]>".
// RUN: cat %amos/lib/Accelerators/virtual-gemm.mlir %s | amos-opt -amos-find-mappings=intrinsic=gemm_f16_f32 | FileCheck %s
// RUN: cat %amos/lib/Accelerators/virtual-gemm.mlir %s | amos-opt -amos-find-mappings='intrinsic=gemm_f16_f32 rule=amos' | FileCheck %s --check-prefix=AMOS

// CHECK-LABEL: @gmv(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @gmv(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @gmv(%a: tensor<6x4xf16>, %b: tensor<4x2xf16>, %c: tensor<6x2xf32>) -> tensor<6x2xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, l) -> (i, l)>,
                       affine_map<(i, j, l) -> (l, j)>,
                       affine_map<(i, j, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<6x4xf16>, tensor<4x2xf16>) outs(%c : tensor<6x2xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<6x2xf32>
  return %d : tensor<6x2xf32>
}

// CHECK-LABEL: @gmm(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @gmm(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @gmm(%a: tensor<4x8xf16>, %b: tensor<8x6xf16>, %c: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, l) -> (i, l)>,
                       affine_map<(i, j, l) -> (l, j)>,
                       affine_map<(i, j, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x8xf16>, tensor<8x6xf16>) outs(%c : tensor<4x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<4x6xf32>
  return %d : tensor<4x6xf32>
}

// CHECK-LABEL: @c1d(
// CHECK-COUNT-9: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @c1d(
// AMOS-COUNT-6: ]]>
// AMOS-NOT: ]]>
func.func @c1d(%a: tensor<2x3x8xf16>, %b: tensor<4x3x3xf16>, %c: tensor<2x4x6xf32>) -> tensor<2x4x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, c, s) -> (n, c, p+s)>,
                       affine_map<(n, k, p, c, s) -> (k, c, s)>,
                       affine_map<(n, k, p, c, s) -> (n, k, p)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x8xf16>, tensor<4x3x3xf16>) outs(%c : tensor<2x4x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x6xf32>
  return %d : tensor<2x4x6xf32>
}

// CHECK-LABEL: @c2d(
// CHECK-COUNT-49: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @c2d(
// AMOS-COUNT-35: ]]>
// AMOS-NOT: ]]>
func.func @c2d(%a: tensor<2x3x7x8xf16>, %b: tensor<4x3x3x3xf16>, %c: tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p+r, q+s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (k, c, r, s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x7x8xf16>, tensor<4x3x3x3xf16>) outs(%c : tensor<2x4x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x5x6xf32>
  return %d : tensor<2x4x5x6xf32>
}

// CHECK-LABEL: @c3d(
// CHECK-COUNT-225: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @c3d(
// AMOS-COUNT-180: ]]>
// AMOS-NOT: ]]>
func.func @c3d(%a: tensor<2x3x4x7x8xf16>, %b: tensor<4x3x2x3x3xf16>, %c: tensor<2x4x3x5x6xf32>) -> tensor<2x4x3x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, d, p, q, c, t, r, s) -> (n, c, d+t, p+r, q+s)>,
                       affine_map<(n, k, d, p, q, c, t, r, s) -> (k, c, t, r, s)>,
                       affine_map<(n, k, d, p, q, c, t, r, s) -> (n, k, d, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x4x7x8xf16>, tensor<4x3x2x3x3xf16>) outs(%c : tensor<2x4x3x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x3x5x6xf32>
  return %d : tensor<2x4x3x5x6xf32>
}

// CHECK-LABEL: @t2d(
// CHECK-COUNT-49: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @t2d(
// AMOS-COUNT-7: ]]>
// AMOS-NOT: ]]>
func.func @t2d(%a: tensor<2x3x7x8xf16>, %b: tensor<3x4x3x3xf16>, %c: tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p+2-r, q+2-s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (c, k, r, s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x7x8xf16>, tensor<3x4x3x3xf16>) outs(%c : tensor<2x4x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x5x6xf32>
  return %d : tensor<2x4x5x6xf32>
}

// CHECK-LABEL: @grp(
// CHECK-COUNT-49: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @grp(
// AMOS-COUNT-35: ]]>
// AMOS-NOT: ]]>
func.func @grp(%a: tensor<2x3x3x7x8xf16>, %b: tensor<3x4x3x3x3xf16>, %c: tensor<2x3x4x5x6xf32>) -> tensor<2x3x4x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, g, k, p, q, c, r, s) -> (n, g, c, p+r, q+s)>,
                       affine_map<(n, g, k, p, q, c, r, s) -> (g, k, c, r, s)>,
                       affine_map<(n, g, k, p, q, c, r, s) -> (n, g, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x3x7x8xf16>, tensor<3x4x3x3x3xf16>) outs(%c : tensor<2x3x4x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x3x4x5x6xf32>
  return %d : tensor<2x3x4x5x6xf32>
}

// CHECK-LABEL: @dil(
// CHECK-COUNT-49: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @dil(
// AMOS-COUNT-35: ]]>
// AMOS-NOT: ]]>
func.func @dil(%a: tensor<2x3x9x10xf16>, %b: tensor<4x3x3x3xf16>, %c: tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p+2*r, q+2*s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (k, c, r, s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x9x10xf16>, tensor<4x3x3x3xf16>) outs(%c : tensor<2x4x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x5x6xf32>
  return %d : tensor<2x4x5x6xf32>
}

// CHECK-LABEL: @dep(
// CHECK-COUNT-21: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @dep(
// AMOS-COUNT-11: ]]>
// AMOS-NOT: ]]>
func.func @dep(%a: tensor<2x4x11x13xf16>, %b: tensor<4x2x3x3xf16>, %c: tensor<2x4x2x5x6xf32>) -> tensor<2x4x2x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, c, m, p, q, r, s) -> (n, c, 2*p+r, 2*q+s)>,
                       affine_map<(n, c, m, p, q, r, s) -> (c, m, r, s)>,
                       affine_map<(n, c, m, p, q, r, s) -> (n, c, m, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x4x11x13xf16>, tensor<4x2x3x3xf16>) outs(%c : tensor<2x4x2x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x2x5x6xf32>
  return %d : tensor<2x4x2x5x6xf32>
}

// CHECK-LABEL: @cap(
// CHECK-COUNT-147: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @cap(
// AMOS-COUNT-105: ]]>
// AMOS-NOT: ]]>
func.func @cap(%a: tensor<2x3x7x8xf16>, %b: tensor<4x3x3x3x2xf16>, %c: tensor<2x4x5x6x2xf32>) -> tensor<2x4x5x6x2xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, u, c, r, s) -> (n, c, p+r, q+s)>,
                       affine_map<(n, k, p, q, u, c, r, s) -> (k, c, r, s, u)>,
                       affine_map<(n, k, p, q, u, c, r, s) -> (n, k, p, q, u)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x7x8xf16>, tensor<4x3x3x3x2xf16>) outs(%c : tensor<2x4x5x6x2xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x5x6x2xf32>
  return %d : tensor<2x4x5x6x2xf32>
}

// CHECK-LABEL: @bcv(
// CHECK-COUNT-21: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @bcv(
// AMOS-COUNT-11: ]]>
// AMOS-NOT: ]]>
func.func @bcv(%a: tensor<2x3x7x8xf16>, %b: tensor<2x4x3x3x3xf16>, %c: tensor<2x4x5x6xf32>) -> tensor<2x4x5x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, k, p, q, c, r, s) -> (n, c, p+r, q+s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, k, c, r, s)>,
                       affine_map<(n, k, p, q, c, r, s) -> (n, k, p, q)>],
      iterator_types = ["parallel", "parallel", "parallel", "parallel", "reduction", "reduction", "reduction"]}
      ins(%a, %b : tensor<2x3x7x8xf16>, tensor<2x4x3x3x3xf16>) outs(%c : tensor<2x4x5x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x4x5x6xf32>
  return %d : tensor<2x4x5x6xf32>
}

// CHECK-LABEL: @gfc(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @gfc(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @gfc(%a: tensor<2x3x2xf16>, %b: tensor<3x4x2xf16>, %c: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(n, g, k, c) -> (n, g, c)>,
                       affine_map<(n, g, k, c) -> (g, k, c)>,
                       affine_map<(n, g, k, c) -> (n, g, k)>],
      iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<2x3x2xf16>, tensor<3x4x2xf16>) outs(%c : tensor<2x3x4xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<2x3x4xf32>
  return %d : tensor<2x3x4xf32>
}

// CHECK-LABEL: @men(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @men(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @men(%a: tensor<4x9xf16>, %b: tensor<9x2xf16>, %c: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, l) -> (i, l)>,
                       affine_map<(i, j, l) -> (l, j)>,
                       affine_map<(i, j, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x9xf16>, tensor<9x2xf16>) outs(%c : tensor<4x2xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<4x2xf32>
  return %d : tensor<4x2xf32>
}

// CHECK-LABEL: @var(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @var(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @var(%a: tensor<4x9xf16>, %b: tensor<9x2xf16>, %c: tensor<4x2xf32>) -> tensor<4x2xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, l) -> (i, l)>,
                       affine_map<(i, j, l) -> (l, j)>,
                       affine_map<(i, j, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x9xf16>, tensor<9x2xf16>) outs(%c : tensor<4x2xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<4x2xf32>
  return %d : tensor<4x2xf32>
}

// CHECK-LABEL: @scn(
// CHECK-COUNT-1: ]]>
// CHECK-NOT: ]]>
// AMOS-LABEL: @scn(
// AMOS-COUNT-1: ]]>
// AMOS-NOT: ]]>
func.func @scn(%a: tensor<4x6xf16>, %b: tensor<6x6xf16>, %c: tensor<4x6xf32>) -> tensor<4x6xf32> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(i, j, l) -> (i, l)>,
                       affine_map<(i, j, l) -> (l, j)>,
                       affine_map<(i, j, l) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x6xf16>, tensor<6x6xf16>) outs(%c : tensor<4x6xf32>) {
  ^bb0(%x: f16, %y: f16, %z: f32):
    %u = arith.extf %x : f16 to f32
    %v = arith.extf %y : f16 to f32
    %m = arith.mulf %u, %v : f32
    %r = arith.addf %z, %m : f32
    linalg.yield %r : f32
  } -> tensor<4x6xf32>
  return %d : tensor<4x6xf32>
}

