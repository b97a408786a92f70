// RUN: amos-opt %s --amos-refuse-dynamic --split-input-file --verify-diagnostics

func.func @fixed(%x: tensor<4xf32>, %s: f32) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

// expected-error @+1 {{'argument' takes or returns 'memref<?x4xf32>'; code is made for fixed extents only, so replace each '?' by a number (E-DYNAMIC)}}
func.func @argument(%x: memref<?x4xf32>) {
  return
}

// -----

// expected-error @+1 {{'result' takes or returns 'tensor<?xf32>'}}
func.func @result(%n: index) -> tensor<?xf32> {
  %r = tensor.empty(%n) : tensor<?xf32>
  return %r : tensor<?xf32>
}
