//===- Calibrate.h - amos-run calibrate -------------------------*- C++ -*-===//
#ifndef AMOS_RUN_CALIBRATE_H
#define AMOS_RUN_CALIBRATE_H

#include "ExitCode.h"
#include <string>

namespace amos::run {

struct CalibrateRequest {
  std::string bundle;
  std::string output;   ///< file for the results; empty: none
  bool json = false;    ///< results on the standard output, in place of a table
  int samples = 15;     ///< of each kernel
  double timeout = 120; ///< seconds, of all parts until one fails
};

/// `amos-run calibrate BUNDLE`: times the kernels of a bundle that `amosc
/// target calibrate` wrote, by the cores' own clocks. CheckFailed when some
/// could not be measured, CutShort when an interrupt came: what was measured is
/// kept in both cases.
ExitCode calibrate(const CalibrateRequest &request);

} // namespace amos::run

#endif // AMOS_RUN_CALIBRATE_H
