// RUN: amos-opt --amos-split-sums %s | FileCheck %s

amos.accelerator @wide target(#llvm.target_features<["+avx512f"]>) clock(1.0e9) {
  scope @thread
  level @memory per @thread address(!llvm.ptr) bandwidth(8.0) latency(100) access(64)
  level @register per @thread granule(64) capacity(2048)
}

#matrix = affine_map<(m, k) -> (m, k)>
#column = affine_map<(m, k) -> (k, m)>
#vector = affine_map<(m, k) -> (k)>
#result = affine_map<(m, k) -> (m)>

// CHECK-DAG: #[[PARTS:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d1, d2, d3)>
// CHECK-DAG: #[[X:.+]] = affine_map<(d0, d1, d2, d3) -> (d1, d2, d3)>
// CHECK-DAG: #[[LANES:.+]] = affine_map<(d0, d1, d2, d3) -> (d0, d2)>

// What the sum starts from is added once, at the end.
// CHECK-LABEL: func.func @floats
// CHECK:         %[[A:.+]] = tensor.expand_shape %arg0 {{\[}}[0], [1, 2, 3]] {{.*}} into tensor<8x16x16x1xf32>
// CHECK:         %[[B:.+]] = tensor.expand_shape %arg1 {{\[}}[0, 1, 2]] {{.*}} into tensor<16x16x1xf32>
// CHECK:         %[[P:.+]] = linalg.generic {indexing_maps = [#[[PARTS]], #[[X]], #[[LANES]]], iterator_types = ["parallel", "reduction", "parallel", "reduction"]} ins(%[[A]], %[[B]]
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction"]} ins(%[[P]] : tensor<8x16xf32>) outs(%arg2 : tensor<8xf32>)
func.func @floats(%a: tensor<8x256xf32>, %x: tensor<256xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#matrix, #vector, #result], iterator_types = ["parallel", "reduction"]}
      ins(%a, %x : tensor<8x256xf32>, tensor<256xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %m = arith.mulf %p, %q : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// A lane sums four neighbours, as dot instructions do.
// CHECK-LABEL: func.func @bytes
// CHECK:         tensor.expand_shape %arg0 {{.*}} into tensor<8x8x16x4xi8>
func.func @bytes(%a: tensor<8x512xi8>, %x: tensor<512xi8>, %c: tensor<8xi32>) -> tensor<8xi32> {
  %0 = linalg.generic {indexing_maps = [#matrix, #vector, #result], iterator_types = ["parallel", "reduction"]}
      ins(%a, %x : tensor<8x512xi8>, tensor<512xi8>) outs(%c : tensor<8xi32>) {
  ^bb0(%p: i8, %q: i8, %s: i32):
    %u = arith.extui %p : i8 to i32
    %v = arith.extsi %q : i8 to i32
    %m = arith.muli %u, %v : i32
    %r = arith.addi %s, %m : i32
    linalg.yield %r : i32
  } -> tensor<8xi32>
  return %0 : tensor<8xi32>
}

// Results are neighbours here, and each reads a column.
// CHECK-LABEL: func.func @columns
// CHECK-NOT:     tensor.expand_shape
func.func @columns(%a: tensor<256x8xf32>, %x: tensor<256xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#column, #vector, #result], iterator_types = ["parallel", "reduction"]}
      ins(%a, %x : tensor<256x8xf32>, tensor<256xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %m = arith.mulf %p, %q : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// No source's elements are used once: lanes find results that share a row.
// CHECK-LABEL: func.func @product
// CHECK-NOT:     tensor.expand_shape
func.func @product(%a: tensor<8x256xf32>, %b: tensor<8x256xf32>, %c: tensor<8x8xf32>) -> tensor<8x8xf32> {
  %0 = linalg.generic {indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>],
                       iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<8x256xf32>, tensor<8x256xf32>) outs(%c : tensor<8x8xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %m = arith.mulf %p, %q : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<8x8xf32>
  return %0 : tensor<8x8xf32>
}

// No product: nothing would map it, and loops over vectors have lanes for rows.
// CHECK-LABEL: func.func @distance
// CHECK-NOT:     tensor.expand_shape
func.func @distance(%a: tensor<8x256xf32>, %x: tensor<256xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#matrix, #vector, #result], iterator_types = ["parallel", "reduction"]}
      ins(%a, %x : tensor<8x256xf32>, tensor<256xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %d = arith.subf %p, %q : f32
    %m = arith.mulf %d, %d : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// Half a register would be left over.
// CHECK-LABEL: func.func @rest
// CHECK-NOT:     tensor.expand_shape
func.func @rest(%a: tensor<8x264xf32>, %x: tensor<264xf32>, %c: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#matrix, #vector, #result], iterator_types = ["parallel", "reduction"]}
      ins(%a, %x : tensor<8x264xf32>, tensor<264xf32>) outs(%c : tensor<8xf32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %m = arith.mulf %p, %q : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// Without loops there is no row.
// CHECK-LABEL: func.func @scalars
// CHECK-NOT:     tensor.expand_shape
func.func @scalars(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>) -> tensor<f32> {
  %0 = linalg.generic {indexing_maps = [affine_map<() -> ()>, affine_map<() -> ()>, affine_map<() -> ()>], iterator_types = []}
      ins(%a, %b : tensor<f32>, tensor<f32>) outs(%c : tensor<f32>) {
  ^bb0(%p: f32, %q: f32, %s: f32):
    %m = arith.mulf %p, %q : f32
    %r = arith.addf %s, %m : f32
    linalg.yield %r : f32
  } -> tensor<f32>
  return %0 : tensor<f32>
}
