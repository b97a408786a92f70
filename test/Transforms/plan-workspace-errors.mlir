// RUN: amos-opt %s --amos-plan-workspace --verify-diagnostics

// expected-error @+1 {{'data' needs a buffer whose size depends on more than the extents of its arguments (E-DYNAMIC)}}
func.func @data(%x: memref<4xindex>) {
  %c0 = arith.constant 0 : index
  %n = memref.load %x[%c0] : memref<4xindex>
  %a = memref.alloc(%n) : memref<?xf32>
  return
}
