// RUN: amos-opt --amos-find-mappings --split-input-file --verify-diagnostics %s

func.func @no_epilogue(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error@+1 {{'amos.epilogue' is true, but no elementwise op alone takes the result; write false}}
  %sum = linalg.matmul {amos.epilogue = true} ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %sum : tensor<4x8xf32>
}

// -----

func.func @no_boolean(%a: tensor<4x6xf32>, %b: tensor<6x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-error@+1 {{expected 'amos.epilogue' to be true or false, got "exp"}}
  %sum = linalg.matmul {amos.epilogue = "exp"} ins(%a, %b : tensor<4x6xf32>, tensor<6x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %sum : tensor<4x8xf32>
}
