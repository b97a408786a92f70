//===- Known.h - Choices that were measured ---------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_KNOWN_H
#define AMOS_DRIVER_KNOWN_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// After `find-mappings`, for `-O3`: puts the fastest measured mapping and
/// schedule on every contraction of which one is known, and none is demanded.
/// Others are left to the model, with a remark (-Rknown). Measurements that do
/// not count are a warning [-Wstale].
ExitCode applyKnown(mlir::ModuleOp module, const CompilerOptions &options);

} // namespace amos

#endif // AMOS_DRIVER_KNOWN_H
