//===- virtual-gemv.mlir - A made-up matrix-vector unit ------------------===//
//
// A GEMV machine as the AMOS paper (ISCA 2022) evaluates one: sixteen dot products
// of four elements with one vector.
// No target: programs are mapped, priced and emulated only.
//
//===----------------------------------------------------------------------===//

amos.accelerator @virtual_gemv clock(1.0e9) {
  scope @unit
  scope @core = 4 @unit
  scope @device = 80 @core

  level @global per @device capacity(42949672960)
  level @shared per @core capacity(65536) bandwidth(256.0)
  level @local per @unit capacity(8192) bandwidth(16.0)

  intrinsic @gemv_f16 issue(@unit) class(dot)
      latency(16) interval(16.0 per @unit) semantics {
  ^bb0(%a: tensor<4xf16>, %b: tensor<16x4xf16>, %c: tensor<16xf16>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(i, r) -> (r)>,
                         affine_map<(i, r) -> (i, r)>,
                         affine_map<(i, r) -> (i)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xf16>, tensor<16x4xf16>) outs(%c : tensor<16xf16>) {
    ^bb0(%x: f16, %y: f16, %z: f16):
      %m = arith.mulf %x, %y : f16
      %r = arith.addf %z, %m : f16
      linalg.yield %r : f16
    } -> tensor<16xf16>
    yield %d : tensor<16xf16>
  }
}
