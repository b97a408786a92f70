// The reference against loops written by hand: widened floats, wrapping
// integers, buffers that are read and written, TOSA with constants and padding,
// samples.
// RUN: amos-opt %S/Inputs/reference.mlir --amos-reference-pipeline -o %t.mlir
// RUN: mlir-translate --mlir-to-llvmir %t.mlir -o %t.ll
// RUN: llc -relocation-model=pic -filetype=obj %t.ll -o %t.o
// RUN: clang -O1 -Wall -Werror %s %t.o -lm -o %t && %t
// RUN: llvm-nm --defined-only --extern-only %t.o | FileCheck %s

// CHECK-NOT: twice
// CHECK: accumulate_reference{{$}}
// CHECK-NEXT: accumulate_reference_call
// CHECK: conv_reference{{$}}
// CHECK: matmul_reference{{$}}
// CHECK: wrap_reference_workspace_size
// CHECK-NOT: {{.}}

#include <stdint.h>
#include <stdio.h>
#include <string.h>

int32_t matmul_reference(const uint16_t *a, const uint16_t *b, const float *c,
                         int64_t first, int64_t step, double *r, void *w);
int32_t accumulate_reference(const float *a, float s, double *r, int64_t first,
                             int64_t step, void *w);
int32_t wrap_reference(const int8_t *x, int64_t first, int64_t step, int8_t *r,
                       void *w);
int32_t conv_reference(const float *x, int64_t first, int64_t step, double *r,
                       void *w);

static int failures = 0;
#define EXPECT(condition)                                                      \
  if (!(condition))                                                            \
  failures += printf("line %d: %s\n", __LINE__, #condition)

static float fromBits(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

/// Only the columns from `first` by `step`, the others stay.
static void testMatmul(int first, int step) {
  uint16_t a[15], b[35];
  float c[21], before[21];
  double r[21];
  for (int i = 0; i < 35; ++i)
    a[i % 15] = 0x3f80 + i % 15, b[i] = 0x4000 + 3 * i;
  for (int i = 0; i < 21; ++i)
    c[i] = before[i] = 0.125f * (float)i, r[i] = -1;
  EXPECT(matmul_reference(a, b, c, first, step, r, NULL) == 0);
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 7; ++j) {
      double sum = c[7 * i + j];
      for (int k = 0; k < 5; ++k)
        sum += (double)fromBits(a[5 * i + k]) * fromBits(b[7 * k + j]);
      int isSampled = j >= first && (j - first) % step == 0;
      EXPECT(r[7 * i + j] == (isSampled ? sum : -1));
    }
  EXPECT(memcmp(c, before, sizeof c) == 0);
}

static void testAccumulate(void) {
  float a[16];
  double r[16];
  for (int i = 0; i < 16; ++i)
    a[i] = (float)i, r[i] = 0.5;
  EXPECT(accumulate_reference(a, 7.0f, r, 0, 1, NULL) == 0);
  EXPECT(r[0] == 7.0);
  EXPECT(r[5] == 0.5 + 4 * 1 + 5 * 5 + 6 * 9 + 7 * 13);
}

static void testWrap(void) {
  int8_t x[4] = {100, -100, 1, -128}, r[4];
  EXPECT(wrap_reference(x, 0, 1, r, NULL) == 0);
  EXPECT(r[0] == -56 && r[1] == 56 && r[2] == 2 && r[3] == 0);
}

static void testConv(void) {
  float x[32];
  double r[16];
  for (int i = 0; i < 32; ++i)
    x[i] = i < 16 ? 0.25f : 1.0f;
  EXPECT(conv_reference(x, 0, 1, r, NULL) == 0);
  EXPECT(r[0] == 0.25 + 0.5 * 2 * 4 * 0.25);
  EXPECT(r[5] == 0.25 + 0.5 * 2 * (6 * 0.25 + 3));
  EXPECT(r[10] == 5.0);
}

int main(void) {
  testMatmul(0, 1);
  testMatmul(1, 3);
  testMatmul(6, 100);
  testAccumulate();
  testWrap();
  testConv();
  return failures != 0;
}
