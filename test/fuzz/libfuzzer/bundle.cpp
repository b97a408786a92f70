//===- bundle.cpp - Documents of damaged JSON -----------------------------===//

#include "Bundle.h"
#include "Calibration.h"
#include "Manifest.h"
#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

using namespace amos::run;

/// A file that holds `data`, which the readers want.
static std::string store(const uint8_t *data, size_t size) {
  static const int file = ::memfd_create("input", 0);
  bool isStored = ::ftruncate(file, 0) == 0 &&
                  ::pwrite(file, data, size, 0) == static_cast<ssize_t>(size);
  if (!isStored)
    __builtin_trap();
  return "/proc/self/fd/" + std::to_string(file);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string path = store(data, size), problem;
  Bundle bundle;
  if (!readBundle(path, bundle, problem) && problem.empty())
    __builtin_trap();
  Manifest manifest;
  problem.clear();
  if (!readManifest(path, Extents(), manifest, problem) && problem.empty())
    __builtin_trap();
  Calibration calibration;
  problem.clear();
  if (!readCalibration(path, calibration, problem) && problem.empty())
    __builtin_trap();
  return 0;
}
