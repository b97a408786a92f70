//===- nvidia-sm75.mlir - Tensor cores of the Turing kind ----------------===//
//
// What the later kinds are made from: threads, memories, matrices of 8x8 loaded by
// a warp. Rates are the vendor's peak of a T4 divided by cores and clock; bandwidths
// and latencies are starting values to calibrate. A core is a streaming
// multiprocessor.
//
//===----------------------------------------------------------------------===//

#a16 = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#b16 = #amos.fragment<(l, e) -> (l mod 4 * 2 + e, l floordiv 4)>
#c = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#a8 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4 * 4 + e)>
#b8 = #amos.fragment<(l, e) -> (l mod 4 * 4 + e, l floordiv 4)>
#c8 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4 * 2 + e)>

// Four matrices of 8x8 elements of 16 bits, as rows lie and transposed.
#rows = #amos.rows<@shared, 16, (l) -> (l mod 16, l floordiv 16 * 8)>
#square = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#turned = #amos.fragment<(l, e) -> ((e floordiv 2) mod 2 * 8 + l mod 4 * 2 + e mod 2, e floordiv 4 * 8 + l floordiv 4)>
// Two of them below each other.
#rows_x2 = #amos.rows<@shared, 16, (l) -> (l mod 16, 0)>
#tall = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#tall_turned = #amos.fragment<(l, e) -> (e floordiv 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4)>

// Products of one lane: rows 8 apart, columns side by side.
#a1 = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 4 * 8, e mod 4)>
#b1 = #amos.fragment<(l, e) -> (e floordiv 4, l mod 4 * 4 + e mod 4)>
#c1 = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 4 * 8, l mod 4 * 4 + e mod 4)>

#pair = #amos.fragment<(l, e) -> (l * 2 + e)>
#id = affine_map<(n) -> (n)>

!two = !llvm.struct<(i32, i32)>
!four = !llvm.struct<(i32, i32, i32, i32)>

amos.accelerator @nvidia_sm75
    target(#nvvm.target<O = 3, chip = "sm_75", features = "+ptx70">) clock(1.59e9) {
  scope @thread index {
    %t = nvvm.read.ptx.sreg.tid.x range <i32, 0, 1024> : i32
    %m = arith.constant 31 : i32
    %l = arith.andi %t, %m : i32
    yield %l : i32
  }
  scope @warp = 32 @thread index {
    %t = nvvm.read.ptx.sreg.tid.x range <i32, 0, 1024> : i32
    %5 = arith.constant 5 : i32
    %w = arith.shrui %t, %5 : i32
    yield %w : i32
  }
  scope @core = 32 @warp index {
    %b = nvvm.read.ptx.sreg.ctaid.x range <i32, 0, 2147483647> : i32
    yield %b : i32
  } sync {
  ^bb0(%slot: i32):
    nvvm.barrier0
    yield
  }
  scope @device = 40 @core

  level @global per @device address(!llvm.ptr<1>) bandwidth(200.0) latency(430) access(16)
  level @l2 per @device capacity(4194304) bandwidth(800.0) latency(190) cache
  level @shared per @core address(!llvm.ptr<3>) capacity(65536) bandwidth(128.0) latency(19) access(16) banks[32, 4]
  level @register per @thread granule(4) capacity(1020) pool(262144 per @core)

  family ("ldmatrix_x4", #square, "row") in [("ldmatrix_x4", #square, "row"), ("ldmatrix_x4_trans", #turned, "col")] {
    copy @ldmatrix_x4 issue(@warp) from(#rows) to(#square) extents[16, 16] element(2) lowering {
    ^bb0(%p: !llvm.ptr<3>):
      %s = nvvm.ldmatrix %p {num = 4 : i32, layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>}
          : (!llvm.ptr<3>) -> !four
      %0 = llvm.extractvalue %s[0] : !four
      %1 = llvm.extractvalue %s[1] : !four
      %2 = llvm.extractvalue %s[2] : !four
      %3 = llvm.extractvalue %s[3] : !four
      %v = vector.from_elements %0, %1, %2, %3 : vector<4xi32>
      %f = vector.bitcast %v : vector<4xi32> to vector<8xf16>
      yield %f : vector<8xf16>
    }
  }
  family ("ldmatrix_x2", #tall, "row") in [("ldmatrix_x2", #tall, "row"), ("ldmatrix_x2_trans", #tall_turned, "col")] {
    copy @ldmatrix_x2 issue(@warp) from(#rows_x2) to(#tall) extents[16, 8] element(2) lowering {
    ^bb0(%p: !llvm.ptr<3>):
      %s = nvvm.ldmatrix %p {num = 2 : i32, layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>}
          : (!llvm.ptr<3>) -> !two
      %0 = llvm.extractvalue %s[0] : !two
      %1 = llvm.extractvalue %s[1] : !two
      %v = vector.from_elements %0, %1 : vector<2xi32>
      %f = vector.bitcast %v : vector<2xi32> to vector<4xf16>
      yield %f : vector<4xf16>
    }
  }

  intrinsic @mma_m16n8k8_f16_f32 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(18) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x8xf16>, %b: tensor<8x8xf16>, %c: tensor<16x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x8xf16>, tensor<8x8xf16>)
        outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  } lowering {
  ^bb0(%a: vector<4xf16>, %b: vector<2xf16>, %c: vector<4xf32>):
    %x = vector.shape_cast %a : vector<4xf16> to vector<2x2xf16>
    %y = vector.shape_cast %b : vector<2xf16> to vector<1x2xf16>
    %z = vector.shape_cast %c : vector<4xf32> to vector<2x2xf32>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [16, 8, 8]}
        : (vector<2x2xf16>, vector<1x2xf16>, vector<2x2xf32>) -> vector<2x2xf32>
    %r = vector.shape_cast %d : vector<2x2xf32> to vector<4xf32>
    yield %r : vector<4xf32>
  }
  intrinsic @mma_m16n8k8_f16_f16 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(18) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x8xf16>, %b: tensor<8x8xf16>, %c: tensor<16x8xf16>):
    %d = linalg.matmul ins(%a, %b : tensor<16x8xf16>, tensor<8x8xf16>)
        outs(%c : tensor<16x8xf16>) -> tensor<16x8xf16>
    yield %d : tensor<16x8xf16>
  } lowering {
  ^bb0(%a: vector<4xf16>, %b: vector<2xf16>, %c: vector<4xf16>):
    %x = vector.shape_cast %a : vector<4xf16> to vector<2x2xf16>
    %y = vector.shape_cast %b : vector<2xf16> to vector<1x2xf16>
    %z = vector.shape_cast %c : vector<4xf16> to vector<2x2xf16>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [16, 8, 8]}
        : (vector<2x2xf16>, vector<1x2xf16>, vector<2x2xf16>) -> vector<2x2xf16>
    %r = vector.shape_cast %d : vector<2x2xf16> to vector<4xf16>
    yield %r : vector<4xf16>
  }

  // Sums wrap, as those of programs do; the shorter nvgpu form would saturate them.
  intrinsic @mma_m8n8k16_s8_s32 issue(@warp) class(matrix) operands[#a8, #b8, #c8]
      latency(18) interval(1.0 per @core in 4) semantics {
  ^bb0(%a: tensor<8x16xi8>, %b: tensor<16x8xi8>, %c: tensor<8x8xi32>):
    %d = linalg.matmul ins(%a, %b : tensor<8x16xi8>, tensor<16x8xi8>)
        outs(%c : tensor<8x8xi32>) -> tensor<8x8xi32>
    yield %d : tensor<8x8xi32>
  } lowering {
  ^bb0(%a: vector<4xi8>, %b: vector<4xi8>, %c: vector<2xi32>):
    %x = llvm.bitcast %a : vector<4xi8> to i32
    %y = llvm.bitcast %b : vector<4xi8> to i32
    %z:2 = vector.to_elements %c : vector<2xi32>
    %d = nvvm.mma.sync A[%x] B[%y] C[%z#0, %z#1]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<s8>,
         multiplicandBPtxType = #nvvm.mma_type<s8>, shape = #nvvm.shape<m = 8, n = 8, k = 16>,
         intOverflowBehavior = #nvvm.mma_int_overflow<wrapped>}
        : (i32, i32, i32) -> !two
    %d0 = llvm.extractvalue %d[0] : !two
    %d1 = llvm.extractvalue %d[1] : !two
    %r = vector.from_elements %d0, %d1 : vector<2xi32>
    yield %r : vector<2xi32>
  }
  intrinsic @mma_m8n8k16_u8_s32 issue(@warp) class(matrix) operands[#a8, #b8, #c8]
      latency(18) interval(1.0 per @core in 4) semantics {
  ^bb0(%a: tensor<8x16xi8>, %b: tensor<16x8xi8>, %c: tensor<8x8xi32>):
    %d = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<8x16xi8>, tensor<16x8xi8>)
        outs(%c : tensor<8x8xi32>) -> tensor<8x8xi32>
    yield %d : tensor<8x8xi32>
  } lowering {
  ^bb0(%a: vector<4xi8>, %b: vector<4xi8>, %c: vector<2xi32>):
    %x = llvm.bitcast %a : vector<4xi8> to i32
    %y = llvm.bitcast %b : vector<4xi8> to i32
    %z:2 = vector.to_elements %c : vector<2xi32>
    %d = nvvm.mma.sync A[%x] B[%y] C[%z#0, %z#1]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<u8>,
         multiplicandBPtxType = #nvvm.mma_type<u8>, shape = #nvvm.shape<m = 8, n = 8, k = 16>,
         intOverflowBehavior = #nvvm.mma_int_overflow<wrapped>}
        : (i32, i32, i32) -> !two
    %d0 = llvm.extractvalue %d[0] : !two
    %d1 = llvm.extractvalue %d[1] : !two
    %r = vector.from_elements %d0, %d1 : vector<2xi32>
    yield %r : vector<2xi32>
  }

  // Where no matrix unit has the types: each lane multiplies four rows by four
  // columns, four times. Types, and cycles that the lanes of a core take.
  family (f32, 32.0) in [(f32, 32.0), (f64, 1024.0)] {
    intrinsic @fma_m32n16k4_f32 issue(@warp) class(vector) operands[#a1, #b1, #c1]
        latency(4) interval(32.0 per @core in 4) semantics {
    ^bb0(%a: tensor<32x4xf32>, %b: tensor<4x16xf32>, %c: tensor<32x16xf32>):
      %d = linalg.matmul ins(%a, %b : tensor<32x4xf32>, tensor<4x16xf32>)
          outs(%c : tensor<32x16xf32>) -> tensor<32x16xf32>
      yield %d : tensor<32x16xf32>
    } lowering {
    ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
      %x = vector.shape_cast %a : vector<16xf32> to vector<4x4xf32>
      %t = vector.transpose %x, [1, 0] : vector<4x4xf32> to vector<4x4xf32>
      %y = vector.shape_cast %b : vector<16xf32> to vector<4x4xf32>
      %z = vector.shape_cast %c : vector<16xf32> to vector<4x4xf32>
      %x0 = vector.extract %t[0] : vector<4xf32> from vector<4x4xf32>
      %x1 = vector.extract %t[1] : vector<4xf32> from vector<4x4xf32>
      %x2 = vector.extract %t[2] : vector<4xf32> from vector<4x4xf32>
      %x3 = vector.extract %t[3] : vector<4xf32> from vector<4x4xf32>
      %y0 = vector.extract %y[0] : vector<4xf32> from vector<4x4xf32>
      %y1 = vector.extract %y[1] : vector<4xf32> from vector<4x4xf32>
      %y2 = vector.extract %y[2] : vector<4xf32> from vector<4x4xf32>
      %y3 = vector.extract %y[3] : vector<4xf32> from vector<4x4xf32>
      %d0 = vector.outerproduct %x0, %y0, %z : vector<4xf32>, vector<4xf32>
      %d1 = vector.outerproduct %x1, %y1, %d0 : vector<4xf32>, vector<4xf32>
      %d2 = vector.outerproduct %x2, %y2, %d1 : vector<4xf32>, vector<4xf32>
      %d3 = vector.outerproduct %x3, %y3, %d2 : vector<4xf32>, vector<4xf32>
      %r = vector.shape_cast %d3 : vector<4x4xf32> to vector<16xf32>
      yield %r : vector<16xf32>
    }
  }

  // Products without a sum over lanes, as those of a depthwise convolution.
  family (f32, 1.0) in [(f32, 1.0), (f64, 32.0), (f16, 0.5)] {
    intrinsic @fma_lanes_f32 issue(@warp) class(vector) operands[#pair, #pair, #pair]
        latency(4) interval(1.0 per @core in 4) semantics {
    ^bb0(%a: tensor<64xf32>, %b: tensor<64xf32>, %c: tensor<64xf32>):
      %d = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
          ins(%a, %b : tensor<64xf32>, tensor<64xf32>) outs(%c : tensor<64xf32>) {
      ^bb0(%x: f32, %y: f32, %z: f32):
        %m = arith.mulf %x, %y : f32
        %s = arith.addf %z, %m : f32
        linalg.yield %s : f32
      } -> tensor<64xf32>
      yield %d : tensor<64xf32>
    } lowering {
    ^bb0(%a: vector<2xf32>, %b: vector<2xf32>, %c: vector<2xf32>):
      %r = math.fma %a, %b, %c : vector<2xf32>
      yield %r : vector<2xf32>
    }
  }
  family f16 in [f16, bf16] {
    intrinsic @fma_lanes_f16_f32 issue(@warp) class(vector) operands[#pair, #pair, #pair]
        latency(8) interval(2.0 per @core in 4) semantics {
    ^bb0(%a: tensor<64xf16>, %b: tensor<64xf16>, %c: tensor<64xf32>):
      %d = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
          ins(%a, %b : tensor<64xf16>, tensor<64xf16>) outs(%c : tensor<64xf32>) {
      ^bb0(%x: f16, %y: f16, %z: f32):
        %u = arith.extf %x : f16 to f32
        %v = arith.extf %y : f16 to f32
        %m = arith.mulf %u, %v : f32
        %s = arith.addf %z, %m : f32
        linalg.yield %s : f32
      } -> tensor<64xf32>
      yield %d : tensor<64xf32>
    } lowering {
    ^bb0(%a: vector<2xf16>, %b: vector<2xf16>, %c: vector<2xf32>):
      %u = arith.extf %a : vector<2xf16> to vector<2xf32>
      %v = arith.extf %b : vector<2xf16> to vector<2xf32>
      %r = math.fma %u, %v, %c : vector<2xf32>
      yield %r : vector<2xf32>
    }
  }
  family i8 in [i8, i16] {
    intrinsic @mad_lanes_i8_i32 issue(@warp) class(vector) operands[#pair, #pair, #pair]
        latency(8) interval(2.0 per @core in 4) semantics {
    ^bb0(%a: tensor<64xi8>, %b: tensor<64xi8>, %c: tensor<64xi32>):
      %d = linalg.generic {indexing_maps = [#id, #id, #id], iterator_types = ["parallel"]}
          ins(%a, %b : tensor<64xi8>, tensor<64xi8>) outs(%c : tensor<64xi32>) {
      ^bb0(%x: i8, %y: i8, %z: i32):
        %u = arith.extsi %x : i8 to i32
        %v = arith.extsi %y : i8 to i32
        %m = arith.muli %u, %v : i32
        %s = arith.addi %z, %m : i32
        linalg.yield %s : i32
      } -> tensor<64xi32>
      yield %d : tensor<64xi32>
    } lowering {
    ^bb0(%a: vector<2xi8>, %b: vector<2xi8>, %c: vector<2xi32>):
      %u = arith.extsi %a : vector<2xi8> to vector<2xi32>
      %v = arith.extsi %b : vector<2xi8> to vector<2xi32>
      %m = arith.muli %u, %v : vector<2xi32>
      %r = arith.addi %c, %m : vector<2xi32>
      yield %r : vector<2xi32>
    }
  }
}
