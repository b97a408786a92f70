//===- MachineChange.h - "l2.capacity=2MiB" ---------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_MACHINECHANGE_H
#define AMOS_DRIVER_MACHINECHANGE_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/StringRef.h"

namespace amos {

/// Carries out a change of the command line on the machines of `module`:
/// `part.argument=value`, where the part may be a glob, or `clock=value`. A
/// value is a number, `2x` for twice what it is, bytes with a unit (`2MiB`,
/// `48KB`), for `clock` hertz with one (`4.1GHz`), for `bandwidth` bytes a
/// second (`50GB/s`), which the machine's clock makes bytes a cycle. Reports
/// what is wrong, with the nearest name there is.
mlir::LogicalResult changeMachine(mlir::ModuleOp module,
                                  llvm::StringRef change);

} // namespace amos

#endif // AMOS_DRIVER_MACHINECHANGE_H
