// Producers and consumers of a group have to meet; a machine that does not say how is
// refused, at the contraction.
//
// RUN: split-file %s %t
// RUN: %exits 1 amosc %t/program.mlir --target=%t/alone.mlir --intrinsic='wgmma*' --emit=ptx -o %t/x.ptx 2>&1 | FileCheck %s
// RUN: test ! -e %t/x.ptx

// CHECK: program.mlir:2:8: error: expected a 'sync' of scope 'core', whose parts share a buffer
//--- alone.mlir
amos.accelerator @alone extends @nvidia_sm90 {
  scope @core = 8 @warpgroup index {
    %b = nvvm.read.ptx.sreg.ctaid.x range <i32, 0, 2147483647> : i32
    yield %b : i32
  }
}
//--- program.mlir
func.func @product(%a: tensor<256x128xf16>, %b: tensor<128x128xf16>, %c: tensor<256x128xf32>) -> tensor<256x128xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<256x128xf16>, tensor<128x128xf16>) outs(%c : tensor<256x128xf32>) -> tensor<256x128xf32>
  return %0 : tensor<256x128xf32>
}
