// RUN: amos-opt %s --amos-record-signature | amos-translate --amos-to-header -o %t.h
// RUN: FileCheck %s < %t.h
// RUN: clang -std=c99 -Wall -Wextra -Werror -fsyntax-only -x c %t.h
// RUN: clang++ -std=c++98 -Wall -Wextra -Werror -fsyntax-only -x c++ %t.h

// CHECK: #ifndef AMOS_MATMUL_H
// CHECK: * in image: u8[4][8]
// CHECK: * out result0: i32[4][16]
// CHECK: int32_t matmul(const uint8_t *image, const int8_t *arg1, const int32_t *arg2, int32_t *result0, void *workspace);
// CHECK-NEXT: size_t matmul_workspace_size(void);
// CHECK-NEXT: int32_t matmul_call(void *const *buffers, int64_t count, void *workspace,
// CHECK-NEXT:     size_t workspace_bytes, void *stream);
// CHECK-NEXT: const char *matmul_error(int32_t status);
func.func @matmul(%a: tensor<4x8xi8> {amos.name = "image"}, %b: tensor<8x16xi8>,
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

// CHECK: * in arg0: f16[arg0_extent0][8]
// CHECK: int32_t dynamic(const uint16_t *arg0, int64_t arg0_extent0, float arg1, double *arg2, void *workspace);
// CHECK-NEXT: size_t dynamic_workspace_size(int64_t arg0_extent0);
func.func @dynamic(%a: memref<?x8xf16>, %s: f32, %r: memref<4xf64>) {
  %c0 = arith.constant 0 : index
  %w = arith.extf %s : f32 to f64
  memref.store %w, %r[%c0] : memref<4xf64>
  return
}

// Numbers follow their pointer: extents, offset, strides.
// CHECK: * in x: f32[x_extent0][8], offset x_offset, strides x_stride0 1
// CHECK-NEXT: * inout arg1: i32[4][4], offset 5, strides 1 arg1_stride1
// CHECK: int32_t strided(const float *x, int64_t x_extent0, int64_t x_offset, int64_t x_stride0, int32_t *arg1, int64_t arg1_stride1, void *workspace);
// CHECK-NEXT: size_t strided_workspace_size(int64_t x_extent0);
func.func @strided(%a: memref<?x8xf32, strided<[?, 1], offset: ?>> {amos.name = "x"},
                   %b: memref<4x4xi32, strided<[1, ?], offset: 5>>) {
  %c0 = arith.constant 0 : index
  %v = memref.load %b[%c0, %c0] : memref<4x4xi32, strided<[1, ?], offset: 5>>
  memref.store %v, %b[%c0, %c0] : memref<4x4xi32, strided<[1, ?], offset: 5>>
  return
}
