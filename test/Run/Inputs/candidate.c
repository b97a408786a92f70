/* A candidate for the product in test/amosc/Inputs/matmul.mlir that does
 * MISDEED. */
#include <stddef.h>
#include <stdint.h>

size_t matmul_workspace_size(void) { return 0; }
const char *matmul_error(int32_t status) {
  return status ? "as it was told" : "ok";
}
int32_t matmul_call(void *const *buffers, int64_t count, void *workspace,
                    size_t bytes, void *stream) {
  volatile int32_t *result = buffers[count - 1];
  MISDEED;
  return 0;
}
