// Bytes become halves by shifting; what an f32 loses as tf32 is masked off.
// RUN: amos-opt %s -amos-expand-float-casts | FileCheck %s

// CHECK-LABEL: func.func @upper_half(
// CHECK: %[[BYTE:.+]] = arith.bitcast %{{.+}} : f8E5M2 to i8
// CHECK: %[[WIDE:.+]] = arith.extui %[[BYTE]] : i8 to i16
// CHECK: %[[UPPER:.+]] = arith.shli %[[WIDE]], %c8_i16
// CHECK: %[[HALF:.+]] = arith.bitcast %[[UPPER]] : i16 to f16
// CHECK: arith.extf %[[HALF]] : f16 to f64
func.func @upper_half(%x: f8E5M2) -> f64 {
  %y = arith.extf %x : f8E5M2 to f64
  return %y : f64
}

// CHECK-LABEL: func.func @other_bias(
// CHECK: arith.mulf %{{.+}}, %{{.+}} : vector<4xf16>
// CHECK: %[[HALF:.+]] = arith.select {{.+}} : vector<4xi1>, vector<4xf16>
// CHECK: arith.extf %[[HALF]] : vector<4xf16> to vector<4xf32>
func.func @other_bias(%x: vector<4xf8E4M3FN>) -> vector<4xf32> {
  %y = arith.extf %x : vector<4xf8E4M3FN> to vector<4xf32>
  return %y : vector<4xf32>
}

// CHECK-LABEL: func.func @cut(
// CHECK-DAG: %[[MASK:.+]] = arith.constant -8192 : i32
// CHECK-DAG: %[[BITS:.+]] = arith.bitcast %arg0 : f32 to i32
// CHECK: %[[LEFT:.+]] = arith.andi %[[BITS]], %[[MASK]]
// CHECK: arith.bitcast %[[LEFT]] : i32 to f32
// CHECK-NOT: tf32
func.func @cut(%x: f32) -> f32 {
  %y = arith.truncf %x toward_zero : f32 to tf32
  %z = arith.extf %y : tf32 to f32
  return %z : f32
}

// To the nearest is another rounding.
// CHECK-LABEL: func.func @nearest(
// CHECK: arith.truncf
func.func @nearest(%x: f32) -> f32 {
  %y = arith.truncf %x : f32 to tf32
  %z = arith.extf %y : tf32 to f32
  return %z : f32
}
