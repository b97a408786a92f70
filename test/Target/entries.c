// What a C program sees of an object: statuses, checks and symbols.
// REQUIRES: avx
// RUN: amos-opt %S/Inputs/entries.mlir --amos-add-entries -o %t.mlir
// RUN: mlir-translate --mlir-to-llvmir %t.mlir -o %t.ll
// RUN: llc -O2 -relocation-model=pic -filetype=obj %t.ll -o %t.o
// RUN: clang -Wall -Werror %s %t.o -o %t && %t
// RUN: llvm-nm --defined-only --extern-only %t.o | FileCheck %s

// CHECK-NOT: amos
// CHECK: T absent
// CHECK: T absent_call
// CHECK: T absent_error
// CHECK: T absent_workspace_size
// CHECK-NOT: amos

#include <stdint.h>
#include <stdio.h>
#include <string.h>

int32_t scale(const float *x, uint8_t s, float *y, void *workspace);
int32_t scale_call(void *const *buffers, int64_t count, void *workspace,
                   size_t workspace_bytes, void *stream);
size_t scale_workspace_size(void);
const char *scale_error(int32_t status);
int32_t scratch(const int64_t *x, int64_t *y, void *workspace);
int32_t scratch_call(void *const *buffers, int64_t count, void *workspace,
                     size_t workspace_bytes, void *stream);
size_t scratch_workspace_size(void);
int32_t gather(const int64_t *x, int64_t x_extent0, int64_t x_offset,
               int64_t x_stride0, int64_t *y, void *workspace);
int32_t gather_call(void *const *buffers, int64_t count, void *workspace,
                    size_t workspace_bytes, void *stream);
size_t gather_workspace_size(int64_t x_extent0);
int32_t present(void *workspace);
int32_t absent(void *workspace);

static int failures = 0;
#define EXPECT(condition)                                                      \
  if (!(condition))                                                            \
  failures += printf("line %d: %s\n", __LINE__, #condition)

static void testArguments(void) {
  float x = 3, y = 0;
  EXPECT(scale(&x, 1, &y, NULL) == 0 && y == 6);
  EXPECT(scale(NULL, 1, &y, NULL) == 1);
  EXPECT(scale(&x, 1, NULL, NULL) == 1);
  EXPECT(scale((const float *)((const char *)&x + 2), 1, &y, NULL) == 1);
  EXPECT(scale_workspace_size() == 0);
}

static void testUniformCall(void) {
  float x = 3, y = 0;
  uint8_t no = 0;
  void *buffers[] = {&x, &no, &y};
  EXPECT(scale_call(buffers, 3, NULL, 0, NULL) == 0 && y == 3);
  EXPECT(scale_call(buffers, 2, NULL, 0, NULL) == 1);
  EXPECT(scale_call(NULL, 3, NULL, 0, NULL) == 1);
  buffers[1] = NULL;
  EXPECT(scale_call(buffers, 3, NULL, 0, NULL) == 1);
}

static void testNumbers(void) {
  int64_t x = 0, y[3], n = 4, offset = 5, stride = 6;
  EXPECT(gather(&x, 4, 5, 6, y, NULL) == 0);
  EXPECT(y[0] == 4 && y[1] == 5 && y[2] == 6);
  EXPECT(gather(&x, 0, 0, 1, y, NULL) == 0);
  EXPECT(gather(&x, -1, 0, 1, y, NULL) == 1);
  EXPECT(gather(&x, 0, -1, 1, y, NULL) == 1);
  EXPECT(gather(&x, 0, 0, 0, y, NULL) == 1);
  EXPECT(gather(&x, 0, 0, -1, y, NULL) == 1);
  void *buffers[] = {&x, &n, &offset, &stride, y};
  y[0] = y[1] = y[2] = 0;
  EXPECT(gather_call(buffers, 5, NULL, 0, NULL) == 0);
  EXPECT(y[0] == 4 && y[1] == 5 && y[2] == 6);
  stride = 0;
  EXPECT(gather_call(buffers, 5, NULL, 0, NULL) == 1);
  EXPECT(gather_call(buffers, 2, NULL, 0, NULL) == 1);
  EXPECT(gather_workspace_size(4) == 0);
}

static void testWorkspace(void) {
  static _Alignas(256) char workspace[8192];
  int64_t x = 42, y = 0;
  void *buffers[] = {&x, &y};
  EXPECT(scratch_workspace_size() == 4096);
  EXPECT(scratch(&x, &y, workspace) == 0 && y == 42);
  EXPECT(scratch(&x, &y, NULL) == 2);
  EXPECT(scratch(&x, &y, workspace + 128) == 2);
  EXPECT(scratch_call(buffers, 2, workspace, 4096, NULL) == 0);
  EXPECT(scratch_call(buffers, 2, workspace, 4095, NULL) == 2);
  EXPECT(scratch_call(buffers, 2, workspace, (size_t)-1, NULL) == 0);
}

static void testFeatures(void) {
  for (int n = 0; n < 2; ++n) {
    EXPECT(present(NULL) == 0);
    EXPECT(absent(NULL) == 3);
  }
}

static void testMessages(void) {
  EXPECT(strcmp(scale_error(0), "success") == 0);
  EXPECT(strstr(scale_error(2), "256 bytes"));
  EXPECT(strstr(scale_error(3), "CPU"));
  EXPECT(strstr(scale_error(1700), "driver"));
  EXPECT(strstr(scale_error(-1), "unknown"));
}

int main(void) {
  testArguments();
  testUniformCall();
  testNumbers();
  testWorkspace();
  testFeatures();
  testMessages();
  return failures != 0;
}
