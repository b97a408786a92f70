//===- virtual-conv.mlir - A made-up convolution unit --------------------===//
//
// The CONV machine of the AMOS paper (ISCA 2022): a pointwise convolution of a 4x4
// patch, sixteen channels to sixteen.
// No target: programs are mapped, priced and emulated only.
//
//===----------------------------------------------------------------------===//

amos.accelerator @virtual_conv clock(1.0e9) {
  scope @unit
  scope @core = 4 @unit
  scope @device = 80 @core

  level @global per @device capacity(42949672960)
  level @shared per @core capacity(65536) bandwidth(256.0)
  level @local per @unit capacity(8192) bandwidth(16.0)

  intrinsic @conv_f16 issue(@unit) class(matrix)
      latency(36) interval(36.0 per @unit) semantics {
  ^bb0(%a: tensor<16x4x4xf16>, %b: tensor<16x16xf16>, %c: tensor<16x4x4xf16>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(k, p, q, c) -> (c, p, q)>,
                         affine_map<(k, p, q, c) -> (k, c)>,
                         affine_map<(k, p, q, c) -> (k, p, q)>],
        iterator_types = ["parallel", "parallel", "parallel", "reduction"]}
        ins(%a, %b : tensor<16x4x4xf16>, tensor<16x16xf16>) outs(%c : tensor<16x4x4xf16>) {
    ^bb0(%x: f16, %y: f16, %z: f16):
      %m = arith.mulf %x, %y : f16
      %r = arith.addf %z, %m : f16
      linalg.yield %r : f16
    } -> tensor<16x4x4xf16>
    yield %d : tensor<16x4x4xf16>
  }
}
