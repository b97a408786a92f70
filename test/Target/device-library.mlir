// Mathematical functions come from the toolkit's library; nothing of it is left
// that nobody calls. Several modules of kernels become one file, whatever else in
// them has the same name.
//
// REQUIRES: ptxas
// RUN: amosc %s --start-from=lower --emit=ptx -o - | FileCheck %s
// RUN: amosc %s --start-from=lower --emit=cubin -o %t.cubin

// CHECK-NOT:   .func
// CHECK:       .entry exponential(
// CHECK:       .shared {{.*}} staged[256]
// CHECK:       ex2.approx
// CHECK-NOT:   .func
// CHECK:       .entry logarithm(
// CHECK:       .shared {{.*}} staged_
module attributes {gpu.container_module} {
  gpu.module @first [#nvvm.target<chip = "sm_80">] {
    llvm.mlir.global internal @staged() {addr_space = 3 : i32} : !llvm.array<64 x f32>
    gpu.func @exponential(%x: memref<64xf32>) kernel {
      %t = gpu.thread_id x
      %i = arith.index_cast %t : index to i32
      %s = llvm.mlir.addressof @staged : !llvm.ptr<3>
      %p = llvm.getelementptr %s[%i] : (!llvm.ptr<3>, i32) -> !llvm.ptr<3>, f32
      %v = memref.load %x[%t] : memref<64xf32>
      llvm.store %v, %p : f32, !llvm.ptr<3>
      gpu.barrier
      %w = llvm.load %s : !llvm.ptr<3> -> f32
      %e = math.exp %w : f32
      memref.store %e, %x[%t] : memref<64xf32>
      gpu.return
    }
  }
  gpu.module @second [#nvvm.target<chip = "sm_80">] {
    llvm.mlir.global internal @staged() {addr_space = 3 : i32} : !llvm.array<32 x f32>
    gpu.func @logarithm(%x: memref<64xf32>) kernel {
      %t = gpu.thread_id x
      %s = llvm.mlir.addressof @staged : !llvm.ptr<3>
      %v = memref.load %x[%t] : memref<64xf32>
      llvm.store %v, %s : f32, !llvm.ptr<3>
      gpu.barrier
      %w = llvm.load %s : !llvm.ptr<3> -> f32
      %e = math.log %w : f32
      %h = math.erf %e : f32
      memref.store %h, %x[%t] : memref<64xf32>
      gpu.return
    }
  }
}
