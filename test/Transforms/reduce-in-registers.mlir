// RUN: amos-opt --amos-reduce-in-registers %s | FileCheck %s

// CHECK-LABEL: func.func @matrix
// CHECK:         scf.parallel (%[[M:.+]]) =
// CHECK:           %[[START:.+]] = memref.load %arg1[%[[M]]]
// CHECK:           %[[SUM:.+]] = scf.for %[[K:.+]] = {{.*}} iter_args(%[[S:.+]] = %[[START]])
// CHECK-NEXT:        %[[X:.+]] = memref.load %arg0[%[[M]], %[[K]]]
// CHECK-NEXT:        %[[I:.+]] = arith.index_cast %[[K]]
// CHECK:             arith.addi %[[S]]
// CHECK:           memref.store %[[SUM]], %arg1[%[[M]]]
func.func @matrix(%x: memref<8x16xi64>, %s: memref<8xi64>) attributes {amos.target = #nvvm.target} {
  linalg.generic {indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>],
      iterator_types = ["parallel", "reduction"]} ins(%x : memref<8x16xi64>) outs(%s : memref<8xi64>) {
  ^bb0(%a: i64, %b: i64):
    %k = linalg.index 1 : index
    %i = arith.index_cast %k : index to i64
    %p = arith.muli %a, %i : i64
    %c = arith.addi %b, %p : i64
    linalg.yield %c : i64
  }
  return
}

// Windows, whose source is nothing but a place.
// CHECK-LABEL: func.func @pool
// CHECK:         scf.parallel
// CHECK:           scf.for {{.*}} iter_args
// CHECK:             scf.for {{.*}} iter_args
// CHECK:               affine.apply
// CHECK:               arith.maximumf
// CHECK:           memref.store
func.func @pool(%x: memref<1x8x8x4xf32>, %w: memref<3x3xf32>, %s: memref<1x6x6x4xf32>) attributes {amos.target = #nvvm.target} {
  linalg.pooling_nhwc_max ins(%x, %w : memref<1x8x8x4xf32>, memref<3x3xf32>) outs(%s : memref<1x6x6x4xf32>)
  return
}

// One result is one thread's.
// CHECK-LABEL: func.func @all
// CHECK-NOT:     scf.parallel
// CHECK:         scf.for {{.*}} iter_args
func.func @all(%x: memref<16xf32>, %s: memref<f32>) attributes {amos.target = #nvvm.target} {
  linalg.generic {indexing_maps = [affine_map<(k) -> (k)>, affine_map<(k) -> ()>], iterator_types = ["reduction"]}
      ins(%x : memref<16xf32>) outs(%s : memref<f32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  }
  return
}

// CHECK-LABEL: func.func @processor
// CHECK:         linalg.pooling_nhwc_max
func.func @processor(%x: memref<1x8x8x4xf32>, %w: memref<3x3xf32>, %s: memref<1x6x6x4xf32>) {
  linalg.pooling_nhwc_max ins(%x, %w : memref<1x8x8x4xf32>, memref<3x3xf32>) outs(%s : memref<1x6x6x4xf32>)
  return
}
