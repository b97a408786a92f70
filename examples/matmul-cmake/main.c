// Calls the kernel, checks the numbers, and calls it wrongly on purpose.
#include "matmul.h"

#include <stdio.h>
#include <stdlib.h>

enum { M = 128, N = 192, K = 256 };

static float a[M][K], b[K][N], c[M][N], result[M][N];

// Small integers: every sum is exact, so the comparison may be, too.
static void fill(void) {
  for (int m = 0; m < M; ++m)
    for (int k = 0; k < K; ++k)
      a[m][k] = (float)((m + 3 * k) % 17 - 8);
  for (int k = 0; k < K; ++k)
    for (int n = 0; n < N; ++n)
      b[k][n] = (float)((5 * k + n) % 13 - 6);
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n)
      c[m][n] = (float)(m - n);
}

static int countWrong(void) {
  int wrong = 0;
  for (int m = 0; m < M; ++m)
    for (int n = 0; n < N; ++n) {
      float sum = c[m][n];
      for (int k = 0; k < K; ++k)
        sum += a[m][k] * b[k][n];
      wrong += result[m][n] != sum;
    }
  return wrong;
}

int main(void) {
  size_t bytes = matmul_workspace_size();
  void *workspace =
      bytes ? aligned_alloc(256, (bytes + 255) / 256 * 256) : NULL;
  fill();
  int32_t status =
      matmul(&a[0][0], &b[0][0], &c[0][0], &result[0][0], workspace);
  printf("matmul: %s\n", matmul_error(status));
  if (status != 0)
    return 1;
  int wrong = countWrong();
  printf("%d of %d elements wrong\n", wrong, M * N);
  status = matmul(NULL, &b[0][0], &c[0][0], &result[0][0], workspace);
  printf("without an operand: %s\n", matmul_error(status));
  free(workspace);
  return wrong != 0 || status != 1;
}
