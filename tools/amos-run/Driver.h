//===- Driver.h - The functions of libcuda.so.1 that are used ---*- C++ -*-===//
#ifndef AMOS_RUN_DRIVER_H
#define AMOS_RUN_DRIVER_H

#include <cstddef>
#include <cstdint>
#include <string>

namespace amos::run {

/// Functions of NVIDIA's driver, under the names and with the types of its
/// documentation. They return 0 or an error code.
struct Driver {
  int (*cuInit)(unsigned);
  int (*cuDeviceGet)(int *, int);
  int (*cuDeviceGetName)(char *, int, int);
  int (*cuDeviceGetAttribute)(int *, int, int);
  int (*cuDriverGetVersion)(int *);
  int (*cuDevicePrimaryCtxRetain)(void **, int);
  int (*cuCtxSetCurrent)(void *);
  int (*cuCtxSynchronize)();
  int (*cuMemAlloc_v2)(uint64_t *, size_t);
  int (*cuMemFree_v2)(uint64_t);
  int (*cuMemcpyHtoD_v2)(uint64_t, const void *, size_t);
  int (*cuMemcpyDtoH_v2)(void *, uint64_t, size_t);
  int (*cuMemsetD8_v2)(uint64_t, unsigned char, size_t);
  int (*cuModuleLoadData)(void **, const void *);
  int (*cuModuleGetFunction)(void **, void *, const char *);
  int (*cuFuncSetAttribute)(void *, int, int);
  int (*cuLaunchKernel)(void *, unsigned, unsigned, unsigned, unsigned,
                        unsigned, unsigned, unsigned, void *, void **, void **);
  int (*cuStreamCreate)(void **, unsigned);
  int (*cuEventCreate)(void **, unsigned);
  int (*cuEventRecord)(void *, void *);
  int (*cuEventSynchronize)(void *);
  int (*cuEventElapsedTime)(float *, void *, void *);
  int (*cuGetErrorString)(int, const char **);

  /// The driver, opened once; null, with the reason, when there is none.
  static const Driver *open(std::string &problem);
  /// "error 700: an illegal memory access was encountered".
  std::string explain(int error) const;
};

} // namespace amos::run

#endif // AMOS_RUN_DRIVER_H
