//===- dot8.mlir - An accelerator that does not exist ---------------------===//
//
// Eight dot products of four signed bytes at a time, into eight sums of 32 bits.
// Its instruction is written with plain vector operations, so that the code runs
// on any processor; on a real one a single operation would stand there.
//
//===----------------------------------------------------------------------===//

// Which element of an operand each register element holds, counting from 0.
#repeated = #amos.fragment<(e) -> (e mod 4)>           // four bytes, eight times
#packed = #amos.fragment<(e) -> (e mod 4, e floordiv 4)>
#lanes = #amos.fragment<(e) -> (e)>

amos.accelerator @dot8 target(#llvm.target_features<[]>) clock(2.0e9) {
  // Who executes: a device of one thread.
  scope @thread
  scope @device = 1 @thread

  // Where data lies: a memory that code addresses, a cache, sixteen registers of
  // 32 bytes. Bandwidth in bytes per cycle, latency in cycles.
  level @memory per @device address(!llvm.ptr) bandwidth(8.0) latency(200) access(32)
  level @l1 per @thread capacity(32768) bandwidth(64.0) latency(4) cache
  level @register per @thread granule(32) capacity(512)

  // What computes: what it means, in the language of programs, and what to emit.
  intrinsic @dot issue(@thread) class(dot) operands[#repeated, #packed, #lanes]
      latency(4) interval(1.0 per @thread) semantics {
  ^bb0(%a: tensor<4xi8>, %b: tensor<4x8xi8>, %c: tensor<8xi32>):
    %d = linalg.vecmat ins(%a, %b : tensor<4xi8>, tensor<4x8xi8>)
        outs(%c : tensor<8xi32>) -> tensor<8xi32>
    yield %d : tensor<8xi32>
  } lowering {
  ^bb0(%a: vector<32xi8>, %b: vector<32xi8>, %c: vector<8xi32>):
    %x = arith.extsi %a : vector<32xi8> to vector<32xi32>
    %y = arith.extsi %b : vector<32xi8> to vector<32xi32>
    %m = arith.muli %x, %y : vector<32xi32>
    %e0, %o0 = vector.deinterleave %m : vector<32xi32> -> vector<16xi32>
    %s0 = arith.addi %e0, %o0 : vector<16xi32>
    %e1, %o1 = vector.deinterleave %s0 : vector<16xi32> -> vector<8xi32>
    %s1 = arith.addi %e1, %o1 : vector<8xi32>
    %d = arith.addi %c, %s1 : vector<8xi32>
    yield %d : vector<8xi32>
  }
}
