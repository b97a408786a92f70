// RUN: amos-opt --pass-pipeline="builtin.module(func.func(amos-fuse-elementwise))" %s | FileCheck %s

#id = affine_map<(d0, d1) -> (d0, d1)>
#column = affine_map<(d0, d1) -> (d1)>

// Named ops, a broadcast and a fill become one body behind the contraction.
// CHECK-LABEL: func.func @chain
// CHECK:         %[[SUM:.+]] = linalg.matmul
// CHECK:         %[[R:.+]] = linalg.generic
// CHECK-SAME:      ins(%[[SUM]], %arg2 : tensor<4x8xf32>, tensor<8xf32>)
// CHECK-NEXT:    ^bb0(%[[S:.+]]: f32, %[[B:.+]]: f32, %{{.+}}: f16):
// CHECK-NEXT:      %[[A:.+]] = arith.addf %[[S]], %[[B]]
// CHECK-NEXT:      %[[M:.+]] = arith.maximumf %[[A]], %cst
// CHECK-NEXT:      %[[T:.+]] = arith.truncf %[[M]]
// CHECK-NEXT:      linalg.yield %[[T]] : f16
// CHECK-NOT:     linalg.generic
// CHECK:         return %[[R]]
func.func @chain(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %bias: tensor<8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf16> {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %sum = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %all = linalg.broadcast ins(%bias : tensor<8xf32>) outs(%e : tensor<4x8xf32>) dimensions = [0]
  %1 = linalg.add ins(%sum, %all : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %zeros = linalg.fill ins(%zero : f32) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = linalg.max ins(%1, %zeros : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %h = tensor.empty() : tensor<4x8xf16>
  %3 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%2 : tensor<4x8xf32>) outs(%h : tensor<4x8xf16>) {
  ^bb0(%x: f32, %o: f16):
    %t = arith.truncf %x : f32 to f16
    linalg.yield %t : f16
  } -> tensor<4x8xf16>
  return %3 : tensor<4x8xf16>
}

// Two branches meet again; the sum is read once.
// CHECK-LABEL: func.func @diamond
// CHECK:         linalg.generic
// CHECK-SAME:      ins(%arg0 : tensor<4x8xf32>)
// CHECK-NEXT:    ^bb0(%[[X:.+]]: f32, %{{.+}}: f32):
// CHECK-NEXT:      %[[T:.+]] = math.tanh %[[X]]
// CHECK-NEXT:      %[[E:.+]] = math.exp %[[X]]
// CHECK-NEXT:      %[[P:.+]] = arith.mulf %[[E]], %[[T]]
// CHECK-NOT:     linalg.generic
// CHECK:         return
func.func @diamond(%a: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %e = tensor.empty() : tensor<4x8xf32>
  %1 = linalg.exp ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %2 = linalg.tanh ins(%a : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  %3 = linalg.mul ins(%1, %2 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %3 : tensor<4x8xf32>
}

// A result that something else needs stays, and what would be computed for each
// row again does so, too.
// CHECK-LABEL: func.func @apart
// CHECK:         %[[ROOTS:.+]] = linalg.generic
// CHECK:           math.rsqrt
// CHECK:         %[[SCALED:.+]] = linalg.generic
// CHECK-SAME:      ins(%arg0, %[[ROOTS]] :
// CHECK:         %[[CLAMPED:.+]] = linalg.generic
// CHECK-SAME:      ins(%[[SCALED]] :
// CHECK:         return %[[SCALED]], %[[CLAMPED]]
func.func @apart(%a: tensor<4x8xf32>, %v: tensor<8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %zero = arith.constant 0.0 : f32
  %e = tensor.empty() : tensor<4x8xf32>
  %ev = tensor.empty() : tensor<8xf32>
  %roots = linalg.rsqrt ins(%v : tensor<8xf32>) outs(%ev : tensor<8xf32>) -> tensor<8xf32>
  %1 = linalg.generic {indexing_maps = [#id, #column, #id], iterator_types = ["parallel", "parallel"]}
      ins(%a, %roots : tensor<4x8xf32>, tensor<8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %y: f32, %o: f32):
    %m = arith.mulf %x, %y : f32
    linalg.yield %m : f32
  } -> tensor<4x8xf32>
  %2 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel", "parallel"]}
      ins(%1 : tensor<4x8xf32>) outs(%e : tensor<4x8xf32>) {
  ^bb0(%x: f32, %o: f32):
    %m = arith.maximumf %x, %zero : f32
    linalg.yield %m : f32
  } -> tensor<4x8xf32>
  return %1, %2 : tensor<4x8xf32>, tensor<4x8xf32>
}

// CHECK-LABEL: func.func @constant
// CHECK:         linalg.generic
// CHECK-SAME:      outs(%{{.+}} : tensor<8xf32>)
// CHECK:           %[[E:.+]] = math.exp %{{.+}} : f32
// CHECK:           math.tanh %[[E]]
// CHECK-NOT:     linalg.generic
func.func @constant() -> tensor<8xf32> {
  %c = arith.constant dense<2.0> : tensor<8xf32>
  %e = tensor.empty() : tensor<8xf32>
  %1 = linalg.exp ins(%c : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  %2 = linalg.tanh ins(%1 : tensor<8xf32>) outs(%e : tensor<8xf32>) -> tensor<8xf32>
  return %2 : tensor<8xf32>
}
