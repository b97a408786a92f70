//===- ShareWork.h - Threads that a program asks for ------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_SHAREWORK_H
#define AMOS_DRIVER_SHAREWORK_H

#include "amos/Driver/Compiler.h"

namespace amos {

/// Whether nests are to be shared in a program that was dumped with loops in
/// their place; prints so.
bool sharesTooLate(const CompilerOptions &options);

/// Whether threads are asked for where there are none; prints so.
bool cannotShare(mlir::ModuleOp module, const PipelineOptions &options);

/// Keeps on every function how many threads share its loops.
void recordThreads(mlir::ModuleOp module, const PipelineOptions &options);

} // namespace amos

#endif // AMOS_DRIVER_SHAREWORK_H
