// A product whose sums are truth values is left as it is, which is an error and no crash:
// upstream's conversion does not know them.
// RUN: %exits 1 amosc %s -o %t.o 2>&1 | FileCheck %s
// CHECK: :[[#@LINE+4]]:8: error: op was not bufferized
func.func @truth(%a: tensor<2x8x5xi8>, %b: tensor<2x5x6xi8>) -> tensor<2x8x6xi1> {
  %left = "tosa.const"() <{values = dense<-128> : tensor<1xi8>}> : () -> tensor<1xi8>
  %right = "tosa.const"() <{values = dense<11> : tensor<1xi8>}> : () -> tensor<1xi8>
  %d = tosa.matmul %a, %b, %left, %right : (tensor<2x8x5xi8>, tensor<2x5x6xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<2x8x6xi1>
  return %d : tensor<2x8x6xi1>
}
