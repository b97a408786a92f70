//===- x86-avx512.mlir - AVX-512 with VNNI and BF16 -----------------------===//
//
// One core. Rates are those measured on Zen 4 (3.66 GHz): one 512-bit multiply-add
// of any kind a cycle. Bandwidths are what a plain read loop reached on one core.
//
//===----------------------------------------------------------------------===//

#splat = #amos.fragment<(e) -> ()>
#lanes = #amos.fragment<(e) -> (e)>
#group4 = #amos.fragment<(e) -> (e mod 4)>
#packed4 = #amos.fragment<(e) -> (e mod 4, e floordiv 4)>
#group2 = #amos.fragment<(e) -> (e mod 2)>
#packed2 = #amos.fragment<(e) -> (e mod 2, e floordiv 2)>

amos.accelerator @x86_avx512
    target(#llvm.target_features<["+avx512f", "+avx512bw", "+avx512vl", "+avx512vnni", "+avx512bf16"]>) clock(3.66e9) {
  scope @thread
  scope @device = 1 @thread

  level @memory per @device address(!llvm.ptr) bandwidth(7.5) latency(300) access(64)
  level @l3 per @device capacity(33554432) bandwidth(18.0) latency(50) cache
  level @l2 per @thread capacity(1048576) bandwidth(32.0) latency(14) cache
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(5) cache
  level @register per @thread granule(64) capacity(2048)

  intrinsic @vpdpbusd issue(@thread) class(dot) operands[#group4, #packed4, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%c, %a, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    yield %d : vector<16xi32>
  }

  // Signed by signed on the unsigned by signed unit: flipping the top bit adds 128
  // to every element of a, and 128 times the column sums of b is taken away again.
  // Exact modulo 2^32. The interval counts both instructions; where b is reused over
  // rows the second one is shared.
  intrinsic @vpdpbusd_s8 issue(@thread) class(dot) operands[#group4, #packed4, #lanes]
      latency(5) interval(2.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extsi %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    %flip = arith.constant dense<-128> : vector<64xi8>
    %zero = arith.constant dense<0> : vector<16xi32>
    %u = arith.xori %a, %flip : vector<64xi8>
    %p = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%c, %u, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    %o = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%zero, %flip, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    %d = arith.subi %p, %o : vector<16xi32>
    yield %d : vector<16xi32>
  }

  intrinsic @vpdpwssd issue(@thread) class(dot) operands[#group2, #packed2, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x16xi16>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<2xi16>, tensor<2x16xi16>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i16, %y: i16, %z: i32):
      %u = arith.extsi %x : i16 to i32
      %v = arith.extsi %y : i16 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<32xi16>, %b: vector<32xi16>, %c: vector<16xi32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.512"(%c, %a, %b)
        : (vector<16xi32>, vector<32xi16>, vector<32xi16>) -> vector<16xi32>
    yield %d : vector<16xi32>
  }

  intrinsic @vdpbf16ps issue(@thread) class(dot) operands[#group2, #packed2, #lanes]
      latency(6) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<2xbf16>, %b: tensor<2x16xbf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<2xbf16>, tensor<2x16xbf16>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: bf16, %y: bf16, %z: f32):
      %u = arith.extf %x : bf16 to f32
      %v = arith.extf %y : bf16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<32xbf16>, %b: vector<32xbf16>, %c: vector<16xf32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%c, %a, %b)
        : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
    yield %d : vector<16xf32>
  }

  intrinsic @fma_f32 issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<16xf32>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f32>, tensor<16xf32>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
    %d = math.fma %a, %b, %c : vector<16xf32>
    yield %d : vector<16xf32>
  }

  // The same instruction with a lane of its own for each product: what depthwise
  // convolutions, whose channels index all three operands, put on the lanes.
  intrinsic @fma_f32_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<16xf32>, %b: tensor<16xf32>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xf32>, tensor<16xf32>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
    %d = math.fma %a, %b, %c : vector<16xf32>
    yield %d : vector<16xf32>
  }

  // The dot products with a lane of their own in both sources: groups of grouped
  // convolutions, and channels of depthwise ones, whose sum is over the window.
  intrinsic @vpdpbusd_lanes issue(@thread) class(dot) operands[#packed4, #packed4, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4x16xi8>, %b: tensor<4x16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4x16xi8>, tensor<4x16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<64xi8>, %b: vector<64xi8>, %c: vector<16xi32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%c, %a, %b)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    yield %d : vector<16xi32>
  }

  // The same in bf16.
  intrinsic @vdpbf16ps_lanes issue(@thread) class(dot) operands[#packed2, #packed2, #lanes]
      latency(6) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<2x16xbf16>, %b: tensor<2x16xbf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<2x16xbf16>, tensor<2x16xbf16>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: bf16, %y: bf16, %z: f32):
      %u = arith.extf %x : bf16 to f32
      %v = arith.extf %y : bf16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<32xbf16>, %b: vector<32xbf16>, %c: vector<16xf32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512bf16.dpbf16ps.512"(%c, %a, %b)
        : (vector<16xf32>, vector<32xbf16>, vector<32xbf16>) -> vector<16xf32>
    yield %d : vector<16xf32>
  }

  // Products of bytes, one a lane: widened to pairs of which the second is zero on
  // one side, then one vpdpwssd. The interval counts half of what widens: what
  // was loaded once is widened once.
  intrinsic @mul_u8_s8_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<16xi8>, %b: tensor<16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xi8>, tensor<16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<16xi8>, %c: vector<16xi32>):
    %u = arith.extui %a : vector<16xi8> to vector<16xi32>
    %v = arith.extsi %b : vector<16xi8> to vector<16xi32>
    %x = vector.bitcast %u : vector<16xi32> to vector<32xi16>
    %y = vector.bitcast %v : vector<16xi32> to vector<32xi16>
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.512"(%c, %x, %y)
        : (vector<16xi32>, vector<32xi16>, vector<32xi16>) -> vector<16xi32>
    yield %d : vector<16xi32>
  }

  // The same for signed bytes, whose extension has no zero pair.
  intrinsic @mul_s8_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<16xi8>, %b: tensor<16xi8>, %c: tensor<16xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xi8>, tensor<16xi8>) outs(%c : tensor<16xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extsi %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<16xi32>
    yield %d : tensor<16xi32>
  } lowering {
  ^bb0(%a: vector<16xi8>, %b: vector<16xi8>, %c: vector<16xi32>):
    %low = arith.constant dense<65535> : vector<16xi32>
    %s = arith.extsi %a : vector<16xi8> to vector<16xi32>
    %u = arith.andi %s, %low : vector<16xi32>
    %v = arith.extsi %b : vector<16xi8> to vector<16xi32>
    %x = vector.bitcast %u : vector<16xi32> to vector<32xi16>
    %y = vector.bitcast %v : vector<16xi32> to vector<32xi16>
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.512"(%c, %x, %y)
        : (vector<16xi32>, vector<32xi16>, vector<32xi16>) -> vector<16xi32>
    yield %d : vector<16xi32>
  }

  // Products of bf16, one a lane. Registers hold f32: loads widen, exactly.
  intrinsic @fma_bf16_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<16xbf16>, %b: tensor<16xbf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xbf16>, tensor<16xbf16>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: bf16, %y: bf16, %z: f32):
      %u = arith.extf %x : bf16 to f32
      %v = arith.extf %y : bf16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
    %d = math.fma %a, %b, %c : vector<16xf32>
    yield %d : vector<16xf32>
  }

  // Products of f16, widened in the same way; nothing else here computes with it.
  intrinsic @fma_f16 issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f16>, %b: tensor<16xf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f16>, tensor<16xf16>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: f16, %y: f16, %z: f32):
      %u = arith.extf %x : f16 to f32
      %v = arith.extf %y : f16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
    %d = math.fma %a, %b, %c : vector<16xf32>
    yield %d : vector<16xf32>
  }

  // The same with a lane of its own for each product.
  intrinsic @fma_f16_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<16xf16>, %b: tensor<16xf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<16xf16>, tensor<16xf16>) outs(%c : tensor<16xf32>) {
    ^bb0(%x: f16, %y: f16, %z: f32):
      %u = arith.extf %x : f16 to f32
      %v = arith.extf %y : f16 to f32
      %m = arith.mulf %u, %v : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<16xf32>
    yield %d : tensor<16xf32>
  } lowering {
  ^bb0(%a: vector<16xf32>, %b: vector<16xf32>, %c: vector<16xf32>):
    %d = math.fma %a, %b, %c : vector<16xf32>
    yield %d : vector<16xf32>
  }

  intrinsic @fma_f64 issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<f64>, %b: tensor<8xf64>, %c: tensor<8xf64>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f64>, tensor<8xf64>) outs(%c : tensor<8xf64>) {
    ^bb0(%x: f64, %y: f64, %z: f64):
      %m = arith.mulf %x, %y : f64
      %r = arith.addf %z, %m : f64
      linalg.yield %r : f64
    } -> tensor<8xf64>
    yield %d : tensor<8xf64>
  } lowering {
  ^bb0(%a: vector<8xf64>, %b: vector<8xf64>, %c: vector<8xf64>):
    %d = math.fma %a, %b, %c : vector<8xf64>
    yield %d : vector<8xf64>
  }

  intrinsic @fma_f64_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<8xf64>, %b: tensor<8xf64>, %c: tensor<8xf64>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<8xf64>, tensor<8xf64>) outs(%c : tensor<8xf64>) {
    ^bb0(%x: f64, %y: f64, %z: f64):
      %m = arith.mulf %x, %y : f64
      %r = arith.addf %z, %m : f64
      linalg.yield %r : f64
    } -> tensor<8xf64>
    yield %d : tensor<8xf64>
  } lowering {
  ^bb0(%a: vector<8xf64>, %b: vector<8xf64>, %c: vector<8xf64>):
    %d = math.fma %a, %b, %c : vector<8xf64>
    yield %d : vector<8xf64>
  }
}
