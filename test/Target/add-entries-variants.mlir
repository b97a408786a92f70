// RUN: amos-opt %s --amos-add-entries | FileCheck %s

// Three machines: two are asked for, the third is always there.
llvm.func @f.a(%x: !llvm.ptr, %w: !llvm.ptr) attributes {
    amos.variant_of = "f", amos.features = ["+avx512f"], amos.workspace = 512 : i64,
    amos.signature = [{dtype = "f32", name = "x", role = "inout", shape = array<i64: 8>}]} {
  llvm.return
}
llvm.func @f.b(%x: !llvm.ptr, %w: !llvm.ptr) attributes {
    amos.variant_of = "f", amos.features = ["+avx2"], amos.workspace = 1024 : i64,
    amos.signature = [{dtype = "f32", name = "x", role = "inout", shape = array<i64: 8>}]} {
  llvm.return
}
llvm.func @f.c(%x: !llvm.ptr, %w: !llvm.ptr) attributes {
    amos.variant_of = "f",
    amos.signature = [{dtype = "f32", name = "x", role = "inout", shape = array<i64: 8>}]} {
  llvm.return
}

// CHECK: llvm.func internal @amos.kernel.f.a
// CHECK: llvm.func internal @amos.kernel.f.b
// CHECK: llvm.func internal @amos.kernel.f.c
// CHECK-LABEL: llvm.func @f(
// CHECK-SAME: target_cpu = "x86-64"
// CHECK: %[[A:.*]] = llvm.call @amos.cpu.check.f.a()
// CHECK: llvm.cond_br %[[A]], ^[[RUNA:.*]], ^[[NEXT:.*]]
// CHECK: ^[[RUNA]]:
// CHECK: llvm.call @amos.kernel.f.a(
// CHECK: ^[[NEXT]]:
// CHECK: %[[B:.*]] = llvm.call @amos.cpu.check.f.b()
// CHECK: llvm.cond_br %[[B]], ^[[RUNB:.*]], ^[[LAST:.*]]
// CHECK: ^[[RUNB]]:
// CHECK: llvm.call @amos.kernel.f.b(
// CHECK: ^[[LAST]]:
// CHECK: llvm.call @amos.kernel.f.c(
// CHECK-NOT: llvm.func @f.
// CHECK-LABEL: llvm.func @f_workspace_size() -> i64
// CHECK: llvm.mlir.constant(1024 : i64)
