// RUN: amos-opt %s | amos-opt | FileCheck %s

#one = #amos.fragment<(e) -> ()>
#lanes = #amos.fragment<(l, e) -> (l * 2 + e)>
#none = affine_map<() -> ()>

// CHECK-LABEL: amos.accelerator @m {
amos.accelerator @m {
  scope @thread
  scope @warp = 8 @thread
  level @memory per @warp address(!llvm.ptr)
  layout @line in @memory affine_map<(b) -> (b)> atom[64]
  group @queue issue(@warp) wait {
  ^bb0(%n: i32):
    yield
  }
  // An intrinsic without iterations, on scalars.
  // CHECK: intrinsic @scalar issue(@thread) class(scalar) operands[#amos.fragment<(d0) -> ()>, #amos.fragment<(d0) -> ()>, #amos.fragment<(d0) -> ()>] semantics {
  // CHECK: } lowering {
  intrinsic @scalar issue(@thread) class(scalar) operands[#one, #one, #one] semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<f32>, %c: tensor<f32>):
    %d = linalg.generic {indexing_maps = [#none, #none, #none], iterator_types = []}
        ins(%a, %b : tensor<f32>, tensor<f32>) outs(%c : tensor<f32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<f32>
    yield %d : tensor<f32>
  } lowering {
  ^bb0(%x: f32, %y: f32, %z: f32):
    %r = math.fma %x, %y, %z : f32
    yield %r : f32
  }
  // Registers of several lanes, held as vectors and structures; a memory operand.
  // CHECK: intrinsic @wide issue(@warp) class(vector)
  // CHECK-SAME: view("async") group(@queue) latency(4) interval(5.000000e-01 per @warp)
  // CHECK: } init {
  // CHECK: } lowering {
  intrinsic @wide issue(@warp) class(vector)
      operands[#amos.memory<@line[0]>, #lanes, #lanes] view("async") group(@queue)
      latency(4) interval(0.5 per @warp) semantics {
  ^bb0(%a: tensor<16xf32>, %b: tensor<16xf32>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xf32>, tensor<16xf32>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } init {
    %z = llvm.mlir.zero : !llvm.struct<(f32, f32)>
    yield %z : !llvm.struct<(f32, f32)>
  } lowering {
  ^bb0(%a: !llvm.ptr, %b: vector<2xf32>, %c: !llvm.struct<(f32, f32)>):
    yield %c : !llvm.struct<(f32, f32)>
  }
  // CHECK: intrinsic @described issue(@thread) class(matrix) semantics {
  intrinsic @described issue(@thread) class(matrix) semantics {
  ^bb0(%a: tensor<4x4xf16>, %b: tensor<4x4xf16>, %c: tensor<4x4xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<4x4xf16>, tensor<4x4xf16>) outs(%c : tensor<4x4xf32>) -> tensor<4x4xf32>
    yield %d : tensor<4x4xf32>
  }
  // CHECK: intrinsic @placed issue(@thread) class(dot) operands[#amos.memory<@line[0]>, #amos.memory<@line[0]>, #amos.memory<@line[0]>] partial[0] overwrite semantics {
  intrinsic @placed issue(@thread) class(dot)
      operands[#amos.memory<@line[0]>, #amos.memory<@line[0]>, #amos.memory<@line[0]>]
      partial[0] overwrite semantics {
  ^bb0(%a: tensor<16xi8>, %b: tensor<16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>, affine_map<(n) -> (n)>, affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xi8>, tensor<16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      linalg.yield %z : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: !llvm.ptr, %b: !llvm.ptr, %c: !llvm.ptr, %n: i32, %overwrite: i1):
    yield
  }
}
