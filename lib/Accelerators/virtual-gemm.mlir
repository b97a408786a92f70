//===- virtual-gemm.mlir - A made-up matrix unit -------------------------===//
//
// The GEMM machine of the AMOS paper (ISCA 2022), plus two wider accumulators.
// No target: programs are mapped, priced and emulated only.
//
//===----------------------------------------------------------------------===//

amos.accelerator @virtual_gemm clock(1.0e9) {
  scope @unit
  scope @core = 4 @unit
  scope @device = 80 @core

  level @global per @device capacity(42949672960)
  level @shared per @core capacity(65536) bandwidth(256.0)
  level @local per @unit capacity(8192) bandwidth(16.0)

  intrinsic @gemm_f16 issue(@unit) class(matrix)
      latency(64) interval(64.0 per @unit) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x16xf16>, %c: tensor<16x16xf16>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x16xf16>)
        outs(%c : tensor<16x16xf16>) -> tensor<16x16xf16>
    yield %d : tensor<16x16xf16>
  }

  intrinsic @gemm_f16_f32 issue(@unit) class(matrix)
      latency(64) interval(64.0 per @unit) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x16xf16>, %c: tensor<16x16xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x16xf16>)
        outs(%c : tensor<16x16xf32>) -> tensor<16x16xf32>
    yield %d : tensor<16x16xf32>
  }

  intrinsic @gemm_s8_i32 issue(@unit) class(matrix)
      latency(64) interval(64.0 per @unit) semantics {
  ^bb0(%a: tensor<16x16xi8>, %b: tensor<16x16xi8>, %c: tensor<16x16xi32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xi8>, tensor<16x16xi8>)
        outs(%c : tensor<16x16xi32>) -> tensor<16x16xi32>
    yield %d : tensor<16x16xi32>
  }
}
