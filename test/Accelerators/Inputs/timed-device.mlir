// One of each kind of part that a device's calibration has kernels for, and one
// of each that it has not.
#a = #amos.fragment<(l, e) -> (l floordiv 4 + (e floordiv 2) mod 2 * 8, e floordiv 4 * 8 + l mod 4 * 2 + e mod 2)>
#b = #amos.fragment<(l, e) -> (e floordiv 2 * 8 + l mod 4 * 2 + e mod 2, l floordiv 4)>
#c = #amos.fragment<(l, e) -> (l floordiv 4 + e floordiv 2 * 8, l mod 4 * 2 + e mod 2)>

amos.accelerator @timed_device
    target(#nvvm.target<O = 3, chip = "sm_80", features = "+ptx80">) clock(1.0e9) {
  scope @thread index {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %m = arith.constant 31 : i32
    %l = arith.andi %t, %m : i32
    yield %l : i32
  }
  scope @warp = 32 @thread index {
    %t = nvvm.read.ptx.sreg.tid.x : i32
    %5 = arith.constant 5 : i32
    %w = arith.shrui %t, %5 : i32
    yield %w : i32
  }
  scope @core = 32 @warp index {
    %b = nvvm.read.ptx.sreg.ctaid.x : i32
    yield %b : i32
  } sync {
  ^bb0(%slot: i32):
    nvvm.barrier0
    yield
  }
  scope @device = 108 @core

  level @global per @device address(!llvm.ptr<1>) bandwidth(1000.0) latency(500) access(16)
  level @l2 per @device capacity(1048576) bandwidth(4000.0) latency(260) cache
  level @shared per @core address(!llvm.ptr<3>) capacity(166912) bandwidth(128.0) latency(23) access(16)
  level @register per @thread granule(4) capacity(1020) pool(262144 per @core)

  intrinsic @mma issue(@warp) class(matrix) operands[#a, #b, #c]
      latency(33) interval(2.0 per @core) semantics {
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
  intrinsic @meant issue(@warp) class(matrix) operands[#a, #b, #c] latency(33) interval(2.0 per @core) semantics {
  ^bb0(%a: tensor<16x16xf16>, %b: tensor<16x8xf16>, %c: tensor<16x8xf32>):
    %d = linalg.matmul ins(%a, %b : tensor<16x16xf16>, tensor<16x8xf16>)
        outs(%c : tensor<16x8xf32>) -> tensor<16x8xf32>
    yield %d : tensor<16x8xf32>
  }
}
