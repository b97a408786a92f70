// RUN: amos-opt --amos-vectorize-loops --canonicalize %s | FileCheck %s

// Rows in vectors, and what is left of them in smaller ones.
// CHECK-LABEL: func.func @elementwise
// CHECK:         scf.for
// CHECK:           %[[A:.+]] = vector.load %arg0[%{{.+}}, %c0] : memref<4x5xf32>, vector<4xf32>
// CHECK:           %[[B:.+]] = vector.load %arg1[%c0] : memref<5xf32>, vector<4xf32>
// CHECK:           %[[P:.+]] = arith.mulf %[[A]], %[[B]] : vector<4xf32>
// CHECK:           vector.store %[[P]], %arg2[%{{.+}}, %c0] : memref<4x5xf32>, vector<4xf32>
// CHECK:           vector.load %arg0[%{{.+}}, %c4] : memref<4x5xf32>, vector<1xf32>
// CHECK:           vector.store {{.*}} : memref<4x5xf32>, vector<1xf32>
func.func @elementwise(%a: memref<4x5xf32>, %b: memref<5xf32>, %c: memref<4x5xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (j)>, affine_map<(i, j) -> (i, j)>],
                  iterator_types = ["parallel", "parallel"]}
      ins(%a, %b : memref<4x5xf32>, memref<5xf32>) outs(%c : memref<4x5xf32>) {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %r = arith.mulf %x, %y : f32
    linalg.yield %r : f32
  }
  return
}

// Each lane sums a part of the row; four vectors do not wait for each other.
// CHECK-LABEL: func.func @sum_of_rows
// CHECK:         scf.for
// CHECK-COUNT-5:   vector.load %arg0{{.*}} : memref<4x23xf32>, vector<4xf32>
// CHECK:           vector.load %arg0{{.*}} : memref<4x23xf32>, vector<2xf32>
// CHECK:           vector.load %arg0{{.*}} : memref<4x23xf32>, vector<1xf32>
// CHECK:           vector.reduction <add>, {{.*}} fastmath<reassoc> : vector<4xf32> into f32
// CHECK:           memref.store {{.*}}, %arg1
func.func @sum_of_rows(%a: memref<4x23xf32>, %c: memref<4xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.reduce { arith.addf } ins(%a : memref<4x23xf32>) outs(%c : memref<4xf32>) dimensions = [1]
  return
}

// Sums stay in registers while rows go by.
// CHECK-LABEL: func.func @sum_of_columns
// CHECK-COUNT-4: vector.load %arg1{{.*}} : memref<23xf32>, vector<4xf32>
// CHECK:         scf.for {{.*}} -> (vector<4xf32>, vector<4xf32>, vector<4xf32>, vector<4xf32>)
// CHECK-COUNT-4: vector.store {{.*}}, %arg1{{.*}} : memref<23xf32>, vector<4xf32>
func.func @sum_of_columns(%a: memref<4x23xf32>, %c: memref<23xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.reduce { arith.addf } ins(%a : memref<4x23xf32>) outs(%c : memref<23xf32>) dimensions = [0]
  return
}

// Short rows that lie behind each other are one.
// CHECK-LABEL: func.func @rows_that_are_one
// CHECK:         memref.collapse_shape %arg0 {{.*}} into memref<12xf32>
// CHECK:         scf.for
// CHECK:           math.exp %{{.+}} : vector<4xf32>
func.func @rows_that_are_one(%a: memref<4x3xf32>, %c: memref<4x3xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.exp ins(%a : memref<4x3xf32>) outs(%c : memref<4x3xf32>)
  return
}

// CHECK-LABEL: func.func @unknown_extent
// CHECK:         %[[END:.+]] = memref.dim %arg0
// CHECK:         scf.for {{.*}} step %c4
// CHECK:           vector.store {{.*}} : memref<?xf32>, vector<4xf32>
// CHECK:         scf.for {{.*}} to %[[END]] step %c1
// CHECK:           vector.store {{.*}} : memref<?xf32>, vector<1xf32>
func.func @unknown_extent(%a: memref<?xf32>, %c: memref<?xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.exp ins(%a : memref<?xf32>) outs(%c : memref<?xf32>)
  return
}

// In memory each bit has a byte, in a vector it has not.
// CHECK-LABEL: func.func @bits
// CHECK:         linalg.generic
func.func @bits(%a: memref<64xi1>, %c: memref<64xi1>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.copy ins(%a : memref<64xi1>) outs(%c : memref<64xi1>)
  return
}

// CHECK-LABEL: func.func @no_vectors
// CHECK:         linalg.copy
func.func @no_vectors(%a: memref<64xf32>, %c: memref<64xf32>) {
  linalg.copy ins(%a : memref<64xf32>) outs(%c : memref<64xf32>)
  return
}

// A reduction that is no sum of parts runs on each lane, for a row of its own.
// CHECK-LABEL: func.func @largest
// CHECK:         scf.for {{.*}} -> (vector<4xi32>, vector<4xi32>)
// CHECK:           vector.from_elements {{.*}} : vector<4xi32>
// CHECK:           arith.cmpi sgt, {{.*}} : vector<4xi32>
func.func @largest(%a: memref<7x8xi32>, %c: memref<7xi32>, %d: memref<7xi32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i)>],
                  iterator_types = ["parallel", "reduction"]}
      ins(%a : memref<7x8xi32>) outs(%c, %d : memref<7xi32>, memref<7xi32>) {
  ^bb0(%x: i32, %y: i32, %z: i32):
    %n = linalg.index 1 : index
    %i = arith.index_cast %n : index to i32
    %g = arith.cmpi sgt, %x, %y : i32
    %r = arith.select %g, %x, %y : i32
    %s = arith.select %g, %i, %z : i32
    linalg.yield %r, %s : i32, i32
  }
  return
}

// What is read later would be written already.
// CHECK-LABEL: func.func @reads_elsewhere
// CHECK:         linalg.generic
func.func @reads_elsewhere(%a: memref<8xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i) -> (7 - i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%a : memref<8xf32>) outs(%a : memref<8xf32>) {
  ^bb0(%x: f32, %y: f32):
    linalg.yield %x : f32
  }
  return
}

// A row at a place that is read is read as a row.
// CHECK-LABEL: func.func @place
// CHECK:         %[[P:.+]] = memref.load %arg1
// CHECK:         %[[R:.+]] = arith.index_cast %[[P]]
// CHECK:         vector.load %arg0[%[[R]], %{{.+}}] : memref<10x8xf32>, vector<4xf32>
func.func @place(%t: memref<10x8xf32>, %i: memref<3xi32>, %c: memref<3x8xf32>) attributes {amos.vector_bytes = 16 : i64} {
  linalg.generic {indexing_maps = [affine_map<(i, j) -> (i)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
      ins(%i : memref<3xi32>) outs(%c : memref<3x8xf32>) {
  ^bb0(%x: i32, %z: f32):
    %r = arith.index_cast %x : i32 to index
    %j = linalg.index 1 : index
    %v = memref.load %t[%r, %j] : memref<10x8xf32>
    linalg.yield %v : f32
  }
  return
}
