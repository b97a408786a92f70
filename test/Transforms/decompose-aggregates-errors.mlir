// RUN: amos-opt %s --pass-pipeline='builtin.module(func.func(amos-decompose-aggregates))' --verify-diagnostics

func.func @whole(%a: tensor<4x16xi32>, %e: tensor<4x16xi32>) -> tensor<4x16xi32> {
  // expected-error @+1 {{expected a softmax of floats, found 'tensor<4x16xi32>'}}
  %r = linalg.softmax dimension(1) ins(%a : tensor<4x16xi32>) outs(%e : tensor<4x16xi32>) -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}
