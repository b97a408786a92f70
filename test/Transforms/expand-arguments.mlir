// RUN: amos-opt %s --amos-expand-arguments | FileCheck %s

// Extents, offset and strides that are not known follow the pointer.
// CHECK-LABEL: func.func @strided
// CHECK-SAME: (%[[A:.*]]: memref<f32>, %[[N:.*]]: i64, %[[O:.*]]: i64, %[[S:.*]]: i64, %[[B:.*]]: memref<4xf32>, %[[C:.*]]: memref<i8>, %[[T:.*]]: i64)
// CHECK-DAG: %[[EXTENT:.*]] = arith.index_cast %[[N]]
// CHECK-DAG: %[[OFFSET:.*]] = arith.index_cast %[[O]]
// CHECK-DAG: %[[STRIDE:.*]] = arith.index_cast %[[S]]
// CHECK: %[[VIEW:.*]] = memref.reinterpret_cast %[[A]] to offset: [%[[OFFSET]]], sizes: [%[[EXTENT]], 8], strides: [%[[STRIDE]], 1]
// CHECK: memref.load %[[VIEW]]
func.func @strided(%a: memref<?x8xf32, strided<[?, 1], offset: ?>>, %b: memref<4xf32>,
                   %c: memref<4x4xi8, strided<[1, ?]>>) {
  %c0 = arith.constant 0 : index
  %v = memref.load %a[%c0, %c0] : memref<?x8xf32, strided<[?, 1], offset: ?>>
  memref.store %v, %b[%c0] : memref<4xf32>
  return
}

// The strides of dense buffers follow from the extents.
// CHECK-LABEL: func.func @dense
// CHECK-SAME: (%[[A:.*]]: memref<f32>, %[[N:.*]]: i64)
// CHECK: %[[EXTENT:.*]] = arith.index_cast %[[N]]
// CHECK: memref.reinterpret_cast %[[A]] to offset: [0], sizes: [4, %[[EXTENT]]], strides: [%[[EXTENT]], 1]
func.func @dense(%a: memref<4x?xf32>) {
  return
}

// A pointer alone says where these lie.
// CHECK-LABEL: func.func @fixed
// CHECK-SAME: (%{{.*}}: memref<4x4xf32, strided<[8, 1], offset: 5>>, %{{.*}}: f32)
func.func @fixed(%a: memref<4x4xf32, strided<[8, 1], offset: 5>>, %s: f32) {
  return
}
