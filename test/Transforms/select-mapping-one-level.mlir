// A machine whose tiles come straight from the outermost level: there is no memory
// that groups of units could share.
// RUN: amos-opt %s -amos-find-mappings -amos-select-mapping | FileCheck %s

amos.accelerator @axpy clock(1.0e9) {
  scope @unit
  scope @core = 4 @unit
  scope @device = 80 @core
  level @shared per @core capacity(65536) bandwidth(256.0)
  level @local per @unit capacity(8192) bandwidth(16.0)
  intrinsic @axpy issue(@unit) class(vector) latency(2) interval(2.0 per @unit) semantics {
  ^bb0(%a: tensor<1xf16>, %b: tensor<4x1xf16>, %c: tensor<4xf16>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(i, r) -> (r)>, affine_map<(i, r) -> (i, r)>, affine_map<(i, r) -> (i)>],
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

// CHECK-LABEL: func.func @small(
// CHECK: amos.mapping = #amos.mapping<@axpy::@axpy
func.func @small(%a: tensor<20x36xf16>, %b: tensor<36x24xf16>, %c: tensor<20x24xf16>) -> tensor<20x24xf16> {
  %d = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<20x36xf16>, tensor<36x24xf16>) outs(%c : tensor<20x24xf16>) {
  ^bb0(%x: f16, %y: f16, %z: f16):
    %m = arith.mulf %x, %y : f16
    %r = arith.addf %z, %m : f16
    linalg.yield %r : f16
  } -> tensor<20x24xf16>
  return %d : tensor<20x24xf16>
}
