//===- virtual-axpy.mlir - A made-up vector unit -------------------------===//
//
// The AXPY machine of the AMOS paper (ISCA 2022): a scalar times a row of four.
// No target: programs are mapped, priced and emulated only.
//
//===----------------------------------------------------------------------===//

amos.accelerator @virtual_axpy clock(1.0e9) {
  scope @unit
  scope @core = 4 @unit
  scope @device = 80 @core

  level @global per @device capacity(42949672960)
  level @shared per @core capacity(65536) bandwidth(256.0)
  level @local per @unit capacity(8192) bandwidth(16.0)

  intrinsic @axpy_f16 issue(@unit) class(vector)
      latency(2) interval(2.0 per @unit) semantics {
  ^bb0(%a: tensor<1xf16>, %b: tensor<4x1xf16>, %c: tensor<4xf16>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(i, r) -> (r)>,
                         affine_map<(i, r) -> (i, r)>,
                         affine_map<(i, r) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<1xf16>, tensor<4x1xf16>) outs(%c : tensor<4xf16>) {
    ^bb0(%x: f16, %y: f16, %z: f16):
      %m = arith.mulf %x, %y : f16
      %r = arith.addf %z, %m : f16
      linalg.yield %r : f16
    } -> tensor<4xf16>
    yield %d : tensor<4xf16>
  }
}
