//===- Fallback.h - No contraction silently misses its unit -----*- C++ -*-===//
#ifndef AMOS_DRIVER_FALLBACK_H
#define AMOS_DRIVER_FALLBACK_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// After `select-mapping`: tells of every contraction that runs on a lesser
/// class of intrinsic than the target has for its element types, or on none,
/// with the reason and the smallest change that would help. NoIntrinsic when
/// the options forbid it.
ExitCode checkFallback(mlir::ModuleOp module, const CompilerOptions &options);

} // namespace amos

#endif // AMOS_DRIVER_FALLBACK_H
