// What is no name of a feature is refused before LLVM is given it.
// RUN: %exits 1 amosc %s --target=generic --emit=llvm --out-dir %t 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --target=nvidia-sm80 --emit=obj --out-dir %t 2>&1 | FileCheck %s

// CHECK: features-errors.mlir:[[@LINE+1]]:1: error: expected strings in 'amos.features', found 1 : i64
llvm.func @kernel(%x: !llvm.ptr) attributes {amos.features = [1, "+fma"]} {
  llvm.return
}
