// Lowerings that do not do what their semantics say, each in its own way.

#group = #amos.fragment<(e) -> (e mod 2)>
#packed = #amos.fragment<(e) -> (e mod 2, e floordiv 2)>
#lanes = #amos.fragment<(e) -> (e)>

amos.accelerator @mistaken target(#llvm.target_features<[]>) {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  llvm.func @nowhere(vector<8xi8>) -> vector<4xi32>

  intrinsic @right issue(@thread) class(dot) operands[#group, #packed, #lanes] semantics {
  ^bb0(%a: tensor<2xi8>, %b: tensor<2x4xi8>, %c: tensor<4xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi8>, tensor<2x4xi8>) outs(%c : tensor<4xi32>) -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<8xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %x = arith.extsi %a : vector<8xi8> to vector<8xi32>
    %y = arith.extsi %b : vector<8xi8> to vector<8xi32>
    %m = arith.muli %x, %y : vector<8xi32>
    %e, %o = vector.deinterleave %m : vector<8xi32> -> vector<4xi32>
    %s = arith.addi %e, %o : vector<4xi32>
    %d = arith.addi %c, %s : vector<4xi32>
    yield %d : vector<4xi32>
  }

  intrinsic @unsigned issue(@thread) class(dot) operands[#group, #packed, #lanes] semantics {
  ^bb0(%a: tensor<2xi8>, %b: tensor<2x4xi8>, %c: tensor<4xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi8>, tensor<2x4xi8>) outs(%c : tensor<4xi32>) -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<8xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %x = arith.extui %a : vector<8xi8> to vector<8xi32>
    %y = arith.extsi %b : vector<8xi8> to vector<8xi32>
    %m = arith.muli %x, %y : vector<8xi32>
    %e, %o = vector.deinterleave %m : vector<8xi32> -> vector<4xi32>
    %s = arith.addi %e, %o : vector<4xi32>
    %d = arith.addi %c, %s : vector<4xi32>
    yield %d : vector<4xi32>
  }

  intrinsic @dies issue(@thread) class(dot) operands[#group, #packed, #lanes] semantics {
  ^bb0(%a: tensor<2xi8>, %b: tensor<2x4xi8>, %c: tensor<4xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi8>, tensor<2x4xi8>) outs(%c : tensor<4xi32>) -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<8xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    llvm.intr.trap
    yield %c : vector<4xi32>
  }

  intrinsic @undefined issue(@thread) class(dot) operands[#group, #packed, #lanes] semantics {
  ^bb0(%a: tensor<2xi8>, %b: tensor<2x4xi8>, %c: tensor<4xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi8>, tensor<2x4xi8>) outs(%c : tensor<4xi32>) -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<8xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %d = llvm.call @nowhere(%a) : (vector<8xi8>) -> vector<4xi32>
    yield %d : vector<4xi32>
  }

  intrinsic @unselectable issue(@thread) class(dot) operands[#group, #packed, #lanes] semantics {
  ^bb0(%a: tensor<2xi8>, %b: tensor<2x4xi8>, %c: tensor<4xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<2xi8>, tensor<2x4xi8>) outs(%c : tensor<4xi32>) -> tensor<4xi32>
    yield %d : tensor<4xi32>
  } lowering {
  ^bb0(%a: vector<8xi8>, %b: vector<8xi8>, %c: vector<4xi32>):
    %z = arith.constant dense<0> : vector<64xi8>
    %w = arith.constant dense<0> : vector<16xi32>
    %d = llvm.call_intrinsic "llvm.x86.avx512.vpdpbusd.512"(%w, %z, %z)
        : (vector<16xi32>, vector<64xi8>, vector<64xi8>) -> vector<16xi32>
    %r = vector.extract_strided_slice %d {offsets = [0], sizes = [4], strides = [1]}
        : vector<16xi32> to vector<4xi32>
    yield %r : vector<4xi32>
  }
}
