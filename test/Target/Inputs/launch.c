// launch MODE: calls `chain` of kernels.mlir as MODE says and prints statuses.
#include "kernels.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static float *const x = (float *)0x10000, *const z = (float *)0x20000;
static void *const workspace = (void *)0x30000;
static int32_t statuses[8];

static void setContext(uintptr_t context) {
  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  void (*set)(uintptr_t) = (void (*)(uintptr_t))dlsym(driver, "fakeSetContext");
  set(context);
}

static int32_t call(void *stream) {
  return chain(x, 0.5f, z, workspace, stream);
}

static void *callOften(void *number) {
  size_t n = (size_t)number;
  setContext(0x100);
  for (int times = 0; times < 50; ++times)
    statuses[n] |= call((void *)(0x101 + n));
  return NULL;
}

static void callInThreads(void) {
  pthread_t threads[8];
  for (size_t n = 0; n < 8; ++n)
    pthread_create(&threads[n], NULL, callOften, (void *)n);
  for (size_t n = 0; n < 8; ++n)
    pthread_join(threads[n], NULL);
}

static int32_t callUniform(void *stream) {
  float s = 0.25f;
  void *buffers[] = {x, &s, z};
  return chain_call(buffers, 3, workspace, chain_workspace_size(), stream);
}

int main(int argc, char **argv) {
  const char *mode = argv[argc - 1];
  int32_t status = 0;
  if (strcmp(mode, "plain") == 0) {
    status = call(NULL);
  } else if (strcmp(mode, "devices") == 0) {
    setContext(0x100);
    status = call((void *)0x101) | call((void *)0x202) | call((void *)0x203) |
             callUniform((void *)0x101);
  } else if (strcmp(mode, "threads") == 0) {
    callInThreads();
    for (int n = 0; n < 8; ++n)
      status |= statuses[n];
  } else {
    status = chain(x, 0.5f, z, (char *)workspace + 1, NULL);
    printf("status %d: %s\n", status, chain_error(status));
    status = chain(NULL, 0.5f, z, workspace, NULL);
  }
  printf("status %d: %s\n", status, chain_error(status));
  return 0;
}
