// RUN: amos-opt %s --amos-record-signature --amos-make-reference --split-input-file --verify-diagnostics

func.func @bits(%x: tensor<4xf32>) -> tensor<4xi32> {
  // expected-error @+1 {{no reference can be made: 'arith.bitcast' depends on the width of floats}}
  %r = arith.bitcast %x : tensor<4xf32> to tensor<4xi32>
  return %r : tensor<4xi32>
}

// -----

func.func @no_data() -> tensor<4xf32> {
  // expected-error @+1 {{no reference can be made: the resource 'lost' has not the data of 'tensor<4xf32>'}}
  %r = arith.constant dense_resource<lost> : tensor<4xf32>
  return %r : tensor<4xf32>
}
