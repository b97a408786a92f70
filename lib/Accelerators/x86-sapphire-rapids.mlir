//===- x86-sapphire-rapids.mlir - AVX-512 of Xeons with FP16 --------------===//
//
// One core of Sapphire or Emerald Rapids: two multiply-adds and two loads of 512
// bits a cycle, but one bf16 dot product in two cycles and one shuffle a cycle.
// FP16 is what tells these processors from others. Rates were measured on an
// Emerald Rapids: those of loops by `amosc target calibrate x86-sapphire-rapids`,
// those that a loop's own loads hide by single instructions.
//
//===----------------------------------------------------------------------===//

#splat = #amos.fragment<(e) -> ()>
#lanes = #amos.fragment<(e) -> (e)>

amos.accelerator @x86_sapphire_rapids extends @x86_avx512
    target(#llvm.target_features<["+avx512f", "+avx512bw", "+avx512vl", "+avx512vnni", "+avx512bf16", "+avxvnni", "+avx512vbmi", "+avx512fp16"]>) clock(2.99e9) {
  change @l3 bandwidth(8.0), latency(200)
  change @l2 capacity(2097152), bandwidth(48.0), latency(16)
  change @l1 capacity(49152), bandwidth(128.0), latency(5)
  change @"v*" interval(0.5), latency(6)
  change @"vdpbf16ps*" interval(2.0), latency(8)
  change @vpdpbusd_s8 interval(1.25), latency(7)
  change @"fma*" interval(0.54)
  change @"mul*" interval(0.75)

  // Registers hold f32, to which loads widen bf16: twice the rate of vdpbf16ps.
  intrinsic @fma_bf16 issue(@thread) class(dot) operands[#splat, #lanes, #lanes]
      latency(4) interval(0.54 per @thread) semantics {
  ^bb0(%a: tensor<bf16>, %b: tensor<16xbf16>, %c: tensor<16xf32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n) -> ()>,
                         affine_map<(n) -> (n)>,
                         affine_map<(n) -> (n)>],
        iterator_types = ["parallel"]}
        ins(%a, %b : tensor<bf16>, tensor<16xbf16>) outs(%c : tensor<16xf32>) {
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
}
