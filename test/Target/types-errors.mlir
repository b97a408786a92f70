// RUN: %exits 1 amosc %s --target=nvidia-sm80 --emit=ptx --out-dir %t --entry=wide 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --target=generic --out-dir %t --entry=large 2>&1 | FileCheck %s --check-prefix=LARGE
// RUN: %exits 1 amosc %s --target=nvidia-sm80 --out-dir %t --entry=large 2>&1 | FileCheck %s --check-prefix=LARGE

// CHECK: types-errors.mlir:[[@LINE+2]]:{{[0-9]+}}: error: a device cannot compute in 'f128'; convert to f64, or compile this for a processor
func.func @wide(%a: tensor<64xf64>) -> tensor<64xf64> {
  %x = arith.extf %a : tensor<64xf64> to tensor<64xf128>
  %y = arith.mulf %x, %x : tensor<64xf128>
  %r = arith.truncf %y : tensor<64xf128> to tensor<64xf64>
  return %r : tensor<64xf64>
}

// LARGE: types-errors.mlir:[[@LINE+2]]:{{[0-9]+}}: error: a constant of 'tensor<2147483647x2147483647xf32>' is too large for an object; fill a buffer, or make it an argument
func.func @large() -> tensor<2147483647x2147483647xf32> {
  %zero = arith.constant dense<0.0> : tensor<2147483647x2147483647xf32>
  return %zero : tensor<2147483647x2147483647xf32>
}
