//===- Locked.h - Compiling with choices that are pinned --------*- C++ -*-===//
#ifndef AMOS_DRIVER_LOCKED_H
#define AMOS_DRIVER_LOCKED_H

#include "amos/Driver/Compiler.h"
#include "amos/Tuning/Lock.h"

namespace amos {

/// After `find-mappings`: puts the choices of the lock in `options.lock`, if
/// that file exists, on the operations of `module`. Input, with the
/// differences, when they are not those that the lock is of; Usage when
/// `--mapping` demands something else.
ExitCode applyLock(mlir::ModuleOp module, const CompilerOptions &options);

/// After `select-mapping`: what was chosen for each operation.
std::vector<LockedChoice> describeChoices(mlir::ModuleOp module,
                                          const CompilerOptions &options);

} // namespace amos

#endif // AMOS_DRIVER_LOCKED_H
