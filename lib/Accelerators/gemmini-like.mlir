//===- gemmini-like.mlir - A weight-stationary array behind C calls ------===//
//
// An array of 16x16 multiply-adds with a scratchpad and an accumulator memory that
// code addresses by row numbers. Work is queued in order; consumers on the machine
// wait by themselves. Rates are those of an array that takes one row a cycle.
//
//===----------------------------------------------------------------------===//

#scratch = #amos.memory<@scratch_rows[0, 1]>
#accumulate = #amos.memory<@accumulator_rows[0, 1]>
#dram = #amos.memory<@rows[0, 1]>

amos.accelerator @gemmini_like clock(1.0e9) {
  scope @core

  level @dram per @core address(!llvm.ptr) bandwidth(16.0) latency(100) access(8)
  level @scratchpad per @core address(i32) granule(16) capacity(262144) bandwidth(16.0)
  level @accumulator per @core address(i32) granule(64) base(0x80000000) capacity(65536) bandwidth(64.0)

  layout @rows in @dram affine_map<(r, b) -> (b)> atom[1, 16] strides[0]
  layout @scratch_rows in @scratchpad affine_map<(r, b) -> (r * 16 + b)> atom[16, 16]
  layout @accumulator_rows in @accumulator affine_map<(r, b) -> (r * 64 + b)> atom[16, 64]

  llvm.func @gemmini_fence()
  llvm.func @gemmini_config_ld(i64, i32)
  llvm.func @gemmini_config_st(i64, f32)
  llvm.func @gemmini_mvin(!llvm.ptr, i32, i32, i32)
  llvm.func @gemmini_mvin2(!llvm.ptr, i32, i32, i32)
  llvm.func @gemmini_mvout(!llvm.ptr, i32, i32, i32)
  llvm.func @gemmini_preload(i32, i32, i32, i32, i32, i32)
  llvm.func @gemmini_compute_preloaded(i32, i32, i32, i32, i32, i32)

  group @rob issue(@core) outstanding(16) interlocked wait {
  ^bb0(%n: i32):
    llvm.call @gemmini_fence() : () -> ()
    yield
  }

  state @stride_a per @core enter {
  ^bb0(%stride: i64):
    %0 = arith.constant 0 : i32
    llvm.call @gemmini_config_ld(%stride, %0) : (i64, i32) -> ()
    yield
  }
  state @stride_b per @core enter {
  ^bb0(%stride: i64):
    %1 = arith.constant 1 : i32
    llvm.call @gemmini_config_ld(%stride, %1) : (i64, i32) -> ()
    yield
  }
  state @store per @core enter {
  ^bb0(%stride: i64, %scale: f32):
    llvm.call @gemmini_config_st(%stride, %scale) : (i64, f32) -> ()
    yield
  }

  copy @mvin_a issue(@core) from(#dram) to(#scratch) extents[16, 16] element(1)
      completes(@rob) interval(16.0 per @core) state(@stride_a) partial[0, 1] lowering {
  ^bb0(%from: !llvm.ptr, %to: i32, %rows: i32, %cols: i32):
    llvm.call @gemmini_mvin(%from, %to, %cols, %rows) : (!llvm.ptr, i32, i32, i32) -> ()
    yield
  }
  copy @mvin_b issue(@core) from(#dram) to(#scratch) extents[16, 16] element(1)
      completes(@rob) interval(16.0 per @core) state(@stride_b) partial[0, 1] lowering {
  ^bb0(%from: !llvm.ptr, %to: i32, %rows: i32, %cols: i32):
    llvm.call @gemmini_mvin2(%from, %to, %cols, %rows) : (!llvm.ptr, i32, i32, i32) -> ()
    yield
  }
  // Scales, rounds and saturates on the way out.
  copy @mvout issue(@core) from(#accumulate) to(#dram) extents[16, 16] element(1)
      completes(@rob) interval(16.0 per @core) state(@store) partial[0, 1] epilogue {
  ^bb0(%x: i32, %scale: f32):
    %f = arith.sitofp %x : i32 to f32
    %m = arith.mulf %f, %scale : f32
    %r = math.roundeven %m : f32
    %lo = arith.constant -128.0 : f32
    %hi = arith.constant 127.0 : f32
    %a = arith.maximumf %r, %lo : f32
    %b = arith.minimumf %a, %hi : f32
    %y = arith.fptosi %b : f32 to i8
    yield %y : i8
  } lowering {
  ^bb0(%from: i32, %to: !llvm.ptr, %rows: i32, %cols: i32):
    llvm.call @gemmini_mvout(%to, %from, %cols, %rows) : (!llvm.ptr, i32, i32, i32) -> ()
    yield
  }

  // Bit 30 of the accumulator's address adds to what is there.
  intrinsic @matmul_ws issue(@core) class(matrix) operands[#scratch, #scratch, #accumulate]
      group(@rob) interval(16.0 per @core) partial[0, 1, 2] overwrite semantics {
  ^bb0(%a: tensor<16x16xi8>, %b: tensor<16x16xi8>, %c: tensor<16x16xi32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xi8>, tensor<16x16xi8>)
        outs(%c : tensor<16x16xi32>) -> tensor<16x16xi32>
    yield %d : tensor<16x16xi32>
  } lowering {
  ^bb0(%a: i32, %b: i32, %c: i32, %m: i32, %n: i32, %k: i32, %overwrite: i1):
    %bit = arith.constant 0x40000000 : i32
    %0 = arith.constant 0 : i32
    %add = arith.select %overwrite, %0, %bit : i32
    %to = arith.ori %c, %add : i32
    %none = arith.constant -1 : i32
    llvm.call @gemmini_preload(%b, %to, %n, %k, %n, %m) : (i32, i32, i32, i32, i32, i32) -> ()
    llvm.call @gemmini_compute_preloaded(%a, %none, %k, %m, %n, %m) : (i32, i32, i32, i32, i32, i32) -> ()
    yield
  }
}
