// Groups that share a reduction, but reach no memory of each other, store their sums by
// the engine: of the parts, which lie one behind the other, each tile has whole rows.
//
// RUN: split-file %s %t
// RUN: amosc %t/program.mlir --target=%t/alone.mlir --stop-after=apply-mapping -o - | FileCheck %s
// RUN: amosc %t/program.mlir --target=%t/alone.mlir --emit=ptx -o - | FileCheck %s --check-prefix=PTX

// CHECK-LABEL: func.func @shared(
// CHECK: %[[PARTS:.+]] = memref.alloc{{.*}} : memref<[[N:[0-9]+]]x128x1024xf32>
// CHECK: amos.store {{.*}}, %[[PARTS]]({{.*}} via @alone::@tma_store_b4 {{.*}} merging[2, 1] panels[0, 1]
// CHECK: scf.parallel
// CHECK: memref.load %[[PARTS]]
// PTX-LABEL: .entry shared_kernel0(
// PTX-NOT: st.global
// PTX: cp.async.bulk.tensor.2d.global.shared
// PTX-NOT: st.global
// PTX-LABEL: .entry shared_kernel1(
//--- alone.mlir
amos.accelerator @alone extends @nvidia_sm90 {
  remove @cluster
}
//--- program.mlir
func.func @shared(%a: tensor<128x8192xf16>, %b: tensor<8192x1024xf16>) -> tensor<128x1024xf32> {
  %zero = arith.constant 0.0 : f32
  %none = tensor.empty() : tensor<128x1024xf32>
  %init = linalg.fill ins(%zero : f32) outs(%none : tensor<128x1024xf32>) -> tensor<128x1024xf32>
  %d = linalg.matmul ins(%a, %b : tensor<128x8192xf16>, tensor<8192x1024xf16>) outs(%init : tensor<128x1024xf32>) -> tensor<128x1024xf32>
  return %d : tensor<128x1024xf32>
}
