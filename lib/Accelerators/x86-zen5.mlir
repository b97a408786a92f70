//===- x86-zen5.mlir - AVX-512 at the rates of Zen 5 ----------------------===//
//
// One core with the full 512-bit data path: two multiply-adds and two loads a
// cycle. AVX-512 with BF16, VNNI also in its VEX form, and VP2INTERSECT together
// are what tells this processor from others. Rates are those that
// `amosc target calibrate x86-avx512` measured.
//
//===----------------------------------------------------------------------===//

amos.accelerator @x86_zen5 extends @x86_avx512
    target(#llvm.target_features<["+avx512f", "+avx512bw", "+avx512vl", "+avx512vnni", "+avx512bf16", "+avxvnni", "+avx512vp2intersect"]>) clock(3.72e9) {
  change @l2 bandwidth(64.0)
  change @l1 bandwidth(128.0), capacity(49152), latency(4)
  change @"v*" interval(0.5)
  change @vpdpbusd_s8 interval(1.0), latency(6)
  change @"fma*" interval(0.5)
  change @"mul*" interval(0.75)
}
