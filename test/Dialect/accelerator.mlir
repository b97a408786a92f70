// RUN: amos-opt %s | amos-opt | FileCheck %s

// CHECK-DAG: #[[ROWS:.*]] = affine_map<(d0, d1) -> (d0 * 128 + d1)>
// CHECK-DAG: #[[FREE:.*]] = affine_map<(d0, d1) -> (d1)>

// Parts may stand in any order, print without prefix and keep every argument.

// CHECK-LABEL: amos.accelerator @empty {
// CHECK-NEXT: scope @thread
// CHECK-NEXT: }
amos.accelerator @empty {
  scope @thread
}

// CHECK: amos.accelerator @full target(#llvm.target_features<["+avx2"]>) clock(2.000000e+09) attributes {note = "x"} {
amos.accelerator @full target(#llvm.target_features<["+avx2"]>) clock(2.0e9) attributes {note = "x"} {
  // CHECK: layout @rows in @memory #[[ROWS]] atom[256, 128] swizzle[3, 7, 4] align(1024)
  layout @rows in @memory affine_map<(r, b) -> (r * 128 + b)> atom[256, 128] swizzle[3, 7, 4] align(1024)
  // CHECK: scope @core = 8 @thread index {
  // CHECK: } elect {
  // CHECK: } sync {
  // CHECK-NEXT: ^bb0(%{{.*}}: i32):
  // CHECK-NEXT: yield
  scope @core = 8 @thread index {
    %0 = arith.constant 0 : i32
    yield %0 : i32
  } elect {
    %true = arith.constant true
    yield %true : i1
  } sync {
  ^bb0(%slot: i32):
    yield
  }
  scope @thread
  // CHECK: level @memory per @core address(!llvm.ptr) capacity(65536) bandwidth(1.600000e+01) latency(100) access(16) banks[32, 4]
  level @memory per @core address(!llvm.ptr) capacity(65536) bandwidth(16.0) latency(100) access(16) banks[32, 4]
  // CHECK: level @l1 per @core capacity(32768) cache
  level @l1 per @core capacity(32768) cache
  // CHECK: level @shared_cache per @core cache ports(8)
  level @shared_cache per @core cache ports(8)
  // CHECK: level @rows_of_pad per @core address(i32) granule(16) base(1024)
  level @rows_of_pad per @core address(i32) granule(16) base(1024)
  // CHECK: level @register per @thread granule(4) capacity(1020) pool(262144 per @core)
  level @register per @thread granule(4) capacity(1020) pool(262144 per @core)
  // CHECK: layout @free in @memory #[[FREE]] atom[1, 16] strides[0] linear(16) handle {
  layout @free in @memory affine_map<(r, b) -> (b)> atom[1, 16] strides[0] linear(16) handle {
  ^bb0(%base: !llvm.ptr, %stride: i64):
    yield %base : !llvm.ptr
  }
}
