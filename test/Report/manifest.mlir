// RUN: amos-opt %s --amos-record-signature --amos-record-operations \
// RUN:   | amos-translate --amos-to-manifest -o %t.json
// RUN: FileCheck %s < %t.json
// RUN: %python %S/Inputs/validate.py %amos/docs/Manifest.md %t.json

// A schema that checks nothing would accept this.
// RUN: sed 's/"macs"/"max"/' %t.json | not %python %S/Inputs/validate.py %amos/docs/Manifest.md \
// RUN:   | FileCheck %s --check-prefix=WRONG
// WRONG-DAG: 'macs' is missing
// WRONG-DAG: 'max' is not documented

// CHECK: "amos_manifest": 1
// CHECK: "file": "test.reference.so"
// CHECK: "name": "chain"
// CHECK: "macs": 1536
// Two sums of 8 and 16 terms, kept in f32, and one value rounded to bf16.
// CHECK: "reduction": 25
// CHECK-NEXT: "accumulator_eps": 0.0078125
// CHECK: "result0": 1.1920928955078125e-07
// CHECK: "operation": "linalg.matmul"
// CHECK-NEXT: "location": "{{.*}}manifest.mlir:[[@LINE+11]]:12"
// CHECK: "id": "m{{......}}"
// CHECK-NEXT: "intrinsic": "@machine::@dot"
// CHECK: "text": "#amos.mapping<@machine::@dot, {{\[\[}}1], [2]]>"
// CHECK: "schedule": "#amos.schedule<order {{.*}}>"
// CHECK: "cycles": 4500
// CHECK: "operation": "linalg.generic"
// CHECK: "operation": "linalg.matmul"
func.func @chain(%a: tensor<4x8xbf16>, %b: tensor<8x16xbf16>, %c: tensor<4x16xf32>,
                 %d: tensor<16x16xbf16>) -> tensor<4x16xf32> {
  %e = tensor.empty() : tensor<4x16xbf16>
  %first = linalg.matmul {
      amos.mapping = #amos.mapping<@machine::@dot, [[1], [2]]>,
      amos.schedule = #amos.schedule<order [[1], [2]] tiles [] nest [[1, 4], [0, 6], [2, 1]]
                                     block [6, 4, 1] staging [direct, pack]>,
      amos.cost = #amos.cost<cycles = 4500, lower_bound = 4194, bound = "compute", useful = 980,
                             bytes = 3072>}
      ins(%a, %b : tensor<4x8xbf16>, tensor<8x16xbf16>) outs(%c : tensor<4x16xf32>)
      -> tensor<4x16xf32>
  %rounded = linalg.generic {
      indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>],
      iterator_types = ["parallel", "parallel"]}
      ins(%first : tensor<4x16xf32>) outs(%e : tensor<4x16xbf16>) {
  ^bb0(%x: f32, %y: bf16):
    %r = arith.truncf %x : f32 to bf16
    linalg.yield %r : bf16
  } -> tensor<4x16xbf16>
  %second = linalg.matmul ins(%rounded, %d : tensor<4x16xbf16>, tensor<16x16xbf16>)
      outs(%c : tensor<4x16xf32>) -> tensor<4x16xf32>
  return %second : tensor<4x16xf32>
}

// CHECK: "name": "strided"
// CHECK: "shape": [
// CHECK-NEXT: 4,
// CHECK-NEXT: 8
// CHECK-NEXT: ],
// CHECK-NEXT: "layout": "strided",
// CHECK-NEXT: "role": "in",
// CHECK-NEXT: "offset": 5,
// CHECK-NEXT: "strides": [
// CHECK-NEXT: null,
// CHECK-NEXT: 1
// CHECK-NEXT: ]
func.func @strided(%a: memref<4x8xf32, strided<[?, 1], offset: 5>>) {
  return
}
