// RUN: amos-opt %s --amos-plan-workspace --split-input-file --verify-diagnostics

// expected-error @+1 {{'data' needs a buffer whose size depends on more than the extents of its arguments (E-DYNAMIC)}}
func.func @data(%x: memref<4xindex>) {
  %c0 = arith.constant 0 : index
  %n = memref.load %x[%c0] : memref<4xindex>
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @grows(%x: memref<16xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  %none = memref.alloc(%c0) : memref<?xf32>
  %last = scf.for %i = %c0 to %c16 step %c1 iter_args(%before = %none) -> (memref<?xf32>) {
    // expected-error @+1 {{'grows' needs a buffer whose size changes while it runs, outside of where it does (E-DYNAMIC)}}
    %a = memref.alloc(%i) : memref<?xf32>
    scf.yield %a : memref<?xf32>
  }
  return
}
