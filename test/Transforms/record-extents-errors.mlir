// RUN: amos-opt %s --amos-record-signature --amos-record-extents --split-input-file --verify-diagnostics

// expected-error @+1 {{the extents of 'data' are unknown and depend on 'tensor.extract', so they cannot be checked on entry (E-DYNAMIC)}}
func.func @data(%n: tensor<index>) -> tensor<?xf32> {
  %size = tensor.extract %n[] : tensor<index>
  %r = tensor.empty(%size) : tensor<?xf32>
  return %r : tensor<?xf32>
}

// -----

// expected-error @+1 {{the extents of 'branches' are unknown and it branches, so they cannot be checked on entry (E-DYNAMIC)}}
func.func @branches(%x: tensor<?xf32>, %flag: i1) -> tensor<?xf32> {
  cf.cond_br %flag, ^a, ^b
^a:
  return %x : tensor<?xf32>
^b:
  return %x : tensor<?xf32>
}
