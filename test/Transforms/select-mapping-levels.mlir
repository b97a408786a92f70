// Machines whose tiles are staged: the first step of each parallel loop is a
// group's, the reduction comes in chunks, the block is one unit's. Where code can
// tell groups and units apart, the nest says who does what.
// RUN: amosc %s --target=nvidia-sm80 --stop-after=parse -o - | amos-opt -amos-find-mappings -amos-select-mapping | FileCheck %s
// RUN: cat %amos/lib/Accelerators/virtual-gemm.mlir %s | amos-opt -amos-find-mappings -amos-select-mapping | FileCheck %s --check-prefix=VIRTUAL

// CHECK-LABEL: func.func @matmul(
// CHECK: amos.cost = #amos.cost<cycles = {{[0-9]+}}, lower_bound = 621378, bound = "compute", useful = 1000
// CHECK-SAME: amos.schedule = #amos.schedule<order {{\[\[}}{{[01]}}], [{{[01]}}], [2]] tiles []
// CHECK-SAME: nest {{\[\[}}0, {{[0-9]+}}] @core, [1, {{[0-9]+}}] @core, {{.*}}@core, [0, [[MB:[0-9]+]]] @warp, [1, [[NB:[0-9]+]]] @warp, [2, {{[0-9]+}}]
// Chunks are brought ahead, and groups follow each other down a few rows.
// CHECK-SAME: block {{\[}}[[MB]], [[NB]], 1] staging [chunk, chunk] stages {{[2-9]}}
// VIRTUAL-LABEL: func.func @matmul(
// VIRTUAL: amos.mapping = #amos.mapping<@virtual_gemm::@gemm_f16_f32
func.func @matmul(%x: tensor<4096x4096xf16>, %y: tensor<4096x4096xf16>, %z: tensor<4096x4096xf32>) -> tensor<4096x4096xf32> {
  %r = linalg.matmul ins(%x, %y : tensor<4096x4096xf16>, tensor<4096x4096xf16>) outs(%z : tensor<4096x4096xf32>) -> tensor<4096x4096xf32>
  return %r : tensor<4096x4096xf32>
}

// Nothing is looked for where no nest can be laid out.
// CHECK-LABEL: func.func @unknown_rows(
// CHECK: amos.candidates = []
// CHECK-SAME: "E-DYNAMIC", "the extent of iteration d0 is unknown, but the nest is spread over the parts of a machine", "give it a static extent"
func.func @unknown_rows(%x: tensor<?x4096xf16>, %y: tensor<4096x4096xf16>, %z: tensor<?x4096xf32>) -> tensor<?x4096xf32> {
  %r = linalg.matmul ins(%x, %y : tensor<?x4096xf16>, tensor<4096x4096xf16>) outs(%z : tensor<?x4096xf32>) -> tensor<?x4096xf32>
  return %r : tensor<?x4096xf32>
}
