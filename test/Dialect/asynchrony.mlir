// RUN: amos-opt %s | amos-opt | FileCheck %s

// CHECK-LABEL: amos.accelerator @m {
amos.accelerator @m {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(4) capacity(1020)
  // CHECK: group @queue issue(@thread) outstanding(16) interlocked begin {
  // CHECK: } commit {
  // CHECK: } wait {
  // CHECK: } wait_read {
  group @queue issue(@thread) outstanding(16) interlocked begin {
    yield
  } commit {
    yield
  } wait {
  ^bb0(%n: i32):
    yield
  } wait_read {
  ^bb0(%n: i32):
    yield
  }
  // CHECK: barrier @arrivals in @memory bytes(8) limit(1024) init {
  // CHECK: } arrive {
  // CHECK: } expect {
  // CHECK: } wait {
  barrier @arrivals in @memory bytes(8) limit(1024) init {
  ^bb0(%b: !llvm.ptr, %count: i32):
    yield
  } arrive {
  ^bb0(%b: !llvm.ptr):
    yield
  } expect {
  ^bb0(%b: !llvm.ptr, %bytes: i32):
    yield
  } wait {
  ^bb0(%b: !llvm.ptr, %phase: i32):
    yield
  // CHECK: } arrive_at {
  } arrive_at {
  ^bb0(%b: !llvm.ptr):
    yield
  }
  // CHECK: fence "generic" to "async" in @memory lowering {
  fence "generic" to "async" in @memory lowering {
    yield
  }
  // CHECK: budget @registers of @register issue(@thread) granule(8) range[24, 240] shrink {
  // CHECK: } grow {
  budget @registers of @register issue(@thread) granule(8) range[24, 240] shrink {
  ^bb0(%n: i32):
    yield
  } grow {
  ^bb0(%n: i32):
    yield
  }
  // CHECK: overlap @launches admit {
  // CHECK: } await {
  overlap @launches admit {
    yield
  } await {
    yield
  }
  // CHECK: cluster @cluster of @thread at_once[4, 2] in @memory bandwidth(1.600000e+01) sync {
  // CHECK: } reach {
  cluster @cluster of @thread at_once[4, 2] in @memory bandwidth(16.0) sync {
    yield
  } reach {
  ^bb0(%own: !llvm.ptr, %part: i32):
    yield %own : !llvm.ptr
  }
  // CHECK: state @mode per @thread function {a} enter {
  // CHECK: } leave {
  state @mode per @thread function {a} enter {
    yield
  } leave {
    yield
  }
  // CHECK: copy @fetch issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.fragment<(d0) -> (0, d0)>) extents[1, 16] element(1) view("async") completes(@arrivals) bounds("zero") align(16) stride_align(16) interval(2.000000e+00 per @thread) state(@mode) partial[1] lowering {
  copy @fetch issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.fragment<(e) -> (0, e)>)
      extents[1, 16] element(1) view("async") completes(@arrivals) bounds("zero") align(16) stride_align(16)
      interval(2.0 per @thread) state(@mode) partial[1] lowering {
  ^bb0(%from: !llvm.ptr, %done: !llvm.ptr, %n: i32):
    %v = llvm.load %from : !llvm.ptr -> vector<16xi8>
    yield %v : vector<16xi8>
  }
  // CHECK: copy @to_several issue(@thread)
  // CHECK: } multicast {
  copy @to_several issue(@thread) from(#amos.rows<@memory, 16, () -> (0, 0)>) to(#amos.rows<@memory, 16, () -> (0, 0)>)
      extents[1, 16] element(1) completes(@arrivals) lowering {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr, %done: !llvm.ptr):
    yield
  } multicast {
  ^bb0(%from: !llvm.ptr, %to: !llvm.ptr, %done: !llvm.ptr, %parts: i16):
    yield
  }
  // CHECK: copy @box issue(@thread) from(#amos.tensor<@memory, 2, (d0, d1)[s0, s1, s2] -> (d0 * s2 + s0, d1 + s1)>) to(#amos.rows<@memory, 16, () -> (0, 0)>) extents[1, 16] element(1) completes(@queue) bounds("clip") epilogue {
  // CHECK: } descriptor(64) {
  copy @box issue(@thread) from(#amos.tensor<@memory, 2, (i, j)[i0, j0, s] -> (i0 + i * s, j0 + j)>)
      to(#amos.rows<@memory, 16, () -> (0, 0)>) extents[1, 16] element(1) completes(@queue) bounds("clip") epilogue {
  ^bb0(%x: i8, %limit: i8):
    %y = arith.minsi %x, %limit : i8
    yield %y : i8
  } descriptor(64) {
  ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %s: i32):
    yield
  } lowering {
  ^bb0(%map: !llvm.ptr, %i: i32, %j: i32, %s: i32, %to: !llvm.ptr, %limit: i8):
    yield
  // CHECK: } prefetch {
  } prefetch {
  ^bb0(%map: !llvm.ptr):
    yield
  }
}
