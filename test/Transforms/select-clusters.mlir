// A large product's groups ask the L2 for more than it delivers beside what the tensor
// cores need: neighbours start together and bring once what they share. Small ones, of
// one round, would lose more by meeting than they win.
//
// RUN: amosc %s --target=h200 --stop-after=select-mapping -o - | FileCheck %s

// CHECK-LABEL: func.func @large(
// CHECK: amos.schedule = #amos.schedule<{{.*}} stages 4 cluster 2>
func.func @large(%a: tensor<4096x4096xf16>, %b: tensor<4096x4096xf16>, %c: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4096x4096xf16>, tensor<4096x4096xf16>) outs(%c : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  return %0 : tensor<4096x4096xf32>
}

// Chunks of two panels, since a small tile waits longer than it computes.
// CHECK-LABEL: func.func @small(
// CHECK: amos.schedule = #amos.schedule<{{.*}}, [2, 8]] block [1, 1, 8] staging [chunk, chunk] stages {{[0-9]+}}>
func.func @small(%a: tensor<1024x1024xf16>, %b: tensor<1024x1024xf16>, %c: tensor<1024x1024xf32>) -> tensor<1024x1024xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<1024x1024xf16>, tensor<1024x1024xf16>) outs(%c : tensor<1024x1024xf32>) -> tensor<1024x1024xf32>
  return %0 : tensor<1024x1024xf32>
}
