// A matrix without rows: nothing is stored, and nothing divided by its size.
//
// RUN: amosc %s --target=generic --emit=llvm -o - | FileCheck %s
// CHECK: define internal {{.*}}@amos.kernel.f(

func.func @f(%x: tensor<4x0xf32>, %o: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %w = arith.constant dense_resource<w> : tensor<0x8xf32>
  %r = linalg.matmul ins(%x, %w : tensor<4x0xf32>, tensor<0x8xf32>)
                     outs(%o : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %r : tensor<4x8xf32>
}

{-#
  dialect_resources: { builtin: { w: "0x04000000" } }
#-}
