// A libcuda.so.1 that prints what it is asked to do.
// FAKE_FAIL="cuLaunchKernel=700" makes one function fail. A stream is its
// context's address with the last digit set, the current context and device are
// the thread's.
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static __thread uintptr_t contexts[4];
static __thread int depth;
static __thread int captureMode;

static int finish(const char *function) {
  const char *failing = getenv("FAKE_FAIL");
  size_t length = strlen(function);
  int fails = failing && strncmp(failing, function, length) == 0 &&
              failing[length] == '=';
  return fails ? atoi(failing + length + 1) : 0;
}

void fakeSetContext(uintptr_t context) { contexts[depth] = context; }

int cuInit(unsigned flags) {
  printf("init %u\n", flags);
  return finish("cuInit");
}

int cuCtxGetCurrent(uintptr_t *context) {
  *context = contexts[depth];
  return finish("cuCtxGetCurrent");
}

int cuCtxPushCurrent_v2(uintptr_t context) {
  printf("push %lx\n", (unsigned long)context);
  contexts[++depth] = context;
  return finish("cuCtxPushCurrent");
}

int cuCtxPopCurrent_v2(uintptr_t *context) {
  *context = contexts[depth--];
  printf("pop %lx\n", (unsigned long)*context);
  return finish("cuCtxPopCurrent");
}

// Context 0x100 belongs to device 0, 0x200 to device 1, and so on.
int cuCtxGetDevice(int *device) {
  *device = (int)(contexts[depth] / 0x100) - 1;
  return contexts[depth] ? finish("cuCtxGetDevice") : 201;
}

int cuDevicePrimaryCtxRetain(uintptr_t *context, int device) {
  printf("retain %d\n", device);
  *context = 0x100u * (unsigned)(device + 1);
  return finish("cuDevicePrimaryCtxRetain");
}

int cuStreamGetCtx(uintptr_t stream, uintptr_t *context) {
  *context = stream / 0x100 * 0x100;
  return finish("cuStreamGetCtx");
}

int cuThreadExchangeStreamCaptureMode(int *mode) {
  int old = captureMode;
  captureMode = *mode;
  *mode = old;
  return finish("cuThreadExchangeStreamCaptureMode");
}

int cuLibraryLoadData(uintptr_t *library, const void *code, int *jit,
                      void **jitValues, unsigned numJit, int *options,
                      void **values, unsigned numOptions) {
  // The first word of every fatbin.
  int isFatbin = *(const uint32_t *)code == 0xba55ed50;
  printf("load %s, capture mode %d, %u options\n",
         isFatbin ? "fatbin" : "something else", captureMode,
         numJit + numOptions);
  *library = 0xabc;
  return finish("cuLibraryLoadData");
}

int cuLibraryGetKernel(const char **kernel, uintptr_t library,
                       const char *name) {
  printf("find %s in %lx\n", name, (unsigned long)library);
  *kernel = name;
  return finish("cuLibraryGetKernel");
}

int cuKernelSetAttribute(int attribute, int value, const char *kernel,
                         int device) {
  printf("set %d to %d of %s on device %d\n", attribute, value, kernel, device);
  return finish("cuKernelSetAttribute");
}

int cuLaunchKernel(const char *kernel, unsigned gridX, unsigned gridY,
                   unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned shared, uintptr_t stream,
                   void **parameters, void **extra) {
  printf("launch %s grid %u %u %u block %u %u %u shared %u stream %lx with %lx",
         kernel, gridX, gridY, gridZ, blockX, blockY, blockZ, shared,
         (unsigned long)stream, *(unsigned long *)parameters[0]);
  if (strcmp(kernel, "chain_kernel0") == 0)
    printf(" %g %lx\n", (double)*(float *)parameters[1],
           *(unsigned long *)parameters[2]);
  else
    printf(" %lx\n", *(unsigned long *)parameters[1]);
  return extra ? 1 : finish("cuLaunchKernel");
}
