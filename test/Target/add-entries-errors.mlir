// RUN: amos-opt %s --amos-add-entries --split-input-file --verify-diagnostics

// expected-error @+1 {{no run-time check is known for the CPU feature 'quantum'}}
llvm.func @unknown_feature(%w: !llvm.ptr) attributes {amos.signature = [], amos.features = ["+quantum"]} {
  llvm.return
}

// -----

// expected-error @+1 {{the kernel has 1 arguments, expected 2}}
llvm.func @too_few(%w: !llvm.ptr) attributes {
    amos.workspace = 8 : i64,
    amos.signature = [{dtype = "f32", name = "arg0", role = "in", shape = array<i64: 8>}]} {
  llvm.return
}

// -----

// expected-error @+1 {{'arg0' is '!llvm.ptr' in the kernel, expected a scalar}}
llvm.func @not_a_scalar(%a: !llvm.ptr, %w: !llvm.ptr) attributes {
    amos.signature = [{dtype = "f32", name = "arg0", role = "in"}]} {
  llvm.return
}

// -----

// expected-error @+1 {{expected the kernel to return nothing}}
llvm.func @returns(%w: !llvm.ptr) -> i32 attributes {amos.signature = []} {
  %c = llvm.mlir.constant(0 : i32) : i32
  llvm.return %c : i32
}

// -----

// expected-error @+1 {{malformed entry in 'amos.signature': "x"}}
llvm.func @malformed(%w: !llvm.ptr) attributes {amos.signature = ["x"]} {
  llvm.return
}

// -----

// expected-note @+1 {{the kernel for the first machine}}
llvm.func @f.a(%w: !llvm.ptr) attributes {amos.variant_of = "f", amos.signature = []} {
  llvm.return
}
// expected-error @+1 {{the kernel is '!llvm.func<void ()>', expected '!llvm.func<void (ptr)>' as for the first machine}}
llvm.func @f.b() attributes {amos.variant_of = "f", amos.signature = []} {
  llvm.return
}

// -----

llvm.func @pack(%from: !llvm.ptr, %to: !llvm.ptr) {
  llvm.return
}

llvm.func @f.a(%a: !llvm.ptr, %w: !llvm.ptr) attributes {
    amos.variant_of = "f", amos.signature = [{dtype = "f32", name = "a", role = "in", shape = array<i64: 8>,
                       packer = @pack, packed_bytes = 64 : i64}]} {
  llvm.return
}

// expected-error @+1 {{'amos.signature' has 0 parameters, expected at least 1, as for the first machine}}
llvm.func @f.b(%a: !llvm.ptr, %w: !llvm.ptr) attributes {amos.variant_of = "f", amos.signature = []} {
  llvm.return
}
