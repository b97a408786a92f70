//===- Calibration.h - Kernels that say how fast a device is ----*- C++ -*-===//
#ifndef AMOS_RUN_CALIBRATION_H
#define AMOS_RUN_CALIBRATION_H

#include <cstdint>
#include <string>
#include <vector>

namespace amos::run {

/// One kernel of a bundle, see docs/Calibration.md.
struct TimedKernel {
  std::string name, quantity;
  int64_t threads = 1, blocksPerCore = 0;
  int64_t sharedBytes = 0, bufferBytes = 0, stepBytes = 0, ringBytes = 0;
  bool isWarm = false;
  int64_t invocations = 0, blockBytes = 0;
};

/// The kernels of one part of a machine.
struct TimedPart {
  std::string name;
  std::string file;   ///< of their code, absolute or from here
  std::string reason; ///< why there are none
  std::vector<TimedKernel> kernels;
};

struct Calibration {
  std::string producer, machine;
  std::vector<TimedPart> parts;
};

/// Reads the bundle in the folder `path`, or the description of one. On failure
/// `problem` names the file and the field.
bool readCalibration(const std::string &path, Calibration &calibration,
                     std::string &problem);

} // namespace amos::run

#endif // AMOS_RUN_CALIBRATION_H
