//===- Driver.cpp - The functions of libcuda.so.1 that are used -----------===//

#include "Driver.h"
#include <dlfcn.h>

namespace amos::run {

template <typename Pointer>
static bool find(void *library, const char *name, Pointer &pointer) {
  pointer = reinterpret_cast<Pointer>(dlsym(library, name));
  return pointer;
}

#define FIND(name) find(library, #name, driver.name)

static bool findAll(void *library, Driver &driver) {
  return FIND(cuInit) && FIND(cuDeviceGet) && FIND(cuDeviceGetName) &&
         FIND(cuDevicePrimaryCtxRetain) && FIND(cuCtxSetCurrent) &&
         FIND(cuCtxSynchronize) && FIND(cuMemAlloc_v2) && FIND(cuMemFree_v2) &&
         FIND(cuMemcpyHtoD_v2) && FIND(cuMemcpyDtoH_v2) &&
         FIND(cuMemsetD8_v2) && FIND(cuStreamCreate) && FIND(cuEventCreate) &&
         FIND(cuEventRecord) && FIND(cuEventSynchronize) &&
         FIND(cuEventElapsedTime) && FIND(cuGetErrorString) &&
         FIND(cuDeviceGetAttribute) && FIND(cuDriverGetVersion) &&
         FIND(cuModuleLoadData) && FIND(cuModuleGetFunction) &&
         FIND(cuFuncSetAttribute) && FIND(cuLaunchKernel);
}

#undef FIND

std::string Driver::explain(int error) const {
  const char *text = nullptr;
  if (cuGetErrorString(error, &text) != 0 || !text)
    text = "unknown";
  return "error " + std::to_string(error) + ": " + text;
}

const Driver *Driver::open(std::string &problem) {
  static Driver driver;
  static bool isOpen = false;
  if (isOpen)
    return &driver;
  void *library = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (!library || !findAll(library, driver)) {
    problem = "the function runs on a device of NVIDIA's, whose driver cannot "
              "be loaded: " +
              std::string(dlerror());
    return nullptr;
  }
  if (int error = driver.cuInit(0)) {
    problem =
        "the driver of the device does not start, " + driver.explain(error);
    return nullptr;
  }
  isOpen = true;
  return &driver;
}

} // namespace amos::run
