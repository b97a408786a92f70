// RUN: amos-opt --amos-record-features %s | FileCheck %s --check-prefixes=CHECK,MAPPED
// RUN: amos-opt --amos-record-features=plain-loops %s | FileCheck %s --check-prefixes=CHECK,PLAIN

amos.accelerator @narrow target(#llvm.target_features<["+avx2"]>) clock(1.0e9) {
  scope @thread
  level @memory per @thread address(!llvm.ptr) bandwidth(8.0) latency(100) access(32)
  level @register per @thread granule(32) capacity(512)
  intrinsic @add issue(@thread) class(vector) operands[#amos.fragment<(e) -> (e)>, #amos.fragment<(e) -> (e)>]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<8xf32>, %c: tensor<8xf32>):
    %d = linalg.generic {indexing_maps = [affine_map<(e) -> (e)>, affine_map<(e) -> (e)>], iterator_types = ["parallel"]}
        ins(%a : tensor<8xf32>) outs(%c : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32):
      %r = arith.addf %y, %x : f32
      linalg.yield %r : f32
    } -> tensor<8xf32>
    yield %d : tensor<8xf32>
  }
}

amos.accelerator @wide target(#llvm.target_features<["+avx512f"]>) clock(1.0e9) {
  scope @thread
  level @memory per @thread address(!llvm.ptr) bandwidth(8.0) latency(100) access(64)
  level @register per @thread granule(64) capacity(2048)
}

// A function that uses a machine's instructions is made for that machine.
// CHECK-LABEL: func.func @mapped
// CHECK-SAME:      amos.features = ["+avx2"], amos.vector_bytes = 32 : i64
func.func @mapped(%m: memref<8xf32>) {
  %a = amos.zero : !amos.tile<8xf32, @narrow::@add[0]>
  %c = amos.zero : !amos.tile<8xf32, @narrow::@add[1]>
  %d = amos.invoke @narrow::@add(%a, %c) : (!amos.tile<8xf32, @narrow::@add[0]>, !amos.tile<8xf32, @narrow::@add[1]>) -> !amos.tile<8xf32, @narrow::@add[1]>
  return
}

// CHECK-LABEL: func.func @plain
// MAPPED-NOT:      amos.features
// PLAIN-SAME:      amos.features = ["+avx512f"], amos.vector_bytes = 64 : i64
func.func @plain() {
  return
}
