// RUN: amos-opt --amos-split-reductions %s | FileCheck %s

#image = affine_map<(c, n, h, w) -> (n, c, h, w)>
#channel = affine_map<(c, n, h, w) -> (c)>
#matrix = affine_map<(m, k) -> (m, k)>
#row = affine_map<(m, k) -> (m)>
#column = affine_map<(k, n) -> (k, n)>
#sum = affine_map<(k, n) -> (n)>

// CHECK-DAG: #[[PARTS:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d3, d0, d4, d1, d2)>
// CHECK-DAG: #[[OWN:.+]] = affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2)>
// CHECK-DAG: #[[ROWS:.+]] = affine_map<(d0, d1, d2) -> (d0, d2, d1)>
// CHECK-DAG: #[[ROW:.+]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-DAG: #[[COLUMNS:.+]] = affine_map<(d0, d1, d2) -> (d2, d0, d1)>

// 2048 elements of each channel: 32 steps, then 64. What lies together is read by
// threads that do. The mean starts from what it is given, its parts from nothing.
// CHECK-LABEL: func.func @channels
// CHECK:         %[[NONE:.+]] = arith.constant 0.000000e+00 : f32
// CHECK:         linalg.fill ins(%[[NONE]]
// CHECK:         %[[X:.+]] = tensor.expand_shape %arg0 {{\[}}[0], [1], [2, 3], [4]] {{.*}} into tensor<8x4x4x4x16xf32>
// CHECK:         %[[P:.+]] = linalg.generic {indexing_maps = [#[[PARTS]], #[[OWN]]], iterator_types = ["parallel", "parallel", "parallel", "reduction", "reduction"]}
// CHECK-SAME:      ins(%[[X]] : tensor<8x4x4x4x16xf32>) outs({{.*}} : tensor<4x4x16xf32>)
// CHECK:         linalg.generic {{.*}} iterator_types = ["parallel", "reduction", "reduction"]} ins(%[[P]] : tensor<4x4x16xf32>) outs(%arg1 : tensor<4xf32>)
func.func @channels(%x: tensor<8x4x16x16xf32>, %s: tensor<4xf32>) -> tensor<4xf32> attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [#image, #channel], iterator_types = ["parallel", "reduction", "reduction", "reduction"]}
      ins(%x : tensor<8x4x16x16xf32>) outs(%s : tensor<4xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// A thread's elements of a row are as far from each other as there are threads.
// CHECK-LABEL: func.func @greatest
// CHECK:         tensor.expand_shape %arg0 {{\[}}[0], [1, 2]] {{.*}} into tensor<8x16x16xf32>
// CHECK:         linalg.generic {indexing_maps = [#[[ROWS]], #[[ROW]]], iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK:           arith.maximumf
// CHECK:         linalg.generic
// CHECK:           arith.maximumf
func.func @greatest(%x: tensor<8x256xf32>, %s: tensor<8xf32>) -> tensor<8xf32> attributes {amos.target = #nvvm.target} {
  %0 = linalg.reduce ins(%x : tensor<8x256xf32>) outs(%s : tensor<8xf32>) dimensions = [1]
    (%a: f32, %b: f32) {
      %c = arith.maximumf %a, %b : f32
      linalg.yield %c : f32
    }
  return %0 : tensor<8xf32>
}

// Columns are neighbours themselves.
// CHECK-LABEL: func.func @columns
// CHECK:         linalg.generic {indexing_maps = [#[[COLUMNS]], #[[ROW]]], iterator_types = ["parallel", "parallel", "reduction"]}
// CHECK-SAME:      outs({{.*}} : tensor<16x8xi32>)
func.func @columns(%x: tensor<256x8xi32>, %s: tensor<8xi32>) -> tensor<8xi32> attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [#column, #sum], iterator_types = ["reduction", "parallel"]}
      ins(%x : tensor<256x8xi32>) outs(%s : tensor<8xi32>) {
  ^bb0(%a: i32, %b: i32):
    %c = arith.addi %b, %a : i32
    linalg.yield %c : i32
  } -> tensor<8xi32>
  return %0 : tensor<8xi32>
}

// Parts of 16384 results are no more than a device has threads for: 16 of each.
// CHECK-LABEL: func.func @many
// CHECK:         tensor.expand_shape %arg0 {{\[}}[0], [1, 2]] {{.*}} into tensor<128x65536x16xf32>
// CHECK:         linalg.generic {{.*}} outs({{.*}} : tensor<128x128x16xf32>)
func.func @many(%x: tensor<128x1048576xf32>, %y: tensor<128x1048576xf32>, %s: tensor<128x128xf32>) -> tensor<128x128xf32>
    attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (j, k)>, affine_map<(i, j, k) -> (i, j)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%x, %y : tensor<128x1048576xf32>, tensor<128x1048576xf32>) outs(%s : tensor<128x128xf32>) {
  ^bb0(%a: f32, %b: f32, %o: f32):
    %d = arith.subf %a, %b : f32
    %q = arith.mulf %d, %d : f32
    %c = arith.addf %o, %q : f32
    linalg.yield %c : f32
  } -> tensor<128x128xf32>
  return %0 : tensor<128x128xf32>
}

// CHECK-LABEL: func.func @few
// CHECK-NOT:     tensor.expand_shape
func.func @few(%x: tensor<8x64xf32>, %s: tensor<8xf32>) -> tensor<8xf32> attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x64xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// Numbers of steps without divisors, and what is no sum of parts, stay.
// CHECK-LABEL: func.func @indivisible
// CHECK-NOT:     tensor.expand_shape
func.func @indivisible(%x: tensor<8x257xf32>, %y: tensor<8x256xf32>, %s: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>)
    attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x257xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<8xf32>
  %1 = linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%y : tensor<8x256xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.divf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<8xf32>
  return %0, %1 : tensor<8xf32>, tensor<8xf32>
}

// CHECK-LABEL: func.func @processor
// CHECK-NOT:     tensor.expand_shape
func.func @processor(%x: tensor<8x256xf32>, %s: tensor<8xf32>) -> tensor<8xf32> {
  %0 = linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x256xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}

// CHECK-LABEL: func.func @endless
// CHECK:         tensor.expand_shape
func.func @endless(%x: tensor<8x4000000000010000xf32>, %s: tensor<8xf32>) -> tensor<8xf32> attributes {amos.target = #nvvm.target} {
  %0 = linalg.generic {indexing_maps = [#matrix, #row], iterator_types = ["parallel", "reduction"]}
      ins(%x : tensor<8x4000000000010000xf32>) outs(%s : tensor<8xf32>) {
  ^bb0(%a: f32, %b: f32):
    %c = arith.addf %b, %a : f32
    linalg.yield %c : f32
  } -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
