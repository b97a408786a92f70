//===- x86-avx2.mlir - AVX2 and FMA ---------------------------------------===//
//
// One core, 256-bit registers. Bandwidths are starting values to calibrate.
//
//===----------------------------------------------------------------------===//

#splat = #amos.fragment<(e) -> ()>
#lanes = #amos.fragment<(e) -> (e)>
#group2 = #amos.fragment<(e) -> (e mod 2)>
#packed2 = #amos.fragment<(e) -> (e mod 2, e floordiv 2)>

amos.accelerator @x86_avx2
    target(#llvm.target_features<["+avx2", "+fma"]>) clock(3.66e9) {
  scope @thread
  scope @device = 1 @thread

  level @memory per @device address(!llvm.ptr) bandwidth(7.5) latency(300) access(32)
  level @l3 per @device capacity(33554432) bandwidth(18.0) latency(50) cache
  level @l2 per @thread capacity(1048576) bandwidth(32.0) latency(14) cache
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(5) cache
  level @register per @thread granule(32) capacity(512)

  intrinsic @pmaddwd issue(@thread) class(dot) operands[#group2, #packed2, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<2xi16>, %b: tensor<2x8xi16>, %c: tensor<8xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<2xi16>, tensor<2x8xi16>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i16, %y: i16, %z: i32):
      %u = arith.extsi %x : i16 to i32
      %v = arith.extsi %y : i16 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<16xi16>, %b: vector<16xi16>, %c: vector<8xi32>):
    %p = llvm.call_intrinsic "llvm.x86.avx2.pmadd.wd"(%a, %b)
        : (vector<16xi16>, vector<16xi16>) -> vector<8xi32>
    %d = arith.addi %c, %p : vector<8xi32>
    yield %d : vector<8xi32>
  }

  intrinsic @fma_f32 issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<f32>, %b: tensor<8xf32>, %c: tensor<8xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f32>, tensor<8xf32>) outs(%c : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<8xf32>
    yield %d : tensor<8xf32>
  } lowering {
  ^bb0(%a: vector<8xf32>, %b: vector<8xf32>, %c: vector<8xf32>):
    %d = math.fma %a, %b, %c : vector<8xf32>
    yield %d : vector<8xf32>
  }

  // The same instruction with a lane of its own for each product: what depthwise
  // convolutions, whose channels index all three operands, put on the lanes.
  intrinsic @fma_f32_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<8xf32>, %b: tensor<8xf32>, %c: tensor<8xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<8xf32>, tensor<8xf32>) outs(%c : tensor<8xf32>) {
    ^bb0(%x: f32, %y: f32, %z: f32):
      %m = arith.mulf %x, %y : f32
      %r = arith.addf %z, %m : f32
      linalg.yield %r : f32
    } -> tensor<8xf32>
    yield %d : tensor<8xf32>
  } lowering {
  ^bb0(%a: vector<8xf32>, %b: vector<8xf32>, %c: vector<8xf32>):
    %d = math.fma %a, %b, %c : vector<8xf32>
    yield %d : vector<8xf32>
  }

  intrinsic @fma_f64 issue(@thread) class(vector) operands[#splat, #lanes, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<f64>, %b: tensor<4xf64>, %c: tensor<4xf64>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<f64>, tensor<4xf64>) outs(%c : tensor<4xf64>) {
    ^bb0(%x: f64, %y: f64, %z: f64):
      %m = arith.mulf %x, %y : f64
      %r = arith.addf %z, %m : f64
      linalg.yield %r : f64
    } -> tensor<4xf64>
    yield %d : tensor<4xf64>
  } lowering {
  ^bb0(%a: vector<4xf64>, %b: vector<4xf64>, %c: vector<4xf64>):
    %d = math.fma %a, %b, %c : vector<4xf64>
    yield %d : vector<4xf64>
  }

  intrinsic @fma_f64_lanes issue(@thread) class(vector) operands[#lanes, #lanes, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<4xf64>, %b: tensor<4xf64>, %c: tensor<4xf64>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<4xf64>, tensor<4xf64>) outs(%c : tensor<4xf64>) {
    ^bb0(%x: f64, %y: f64, %z: f64):
      %m = arith.mulf %x, %y : f64
      %r = arith.addf %z, %m : f64
      linalg.yield %r : f64
    } -> tensor<4xf64>
    yield %d : tensor<4xf64>
  } lowering {
  ^bb0(%a: vector<4xf64>, %b: vector<4xf64>, %c: vector<4xf64>):
    %d = math.fma %a, %b, %c : vector<4xf64>
    yield %d : vector<4xf64>
  }
}
