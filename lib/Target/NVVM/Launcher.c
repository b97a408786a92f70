/*===- Launcher.c - What objects with kernels do at run time --------------===//
 *
 * Compiled to LLVM bitcode with amosc and linked into every object that
 * launches kernels, where nothing of it is visible. It opens the driver itself,
 * loads the code that the object holds when it is first launched, and hands
 * launches on to the caller's stream: it never prints, exits, allocates device
 * memory or waits for the device, so that calls may be captured in a graph, the
 * first one too.
 *
 * The driver's libraries and kernels (CUDA 12) belong to all of its contexts at
 * once, live as long as the process, and reach a device when it first runs
 * them.
 *
 *===----------------------------------------------------------------------===*/

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

/*===----------------------------------------------------------------------===//
 * What amosc writes: lib/Target/NVVM/Launches.cpp has the same structures
 *===----------------------------------------------------------------------===*/

/* The code of all kernels of an object: a fatbin. */
struct Image {
  const void *code;
  void *library; /* CUlibrary, once loaded */
};

struct Kernel {
  const char *name;
  struct Image *image;
  void *handle;         /* CUkernel; read when `devices` says it is there */
  uint64_t devices;     /* those of number < 64 that know `sharedBytes` */
  uint32_t sharedBytes; /* the most that a launch asks for at run time */
};

/* One call of a compiled function. */
struct Run {
  void *stream;
  int32_t status; /* that of the first launch that failed */
  int32_t device;
  int32_t entered; /* whether a context was pushed */
};

enum { missingDriver = 4, missingCode = 5, firstDriverError = 1000 };

/*===----------------------------------------------------------------------===//
 * The driver
 *===----------------------------------------------------------------------===*/

/* Values of the driver's interface, from its documentation. */
enum {
  noBinaryForDevice = 209,
  unsupportedPtxVersion = 222,
  maxDynamicSharedBytes = 8,
  relaxedCapture = 2
};

/* Dynamic shared memory that needs no permission, whatever little a kernel has
   of its own beside. */
enum { defaultSharedBytes = 47 * 1024 };

static struct {
  int (*init)(unsigned);
  int (*getContext)(void **);
  int (*pushContext)(void *);
  int (*popContext)(void **);
  int (*getDevice)(int *);
  int (*retainPrimaryContext)(void **, int);
  int (*getStreamContext)(void *, void **);
  int (*exchangeCaptureMode)(int *);
  int (*loadLibrary)(void **, const void *, int *, void **, unsigned, int *,
                     void **, unsigned);
  int (*getKernel)(void **, void *, const char *);
  int (*setAttribute)(int, int, void *, int);
  int (*launch)(void *, unsigned, unsigned, unsigned, unsigned, unsigned,
                unsigned, unsigned, void *, void **, void **);
} driver;

/* In the order above. */
static const char *const driverFunctions[] = {
    "cuInit",
    "cuCtxGetCurrent",
    "cuCtxPushCurrent_v2",
    "cuCtxPopCurrent_v2",
    "cuCtxGetDevice",
    "cuDevicePrimaryCtxRetain",
    "cuStreamGetCtx",
    "cuThreadExchangeStreamCaptureMode",
    "cuLibraryLoadData",
    "cuLibraryGetKernel",
    "cuKernelSetAttribute",
    "cuLaunchKernel"};

enum { numFunctions = sizeof driverFunctions / sizeof *driverFunctions };
_Static_assert(sizeof driver == numFunctions * sizeof(void *),
               "every function of the driver has a name");

static pthread_once_t driverOnce = PTHREAD_ONCE_INIT;
static int32_t driverStatus;

static int32_t getStatus(int result) {
  if (result == noBinaryForDevice || result == unsupportedPtxVersion)
    return missingCode;
  return result ? firstDriverError + result : 0;
}

static void openDriver(void) {
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  void **functions = (void **)&driver;
  driverStatus = missingDriver;
  if (!library)
    return;
  for (int n = 0; n < numFunctions; ++n) {
    functions[n] = dlsym(library, driverFunctions[n]);
    if (!functions[n])
      return;
  }
  driverStatus = getStatus(driver.init(0));
}

/*===----------------------------------------------------------------------===//
 * The context
 *===----------------------------------------------------------------------===*/

/* A thread without a context uses what the CUDA runtime would: the primary one
 * of the first device. */
static void *firstContext;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int retainFirstContext(void **context) {
  int result = 0;
  pthread_mutex_lock(&mutex);
  if (!firstContext)
    result = driver.retainPrimaryContext(&firstContext, 0);
  *context = firstContext;
  pthread_mutex_unlock(&mutex);
  return result;
}

/* The streams below this number are no objects but names of defaults. */
static int isDefaultStream(void *stream) { return (uintptr_t)stream <= 2; }

/* Makes the stream's context the current one. */
static int enterContext(struct Run *run) {
  void *current = NULL, *context = NULL;
  int result = driver.getContext(&current);
  context = current;
  if (!result && !isDefaultStream(run->stream))
    result = driver.getStreamContext(run->stream, &context);
  else if (!result && !current)
    result = retainFirstContext(&context);
  if (!result && context != current) {
    result = driver.pushContext(context);
    run->entered = !result;
  }
  return result ? result : driver.getDevice(&run->device);
}

/*===----------------------------------------------------------------------===//
 * The code
 *===----------------------------------------------------------------------===*/

/* Loading is what a capture of the strict kind forbids other threads and
 * itself; it touches no stream, so it is allowed here. */
static int loadImage(struct Image *image) {
  int mode = relaxedCapture, result;
  if (image->library)
    return 0;
  result = driver.exchangeCaptureMode(&mode);
  if (result)
    return result;
  result = driver.loadLibrary(&image->library, image->code, NULL, NULL, 0, NULL,
                              NULL, 0);
  if (result)
    image->library = NULL;
  driver.exchangeCaptureMode(&mode);
  return result;
}

/* Under the lock. */
static int loadKernel(struct Kernel *kernel) {
  int result;
  if (kernel->handle)
    return 0;
  result = loadImage(kernel->image);
  if (!result)
    result =
        driver.getKernel(&kernel->handle, kernel->image->library, kernel->name);
  if (result)
    kernel->handle = NULL;
  return result;
}

/* Under the lock. */
static int allowSharedBytes(struct Kernel *kernel, int32_t device) {
  int result = 0;
  if (kernel->sharedBytes > defaultSharedBytes)
    result =
        driver.setAttribute(maxDynamicSharedBytes, (int)kernel->sharedBytes,
                            kernel->handle, device);
  if (!result && device < 64)
    __atomic_fetch_or(&kernel->devices, UINT64_C(1) << device,
                      __ATOMIC_RELEASE);
  return result;
}

static int isReady(struct Kernel *kernel, int32_t device) {
  return device < 64 &&
         __atomic_load_n(&kernel->devices, __ATOMIC_ACQUIRE) >> device & 1;
}

static int prepare(struct Kernel *kernel, int32_t device) {
  int result;
  if (isReady(kernel, device))
    return 0;
  pthread_mutex_lock(&mutex);
  result = loadKernel(kernel);
  if (!result)
    result = allowSharedBytes(kernel, device);
  pthread_mutex_unlock(&mutex);
  return result;
}

/*===----------------------------------------------------------------------===//
 * What compiled functions call
 *===----------------------------------------------------------------------===*/

#define EXPORT(name) __asm__(name) __attribute__((used))

void beginRun(struct Run *run, void *stream) EXPORT("amos.gpu.begin");
void launchKernel(struct Run *run, struct Kernel *kernel, unsigned gridX,
                  unsigned gridY, unsigned gridZ, unsigned blockX,
                  unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                  void **parameters) EXPORT("amos.gpu.launch");
int32_t endRun(struct Run *run) EXPORT("amos.gpu.end");

void beginRun(struct Run *run, void *stream) {
  run->stream = stream;
  run->device = 0;
  run->entered = 0;
  pthread_once(&driverOnce, openDriver);
  run->status = driverStatus;
  if (!run->status)
    run->status = getStatus(enterContext(run));
}

void launchKernel(struct Run *run, struct Kernel *kernel, unsigned gridX,
                  unsigned gridY, unsigned gridZ, unsigned blockX,
                  unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                  void **parameters) {
  int result;
  if (run->status)
    return;
  result = prepare(kernel, run->device);
  if (!result)
    result = driver.launch(kernel->handle, gridX, gridY, gridZ, blockX, blockY,
                           blockZ, sharedBytes, run->stream, parameters, NULL);
  run->status = getStatus(result);
}

int32_t endRun(struct Run *run) {
  void *context;
  if (run->entered)
    driver.popContext(&context);
  return run->status;
}
