// RUN: amos-opt %s --amos-record-signature | FileCheck %s

// An operand is unsigned iff every use extends it without sign.
// CHECK-LABEL: func.func @extensions
// CHECK-SAME: dtype = "u8", name = "arg0", role = "in", shape = array<i64: 4, 8>
// CHECK-SAME: dtype = "i8", name = "weights", role = "in", shape = array<i64: 8, 16>
// CHECK-SAME: dtype = "i32", name = "arg2", role = "in", shape = array<i64: 4, 16>
// CHECK-SAME: dtype = "i32", name = "result0", role = "out", shape = array<i64: 4, 16>
func.func @extensions(%a: tensor<4x8xi8>, %b: tensor<8x16xi8> {amos.name = "weights"},
                      %c: tensor<4x16xi32>) -> tensor<4x16xi32> {
  %r = linalg.generic {
      indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
                       affine_map<(m, n, k) -> (m, n)>],
      iterator_types = ["parallel", "parallel", "reduction"]}
      ins(%a, %b : tensor<4x8xi8>, tensor<8x16xi8>) outs(%c : tensor<4x16xi32>) {
  ^bb0(%x: i8, %y: i8, %z: i32):
    %xw = arith.extui %x : i8 to i32
    %yw = arith.extsi %y : i8 to i32
    %p = arith.muli %xw, %yw : i32
    %s = arith.addi %z, %p : i32
    linalg.yield %s : i32
  } -> tensor<4x16xi32>
  return %r : tensor<4x16xi32>
}

// Views and other linalg ops in between do not hide the extension.
// CHECK-LABEL: func.func @through_views
// CHECK-SAME: dtype = "u8", name = "arg0"
func.func @through_views(%a: tensor<32xi8>, %c: tensor<4x4xi32>) -> tensor<4x4xi32> {
  %m = tensor.expand_shape %a [[0, 1]] output_shape [4, 8] : tensor<32xi8> into tensor<4x8xi8>
  %e = tensor.empty() : tensor<8x4xi8>
  %t = linalg.transpose ins(%m : tensor<4x8xi8>) outs(%e : tensor<8x4xi8>) permutation = [1, 0]
  %r = linalg.matmul {cast = #linalg.type_fn<cast_unsigned>}
       ins(%m, %t : tensor<4x8xi8>, tensor<8x4xi8>) outs(%c : tensor<4x4xi32>) -> tensor<4x4xi32>
  return %r : tensor<4x4xi32>
}

// CHECK-LABEL: func.func @mixed_uses
// CHECK-SAME: dtype = "i8", name = "arg0"
func.func @mixed_uses(%a: memref<8xi8>, %o: memref<2xi32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %x = memref.load %a[%c0] : memref<8xi8>
  %u = arith.extui %x : i8 to i32
  %s = arith.extsi %x : i8 to i32
  memref.store %u, %o[%c0] : memref<2xi32>
  memref.store %s, %o[%c1] : memref<2xi32>
  return
}

// Written buffers are inout; scalars have no shape; dynamic extents stay.
// CHECK-LABEL: func.func @roles
// CHECK-SAME: dtype = "f16", name = "arg0", role = "in", shape = array<i64: -9223372036854775808, 4>
// CHECK-SAME: dtype = "bf16", name = "arg1", role = "inout", shape = array<i64: 2, 2>
// CHECK-SAME: {dtype = "f32", name = "arg2", role = "in"}
// CHECK-SAME: dtype = "i1", name = "arg3", role = "in", shape = array<i64>
func.func @roles(%a: memref<?x4xf16>, %b: memref<2x2xbf16>, %s: f32, %p: memref<i1>) {
  %v = memref.subview %b[0, 0] [1, 2] [1, 1] : memref<2x2xbf16> to memref<1x2xbf16, strided<[2, 1]>>
  %h = arith.truncf %s : f32 to bf16
  linalg.fill ins(%h : bf16) outs(%v : memref<1x2xbf16, strided<[2, 1]>>)
  return
}

// CHECK-LABEL: func.func @tosa_unsigned
// CHECK-SAME: dtype = "u8", name = "arg0"
func.func @tosa_unsigned(%a: tensor<8xi8>) -> tensor<8xi8> {
  %m = "tosa.const"() <{values = dense<1073741824> : tensor<1xi32>}> : () -> tensor<1xi32>
  %h = "tosa.const"() <{values = dense<30> : tensor<1xi8>}> : () -> tensor<1xi8>
  %z = "tosa.const"() <{values = dense<0> : tensor<1xi8>}> : () -> tensor<1xi8>
  %r = tosa.rescale %a, %m, %h, %z, %z {scale32 = true, rounding_mode = SINGLE_ROUND,
       per_channel = false, input_unsigned = true, output_unsigned = false}
       : (tensor<8xi8>, tensor<1xi32>, tensor<1xi8>, tensor<1xi8>, tensor<1xi8>) -> tensor<8xi8>
  return %r : tensor<8xi8>
}

// CHECK-LABEL: func.func private @internal
// CHECK-NOT: amos.signature
func.func private @internal(%a: tensor<2x!llvm.ptr>) -> tensor<2x!llvm.ptr> {
  return %a : tensor<2x!llvm.ptr>
}

// Offset and strides of a buffer, in elements; the caller passes dynamic ones.
// CHECK-LABEL: func.func @strided
// CHECK-SAME: {dtype = "f32", name = "arg0", offset = 5 : i64, role = "in", shape = array<i64: 4, 4>, strides = array<i64: 8, 1>}
// CHECK-SAME: {dtype = "f32", name = "arg1", offset = -9223372036854775808 : i64, role = "in", shape = array<i64: 4, 4>, strides = array<i64: 1, -9223372036854775808>}
// CHECK-SAME: {dtype = "f32", name = "arg2", offset = 0 : i64, role = "in", shape = array<i64>, strides = array<i64>}
func.func @strided(%a: memref<4x4xf32, strided<[8, 1], offset: 5>>,
                   %b: memref<4x4xf32, strided<[1, ?], offset: ?>>,
                   %c: memref<f32, strided<[]>>) {
  return
}
