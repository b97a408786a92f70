//===- x86-avx-vnni.mlir - AVX2 with the VEX form of VNNI -----------------===//
//
// As client processors have it: AVX2 with dot products that need one instruction.
// Rates are two instructions a cycle.
//
//===----------------------------------------------------------------------===//

#lanes = #amos.fragment<(e) -> (e)>
#group4 = #amos.fragment<(e) -> (e mod 4)>
#packed4 = #amos.fragment<(e) -> (e mod 4, e floordiv 4)>
#group2 = #amos.fragment<(e) -> (e mod 2)>
#packed2 = #amos.fragment<(e) -> (e mod 2, e floordiv 2)>

amos.accelerator @x86_avx_vnni extends @x86_avx2
    target(#llvm.target_features<["+avx2", "+fma", "+avxvnni"]>) {
  remove @pmaddwd

  intrinsic @vpdpbusd issue(@thread) class(dot) operands[#group4, #packed4, #lanes]
      latency(4) interval(0.5 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x8xi8>, %c: tensor<8xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x8xi8>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extui %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<32xi8>, %b: vector<32xi8>, %c: vector<8xi32>):
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%c, %a, %b)
        : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
    yield %d : vector<8xi32>
  }

  // Signed by signed on the unsigned by signed unit: flipping the top bit adds 128
  // to every element of a, and 128 times the column sums of b is taken away again.
  // Exact modulo 2^32. The interval counts both instructions; where b is reused over
  // rows the second one is shared.
  intrinsic @vpdpbusd_s8 issue(@thread) class(dot) operands[#group4, #packed4, #lanes]
      latency(5) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x8xi8>, %c: tensor<8xi32>):
    %d = linalg.generic {
        indexing_maps = [affine_map<(n, k) -> (k)>,
                         affine_map<(n, k) -> (k, n)>,
                         affine_map<(n, k) -> (n)>],
        iterator_types = ["parallel", "reduction"]}
        ins(%a, %b : tensor<4xi8>, tensor<4x8xi8>) outs(%c : tensor<8xi32>) {
    ^bb0(%x: i8, %y: i8, %z: i32):
      %u = arith.extsi %x : i8 to i32
      %v = arith.extsi %y : i8 to i32
      %m = arith.muli %u, %v : i32
      %r = arith.addi %z, %m : i32
      linalg.yield %r : i32
    } -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<32xi8>, %b: vector<32xi8>, %c: vector<8xi32>):
    %flip = arith.constant dense<-128> : vector<32xi8>
    %zero = arith.constant dense<0> : vector<8xi32>
    %u = arith.xori %a, %flip : vector<32xi8>
    %p = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%c, %u, %b)
        : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
    %o = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.256"(%zero, %flip, %b)
        : (vector<8xi32>, vector<32xi8>, vector<32xi8>) -> vector<8xi32>
    %d = arith.subi %p, %o : vector<8xi32>
    yield %d : vector<8xi32>
  }

  intrinsic @vpdpwssd issue(@thread) class(dot) operands[#group2, #packed2, #lanes]
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
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpwssd.256"(%c, %a, %b)
        : (vector<8xi32>, vector<16xi16>, vector<16xi16>) -> vector<8xi32>
    yield %d : vector<8xi32>
  }
}
