// Calls the convolution through its uniform entry and checks every number.
#include "conv.h"

#include <stdio.h>
#include <stdlib.h>

enum { P = 14, Q = 14, K = 64, R = 3, S = 3, C = 32 };
enum { H = P + R - 1, W = Q + S - 1 };

static uint8_t image[H][W][C];
static int8_t weights[R][S][C][K];
static int32_t result[P][Q][K];

static void fill(void) {
  for (int n = 0; n < H * W * C; ++n)
    (&image[0][0][0])[n] = (uint8_t)(7 * n + n / 251);
  for (int n = 0; n < R * S * C * K; ++n)
    (&weights[0][0][0][0])[n] = (int8_t)(11 * n + n / 127);
}

static int32_t sumAt(int p, int q, int k) {
  int32_t sum = 0;
  for (int r = 0; r < R; ++r)
    for (int s = 0; s < S; ++s)
      for (int c = 0; c < C; ++c)
        sum += image[p + r][q + s][c] * weights[r][s][c][k];
  return sum;
}

static int countWrong(void) {
  int wrong = 0;
  for (int p = 0; p < P; ++p)
    for (int q = 0; q < Q; ++q)
      for (int k = 0; k < K; ++k)
        wrong += result[p][q][k] != sumAt(p, q, k);
  return wrong;
}

int main(void) {
  void *buffers[] = {image, weights, result};
  size_t bytes = conv_workspace_size();
  void *workspace =
      bytes ? aligned_alloc(256, (bytes + 255) / 256 * 256) : NULL;
  fill();
  int32_t status = conv_call(buffers, 3, workspace, bytes, NULL);
  free(workspace);
  printf("conv: %s\n", conv_error(status));
  if (status != 0)
    return 1;
  int wrong = countWrong();
  printf("%d of %d elements wrong\n", wrong, P * Q * K);
  return wrong != 0;
}
