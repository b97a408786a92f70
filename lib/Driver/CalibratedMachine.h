//===- CalibratedMachine.h - A description with measured numbers -*- C++
//-*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_CALIBRATEDMACHINE_H
#define AMOS_DRIVER_CALIBRATEDMACHINE_H

#include "Amos/AmosDialect.h"
#include "amos/Driver/Accelerators.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>

namespace amos {

/// Where numbers of a machine come from. A result has members like "read" with
/// `value` and `spread`, or the `reason` why there are none.
struct MachineResults {
  /// "processor" or "device", and which one it was.
  llvm::StringRef kind;
  std::string name;
  std::string date;
  /// Bytes a cycle as "read", "write", "copy"; cycles as "latency"; "broadcast"
  /// and "frequency"; the "bytes" that were touched. Nothing for levels that
  /// nothing is to be said about.
  std::function<std::optional<llvm::json::Object>(LevelOp)> ofLevel;
  /// Cycles as "latency" and, of a "unit" that it names, "interval".
  std::function<llvm::json::Object(IntrinsicOp)> ofIntrinsic;
};

/// Writes the description that extends `machine`, which is in `file`, by
/// results.
void writeCalibrated(AcceleratorOp machine, const AcceleratorFile &file,
                     const MachineResults &results, llvm::raw_ostream &stream);

} // namespace amos

#endif // AMOS_DRIVER_CALIBRATEDMACHINE_H
