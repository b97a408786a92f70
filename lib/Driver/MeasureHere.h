//===- MeasureHere.h - A bundle measured by amos-run ------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_MEASUREHERE_H
#define AMOS_DRIVER_MEASUREHERE_H

#include "amos/Driver/Bundle.h"

namespace amos {

/// How long `amos-run` looks at a candidate.
struct Effort {
  unsigned rounds = 1, samples = 7;
};

/// Writes `files`, one bundle, to a temporary folder and runs `amos-run
/// measure` on it. `set` holds what it measured, also when it was interrupted
/// or some candidate was wrong. Environment, after its message, when it cannot
/// measure.
ExitCode measureHere(llvm::ArrayRef<BundleFile> files, Effort effort,
                     MeasurementSet &set);

} // namespace amos

#endif // AMOS_DRIVER_MEASUREHERE_H
