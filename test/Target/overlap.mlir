// Kernels of spread nests start before those in front of them have
// ended, where the machine says how: each admits the next one first, and touches
// memory behind the wait.
//
// RUN: amosc %s --target=nvidia-sm90 --emit=ptx,llvm --out-dir %t
// RUN: FileCheck %s < %t/overlap.ptx
// RUN: FileCheck %s --check-prefix=HOST < %t/overlap.ll
// RUN: amosc %s --target=nvidia-sm80 --emit=ptx,llvm --out-dir %t
// RUN: FileCheck %s --check-prefix=NONE < %t/overlap.ptx
// RUN: FileCheck %s --check-prefix=EARLIER < %t/overlap.ll

// What a kernel prepares for itself is not waited with.
// CHECK-LABEL: .entry chain_kernel0(
// CHECK:      bar.sync
// CHECK:      griddepcontrol.launch_dependents;
// CHECK:      griddepcontrol.wait;
// CHECK:      cp.async.bulk.tensor
// Kernels of one thread for each element are slower that way.
// CHECK-LABEL: .entry chain_kernel1(
// CHECK-NOT:  griddepcontrol

// HOST: call {{.*}}void @amos.gpu.launch({{.*}}, i32 1, ptr {{[^,]*}})
// HOST: call {{.*}}void @amos.gpu.launch({{.*}}, i32 0, ptr {{[^,]*}})
// NONE-NOT:    griddepcontrol
// EARLIER-COUNT-2: call {{.*}}void @amos.gpu.launch({{.*}}, i32 0, ptr {{[^,]*}})
func.func @chain(%a: tensor<512x512xf16>, %b: tensor<512x512xf16>, %x: tensor<64x64xf32>) -> (tensor<512x512xf32>, tensor<64x64xf32>) {
  %zero = arith.constant 0.0 : f32
  %none = tensor.empty() : tensor<512x512xf32>
  %init = linalg.fill ins(%zero : f32) outs(%none : tensor<512x512xf32>) -> tensor<512x512xf32>
  %product = linalg.matmul ins(%a, %b : tensor<512x512xf16>, tensor<512x512xf16>) outs(%init : tensor<512x512xf32>) -> tensor<512x512xf32>
  %turned = tensor.empty() : tensor<64x64xf32>
  %t = linalg.transpose ins(%x : tensor<64x64xf32>) outs(%turned : tensor<64x64xf32>) permutation = [1, 0]
  return %product, %t : tensor<512x512xf32>, tensor<64x64xf32>
}
