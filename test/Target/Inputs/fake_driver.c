// A libcuda.so.1 that prints what it is asked to do.
// FAKE_FAIL="cuLaunchKernel=700" makes one function fail. FAKE_RUN=N computes
// N numbers of what the kernels of kernels.mlir would, in place of printing;
// FAKE_CYCLES=N leaves N cycles a round, as kernels that are timed do;
// FAKE_CAPABILITY=90 is what devices say they are. A
// stream is its context's address with the last digit set, the current context
// and device are the thread's.
#include <pthread.h>
#include <stdarg.h>
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

// Prints unless the kernels are to be run.
static void say(const char *format, ...) {
  va_list values;
  va_start(values, format);
  if (!getenv("FAKE_RUN"))
    vprintf(format, values);
  va_end(values);
}

int cuInit(unsigned flags) {
  say("init %u\n", flags);
  return finish("cuInit");
}

int cuCtxGetCurrent(uintptr_t *context) {
  *context = contexts[depth];
  return finish("cuCtxGetCurrent");
}

int cuCtxPushCurrent_v2(uintptr_t context) {
  say("push %lx\n", (unsigned long)context);
  contexts[++depth] = context;
  return finish("cuCtxPushCurrent");
}

int cuCtxPopCurrent_v2(uintptr_t *context) {
  *context = contexts[depth--];
  say("pop %lx\n", (unsigned long)*context);
  return finish("cuCtxPopCurrent");
}

// Context 0x100 belongs to device 0, 0x200 to device 1, and so on.
int cuCtxGetDevice(int *device) {
  *device = (int)(contexts[depth] / 0x100) - 1;
  return contexts[depth] ? finish("cuCtxGetDevice") : 201;
}

int cuDevicePrimaryCtxRetain(uintptr_t *context, int device) {
  say("retain %d\n", device);
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
  say("load %s, capture mode %d, %u options\n",
      isFatbin ? "fatbin" : "something else", captureMode, numJit + numOptions);
  *library = 0xabc;
  return finish("cuLibraryLoadData");
}

int cuLibraryGetKernel(const char **kernel, uintptr_t library,
                       const char *name) {
  say("find %s in %lx\n", name, (unsigned long)library);
  *kernel = name;
  return finish("cuLibraryGetKernel");
}

int cuKernelSetAttribute(int attribute, int value, const char *kernel,
                         int device) {
  say("set %d to %d of %s on device %d\n", attribute, value, kernel, device);
  return finish("cuKernelSetAttribute");
}

int cuTensorMapEncodeTiled(void) {
  say("encode a tiled tensor\n");
  return finish("cuTensorMapEncodeTiled");
}

int cuTensorMapEncodeIm2col(void) {
  say("encode images\n");
  return finish("cuTensorMapEncodeIm2col");
}

// kernels.mlir: the first multiplies by its second parameter, the other
// doubles.
static void runKernel(const char *kernel, void **parameters) {
  int isFirst = strcmp(kernel, "chain_kernel0") == 0;
  const float *from = *(float **)parameters[0];
  float *to = *(float **)parameters[isFirst ? 2 : 1];
  float factor = isFirst ? *(float *)parameters[1] : 2;
  for (int n = 0; n < atoi(getenv("FAKE_RUN")); ++n)
    to[n] = from[n] * factor;
}

// The kernel that empties the caches.
int cuModuleLoadData(void **module, const void *code) {
  return finish("cuModuleLoadData");
}
int cuModuleGetFunction(const char **function, void *module, const char *name) {
  *function = name;
  return strcmp(name, "amos_read") == 0 || getenv("FAKE_CYCLES") ? 0 : 500;
}
int cuFuncSetAttribute(const char *function, int attribute, int value) {
  return finish("cuFuncSetAttribute");
}

// A buffer, its bytes, rounds, and where each block leaves its cycles; behind
// them the place in a ring, which is where it began.
static int timeKernel(const char *kernel, unsigned blocks, void **parameters) {
  const char *dying = getenv("FAKE_DIES");
  if (dying && strcmp(dying, kernel) == 0)
    abort();
  uint64_t rounds = *(uint64_t *)parameters[2];
  uint64_t *out = *(uint64_t **)parameters[3];
  for (unsigned n = 0; n < blocks; ++n)
    out[n] = rounds * (uint64_t)atoi(getenv("FAKE_CYCLES"));
  out[blocks] = *(uint64_t *)parameters[0];
  return finish("cuLaunchKernel");
}

struct Config {
  unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, shared;
  uintptr_t stream;
  const int *attributes;
  unsigned numAttributes;
};

int cuLaunchKernel(const char *kernel, unsigned gridX, unsigned gridY,
                   unsigned gridZ, unsigned blockX, unsigned blockY,
                   unsigned blockZ, unsigned shared, uintptr_t stream,
                   void **parameters, void **extra) {
  if (strcmp(kernel, "amos_read") == 0)
    return finish("reads");
  if (getenv("FAKE_CYCLES"))
    return timeKernel(kernel, gridX, parameters);
  if (getenv("FAKE_RUN")) {
    runKernel(kernel, parameters);
    return extra ? 1 : finish("cuLaunchKernel");
  }
  flockfile(stdout); // a line is one thread's
  printf("launch %s grid %u %u %u block %u %u %u shared %u stream %lx with %lx",
         kernel, gridX, gridY, gridZ, blockX, blockY, blockZ, shared,
         (unsigned long)stream, *(unsigned long *)parameters[0]);
  if (strcmp(kernel, "chain_kernel0") == 0)
    printf(" %g %lx\n", (double)*(float *)parameters[1],
           *(unsigned long *)parameters[2]);
  else
    printf(" %lx\n", *(unsigned long *)parameters[1]);
  funlockfile(stdout);
  return extra ? 1 : finish("cuLaunchKernel");
}

int cuLaunchKernelEx(const struct Config *config, const char *kernel,
                     void **parameters, void **extra) {
  if (config->numAttributes)
    printf("attribute %d of %d\n", config->attributes[0],
           config->attributes[2]);
  return cuLaunchKernel(kernel, config->gridX, config->gridY, config->gridZ,
                        config->blockX, config->blockY, config->blockZ,
                        config->shared, config->stream, parameters, extra);
}

// What amos-run asks for: memory of the device is memory of the host, and time
// is what the test says.
int cuDeviceGet(int *device, int number) {
  *device = number;
  return 0;
}
int cuDeviceGetName(char *name, int size, int device) {
  snprintf(name, (size_t)size, "Fake %d", device);
  return 0;
}
int cuCtxSetCurrent(uintptr_t context) {
  contexts[depth] = context;
  return 0;
}
int cuCtxSynchronize(void) { return finish("cuCtxSynchronize"); }
int cuMemAlloc_v2(void **memory, size_t bytes) {
  *memory = aligned_alloc(256, (bytes + 255) / 256 * 256);
  return *memory ? 0 : 2;
}
int cuMemFree_v2(void *memory) {
  free(memory);
  return 0;
}
int cuMemcpyHtoD_v2(void *to, const void *from, size_t bytes) {
  memcpy(to, from, bytes);
  return 0;
}
int cuMemcpyDtoH_v2(void *to, const void *from, size_t bytes) {
  memcpy(to, from, bytes);
  return 0;
}
int cuMemsetD8_v2(void *to, unsigned char byte, size_t bytes) {
  memset(to, byte, bytes);
  return 0;
}
int cuDeviceGetAttribute(int *value, int attribute, int device) {
  const char *capability = getenv("FAKE_CAPABILITY");
  int isMajor = attribute == 75, isMinor = attribute == 76;
  *value = attribute;
  if (capability && (isMajor || isMinor))
    *value = isMajor ? atoi(capability) / 10 : atoi(capability) % 10;
  return finish("cuDeviceGetAttribute");
}
int cuDriverGetVersion(int *version) {
  *version = 12090;
  return 0;
}
int cuStreamCreate(uintptr_t *stream, unsigned flags) {
  *stream = 0x101;
  return 0;
}
int cuEventCreate(void **event, unsigned flags) {
  *event = NULL;
  return 0;
}
int cuEventRecord(void *event, uintptr_t stream) { return 0; }
int cuEventSynchronize(void *event) { return 0; }
int cuEventElapsedTime(float *milliseconds, void *start, void *end) {
  *milliseconds = 2.5F;
  return 0;
}
int cuGetErrorString(int error, const char **text) {
  *text = "made up";
  return 0;
}
