// The explanation is a view of the attributes that the stages leave.
// RUN: amosc explain %s --start-from=apply-mapping | FileCheck %s
// RUN: amosc explain %s --start-from=apply-mapping --json | %python %S/Inputs/validate.py %amos/docs/CommandLine.md
// RUN: amosc explain %s --start-from=apply-mapping --json | FileCheck %s --check-prefix=JSON

// CHECK: target m
// CHECK: explanation.mlir:{{[0-9]+}}:8: linalg.matmul in 'f', i8 x i8 -> i32
// CHECK-NEXT: iterations  d0 = 8  d1 = 16  d2 = 32 reduction
// CHECK-NEXT: 2 proved (1 by AMOS's rule), 2 refused
// CHECK: * 1  m{{[0-9a-f]+}}  @m::@dot  {{.*}}500 {{.*}}400 {{.*}}compute {{.*}}25.0% {{.*}}128
// CHECK-NEXT: 2  m{{[0-9a-f]+}}  @m::@slow {{.*}}900 {{.*}}800 {{.*}}memory
// CHECK: 2  E-DTYPE {{.*}}operand 0 is 'i8', expected 'f32'
// CHECK-NEXT: by @m::@fma
// CHECK-NEXT: by @m::@wide
// CHECK-NEXT: fix: use f32
// JSON: "version": 1
// JSON: "chosen": true
// JSON: "matching": null
// JSON: "status": "rejected"

amos.accelerator @m target(#llvm.target_features<[]>) clock(1.0e9) {
  scope @core
}

func.func @f(%a: tensor<8x32xi8>, %b: tensor<32x16xi8>, %c: tensor<8x16xi32>)
    -> tensor<8x16xi32> {
  %0 = linalg.matmul {
      amos.candidates = [
        #amos.candidate<#amos.mapping<@m::@slow, [[0], [1], [2]]> amos_rule
          cost <cycles = 900, lower_bound = 800, bound = "memory", useful = 1000, bytes = 64>>,
        #amos.candidate<#amos.mapping<@m::@dot, [[1], [2]]>
          cost <cycles = 500, lower_bound = 400, bound = "compute", useful = 750, bytes = 128>>],
      amos.mapping = #amos.mapping<@m::@dot, [[1], [2]]>,
      amos.rejected = [
        #amos.rejection<@m::@fma, "E-DTYPE", "operand 0 is 'i8', expected 'f32'", "use f32">,
        #amos.rejection<@m::@wide, "E-DTYPE", "operand 0 is 'i8', expected 'f32'", "use f32">]}
    ins(%a, %b : tensor<8x32xi8>, tensor<32x16xi8>)
    outs(%c : tensor<8x16xi32>) -> tensor<8x16xi32>
  return %0 : tensor<8x16xi32>
}
