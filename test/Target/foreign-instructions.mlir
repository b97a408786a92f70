// An instruction of another machine is refused before code generation aborts.
// RUN: rm -rf %t && mkdir %t
// RUN: %exits 1 amosc %s --target=generic --emit=obj --out-dir %t 2>&1 | FileCheck %s
// RUN: not ls %t/*

// CHECK: error: 'llvm.nvvm.wgmma.fence.sync.aligned' is an instruction of another machine than '{{[^']+}}'
func.func @fence(%x: tensor<4xf32>) -> tensor<4xf32> {
  nvvm.wgmma.fence.aligned
  return %x : tensor<4xf32>
}
