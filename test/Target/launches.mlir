// Launches become calls, whatever stands around them.
//
// RUN: amos-opt %S/Inputs/kernels.mlir --pass-pipeline='builtin.module(amos-plan-workspace,amos-lower-launches)' | FileCheck %s
// RUN: amosc %S/Inputs/kernels.mlir --start-from=lower --stop-after=emit | FileCheck %s --check-prefix=ENTRY
// RUN: amosc %s --start-from=lower --stop-after=lower | FileCheck %s --check-prefix=LOOP

// CHECK: llvm.mlir.global external @amos.gpu.kernel.chain_kernel0()
// CHECK-LABEL: func.func @chain(
// CHECK-SAME:      %[[X:.*]]: memref<1000xf32>, %[[S:.*]]: f32, %{{.*}}: memref<1000xf32>, %[[W:.*]]: memref<{{[0-9]+}}xi8>, %[[CALL:.*]]: !llvm.ptr)
// CHECK-SAME:      amos.device = #nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">
// CHECK-SAME:      block = array<i64: 128, 1, 1>, grid = array<i64: 8, 1, 1>, kernel = "chain_kernel0"
// CHECK-SAME:      {bytes = 8 : i64, kind = "pointer", offset = 0 : i64, source = "argument:x"}
// CHECK-SAME:      {bytes = 4 : i64, kind = "float", offset = 8 : i64, source = "argument:s"}
// CHECK-SAME:      {bytes = 8 : i64, kind = "pointer", offset = 16 : i64, source = "workspace+0"}
// CHECK-SAME:      kernel = "chain_kernel1"
// CHECK-SAME:      shared = 65536
// CHECK:         %[[P:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK:         %[[A:.*]] = arith.index_cast %[[P]] : index to i64
// CHECK:         llvm.store %[[A]]
// CHECK:         llvm.store %[[S]]
// CHECK:         llvm.call @amos.gpu.launch(%[[CALL]],
// CHECK:         llvm.call @amos.gpu.launch(%[[CALL]],
// CHECK-NOT:     gpu.launch_func
// CHECK:       gpu.func @chain_kernel0({{.*}}) kernel attributes {known_block_size = array<i32: 128, 1, 1>, nvvm.minctasm = 1 : i32}

// The stream comes last, and what the launcher says is returned.
// ENTRY-LABEL: llvm.func @chain(
// ENTRY-SAME:      %{{.*}}: !llvm.ptr, %{{.*}}: f32, %{{.*}}: !llvm.ptr, %[[W:.*]]: !llvm.ptr, %[[STREAM:.*]]: !llvm.ptr) -> i32
// ENTRY:         %[[CALL:.*]] = llvm.alloca
// ENTRY:         llvm.call @amos.gpu.begin(%[[CALL]], %[[STREAM]])
// ENTRY:         llvm.call @amos.kernel.chain({{.*}}, %[[W]], %[[CALL]])
// ENTRY:         %[[STATUS:.*]] = llvm.call @amos.gpu.end(%[[CALL]])
// ENTRY:         llvm.return %[[STATUS]] : i32
// ENTRY-LABEL: llvm.func @chain_call(
// ENTRY-SAME:      %[[LAST:[^ ]*]]: !llvm.ptr) -> i32
// ENTRY:         llvm.call @chain({{.*}}, %[[LAST]])

// Parameters have their place before loops, which the launches stay in.
// LOOP-LABEL: llvm.func @steps(
// LOOP:         llvm.alloca
// LOOP:         llvm.br ^[[HEAD:.*]](
// LOOP:       ^[[HEAD]](
// LOOP-NOT:     llvm.alloca
// LOOP:         llvm.call @amos.gpu.launch
// LOOP:         llvm.br ^[[HEAD]](
module attributes {gpu.container_module} {
  func.func @steps(%x: memref<64xf32>) attributes {amos.signature = [
      {dtype = "f32", name = "x", role = "inout", shape = array<i64: 64>}]} {
    %zero = arith.constant 0 : index
    %one = arith.constant 1 : index
    %five = arith.constant 5 : index
    scf.for %step = %zero to %five step %one {
      gpu.launch_func @steps_kernels::@steps_kernel0 blocks in (%one, %one, %one) threads in (%one, %one, %one)
          args(%x : memref<64xf32>, %step : index)
    }
    return
  }
  gpu.module @steps_kernels [#nvvm.target<chip = "sm_80">] {
    gpu.func @steps_kernel0(%x: memref<64xf32>, %step: index) kernel {
      %v = memref.load %x[%step] : memref<64xf32>
      %w = arith.addf %v, %v : f32
      memref.store %w, %x[%step] : memref<64xf32>
      gpu.return
    }
  }
}
