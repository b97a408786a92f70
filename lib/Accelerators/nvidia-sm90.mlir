//===- nvidia-sm90.mlir - Tensor cores of the Hopper kind ----------------===//
//
// Operands of the tensor cores lie in swizzled shared memory, written by a copy engine
// that completes barriers; accumulators are spread over the 128 lanes of a warpgroup.
// What those refuse is left to the products of a warp that the earlier kinds have.
// Rates are the vendor's peak divided by cores and clock, of a warp's products what
// is left of it; bandwidths and latencies are starting values to calibrate.
//
//===----------------------------------------------------------------------===//

// Half a row of the accumulator for each lane: 104 and 208 stand for the columns.
!acc104_f32 = !llvm.struct<(
    f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32,
    f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32,
    f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32,
    f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32, f32)>
!acc208_s32 = !llvm.struct<(
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32,
    i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32)>

#accumulator = #amos.fragment<(l, e) -> (l floordiv 32 * 16 + (l mod 32) floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#staged = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#staged_rows = #amos.rows<@shared, 16, (l) -> (l mod 16, l floordiv 16 * 8)>
#a_mk = #amos.memory<@kmajor128[0, 1]>
#a_km = #amos.memory<@mnmajor128[0, 1]>
#b_kn = #amos.memory<@mnmajor128[1, 0]>
#b_nk = #amos.memory<@kmajor128[1, 0]>
#lines = #amos.memory<@rows128[0, 1]>
#box = #amos.tensor<@global, 2, (i, j)[i0, j0, si] -> (i0 + i * si, j0 + j)>
// The same of one of many matrices, which is nothing where a number of its is outside.
#slab = #amos.tensor<@global, 4, (i, j)[y, x, i0, j0, si] -> (y, x, i0 + i * si, j0 + j)>
// Image, row, column and channel of pixel x0 + x and channel c0 + c under filter tap (r, s).
#window = #amos.tensor<@global, 4, (x, c)[x0, c0, r, s, p, q, st, pad, dil] ->
  ((x + x0) floordiv (p * q), ((x + x0) floordiv q) mod p * st + r * dil - pad, (x + x0) mod q * st + s * dil - pad, c + c0)>

// Steps of at most eight rows of the tensor from one row of the box to the next.
#steps = affine_set<(i, j)[i0, j0, si] : (si - 1 >= 0, 8 - si >= 0)>
#slab_steps = affine_set<(a, b, i, j)[y, x, i0, j0, si] : (si - 1 >= 0, 8 - si >= 0)>

// The engine holds where the first tap's last pixel lies beyond the image in a byte, how
// far another tap lies behind the first in one without a sign (PTX ISA, im2col offsets),
// and steps of at most eight pixels.
#corners = affine_set<(n, h, w, c)[x0, c0, r, s, p, q, st, pad, dil] :
  ((p - 1) * st - pad - h + 129 >= 0, 126 + (1 - p) * st + pad + h >= 0,
   (q - 1) * st - pad - w + 129 >= 0, 126 + (1 - q) * st + pad + w >= 0,
   r * dil >= 0, 255 - r * dil >= 0, s * dil >= 0, 255 - s * dil >= 0, 128 - pad >= 0, 8 - st >= 0)>

// The same with a plane in front of the row; the engine has five bits for each of three.
#volume = #amos.tensor<@global, 5, (x, c)[x0, c0, t, r, s, o, p, q, st, pad, dil] ->
  ((x + x0) floordiv (o * p * q), ((x + x0) floordiv (p * q)) mod o * st + t * dil - pad,
   ((x + x0) floordiv q) mod p * st + r * dil - pad, (x + x0) mod q * st + s * dil - pad, c + c0)>
#volume_corners = affine_set<(n, d, h, w, c)[x0, c0, t, r, s, o, p, q, st, pad, dil] :
  ((o - 1) * st - pad - d + 17 >= 0, 14 + (1 - o) * st + pad + d >= 0,
   (p - 1) * st - pad - h + 17 >= 0, 14 + (1 - p) * st + pad + h >= 0,
   (q - 1) * st - pad - w + 17 >= 0, 14 + (1 - q) * st + pad + w >= 0,
   t * dil >= 0, 31 - t * dil >= 0, r * dil >= 0, 31 - r * dil >= 0,
   s * dil >= 0, 31 - s * dil >= 0, 16 - pad >= 0, 8 - st >= 0)>

amos.accelerator @nvidia_sm90 extends @nvidia_sm80
    target(#nvvm.target<O = 3, chip = "sm_90a", features = "+ptx88">) clock(1.83e9) {
  scope @warp = 32 @thread index {
    %t = nvvm.read.ptx.sreg.tid.x range <i32, 0, 1024> : i32
    %5 = arith.constant 5 : i32
    %w = arith.shrui %t, %5 : i32
    %0 = arith.constant 0 : i32
    %all = arith.constant -1 : i32
    %31 = arith.constant 31 : i32
    %u = nvvm.shfl.sync idx %all, %w, %0, %31 : i32 -> i32
    %3 = arith.constant 3 : i32
    %i = arith.andi %u, %3 : i32
    yield %i : i32
  } elect {
    %p = nvvm.elect.sync -> i1
    yield %p : i1
  }
  scope @warpgroup = 4 @warp index {
    %t = nvvm.read.ptx.sreg.tid.x range <i32, 0, 1024> : i32
    %7 = arith.constant 7 : i32
    %w = arith.shrui %t, %7 : i32
    %0 = arith.constant 0 : i32
    %all = arith.constant -1 : i32
    %31 = arith.constant 31 : i32
    %u = nvvm.shfl.sync idx %all, %w, %0, %31 : i32 -> i32
    yield %u : i32
  } sync {
  ^bb0(%slot: i32):
    %n = arith.constant 128 : i32
    nvvm.barrier id = %slot number_of_threads = %n
    yield
  }
  scope @core = 8 @warpgroup index {
    %b = nvvm.read.ptx.sreg.ctaid.x range <i32, 0, 2147483647> : i32
    yield %b : i32
  } sync {
  ^bb0(%slot: i32):
    nvvm.barrier0
    yield
  }
  change @device count(132)

  change @global bandwidth(2600.0), latency(800)
  // What the cores of one of eight clusters ask for at about the same time is merged.
  change @l2 capacity(52428800), bandwidth(6500.0), ports(8)
  change @shared capacity(232448), latency(30)

  // Measured on an H200: a warp's products reach three fifths of the unit.
  change @"mma_*" interval(1.6)
  change @mma_m8n8k4_f64 interval(2.0)
  change @fma_m32n16k4_f32 interval(16.0)
  change @fma_lanes_f32 interval(0.5)
  change @fma_lanes_f64 interval(1.0)

  budget @setmaxnreg of @register issue(@warpgroup) granule(8) range[24, 240] shrink {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "setmaxnreg.dec.sync.aligned.u32 $0;", "n" %n : (i32) -> ()
    yield
  } grow {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "setmaxnreg.inc.sync.aligned.u32 $0;", "n" %n : (i32) -> ()
    yield
  }

  // The wait is written as text: as an operation it would not keep loads behind it.
  overlap @launches admit {
    nvvm.griddepcontrol launch_dependents
    yield
  } await {
    llvm.inline_asm has_side_effects asm_dialect = att "griddepcontrol.wait;", "~{memory}" : () -> ()
    yield
  }

  // What the driver says of an H200: clusters do not cross the borders of what cores
  // are grouped in.
  cluster @cluster of @core at_once[132, 66, 39, 30, 22, 17, 15, 15] in @shared bandwidth(16.0) sync {
    nvvm.cluster.arrive
    nvvm.cluster.wait
    yield
  } reach {
  ^bb0(%own: !llvm.ptr<3>, %part: i32):
    %p = nvvm.mapa %own, %part : !llvm.ptr<3> -> !llvm.ptr<7>
    yield %p : !llvm.ptr<7>
  }

  group @wgmma issue(@warpgroup) begin {
    nvvm.wgmma.fence.aligned
    yield
  } commit {
    nvvm.wgmma.commit.group.sync.aligned
    yield
  } wait {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "wgmma.wait_group.sync.aligned $0;", "n,~{memory}" %n : (i32) -> ()
    yield
  }
  group @bulk issue(@thread) commit {
    nvvm.cp.async.bulk.commit.group
    yield
  } wait {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "cp.async.bulk.wait_group $0;", "n,~{memory}" %n : (i32) -> ()
    yield
  } wait_read {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "cp.async.bulk.wait_group.read $0;", "n,~{memory}" %n : (i32) -> ()
    yield
  }

  barrier @mbarrier in @shared bytes(8) limit(1048575) init {
  ^bb0(%b: !llvm.ptr<3>, %count: i32):
    nvvm.mbarrier.init %b, %count : !llvm.ptr<3>, i32
    nvvm.fence.mbarrier.init
    yield
  } arrive {
  ^bb0(%b: !llvm.ptr<3>):
    %t = nvvm.mbarrier.arrive %b : !llvm.ptr<3> -> i64
    yield
  } expect {
  ^bb0(%b: !llvm.ptr<3>, %bytes: i32):
    nvvm.mbarrier.arrive.expect_tx %b, %bytes : !llvm.ptr<3>, i32
    yield
  } wait {
  ^bb0(%b: !llvm.ptr<3>, %phase: i32):
    scf.while : () -> () {
      %ok = nvvm.mbarrier.try_wait %b, %phase : !llvm.ptr<3>, i32 -> i1
      %true = arith.constant true
      %again = arith.xori %ok, %true : i1
      scf.condition(%again)
    } do {
      scf.yield
    }
    yield
  } arrive_at {
  // What arrives has read only: a release for the cluster would wait for all that
  // is under way, some 500 cycles.
  ^bb0(%b: !llvm.ptr<7>):
    nvvm.mbarrier.arrive %b : !llvm.ptr<7>
    yield
  }
  fence "generic" to "async" in @shared lowering {
    nvvm.fence.proxy {kind = #nvvm.proxy_kind<async.shared>, space = #nvvm.shared_space<cta>}
    yield
  }

  // What the copy engine writes and reads.
  layout @rows128 in @shared affine_map<(r, b) -> (r * 128 + b)> atom[256, 128] swizzle[3, 7, 4] align(1024)
  // The reduction is contiguous.
  layout @kmajor128 in @shared affine_map<(mn, k) -> (mn * 128 + k)> atom[8, 128] swizzle[3, 7, 4] strides[0] align(1024)
      linear(16) handle {
  ^bb0(%base: !llvm.ptr<3>, %stride_mn: i32):
    %a = llvm.ptrtoint %base : !llvm.ptr<3> to i32
    %mask = arith.constant 0x3FFFF : i32
    %b = arith.andi %a, %mask : i32
    %4 = arith.constant 4 : i32
    %c = arith.shrui %b, %4 : i32
    %start = arith.extui %c : i32 to i64
    %s0 = arith.shrui %stride_mn, %4 : i32
    %s1 = arith.extui %s0 : i32 to i64
    %32 = arith.constant 32 : i64
    %s = arith.shli %s1, %32 : i64
    %mode = arith.constant 0x4000000000010000 : i64
    %x = arith.ori %start, %s : i64
    %h = arith.ori %x, %mode : i64
    yield %h : i64
  }
  // Rows or columns of the result are contiguous.
  layout @mnmajor128 in @shared affine_map<(mn, k) -> (k * 128 + mn)> atom[128, 8] swizzle[3, 7, 4] strides[0, 1] align(1024)
      linear(16) handle {
  ^bb0(%base: !llvm.ptr<3>, %stride_mn: i32, %stride_k: i32):
    %a = llvm.ptrtoint %base : !llvm.ptr<3> to i32
    %mask = arith.constant 0x3FFFF : i32
    %b = arith.andi %a, %mask : i32
    %4 = arith.constant 4 : i32
    %c = arith.shrui %b, %4 : i32
    %start = arith.extui %c : i32 to i64
    %l0 = arith.shrui %stride_mn, %4 : i32
    %l1 = arith.extui %l0 : i32 to i64
    %16 = arith.constant 16 : i64
    %l = arith.shli %l1, %16 : i64
    %s0 = arith.shrui %stride_k, %4 : i32
    %s1 = arith.extui %s0 : i32 to i64
    %32 = arith.constant 32 : i64
    %s = arith.shli %s1, %32 : i64
    %mode = arith.constant 0x4000000000000000 : i64
    %x = arith.ori %start, %l : i64
    %y = arith.ori %x, %s : i64
    %h = arith.ori %y, %mode : i64
    yield %h : i64
  }

  // 16 bits: either operand may have its reduction or its other dimension contiguous.
  family 104 in [8, 16, 32, 64, 96, 128, 192, 256], f16 in [f16, bf16],
      ("nk", #a_mk, #b_nk, "row", "col") in [
          ("nk", #a_mk, #b_nk, "row", "col"), ("kn", #a_mk, #b_kn, "row", "row"),
          ("km_nk", #a_km, #b_nk, "col", "col"), ("km_kn", #a_km, #b_kn, "col", "row")] {
    intrinsic @wgmma_m64n104k16_f16_nk issue(@warpgroup) class(matrix) operands[#a_mk, #b_nk, #accumulator]
        view("async") group(@wgmma) latency(128) interval(52.0 per @core) semantics {
    ^bb0(%a: tensor<64x16xf16>, %b: tensor<16x104xf16>, %c: tensor<64x104xf32>):
      %d = linalg.matmul ins(%a, %b : tensor<64x16xf16>, tensor<16x104xf16>)
          outs(%c : tensor<64x104xf32>) -> tensor<64x104xf32>
      yield %d : tensor<64x104xf32>
    } init {
      %z = llvm.mlir.zero : !acc104_f32
      yield %z : !acc104_f32
    } lowering {
    ^bb0(%a: i64, %b: i64, %c: !acc104_f32):
      %d = nvvm.wgmma.mma_async %a, %b, %c, <m = 64, n = 104, k = 16>, D [<f32>, <one>], A [<f16>, <one>, <row>], B [<f16>, <one>, <col>] : !acc104_f32 -> !acc104_f32
      yield %d : !acc104_f32
    }
  }
  // A row of a swizzled atom is 64 columns where those are contiguous.
  remove @"wgmma_m64n8k16_*_kn"
  remove @"wgmma_m64n16k16_*_kn"
  remove @"wgmma_m64n32k16_*_kn"
  remove @"wgmma_m64n96k16_*_kn"

  // All others want the reduction contiguous in both. Sums of eight-bit floats keep 14 bits
  // inside of the unit (measured on an H200).
  family 104 in [8, 16, 32, 64, 96, 128, 192, 256], (f8E4M3FN, "e4m3") in [(f8E4M3FN, "e4m3"), (f8E5M2, "e5m2")] {
    intrinsic @wgmma_m64n104k32_e4m3 issue(@warpgroup) class(matrix) operands[#a_mk, #b_nk, #accumulator]
        view("async") group(@wgmma) latency(128) interval(52.0 per @core) sum_bits(14) semantics {
    ^bb0(%a: tensor<64x32xf8E4M3FN>, %b: tensor<32x104xf8E4M3FN>, %c: tensor<64x104xf32>):
      %d = linalg.matmul ins(%a, %b : tensor<64x32xf8E4M3FN>, tensor<32x104xf8E4M3FN>)
          outs(%c : tensor<64x104xf32>) -> tensor<64x104xf32>
      yield %d : tensor<64x104xf32>
    } init {
      %z = llvm.mlir.zero : !acc104_f32
      yield %z : !acc104_f32
    } lowering {
    ^bb0(%a: i64, %b: i64, %c: !acc104_f32):
      %d = nvvm.wgmma.mma_async %a, %b, %c, <m = 64, n = 104, k = 32>, D [<f32>, <one>], A [<e4m3>, <one>, <row>], B [<e4m3>, <one>, <col>] : !acc104_f32 -> !acc104_f32
      yield %d : !acc104_f32
    }
  }
  family 104 in [8, 16, 32, 64, 96, 128, 192, 256] {
    intrinsic @wgmma_m64n104k8_tf32 issue(@warpgroup) class(matrix) operands[#a_mk, #b_nk, #accumulator]
        view("async") group(@wgmma) latency(128) interval(52.0 per @core) semantics {
    ^bb0(%a: tensor<64x8xf32>, %b: tensor<8x104xf32>, %c: tensor<64x104xf32>):
      %d = linalg.generic {
          indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
          iterator_types = ["parallel", "parallel", "reduction"]}
          ins(%a, %b : tensor<64x8xf32>, tensor<8x104xf32>) outs(%c : tensor<64x104xf32>) {
      ^bb0(%x: f32, %y: f32, %z: f32):
        %p = arith.truncf %x toward_zero : f32 to tf32
        %q = arith.truncf %y toward_zero : f32 to tf32
        %u = arith.extf %p : tf32 to f32
        %v = arith.extf %q : tf32 to f32
        %m = arith.mulf %u, %v : f32
        %s = arith.addf %z, %m : f32
        linalg.yield %s : f32
      } -> tensor<64x104xf32>
      yield %d : tensor<64x104xf32>
    } init {
      %z = llvm.mlir.zero : !acc104_f32
      yield %z : !acc104_f32
    } lowering {
    ^bb0(%a: i64, %b: i64, %c: !acc104_f32):
      %d = nvvm.wgmma.mma_async %a, %b, %c, <m = 64, n = 104, k = 8>, D [<f32>, <one>], A [<tf32>, <one>, <row>], B [<tf32>, <one>, <col>] : !acc104_f32 -> !acc104_f32
      yield %d : !acc104_f32
    }
  }
  // Sums wrap.
  family 208 in [8, 16, 32, 64, 96, 128, 192, 256] {
    intrinsic @wgmma_m64n208k32_s8 issue(@warpgroup) class(matrix) operands[#a_mk, #b_nk, #accumulator]
        view("async") group(@wgmma) latency(128) interval(104.0 per @core) semantics {
    ^bb0(%a: tensor<64x32xi8>, %b: tensor<32x208xi8>, %c: tensor<64x208xi32>):
      %d = linalg.matmul ins(%a, %b : tensor<64x32xi8>, tensor<32x208xi8>)
          outs(%c : tensor<64x208xi32>) -> tensor<64x208xi32>
      yield %d : tensor<64x208xi32>
    } init {
      %z = llvm.mlir.zero : !acc208_s32
      yield %z : !acc208_s32
    } lowering {
    ^bb0(%a: i64, %b: i64, %c: !acc208_s32):
      %d = nvvm.wgmma.mma_async %a, %b, %c, <m = 64, n = 208, k = 32>, D [<s32>, <one>], A [<s8>, <one>, <row>], B [<s8>, <one>, <col>] : !acc208_s32 -> !acc208_s32
      yield %d : !acc208_s32
    }
    intrinsic @wgmma_m64n208k32_u8 issue(@warpgroup) class(matrix) operands[#a_mk, #b_nk, #accumulator]
        view("async") group(@wgmma) latency(128) interval(104.0 per @core) semantics {
    ^bb0(%a: tensor<64x32xi8>, %b: tensor<32x208xi8>, %c: tensor<64x208xi32>):
      %d = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<64x32xi8>, tensor<32x208xi8>)
          outs(%c : tensor<64x208xi32>) -> tensor<64x208xi32>
      yield %d : tensor<64x208xi32>
    } init {
      %z = llvm.mlir.zero : !acc208_s32
      yield %z : !acc208_s32
    } lowering {
    ^bb0(%a: i64, %b: i64, %c: !acc208_s32):
      %d = nvvm.wgmma.mma_async %a, %b, %c, <m = 64, n = 208, k = 32>, D [<s32>, <one>], A [<u8>, <one>, <row>], B [<u8>, <one>, <col>] : !acc208_s32 -> !acc208_s32
      yield %d : !acc208_s32
    }
  }

  // Boxes of at most 256 rows of 128 bytes; elements of 4, 2 and 1 bytes.
  family ("load_b4", "store_b4", "4", "32") in [
      ("load_b4", "store_b4", "4", "32"), ("load", "store", "2", "64"), ("load_b1", "store_b1", "1", "128")] {
    llvm.func @amos_tensor_map_tiled(!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32)
    copy @tma_load_b4 issue(@thread) from(#box) to(#lines) extents[256, 32] element(4)
        view("async") completes(@mbarrier) bounds("zero") align(16) stride_align(16) limits(#steps) descriptor(128) {
    ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %si: i32):
      %rank = arith.constant 2 : i32
      %bytes = arith.constant 4 : i32
      %swizzle = arith.constant 3 : i32
      llvm.call @amos_tensor_map_tiled(%out, %base, %rank, %bytes, %sizes, %strides, %extents, %si, %swizzle)
          : (!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32) -> ()
      yield
    } lowering {
    ^bb0(%map: !llvm.ptr, %i0: i32, %j0: i32, %si: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>):
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%j0, %i0] : !llvm.ptr<7>, !llvm.ptr
      yield
    } multicast {
    ^bb0(%map: !llvm.ptr, %i0: i32, %j0: i32, %si: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>, %parts: i16):
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%j0, %i0] multicast_mask = %parts : !llvm.ptr<7>, !llvm.ptr
      yield
    } prefetch {
    ^bb0(%map: !llvm.ptr):
      nvvm.prefetch tensormap, %map : !llvm.ptr
      yield
    }
    copy @tma_store_b4 issue(@thread) from(#lines) to(#box) extents[256, 32] element(4)
        view("async") completes(@bulk) bounds("clip") align(16) stride_align(16) limits(#steps) descriptor(128) {
    ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %si: i32):
      %rank = arith.constant 2 : i32
      %bytes = arith.constant 4 : i32
      %swizzle = arith.constant 3 : i32
      llvm.call @amos_tensor_map_tiled(%out, %base, %rank, %bytes, %sizes, %strides, %extents, %si, %swizzle)
          : (!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32) -> ()
      yield
    } lowering {
    ^bb0(%from: !llvm.ptr<3>, %map: !llvm.ptr, %i0: i32, %j0: i32, %si: i32):
      nvvm.cp.async.bulk.tensor.global.shared.cta %map, %from, box[%j0, %i0] : !llvm.ptr, !llvm.ptr<3>
      yield
    } prefetch {
    ^bb0(%map: !llvm.ptr):
      nvvm.prefetch tensormap, %map : !llvm.ptr
      yield
    }
  }
  family ("slab", "2", "64") in [("slab", "2", "64"), ("slab_b4", "4", "32"), ("slab_b1", "1", "128")] {
    llvm.func @amos_tensor_map_tiled(!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32)
    copy @tma_load_slab issue(@thread) from(#slab) to(#lines) extents[256, 64] element(2)
        view("async") completes(@mbarrier) bounds("zero") align(16) stride_align(16) limits(#slab_steps) descriptor(128) {
    ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %si: i32):
      %rank = arith.constant 4 : i32
      %bytes = arith.constant 2 : i32
      %swizzle = arith.constant 3 : i32
      llvm.call @amos_tensor_map_tiled(%out, %base, %rank, %bytes, %sizes, %strides, %extents, %si, %swizzle)
          : (!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32) -> ()
      yield
    } lowering {
    ^bb0(%map: !llvm.ptr, %y: i32, %x: i32, %i0: i32, %j0: i32, %si: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>):
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%j0, %i0, %x, %y] : !llvm.ptr<7>, !llvm.ptr
      yield
    } multicast {
    ^bb0(%map: !llvm.ptr, %y: i32, %x: i32, %i0: i32, %j0: i32, %si: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>, %parts: i16):
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%j0, %i0, %x, %y] multicast_mask = %parts : !llvm.ptr<7>, !llvm.ptr
      yield
    } prefetch {
    ^bb0(%map: !llvm.ptr):
      nvvm.prefetch tensormap, %map : !llvm.ptr
      yield
    }
  }
  family ("window", "2", "64") in [("window", "2", "64"), ("window_b4", "4", "32"), ("window_b1", "1", "128")] {
    llvm.func @amos_tensor_map_im2col(!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32, i32, i32, i32, i32, i32)
    copy @tma_load_window issue(@thread) from(#window) to(#lines) extents[256, 64] element(2)
        view("async") completes(@mbarrier) bounds("zero") align(16) stride_align(16) limits(#corners) descriptor(128) {
    ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32):
      %rank = arith.constant 4 : i32
      %one = arith.constant 1 : i32
      %bytes = arith.constant 2 : i32
      %swizzle = arith.constant 3 : i32
      llvm.call @amos_tensor_map_im2col(%out, %base, %rank, %bytes, %sizes, %strides, %extents, %one, %p, %q, %st, %pad, %dil, %swizzle)
          : (!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32, i32, i32, i32, i32, i32) -> ()
      yield
    } lowering {
    ^bb0(%map: !llvm.ptr, %x0: i32, %c0: i32, %r: i32, %s: i32, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>):
      %pq = arith.muli %p, %q : i32
      %n = arith.divui %x0, %pq : i32
      %in = arith.remui %x0, %pq : i32
      %y = arith.divui %in, %q : i32
      %ys = arith.muli %y, %st : i32
      %h = arith.subi %ys, %pad : i32
      %x = arith.remui %in, %q : i32
      %xs = arith.muli %x, %st : i32
      %w = arith.subi %xs, %pad : i32
      %rd = arith.muli %r, %dil : i32
      %ro = arith.trunci %rd : i32 to i16
      %sd = arith.muli %s, %dil : i32
      %so = arith.trunci %sd : i32 to i16
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%c0, %w, %h, %n] im2col[%so, %ro] {mode = #nvvm.tma_load_mode<im2col>} : !llvm.ptr<7>, !llvm.ptr
      yield
    } multicast {
    ^bb0(%map: !llvm.ptr, %x0: i32, %c0: i32, %r: i32, %s: i32, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>, %parts: i16):
      %pq = arith.muli %p, %q : i32
      %n = arith.divui %x0, %pq : i32
      %in = arith.remui %x0, %pq : i32
      %y = arith.divui %in, %q : i32
      %ys = arith.muli %y, %st : i32
      %h = arith.subi %ys, %pad : i32
      %x = arith.remui %in, %q : i32
      %xs = arith.muli %x, %st : i32
      %w = arith.subi %xs, %pad : i32
      %rd = arith.muli %r, %dil : i32
      %ro = arith.trunci %rd : i32 to i16
      %sd = arith.muli %s, %dil : i32
      %so = arith.trunci %sd : i32 to i16
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%c0, %w, %h, %n] im2col[%so, %ro] multicast_mask = %parts {mode = #nvvm.tma_load_mode<im2col>} : !llvm.ptr<7>, !llvm.ptr
      yield
    } prefetch {
    ^bb0(%map: !llvm.ptr):
      nvvm.prefetch tensormap, %map : !llvm.ptr
      yield
    }
  }
  family ("volume", "2", "64") in [("volume", "2", "64"), ("volume_b4", "4", "32"), ("volume_b1", "1", "128")] {
    llvm.func @amos_tensor_map_im2col(!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32, i32, i32, i32, i32, i32)
    copy @tma_load_volume issue(@thread) from(#volume) to(#lines) extents[256, 64] element(2)
        view("async") completes(@mbarrier) bounds("zero") align(16) stride_align(16) limits(#volume_corners) descriptor(128) {
    ^bb0(%out: !llvm.ptr, %base: !llvm.ptr, %sizes: !llvm.ptr, %strides: !llvm.ptr, %extents: !llvm.ptr, %o: i32, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32):
      %rank = arith.constant 5 : i32
      %bytes = arith.constant 2 : i32
      %swizzle = arith.constant 3 : i32
      llvm.call @amos_tensor_map_im2col(%out, %base, %rank, %bytes, %sizes, %strides, %extents, %o, %p, %q, %st, %pad, %dil, %swizzle)
          : (!llvm.ptr, !llvm.ptr, i32, i32, !llvm.ptr, !llvm.ptr, !llvm.ptr, i32, i32, i32, i32, i32, i32, i32) -> ()
      yield
    } lowering {
    ^bb0(%map: !llvm.ptr, %x0: i32, %c0: i32, %t: i32, %r: i32, %s: i32, %o: i32, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>):
      %pq = arith.muli %p, %q : i32
      %opq = arith.muli %o, %pq : i32
      %n = arith.divui %x0, %opq : i32
      %of = arith.remui %x0, %opq : i32
      %z = arith.divui %of, %pq : i32
      %zs = arith.muli %z, %st : i32
      %d = arith.subi %zs, %pad : i32
      %in = arith.remui %of, %pq : i32
      %y = arith.divui %in, %q : i32
      %ys = arith.muli %y, %st : i32
      %h = arith.subi %ys, %pad : i32
      %x = arith.remui %in, %q : i32
      %xs = arith.muli %x, %st : i32
      %w = arith.subi %xs, %pad : i32
      %td = arith.muli %t, %dil : i32
      %to16 = arith.trunci %td : i32 to i16
      %rd = arith.muli %r, %dil : i32
      %ro = arith.trunci %rd : i32 to i16
      %sd = arith.muli %s, %dil : i32
      %so = arith.trunci %sd : i32 to i16
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%c0, %w, %h, %d, %n] im2col[%so, %ro, %to16] {mode = #nvvm.tma_load_mode<im2col>} : !llvm.ptr<7>, !llvm.ptr
      yield
    } multicast {
    ^bb0(%map: !llvm.ptr, %x0: i32, %c0: i32, %t: i32, %r: i32, %s: i32, %o: i32, %p: i32, %q: i32, %st: i32, %pad: i32, %dil: i32, %to: !llvm.ptr<3>, %done: !llvm.ptr<3>, %parts: i16):
      %pq = arith.muli %p, %q : i32
      %opq = arith.muli %o, %pq : i32
      %n = arith.divui %x0, %opq : i32
      %of = arith.remui %x0, %opq : i32
      %z = arith.divui %of, %pq : i32
      %zs = arith.muli %z, %st : i32
      %d = arith.subi %zs, %pad : i32
      %in = arith.remui %of, %pq : i32
      %y = arith.divui %in, %q : i32
      %ys = arith.muli %y, %st : i32
      %h = arith.subi %ys, %pad : i32
      %x = arith.remui %in, %q : i32
      %xs = arith.muli %x, %st : i32
      %w = arith.subi %xs, %pad : i32
      %td = arith.muli %t, %dil : i32
      %to16 = arith.trunci %td : i32 to i16
      %rd = arith.muli %r, %dil : i32
      %ro = arith.trunci %rd : i32 to i16
      %sd = arith.muli %s, %dil : i32
      %so = arith.trunci %sd : i32 to i16
      %dst = llvm.addrspacecast %to : !llvm.ptr<3> to !llvm.ptr<7>
      nvvm.cp.async.bulk.tensor.shared.cluster.global %dst, %map, %done, box[%c0, %w, %h, %d, %n] im2col[%so, %ro, %to16] multicast_mask = %parts {mode = #nvvm.tma_load_mode<im2col>} : !llvm.ptr<7>, !llvm.ptr
      yield
    } prefetch {
    ^bb0(%map: !llvm.ptr):
      nvvm.prefetch tensormap, %map : !llvm.ptr
      yield
    }
  }
  copy @stmatrix_x4 issue(@warp) from(#staged) to(#staged_rows) extents[16, 16] element(2) lowering {
  ^bb0(%v: vector<8xbf16>, %row: !llvm.ptr<3>):
    %w = llvm.bitcast %v : vector<8xbf16> to vector<4xi32>
    %0 = vector.extract %w[0] : i32 from vector<4xi32>
    %1 = vector.extract %w[1] : i32 from vector<4xi32>
    %2 = vector.extract %w[2] : i32 from vector<4xi32>
    %3 = vector.extract %w[3] : i32 from vector<4xi32>
    nvvm.stmatrix %row, %0, %1, %2, %3 {layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>} : !llvm.ptr<3>, i32, i32, i32, i32
    yield
  }
}
