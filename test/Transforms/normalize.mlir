// RUN: amos-opt %s -amos-normalize | FileCheck %s

// CHECK-LABEL: @matmul
// CHECK: linalg.generic
// CHECK-SAME: iterator_types = ["parallel", "parallel", "reduction"]
// CHECK-SAME: amos.operation = "linalg.matmul"
func.func @matmul(%a: tensor<8x4xf32>, %b: tensor<4x6xf32>, %c: tensor<8x6xf32>) -> tensor<8x6xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<8x4xf32>, tensor<4x6xf32>)
                     outs(%c : tensor<8x6xf32>) -> tensor<8x6xf32>
  return %d : tensor<8x6xf32>
}
