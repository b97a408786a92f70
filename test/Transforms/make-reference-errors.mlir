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

// -----

// expected-error @+1 {{no reference can be made: an argument is 'vector<4xf16>', expected a number, a tensor or a memref of known rank}}
func.func @vector(%x: vector<4xf16>) attributes {
    amos.signature = [{dtype = "f16", name = "arg0", role = "in", shape = array<i64: 4>}]} {
  return
}

// -----

// expected-error @+1 {{no reference can be made: 'amos.signature' has 0 parameters, expected 1: the arguments and the results}}
func.func @says_too_little(%x: tensor<4xf16>) attributes {amos.signature = []} {
  return
}
