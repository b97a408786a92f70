// RUN: amos-opt --amos-record-features=plain-loops %s | FileCheck %s

amos.accelerator @beyond_every_processor target(#llvm.target_features<["+avx2"]>) {
  scope @thread
  level @memory per @thread address(!llvm.ptr)
  level @register per @thread granule(1000003) capacity(1000003)
}

// CHECK-LABEL: func.func @plain
// CHECK-SAME:      amos.vector_bytes = 256 : i64
func.func @plain() {
  return
}
