//===- nvidia-wmma.mlir - The three shapes of the portable instruction ---===//
//
// What the AMOS paper maps onto, for comparison; `nvidia-sm80` does the same by
// the instructions that these are made of. PTX leaves open where the lanes hold the
// elements. Here it is as on the Ampere and Hopper kinds: half or more of the
// registers of the smaller operand repeat the others.
//
//===----------------------------------------------------------------------===//

#square_a = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#square_b = #amos.fragment<(l, e) -> ((e floordiv 2) mod 2 * 8 + l mod 4 * 2 + e mod 2, e floordiv 4 * 8 + l floordiv 4)>
#square_c = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#tall_a = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8 + e floordiv 8 * 16, (e floordiv 4) mod 2 * 8 + l mod 4 * 2 + e mod 2)>
#tall_b = #amos.fragment<(l, e) -> (e floordiv 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4)>
#tall_c = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>
#wide_a = #amos.fragment<(l, e) -> (l floordiv 4, e floordiv 2 * 8 + l mod 4 * 2 + e mod 2)>
#wide_b = #amos.fragment<(l, e) -> ((e floordiv 4) mod 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4 + (e floordiv 2) mod 2 * 8 + e floordiv 8 * 16)>
#wide_c = #amos.fragment<(l, e) -> (l mod 4 * 2 + e mod 2, l floordiv 4 + e floordiv 2 * 8)>
!eight = !llvm.struct<(f32, f32, f32, f32, f32, f32, f32, f32)>

amos.accelerator @nvidia_wmma extends @nvidia_sm80 {
  remove @"mma_*"
  intrinsic @wmma_m16n16k16_f16_f32 issue(@warp) class(matrix) operands[#square_a, #square_b, #square_c]
      latency(40) interval(4.0 per @core in 4) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x16xf16>, %c: tensor<16x16xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x16xf16>)
        outs(%c : tensor<16x16xf32>) -> tensor<16x16xf32>
    yield %d : tensor<16x16xf32>
  } lowering {
  ^bb0(%a: vector<8xf16>, %b: vector<8xf16>, %c: vector<8xf32>):
    %as = vector.shape_cast %a : vector<8xf16> to vector<4x2xf16>
    %a0 = vector.extract %as[0] : vector<2xf16> from vector<4x2xf16>
    %a1 = vector.extract %as[1] : vector<2xf16> from vector<4x2xf16>
    %a2 = vector.extract %as[2] : vector<2xf16> from vector<4x2xf16>
    %a3 = vector.extract %as[3] : vector<2xf16> from vector<4x2xf16>
    %bs = vector.shape_cast %b : vector<8xf16> to vector<4x2xf16>
    %b0 = vector.extract %bs[0] : vector<2xf16> from vector<4x2xf16>
    %b1 = vector.extract %bs[1] : vector<2xf16> from vector<4x2xf16>
    %b2 = vector.extract %bs[2] : vector<2xf16> from vector<4x2xf16>
    %b3 = vector.extract %bs[3] : vector<2xf16> from vector<4x2xf16>
    %z:8 = vector.to_elements %c : vector<8xf32>
    %d = nvvm.wmma.mma %a0, %a1, %a2, %a3, %a0, %a1, %a2, %a3,
        %b0, %b1, %b2, %b3, %b0, %b1, %b2, %b3,
        %z#0, %z#1, %z#2, %z#3, %z#4, %z#5, %z#6, %z#7
        {eltypeA = #nvvm.mma_type<f16>, eltypeB = #nvvm.mma_type<f32>, layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, m = 16 : i32, n = 16 : i32, k = 16 : i32}
        : (vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, f32, f32, f32, f32, f32, f32, f32, f32) -> !eight
    %d0 = llvm.extractvalue %d[0] : !eight
    %d1 = llvm.extractvalue %d[1] : !eight
    %d2 = llvm.extractvalue %d[2] : !eight
    %d3 = llvm.extractvalue %d[3] : !eight
    %d4 = llvm.extractvalue %d[4] : !eight
    %d5 = llvm.extractvalue %d[5] : !eight
    %d6 = llvm.extractvalue %d[6] : !eight
    %d7 = llvm.extractvalue %d[7] : !eight
    %r = vector.from_elements %d0, %d1, %d2, %d3, %d4, %d5, %d6, %d7 : vector<8xf32>
    yield %r : vector<8xf32>
  }
  intrinsic @wmma_m32n8k16_f16_f32 issue(@warp) class(matrix) operands[#tall_a, #tall_b, #tall_c]
      latency(40) interval(4.0 per @core in 4) semantics {
  ^bb0(%a: tensor<32x16xf16>, %b: tensor<16x8xf16>, %c: tensor<32x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<32x16xf16>, tensor<16x8xf16>)
        outs(%c : tensor<32x8xf32>) -> tensor<32x8xf32>
    yield %d : tensor<32x8xf32>
  } lowering {
  ^bb0(%a: vector<16xf16>, %b: vector<4xf16>, %c: vector<8xf32>):
    %as = vector.shape_cast %a : vector<16xf16> to vector<8x2xf16>
    %a0 = vector.extract %as[0] : vector<2xf16> from vector<8x2xf16>
    %a1 = vector.extract %as[1] : vector<2xf16> from vector<8x2xf16>
    %a2 = vector.extract %as[2] : vector<2xf16> from vector<8x2xf16>
    %a3 = vector.extract %as[3] : vector<2xf16> from vector<8x2xf16>
    %a4 = vector.extract %as[4] : vector<2xf16> from vector<8x2xf16>
    %a5 = vector.extract %as[5] : vector<2xf16> from vector<8x2xf16>
    %a6 = vector.extract %as[6] : vector<2xf16> from vector<8x2xf16>
    %a7 = vector.extract %as[7] : vector<2xf16> from vector<8x2xf16>
    %bs = vector.shape_cast %b : vector<4xf16> to vector<2x2xf16>
    %b0 = vector.extract %bs[0] : vector<2xf16> from vector<2x2xf16>
    %b1 = vector.extract %bs[1] : vector<2xf16> from vector<2x2xf16>
    %z:8 = vector.to_elements %c : vector<8xf32>
    %d = nvvm.wmma.mma %a0, %a1, %a2, %a3, %a4, %a5, %a6, %a7,
        %b0, %b1, %b0, %b1, %b0, %b1, %b0, %b1,
        %z#0, %z#1, %z#2, %z#3, %z#4, %z#5, %z#6, %z#7
        {eltypeA = #nvvm.mma_type<f16>, eltypeB = #nvvm.mma_type<f32>, layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, m = 32 : i32, n = 8 : i32, k = 16 : i32}
        : (vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, f32, f32, f32, f32, f32, f32, f32, f32) -> !eight
    %d0 = llvm.extractvalue %d[0] : !eight
    %d1 = llvm.extractvalue %d[1] : !eight
    %d2 = llvm.extractvalue %d[2] : !eight
    %d3 = llvm.extractvalue %d[3] : !eight
    %d4 = llvm.extractvalue %d[4] : !eight
    %d5 = llvm.extractvalue %d[5] : !eight
    %d6 = llvm.extractvalue %d[6] : !eight
    %d7 = llvm.extractvalue %d[7] : !eight
    %r = vector.from_elements %d0, %d1, %d2, %d3, %d4, %d5, %d6, %d7 : vector<8xf32>
    yield %r : vector<8xf32>
  }
  intrinsic @wmma_m8n32k16_f16_f32 issue(@warp) class(matrix) operands[#wide_a, #wide_b, #wide_c]
      latency(40) interval(4.0 per @core in 4) semantics {
  ^bb0(%a: tensor<8x16xf16>, %b: tensor<16x32xf16>, %c: tensor<8x32xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<8x16xf16>, tensor<16x32xf16>)
        outs(%c : tensor<8x32xf32>) -> tensor<8x32xf32>
    yield %d : tensor<8x32xf32>
  } lowering {
  ^bb0(%a: vector<4xf16>, %b: vector<16xf16>, %c: vector<8xf32>):
    %as = vector.shape_cast %a : vector<4xf16> to vector<2x2xf16>
    %a0 = vector.extract %as[0] : vector<2xf16> from vector<2x2xf16>
    %a1 = vector.extract %as[1] : vector<2xf16> from vector<2x2xf16>
    %bs = vector.shape_cast %b : vector<16xf16> to vector<8x2xf16>
    %b0 = vector.extract %bs[0] : vector<2xf16> from vector<8x2xf16>
    %b1 = vector.extract %bs[1] : vector<2xf16> from vector<8x2xf16>
    %b2 = vector.extract %bs[2] : vector<2xf16> from vector<8x2xf16>
    %b3 = vector.extract %bs[3] : vector<2xf16> from vector<8x2xf16>
    %b4 = vector.extract %bs[4] : vector<2xf16> from vector<8x2xf16>
    %b5 = vector.extract %bs[5] : vector<2xf16> from vector<8x2xf16>
    %b6 = vector.extract %bs[6] : vector<2xf16> from vector<8x2xf16>
    %b7 = vector.extract %bs[7] : vector<2xf16> from vector<8x2xf16>
    %z:8 = vector.to_elements %c : vector<8xf32>
    %d = nvvm.wmma.mma %a0, %a1, %a0, %a1, %a0, %a1, %a0, %a1,
        %b0, %b1, %b2, %b3, %b4, %b5, %b6, %b7,
        %z#0, %z#1, %z#2, %z#3, %z#4, %z#5, %z#6, %z#7
        {eltypeA = #nvvm.mma_type<f16>, eltypeB = #nvvm.mma_type<f32>, layoutA = #nvvm.mma_layout<row>, layoutB = #nvvm.mma_layout<col>, m = 8 : i32, n = 32 : i32, k = 16 : i32}
        : (vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, vector<2xf16>, f32, f32, f32, f32, f32, f32, f32, f32) -> !eight
    %d0 = llvm.extractvalue %d[0] : !eight
    %d1 = llvm.extractvalue %d[1] : !eight
    %d2 = llvm.extractvalue %d[2] : !eight
    %d3 = llvm.extractvalue %d[3] : !eight
    %d4 = llvm.extractvalue %d[4] : !eight
    %d5 = llvm.extractvalue %d[5] : !eight
    %d6 = llvm.extractvalue %d[6] : !eight
    %d7 = llvm.extractvalue %d[7] : !eight
    %r = vector.from_elements %d0, %d1, %d2, %d3, %d4, %d5, %d6, %d7 : vector<8xf32>
    yield %r : vector<8xf32>
  }
}
