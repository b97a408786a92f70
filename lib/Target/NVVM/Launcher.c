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
  capabilityMajor = 75,
  capabilityMinor = 76,
  relaxedCapture = 2,
  programmaticStreamSerialization = 6
};

/* Dynamic shared memory that needs no permission, whatever little a kernel has
   of its own beside. */
enum { defaultSharedBytes = 47 * 1024 };

/* CUlaunchAttribute and CUlaunchConfig, of which one value is used. */
struct LaunchAttribute {
  int32_t kind, padding;
  int32_t value[16];
};

struct LaunchConfig {
  unsigned gridX, gridY, gridZ, blockX, blockY, blockZ, sharedBytes;
  void *stream;
  struct LaunchAttribute *attributes;
  unsigned numAttributes;
};

static struct {
  int (*init)(unsigned);
  int (*getContext)(void **);
  int (*pushContext)(void *);
  int (*popContext)(void **);
  int (*getDevice)(int *);
  int (*getDeviceAttribute)(int *, int, int);
  int (*retainPrimaryContext)(void **, int);
  int (*getStreamContext)(void *, void **);
  int (*exchangeCaptureMode)(int *);
  int (*loadLibrary)(void **, const void *, int *, void **, unsigned, int *,
                     void **, unsigned);
  int (*getKernel)(void **, void *, const char *);
  int (*setAttribute)(int, int, void *, int);
  int (*launch)(const struct LaunchConfig *, void *, void **, void **);
  int (*encodeTiled)(void *, int, uint32_t, void *, const uint64_t *,
                     const uint64_t *, const uint32_t *, const uint32_t *, int,
                     int, int, int);
  int (*encodeIm2col)(void *, int, uint32_t, void *, const uint64_t *,
                      const uint64_t *, const int *, const int *, uint32_t,
                      uint32_t, const uint32_t *, int, int, int, int);
} driver;

/* In the order above. */
static const char *const driverFunctions[] = {
    "cuInit",
    "cuCtxGetCurrent",
    "cuCtxPushCurrent_v2",
    "cuCtxPopCurrent_v2",
    "cuCtxGetDevice",
    "cuDeviceGetAttribute",
    "cuDevicePrimaryCtxRetain",
    "cuStreamGetCtx",
    "cuThreadExchangeStreamCaptureMode",
    "cuLibraryLoadData",
    "cuLibraryGetKernel",
    "cuKernelSetAttribute",
    "cuLaunchKernelEx",
    "cuTensorMapEncodeTiled",
    "cuTensorMapEncodeIm2col"};

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

void encodeTiled(void *map, void *base, int32_t rank, int32_t bytes,
                 const int64_t *sizes, const int64_t *strides,
                 const int64_t *box, int32_t step, int32_t swizzle)
    EXPORT("amos_tensor_map_tiled");
void encodeIm2col(void *map, void *base, int32_t rank, int32_t bytes,
                  const int64_t *sizes, const int64_t *strides,
                  const int64_t *box, int32_t planes, int32_t rows,
                  int32_t columns, int32_t step, int32_t padding,
                  int32_t dilation, int32_t swizzle)
    EXPORT("amos_tensor_map_im2col");
void beginRun(struct Run *run, void *stream) EXPORT("amos.gpu.begin");
int32_t isSuited(struct Run *run, int32_t least, int32_t most)
    EXPORT("amos.gpu.suits");
void launchKernel(struct Run *run, struct Kernel *kernel, unsigned gridX,
                  unsigned gridY, unsigned gridZ, unsigned blockX,
                  unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                  int32_t overlaps, void **parameters)
    EXPORT("amos.gpu.launch");
int32_t endRun(struct Run *run) EXPORT("amos.gpu.end");

/*===----------------------------------------------------------------------===//
 * Descriptors of tensors, as descriptions of machines call for them
 *===----------------------------------------------------------------------===*/

enum { mostDimensions = 5 };

/* The first error of a descriptor since the thread's last launch, which then
 * fails with it. */
static _Thread_local int descriptorResult;

/* CUtensorMapDataType of elements that are only moved. */
static int getElementKind(int32_t bytes) {
  return bytes == 1 ? 0 : bytes == 2 ? 1 : bytes == 4 ? 2 : 4;
}

/* The driver wants the fastest dimension first, and no stride for it. */
static void reverseTensor(int32_t rank, const int64_t *sizes,
                          const int64_t *strides, uint64_t *extents,
                          uint64_t *steps) {
  int32_t d;
  for (d = 0; d < rank; ++d)
    extents[d] = (uint64_t)sizes[rank - 1 - d];
  for (d = 0; d + 1 < rank; ++d)
    steps[d] = (uint64_t)strides[rank - 2 - d];
}

static int isUsable(int32_t rank) {
  pthread_once(&driverOnce, openDriver);
  return driverStatus == 0 && rank >= 1 && rank <= mostDimensions;
}

/* `box`: its rows and columns; there is one of each dimension in front. `step`:
 * elements of the tensor's rows from one row of the box to the next. */
void encodeTiled(void *map, void *base, int32_t rank, int32_t bytes,
                 const int64_t *sizes, const int64_t *strides,
                 const int64_t *box, int32_t step, int32_t swizzle) {
  uint64_t extents[mostDimensions], steps[mostDimensions];
  uint32_t boxExtents[mostDimensions], boxSteps[mostDimensions];
  int32_t d;
  int result;
  if (!isUsable(rank) || rank < 2)
    return;
  reverseTensor(rank, sizes, strides, extents, steps);
  for (d = 0; d < rank; ++d) {
    boxSteps[d] = d == 1 ? (uint32_t)step : 1;
    boxExtents[d] = d < 2 ? (uint32_t)box[1 - d] * boxSteps[d] : 1;
  }
  result = driver.encodeTiled(map, getElementKind(bytes), (uint32_t)rank, base,
                              extents, steps, boxExtents, boxSteps, 0, swizzle,
                              2, 0);
  if (!descriptorResult)
    descriptorResult = result;
}

/* A window over images, or over volumes, which have planes: `planes`, `rows`
 * and `columns` are those of the result. The box is so many pixels of so many
 * channels. */
void encodeIm2col(void *map, void *base, int32_t rank, int32_t bytes,
                  const int64_t *sizes, const int64_t *strides,
                  const int64_t *box, int32_t planes, int32_t rows,
                  int32_t columns, int32_t step, int32_t padding,
                  int32_t dilation, int32_t swizzle) {
  const int32_t results[3] = {columns, rows, planes};
  uint64_t extents[mostDimensions], steps[mostDimensions];
  uint32_t boxSteps[mostDimensions];
  int lower[3], upper[3];
  int32_t d;
  int result;
  (void)dilation;
  if (!isUsable(rank) || rank < 4)
    return;
  reverseTensor(rank, sizes, strides, extents, steps);
  for (d = 0; d < rank; ++d)
    boxSteps[d] = d == 0 || d == rank - 1 ? 1 : (uint32_t)step;
  /* The last pixel that the first tap sees in each direction. */
  for (d = 0; d < rank - 2; ++d) {
    lower[d] = -padding;
    upper[d] = (results[d] - 1) * step - padding - ((int)extents[d + 1] - 1);
  }
  result = driver.encodeIm2col(map, getElementKind(bytes), (uint32_t)rank, base,
                               extents, steps, lower, upper, (uint32_t)box[1],
                               (uint32_t)box[0], boxSteps, 0, swizzle, 2, 0);
  if (!descriptorResult)
    descriptorResult = result;
}

void beginRun(struct Run *run, void *stream) {
  run->stream = stream;
  run->device = 0;
  run->entered = 0;
  pthread_once(&driverOnce, openDriver);
  run->status = driverStatus;
  if (!run->status)
    run->status = getStatus(enterContext(run));
}

/* Whether the device has a compute capability in a range, as in sm_90: what
 * objects with code for several ask. */
int32_t isSuited(struct Run *run, int32_t least, int32_t most) {
  int major = 0, minor = 0, result;
  if (run->status)
    return 0;
  result = driver.getDeviceAttribute(&major, capabilityMajor, run->device);
  if (!result)
    result = driver.getDeviceAttribute(&minor, capabilityMinor, run->device);
  run->status = getStatus(result);
  return !result && least <= 10 * major + minor && 10 * major + minor <= most;
}

/* `overlaps`: the kernel itself waits for those in front of it. */
void launchKernel(struct Run *run, struct Kernel *kernel, unsigned gridX,
                  unsigned gridY, unsigned gridZ, unsigned blockX,
                  unsigned blockY, unsigned blockZ, unsigned sharedBytes,
                  int32_t overlaps, void **parameters) {
  struct LaunchAttribute early = {programmaticStreamSerialization, 0, {1}};
  const struct LaunchConfig config = {
      gridX,  gridY,       gridZ,       blockX, blockY,
      blockZ, sharedBytes, run->stream, &early, overlaps ? 1 : 0};
  int result = descriptorResult;
  descriptorResult = 0;
  if (run->status)
    return;
  if (!result)
    result = prepare(kernel, run->device);
  if (!result)
    result = driver.launch(&config, kernel->handle, parameters, NULL);
  run->status = getStatus(result);
}

int32_t endRun(struct Run *run) {
  void *context;
  if (run->entered)
    driver.popContext(&context);
  return run->status;
}
