// Copies vectors to a device, calls the compiled function on a stream and
// checks every number. The driver is opened at run time here too, so that this
// program builds where there is no device.
#include "axpy.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

enum { N = 1000000, BYTES = N * sizeof(float) };

typedef unsigned long long Address;

// Functions of NVIDIA's driver, as its documentation declares them.
static int (*cuInit)(unsigned);
static int (*cuDevicePrimaryCtxRetain)(void **, int);
static int (*cuCtxSetCurrent)(void *);
static int (*cuMemAlloc)(Address *, size_t);
static int (*cuMemcpyHtoD)(Address, const void *, size_t);
static int (*cuMemcpyDtoH)(void *, Address, size_t);
static int (*cuStreamCreate)(void **, unsigned);
static int (*cuStreamSynchronize)(void *);

static int openDriver(void) {
  void *driver = dlopen("libcuda.so.1", RTLD_NOW);
  if (!driver)
    return 0;
  *(void **)&cuInit = dlsym(driver, "cuInit");
  *(void **)&cuDevicePrimaryCtxRetain =
      dlsym(driver, "cuDevicePrimaryCtxRetain");
  *(void **)&cuCtxSetCurrent = dlsym(driver, "cuCtxSetCurrent");
  *(void **)&cuMemAlloc = dlsym(driver, "cuMemAlloc_v2");
  *(void **)&cuMemcpyHtoD = dlsym(driver, "cuMemcpyHtoD_v2");
  *(void **)&cuMemcpyDtoH = dlsym(driver, "cuMemcpyDtoH_v2");
  *(void **)&cuStreamCreate = dlsym(driver, "cuStreamCreate");
  *(void **)&cuStreamSynchronize = dlsym(driver, "cuStreamSynchronize");
  return cuInit(0) == 0;
}

static void check(int error, const char *what) {
  if (error) {
    printf("%s: error %d\n", what, error);
    exit(1);
  }
}

static float x[N], y[N], result[N];

static Address copyToDevice(const float *numbers) {
  Address address;
  check(cuMemAlloc(&address, BYTES), "memory");
  check(cuMemcpyHtoD(address, numbers, BYTES), "copy");
  return address;
}

static int countWrong(float factor) {
  int wrong = 0;
  for (int n = 0; n < N; ++n)
    wrong += result[n] != factor * x[n] + y[n];
  return wrong;
}

int main(void) {
  void *context, *stream;
  if (!openDriver()) {
    printf("there is no device here\n");
    return 0;
  }
  check(cuDevicePrimaryCtxRetain(&context, 0), "context");
  check(cuCtxSetCurrent(context), "context");
  check(cuStreamCreate(&stream, 1), "stream");
  for (int n = 0; n < N; ++n) {
    x[n] = (float)(n % 1013);
    y[n] = (float)(n % 271);
    result[n] = -1;
  }
  Address onDevice[] = {copyToDevice(x), copyToDevice(y), copyToDevice(result)};
  int32_t status = axpy(2, (float *)onDevice[0], (float *)onDevice[1],
                        (float *)onDevice[2], NULL, stream);
  printf("axpy: %s\n", axpy_error(status));
  if (status)
    return 1;
  check(cuStreamSynchronize(stream), "kernel");
  check(cuMemcpyDtoH(result, onDevice[2], BYTES), "copy");
  int wrong = countWrong(2);
  printf("%d of %d elements wrong\n", wrong, N);
  return wrong != 0;
}
