// RUN: %exits 1 amosc %s -o %t.o 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --start-from=normalize -o %t.o 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s --emit=candidates --out-dir %t 2>&1 | FileCheck %s
// RUN: %exits 1 amosc %s -O0 --emit=reference --out-dir %t 2>&1 | FileCheck %s
// CHECK: :[[#@LINE+4]]:8: error: 'tosa.matmul' adds up products in 'i1', expected a wider integer or a float; compare the sums of 'i32' with zero
func.func @truth(%a: tensor<2x8x5xi8>, %b: tensor<2x5x6xi8>) -> tensor<2x8x6xi1> {
  %left = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}> : () -> tensor<1xi8>
  %right = "tosa.const"() <{values = dense<11> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.matmul %a, %b, %left, %right : (tensor<2x8x5xi8>, tensor<2x5x6xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x8x6xi1>
  return %d : tensor<2x8x6xi1>
}
