// RUN: amos-opt %s --amos-record-signature --amos-record-extents | FileCheck %s

// Rows of the result are rows of a; inner extents are equal.
// CHECK-LABEL: func.func @product(
// CHECK-SAME:    amos.extents = @product.extents
func.func @product(%a: tensor<?x?xf32>, %b: tensor<?x8xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %a, %c0 : tensor<?x?xf32>
  %empty = tensor.empty(%m) : tensor<?x8xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x8xf32>) -> tensor<?x8xf32>
  %d = linalg.matmul ins(%a, %b : tensor<?x?xf32>, tensor<?x8xf32>)
                     outs(%init : tensor<?x8xf32>) -> tensor<?x8xf32>
  return %d : tensor<?x8xf32>
}
// CHECK:       func.func private @product.extents(%[[M:.+]]: index, %[[K:.+]]: index, %[[K2:.+]]: index, %[[OUT:.+]]: index) -> i1
// CHECK-DAG:     arith.cmpi eq, %[[K]], %[[K2]]
// CHECK-DAG:     arith.cmpi eq, %[[M]], %[[OUT]]
// CHECK-NOT:     linalg
// CHECK:         return

// A window needs room. Assertions are asked on entry, not while running.
// CHECK-LABEL: func.func @window(
// CHECK-NOT:     cf.assert
// CHECK:         return
func.func @window(%x: memref<?xf32>, %w: memref<3xf32>, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c4 = arith.constant 4 : index
  %n = memref.dim %y, %c0 : memref<?xf32>
  %large = arith.cmpi sge, %n, %c4 : index
  cf.assert %large, "at least four"
  linalg.conv_1d ins(%x, %w : memref<?xf32>, memref<3xf32>) outs(%y : memref<?xf32>)
  return
}
// CHECK:       func.func private @window.extents(%[[X:.+]]: index, %[[Y:.+]]: index) -> i1
// CHECK-DAG:     arith.cmpi sge, %[[Y]], %c4
// CHECK-DAG:     %[[LAST:.+]] = affine.apply {{.*}}[%[[Y]]]
// CHECK-DAG:     arith.cmpi slt, %[[LAST]], %[[X]]

// A slice lies in its tensor. Where it begins is no question of extents.
// CHECK-LABEL: func.func @slices(
func.func @slices(%a: tensor<?xf32>, %n: index) -> (tensor<4xf32>, tensor<4xf32>) {
  %b = tensor.extract_slice %a[2] [4] [1] : tensor<?xf32> to tensor<4xf32>
  %c = tensor.extract_slice %a[%n] [4] [1] : tensor<?xf32> to tensor<4xf32>
  return %b, %c : tensor<4xf32>, tensor<4xf32>
}
// CHECK:       func.func private @slices.extents(%[[A:.+]]: index) -> i1
// CHECK-DAG:     arith.cmpi sgt, %[[A]], %c2
// CHECK-DAG:     arith.cmpi sgt, %[[A]], %c5
// CHECK-NOT:     cf.assert
// CHECK:         return

// CHECK-LABEL: func.func @known(
// CHECK-NOT:   @known.extents
func.func @known(%a: tensor<4xf32>) -> tensor<4xf32> {
  return %a : tensor<4xf32>
}
