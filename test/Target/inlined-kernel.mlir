// The kernel of a callee stands at the place of its call, in a module of its own.
//
// REQUIRES: ptxas
// RUN: amosc %s --target=nvidia-sm80 --emit=manifest -o - | FileCheck %s
// CHECK: "name": "twice"
// CHECK: "kernel": "twice_kernel0"

func.func private @double(%x: tensor<64xi8>) -> tensor<64xi8> {
  %r = arith.addi %x, %x : tensor<64xi8>
  return %r : tensor<64xi8>
}

func.func @twice(%x: tensor<64xi8>) -> tensor<64xi8> {
  %r = call @double(%x) : (tensor<64xi8>) -> tensor<64xi8>
  return %r : tensor<64xi8>
}
