//===- nvidia-sm80.mlir - Tensor cores of the Ampere kind ----------------===//
//
// Larger products, more types, and copies to shared memory beside the threads' own
// work. Rates are the vendor's peak divided by cores and clock; bandwidths and
// latencies are starting values to calibrate.
//
//===----------------------------------------------------------------------===//

#a16 = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#b16 = #amos.fragment<(l, e) -> (e floordiv 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4)>
#a8 = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 4) mod 2 * 8, e floordiv 8 * 16 + l mod 4 * 4 + e mod 4)>
#b8 = #amos.fragment<(l, e) -> (e floordiv 4 * 16 + l mod 4 * 4 + e mod 4, l floordiv 4)>
#a32 = #amos.fragment<(l, e) -> (l floordiv 4 + e mod 2 * 8, e floordiv 2 * 4 + l mod 4)>
#b32 = #amos.fragment<(l, e) -> (e * 4 + l mod 4, l floordiv 4)>
#c = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#a64 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4)>
#b64 = #amos.fragment<(l, e) -> (l mod 4, l floordiv 4)>
#c64 = #amos.fragment<(l, e) -> (l floordiv 4, l mod 4 * 2 + e)>

// Rows of 16 bytes of elements of 32 bits.
#rows32 = #amos.rows<@shared, 16, (l) -> (l mod 16, l floordiv 16 * 4)>
// What a thread copies.
#from16 = #amos.rows<@global, 16, () -> (0, 0)>
#to16 = #amos.rows<@shared, 16, () -> (0, 0)>
#from8 = #amos.rows<@global, 8, () -> (0, 0)>
#to8 = #amos.rows<@shared, 8, () -> (0, 0)>
#from4 = #amos.rows<@global, 4, () -> (0, 0)>
#to4 = #amos.rows<@shared, 4, () -> (0, 0)>
!four = !llvm.struct<(i32, i32, i32, i32)>
!four_f32 = !llvm.struct<(f32, f32, f32, f32)>

amos.accelerator @nvidia_sm80 extends @nvidia_sm75
    target(#nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">) clock(1.41e9) {
  change @device count(108)
  change @global bandwidth(1100.0), latency(500)
  change @l2 capacity(41943040), bandwidth(4000.0), latency(260)
  change @shared capacity(166912), latency(23)
  change @fma_lanes_f64 interval(2.0)
  change @fma_lanes_f16 interval(0.25)
  remove @"mma_*"
  remove @fma_m32n16k4_f64

  group @cp_async issue(@thread) commit {
    nvvm.cp.async.commit.group
    yield
  } wait {
  ^bb0(%n: i32):
    llvm.inline_asm has_side_effects asm_dialect = att "cp.async.wait_group $0;", "n,~{memory}" %n : (i32) -> ()
    yield
  }

  // A thread's 16, 8 or 4 bytes; only those of 16 pass by the first cache.
  family ("16", #from16, #to16, "cg") in [("16", #from16, #to16, "cg"), ("8", #from8, #to8, "ca"), ("4", #from4, #to4, "ca")] {
    copy @cp_async_16 issue(@thread) from(#from16) to(#to16) extents[1, 16] element(1)
        completes(@cp_async) bounds("zero") partial[1] lowering {
    ^bb0(%from: !llvm.ptr<1>, %to: !llvm.ptr<3>, %bytes: i32):
      nvvm.cp.async.shared.global %to, %from, 16, cache = cg, %bytes : !llvm.ptr<3>, !llvm.ptr<1>, i32
      yield
    }
  }
  copy @ldmatrix_x4_b32 issue(@warp) from(#rows32) to(#a32) extents[16, 8] element(4) lowering {
  ^bb0(%p: !llvm.ptr<3>):
    %s = nvvm.ldmatrix %p {num = 4 : i32, layout = #nvvm.mma_layout<row>, shape = #nvvm.ld_st_matrix_shape<m = 8, n = 8>, eltType = #nvvm.ld_st_matrix_elt_type<b16>}
        : (!llvm.ptr<3>) -> !four
    %0 = llvm.extractvalue %s[0] : !four
    %1 = llvm.extractvalue %s[1] : !four
    %2 = llvm.extractvalue %s[2] : !four
    %3 = llvm.extractvalue %s[3] : !four
    %v = vector.from_elements %0, %1, %2, %3 : vector<4xi32>
    %f = vector.bitcast %v : vector<4xi32> to vector<4xf32>
    yield %f : vector<4xf32>
  }

  intrinsic @mma_m16n8k16_f16_f32 issue(@warp) class(matrix) operands[#a16, #b16, #c]
      latency(33) interval(2.0 per @core in 4) semantics {
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
      latency(33) interval(2.0 per @core in 4) semantics {
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
      latency(33) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x16xbf16>, %b: tensor<16x8xbf16>, %c: tensor<16x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xbf16>, tensor<16x8xbf16>)
        outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  } lowering {
  ^bb0(%a: vector<8xbf16>, %b: vector<4xbf16>, %c: vector<4xf32>):
    %p = vector.bitcast %a : vector<8xbf16> to vector<4xi32>
    %q = vector.bitcast %b : vector<4xbf16> to vector<2xi32>
    %x:4 = vector.to_elements %p : vector<4xi32>
    %y:2 = vector.to_elements %q : vector<2xi32>
    %z:4 = vector.to_elements %c : vector<4xf32>
    %d = nvvm.mma.sync A[%x#0, %x#1, %x#2, %x#3] B[%y#0, %y#1] C[%z#0, %z#1, %z#2, %z#3]
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

  // The unit leaves out the last 13 bits of an f32, which is what the program says
  // that wants it: it rounds to tf32 toward zero.
  intrinsic @mma_m16n8k8_tf32_f32 issue(@warp) class(matrix) operands[#a32, #b32, #c]
      latency(33) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x8xf32>, %b: tensor<8x8xf32>, %c: tensor<16x8xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(i, j, k) -> (i, k)>, affine_map<(i, j, k) -> (k, j)>, affine_map<(i, j, k) -> (i, j)>],
        iterator_types = ["parallel", "parallel", "reduction"]}
        ins(%a, %b : tensor<16x8xf32>, tensor<8x8xf32>) outs(%c : tensor<16x8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %p = arith.truncf %x toward_zero : f32 to tf32
      %q = arith.truncf %y toward_zero : f32 to tf32
      %u = arith.extf %p : tf32 to f32
      %v = arith.extf %q : tf32 to f32
      %m = arith.mulf %u, %v : f32
      %s = arith.addf %z, %m : f32
      linalg.yield %s : f32
    } -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  } lowering {
  ^bb0(%a: vector<4xf32>, %b: vector<2xf32>, %c: vector<4xf32>):
    %x = vector.shape_cast %a : vector<4xf32> to vector<4x1xf32>
    %y = vector.shape_cast %b : vector<2xf32> to vector<2x1xf32>
    %z = vector.shape_cast %c : vector<4xf32> to vector<2x2xf32>
    %d = nvgpu.mma.sync(%x, %y, %z) {mmaShape = [16, 8, 8], tf32Enabled}
        : (vector<4x1xf32>, vector<2x1xf32>, vector<2x2xf32>) -> vector<2x2xf32>
    %r = vector.shape_cast %d : vector<2x2xf32> to vector<4xf32>
    yield %r : vector<4xf32>
  }

  // Sums wrap, as those of programs do; the shorter nvgpu form would saturate them.
  intrinsic @mma_m16n8k32_s8_s32 issue(@warp) class(matrix) operands[#a8, #b8, #c]
      latency(33) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x32xi8>, %b: tensor<32x8xi8>, %c: tensor<16x8xi32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x32xi8>, tensor<32x8xi8>)
        outs(%c : tensor<16x8xi32>) -> tensor<16x8xi32>
    yield %d : tensor<16x8xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %p = vector.bitcast %a : vector<16xi8> to vector<4xi32>
    %q = vector.bitcast %b : vector<8xi8> to vector<2xi32>
    %x:4 = vector.to_elements %p : vector<4xi32>
    %y:2 = vector.to_elements %q : vector<2xi32>
    %z:4 = vector.to_elements %c : vector<4xi32>
    %d = nvvm.mma.sync A[%x#0, %x#1, %x#2, %x#3] B[%y#0, %y#1] C[%z#0, %z#1, %z#2, %z#3]
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

  intrinsic @mma_m16n8k32_u8_s32 issue(@warp) class(matrix) operands[#a8, #b8, #c]
      latency(33) interval(2.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x32xi8>, %b: tensor<32x8xi8>, %c: tensor<16x8xi32>):
    %d = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>} ins(%a, %b : tensor<16x32xi8>, tensor<32x8xi8>)
        outs(%c : tensor<16x8xi32>) -> tensor<16x8xi32>
    yield %d : tensor<16x8xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %p = vector.bitcast %a : vector<16xi8> to vector<4xi32>
    %q = vector.bitcast %b : vector<8xi8> to vector<2xi32>
    %x:4 = vector.to_elements %p : vector<4xi32>
    %y:2 = vector.to_elements %q : vector<2xi32>
    %z:4 = vector.to_elements %c : vector<4xi32>
    %d = nvvm.mma.sync A[%x#0, %x#1, %x#2, %x#3] B[%y#0, %y#1] C[%z#0, %z#1, %z#2, %z#3]
        {layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, multiplicandAPtxType = #nvvm.mma_type<u8>,
         multiplicandBPtxType = #nvvm.mma_type<u8>, shape = #nvvm.shape<m = 16, n = 8, k = 32>,
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
      latency(33) interval(4.0 per @core in 4) semantics {
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
