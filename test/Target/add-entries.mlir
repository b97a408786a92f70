// RUN: amos-opt %s --amos-add-entries | FileCheck %s
// RUN: amos-opt %s --amos-add-entries=prefix=net_ | FileCheck %s --check-prefix=PREFIX

module {
  llvm.mlir.global constant @weights(1 : i32) : i32
  llvm.func @expf(f32) -> f32

  llvm.func @copy(%a: !llvm.ptr, %s: bf16, %r: !llvm.ptr, %w: !llvm.ptr) attributes {
      amos.signature = [{dtype = "f32", name = "arg0", role = "in", shape = array<i64: 8>},
                        {dtype = "bf16", name = "arg1", role = "in"},
                        {dtype = "f32", name = "result0", role = "out", shape = array<i64: 8>}],
      amos.workspace = 512 : i64, amos.features = ["+avx512f", "+avx512bf16"]} {
    llvm.return
  }
}

// Nothing but the interface is visible.
// CHECK: llvm.mlir.global internal constant @weights
// CHECK: llvm.func @expf(f32) -> f32
// CHECK: llvm.func internal @amos.kernel.copy
// CHECK-SAME: no_inline
// CHECK: llvm.func internal @amos.error

// CHECK-LABEL: llvm.func @copy(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[S:.*]]: i16, %{{.*}}: !llvm.ptr, %[[W:.*]]: !llvm.ptr) -> i32
// CHECK-SAME: target_cpu = "x86-64"
// CHECK: llvm.icmp "eq" %[[W]]
// CHECK: llvm.call @amos.cpu.check.copy() : () -> i1
// CHECK: llvm.call @amos.kernel.copy({{.*}}, %[[W]])

// CHECK: llvm.func internal @amos.cpu.check.copy() -> i1

// CHECK-LABEL: llvm.func @copy_call(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr) -> i32
// CHECK-LABEL: llvm.func @copy_workspace_size() -> i64
// CHECK: llvm.mlir.constant(512 : i64)
// CHECK-LABEL: llvm.func @copy_error(%{{.*}}: i32) -> !llvm.ptr

// PREFIX: llvm.func internal @amos.kernel.net_copy
// PREFIX: llvm.func @net_copy_workspace_size
