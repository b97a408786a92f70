// Calls `product` of product.mlir once and prints the status.
#include "product.h"
#include <stdio.h>

int main(void) {
  void *buffers[] = {(void *)0x10000, (void *)0x20000, (void *)0x30000,
                     (void *)0x40000};
  int32_t status =
      product_call(buffers, 4, (void *)0x50000, product_workspace_size(), NULL);
  printf("status %d: %s\n", status, product_error(status));
  return 0;
}
