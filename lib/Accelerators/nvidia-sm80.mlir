//===- nvidia-sm80.mlir - Tensor cores of the Ampere kind ----------------===//
//
// Rates are the vendor's peak divided by cores and clock; bandwidths and latencies are
// starting values to calibrate. A core is a streaming multiprocessor.
//
//===----------------------------------------------------------------------===//

#a16 = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#b16 = #amos.fragment<(l, e) -> (e floordiv 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4)>
#a8 = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 4) mod 2 * 8, e floordiv 8 * 16 + l mod 4 * 4 + e mod 4)>
#b8 = #amos.fragment<(l, e) -> (e floordiv 4 * 16 + l mod 4 * 4 + e mod 4, l floordiv 4)>
#c = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#a64 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4)>
#b64 = #amos.fragment<(l, e) -> (l mod 4, l floordiv 4)>
#c64 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4 * 2 + e)>
// Two #b16 side by side.
#b16x2 = #amos.fragment<(l, e) -> ((e floordiv 2) mod 2 * 8 + l mod 4 * 2 + e mod 2, e floordiv 4 * 8 + l floordiv 4)>
#rows = #amos.rows<@shared, 16, (l) -> (l mod 16, l floordiv 16 * 8)>
#line_global = #amos.rows<@global, 16, () -> (0, 0)>
#line_shared = #amos.rows<@shared, 16, () -> (0, 0)>
!four = !llvm.struct<(i32, i32, i32, i32)>
!four_f32 = !llvm.struct<(f32, f32, f32, f32)>

amos.accelerator @nvidia_sm80
    target(#nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">) clock(1.41e9) {
  scope @thread index {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %m = arith.constant 31 : i32
    %l = arith.andi %t, %m : i32
    yield %l : i32
  }
  scope @warp = 32 @thread index {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %5 = arith.constant 5 : i32
    %w = arith.shrui %t, %5 : i32
    yield %w : i32
  }
  scope @core = 32 @warp index {
    %b = nvvm.read.ptx.sreg.ctaid.x : i32
    yield %b : i32
  } sync {
  ^bb0(%slot: i32):
    nvvm.barrier0
    yield
  }
  scope @device = 108 @core

  level @global per @device address(!llvm.ptr<1>) bandwidth(1100.0) latency(500) access(16)
  level @l2 per @device capacity(41943040) bandwidth(4000.0) latency(260) cache
  level @shared per @core address(!llvm.ptr<3>) capacity(166912) bandwidth(128.0) latency(23) access(16) banks[32, 4]
  level @register per @thread granule(4) capacity(1020) pool(262144 per @core)

  group @cp_async issue(@thread) commit {
    nvvm.cp.async.commit.group
    yield
  } wait {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "cp.async.wait_group $0;", "n,~{memory}" %n : (i32) -> ()
    yield
  }

  copy @cp_async_16 issue(@thread) from(#line_global) to(#line_shared) extents[1, 8] element(2)
      completes(@cp_async) bounds("zero") partial[1] lowering {
  ^bb0(%from: !llvm.ptr<1>, %to: !llvm.ptr<3>, %n: i32):
    %2 = arith.constant 2 : i32
    %bytes = arith.muli %n, %2 : i32
    nvvm.cp.async.shared.global %to, %from, 16, cache = cg, %bytes : !llvm.ptr<3>, !llvm.ptr<1>, i32
    yield
  }
  copy @ldmatrix_x4 issue(@warp) from(#rows) to(#a16) extents[16, 16] element(2) lowering {
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
  copy @ldmatrix_x4_trans issue(@warp) from(#rows) to(#b16x2) extents[16, 16] element(2) lowering {
  ^bb0(%p: !llvm.ptr<3>):
    %s = nvvm.ldmatrix %p {num = 4 : i32, layout = #nvvm.mma_layout<col>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>}
        : (!llvm.ptr<3>) -> !four
    %0 = llvm.extractvalue %s[0] : !four
    %1 = llvm.extractvalue %s[1] : !four
    %2 = llvm.extractvalue %s[2] : !four
    %3 = llvm.extractvalue %s[3] : !four
    %v = vector.from_elements %0, %1, %2, %3 : vector<4xi32>
    %f = vector.bitcast %v : vector<4xi32> to vector<8xf16>
    yield %f : vector<8xf16>
  }

  intrinsic @mma_m16n8k16_f16_f32 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(33) interval(2.0 per @core) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x8xf16>, %c: tensor<16x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x8xf16>)
        outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  } lowering {
  ^bb0(%a: vector<8xf16>, %b: vector<4xf16>, %c: vector<4xf32>):
    %x = vector.shape_cast %a : vector<8xf16> to vector<4x2xf16>
    %y = vector.shape_cast %b : vector<4xf16> to vector<2x2xf16>
    %z = vector.shape_cast %c : vector<4xf32> to vector<2x2xf32>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [16, 8, 16]}
        : (vector<4x2xf16>, vector<2x2xf16>, vector<2x2xf32>) -> vector<2x2xf32>
    %r = vector.shape_cast %d : vector<2x2xf32> to vector<4xf32>
    yield %r : vector<4xf32>
  }

  intrinsic @mma_m16n8k16_f16_f16 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(33) interval(2.0 per @core) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x8xf16>, %c: tensor<16x8xf16>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x8xf16>)
        outs(%c : tensor<16x8xf16>) -> tensor<16x8xf16>
    yield %d : tensor<16x8xf16>
  } lowering {
  ^bb0(%a: vector<8xf16>, %b: vector<4xf16>, %c: vector<4xf16>):
    %x = vector.shape_cast %a : vector<8xf16> to vector<4x2xf16>
    %y = vector.shape_cast %b : vector<4xf16> to vector<2x2xf16>
    %z = vector.shape_cast %c : vector<4xf16> to vector<2x2xf16>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [16, 8, 16]}
        : (vector<4x2xf16>, vector<2x2xf16>, vector<2x2xf16>) -> vector<2x2xf16>
    %r = vector.shape_cast %d : vector<2x2xf16> to vector<4xf16>
    yield %r : vector<4xf16>
  }

  intrinsic @mma_m16n8k16_bf16_f32 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(33) interval(2.0 per @core) semantics {
  ^bb0(%a: tensor<16x16xbf16>, %b: tensor<16x8xbf16>, %c: tensor<16x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xbf16>, tensor<16x8xbf16>)
        outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  } lowering {
  ^bb0(%a: vector<8xbf16>, %b: vector<4xbf16>, %c: vector<4xf32>):
    %x = vector.bitcast %a : vector<8xbf16> to vector<4xi32>
    %y = vector.bitcast %b : vector<4xbf16> to vector<2xi32>
    %x0 = vector.extract %x[0] : i32 from vector<4xi32>
    %x1 = vector.extract %x[1] : i32 from vector<4xi32>
    %x2 = vector.extract %x[2] : i32 from vector<4xi32>
    %x3 = vector.extract %x[3] : i32 from vector<4xi32>
    %y0 = vector.extract %y[0] : i32 from vector<2xi32>
    %y1 = vector.extract %y[1] : i32 from vector<2xi32>
    %z0 = vector.extract %c[0] : f32 from vector<4xf32>
    %z1 = vector.extract %c[1] : f32 from vector<4xf32>
    %z2 = vector.extract %c[2] : f32 from vector<4xf32>
    %z3 = vector.extract %c[3] : f32 from vector<4xf32>
    %d = nvvm.mma.sync A[%x0, %x1, %x2, %x3] B[%y0, %y1] C[%z0, %z1, %z2, %z3]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<bf16>,
         multiplicandBPtxType = #nvvm.mma_type<bf16>, shape = #nvvm.shape<m = 16, n = 8, k = 16>}
        : (i32, i32, f32) -> !four_f32
    %d0 = llvm.extractvalue %d[0] : !four_f32
    %d1 = llvm.extractvalue %d[1] : !four_f32
    %d2 = llvm.extractvalue %d[2] : !four_f32
    %d3 = llvm.extractvalue %d[3] : !four_f32
    %r = vector.from_elements %d0, %d1, %d2, %d3 : vector<4xf32>
    yield %r : vector<4xf32>
  }

  // Sums wrap, as those of programs do; the shorter nvgpu form would saturate them.
  intrinsic @mma_m16n8k32_s8_s32 issue(@warp) class(matrix) operands[#a8, #b8, #c]
      latency(33) interval(2.0 per @core) semantics {
  ^bb0(%a: tensor<16x32xi8>, %b: tensor<32x8xi8>, %c: tensor<16x8xi32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x32xi8>, tensor<32x8xi8>)
        outs(%c : tensor<16x8xi32>) -> tensor<16x8xi32>
    yield %d : tensor<16x8xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %x = vector.bitcast %a : vector<16xi8> to vector<4xi32>
    %y = vector.bitcast %b : vector<8xi8> to vector<2xi32>
    %x0 = vector.extract %x[0] : i32 from vector<4xi32>
    %x1 = vector.extract %x[1] : i32 from vector<4xi32>
    %x2 = vector.extract %x[2] : i32 from vector<4xi32>
    %x3 = vector.extract %x[3] : i32 from vector<4xi32>
    %y0 = vector.extract %y[0] : i32 from vector<2xi32>
    %y1 = vector.extract %y[1] : i32 from vector<2xi32>
    %z0 = vector.extract %c[0] : i32 from vector<4xi32>
    %z1 = vector.extract %c[1] : i32 from vector<4xi32>
    %z2 = vector.extract %c[2] : i32 from vector<4xi32>
    %z3 = vector.extract %c[3] : i32 from vector<4xi32>
    %d = nvvm.mma.sync A[%x0, %x1, %x2, %x3] B[%y0, %y1] C[%z0, %z1, %z2, %z3]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<s8>,
         multiplicandBPtxType = #nvvm.mma_type<s8>, shape = #nvvm.shape<m = 16, n = 8, k = 32>,
         intOverflowBehavior = #nvvm.mma_int_overflow<wrapped>}
        : (i32, i32, i32) -> !four
    %d0 = llvm.extractvalue %d[0] : !four
    %d1 = llvm.extractvalue %d[1] : !four
    %d2 = llvm.extractvalue %d[2] : !four
    %d3 = llvm.extractvalue %d[3] : !four
    %r = vector.from_elements %d0, %d1, %d2, %d3 : vector<4xi32>
    yield %r : vector<4xi32>
  }

  intrinsic @mma_m8n8k4_f64 issue(@warp) class(matrix) operands[#a64, #b64, #c64]
      latency(33) interval(4.0 per @core) semantics {
  ^bb0(%a: tensor<8x4xf64>, %b: tensor<4x8xf64>, %c: tensor<8x8xf64>):
    %d = linalg.matmul ins(%a, %b : tensor<8x4xf64>, tensor<4x8xf64>)
        outs(%c : tensor<8x8xf64>) -> tensor<8x8xf64>
    yield %d : tensor<8x8xf64>
  } lowering {
  ^bb0(%a: vector<1xf64>, %b: vector<1xf64>, %c: vector<2xf64>):
    %x = vector.shape_cast %a : vector<1xf64> to vector<1x1xf64>
    %y = vector.shape_cast %b : vector<1xf64> to vector<1x1xf64>
    %z = vector.shape_cast %c : vector<2xf64> to vector<1x2xf64>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [8, 8, 4]}
        : (vector<1x1xf64>, vector<1x1xf64>, vector<1x2xf64>) -> vector<1x2xf64>
    %r = vector.shape_cast %d : vector<1x2xf64> to vector<2xf64>
    yield %r : vector<2xf64>
  }
}
