// RUN: amos-opt %s -amos-normalize -verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @custom(
// CHECK: tosa.custom
func.func @custom(%a: tensor<8xf32>) -> tensor<8xf32> {
  // expected-remark @+1 {{'tosa.custom' has no conversion and stays as it is}}
  %b = tosa.custom %a {domain_name = "other", operator_name = "op", implementation_attrs = ""} : (tensor<8xf32>) -> tensor<8xf32>
  return %b : tensor<8xf32>
}

func.func @recursive(%a: f32) -> f32 {
  %b = call @again(%a) : (f32) -> f32
  return %b : f32
}
func.func private @again(%a: f32) -> f32 {
  // expected-remark @+1 {{'again' is recursive and stays a function}}
  %b = call @again(%a) : (f32) -> f32
  return %b : f32
}

