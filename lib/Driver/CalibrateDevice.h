//===- CalibrateDevice.h - Measuring without a compiler ---------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_CALIBRATEDEVICE_H
#define AMOS_DRIVER_CALIBRATEDEVICE_H

#include "CalibratedMachine.h"
#include "amos/Driver/ExitCode.h"

namespace amos {

/// Writes a folder of kernels that `amos-run calibrate` times on the device
/// that `machine` describes, `jobs` of its parts compiled at a time; 0: as many
/// as there are cores. A part that cannot be measured is listed with the
/// reason. Environment when a tool is missing.
ExitCode writeCalibrationBundle(AcceleratorOp machine, llvm::StringRef folder,
                                unsigned jobs);

/// Reads what it wrote in the file `path`. Usage when there is no such file or
/// it is about another machine, Input when it is something else.
ExitCode readCalibrationResults(AcceleratorOp machine, llvm::StringRef path,
                                MachineResults &results);

} // namespace amos

#endif // AMOS_DRIVER_CALIBRATEDEVICE_H
