// Kernels that the program brings may ask for what the code generator does not
// have: the program's mistake, not a crash.
//
// RUN: %exits 1 amosc %s --start-from=lower --emit=ptx --out-dir %t 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --emit=ptx --out-dir %t 2>&1 | FileCheck %s
// CHECK: error: the code generator gave up: unsupported library call operation
// CHECK: note: this code comes from the program's own kernels

gpu.module @kernels [#nvvm.target<chip = "sm_80">] {
  gpu.func @twice(%x: memref<64xf80>) kernel {
    %t = gpu.thread_id x
    %v = memref.load %x[%t] : memref<64xf80>
    %w = arith.addf %v, %v : f80
    memref.store %w, %x[%t] : memref<64xf80>
    gpu.return
  }
}
