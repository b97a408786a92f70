// Instructions in no function are refused before LLVM is given them.
// RUN: %exits 1 amosc %s --target=generic --emit=llvm --out-dir %t 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --target=nvidia-sm80 --emit=obj --out-dir %t 2>&1 | FileCheck %s

// CHECK: misplaced.mlir:[[@LINE+1]]:1: error: expected a function or another symbol outside of functions, but found 'llvm.intr.trap'
llvm.intr.trap
func.func @copy(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
