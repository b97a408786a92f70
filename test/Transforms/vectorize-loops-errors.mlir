// RUN: amos-opt --amos-vectorize-loops --split-input-file --verify-diagnostics %s

// expected-error @below {{'amos.vector_bytes' is 1000003, expected 1 to 256; omit it to compute without vectors}}
func.func @beyond_every_register(%a: memref<?xf32>, %c: memref<?xf32>) attributes {amos.vector_bytes = 1000003 : i64} {
  linalg.exp ins(%a : memref<?xf32>) outs(%c : memref<?xf32>)
  return
}

// -----

// expected-error @below {{'amos.vector_bytes' is -16, expected 1 to 256; omit it to compute without vectors}}
func.func @negative() attributes {amos.vector_bytes = -16 : i64} {
  return
}

// -----

// Of any width.
// expected-error @below {{'amos.vector_bytes' is 18446744073709551616, expected 1 to 256; omit it to compute without vectors}}
func.func @beyond_64_bits() attributes {amos.vector_bytes = 18446744073709551616 : i128} {
  return
}
