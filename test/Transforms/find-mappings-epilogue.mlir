// RUN: amos-opt --amos-find-mappings %s | FileCheck %s

amos.accelerator @m {
  scope @thread
  intrinsic @fma issue(@thread) class(vector) semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<4xf32>, %c: tensor<4xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f32>, tensor<4xf32>) outs(%c : tensor<4xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<4xf32>
    yield %d : tensor<4xf32>
  }
}

// CHECK-LABEL: func.func @taken
// CHECK:         linalg.matmul {amos.candidates = {{.*}}, amos.epilogue = true,
func.func @taken(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %sum = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %e = linalg.exp ins(%sum : tensor<4x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %e : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @kept_apart
// CHECK:         linalg.matmul {amos.candidates = {{.*}}, amos.epilogue = false,
func.func @kept_apart(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %sum = linalg.matmul {amos.epilogue = false} ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %e = linalg.exp ins(%sum : tensor<4x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %e : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @needed_twice
// CHECK-NOT:     amos.epilogue
func.func @needed_twice(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %sum = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %e = linalg.exp ins(%sum : tensor<4x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %sum, %e : tensor<4x8xf32>, tensor<4x8xf32>
}

// One row of the result for all.
// CHECK-LABEL: func.func @spread
// CHECK-NOT:     amos.epilogue
func.func @spread(%a: tensor<6xf32>, %b: tensor<6x8xf32>, %c: tensor<8xf32>, %d: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %sum = linalg.vecmat ins(%a, %b : tensor<6xf32>, tensor<6x8xf32>) outs(%c : tensor<8xf32>) -> tensor<8xf32>
  %e = linalg.broadcast ins(%sum : tensor<8xf32>) outs(%d : tensor<4x8xf32>) dimensions = [0]
  return %e : tensor<4x8xf32>
}

// The epilogue of the second one reads the result of the first.
// CHECK-LABEL: func.func @added
// CHECK:         linalg.matmul
// CHECK-NOT:     amos.epilogue
// CHECK:         linalg.matmul {{.*}}amos.epilogue = true
func.func @added(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = linalg.matmul ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  %e = linalg.add ins(%0, %1 : tensor<4x8xf32>, tensor<4x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %e : tensor<4x8xf32>
}
