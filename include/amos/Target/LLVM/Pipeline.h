//===- Pipeline.h - From the mapped program to the LLVM dialect -*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_PIPELINE_H
#define AMOS_TARGET_LLVM_PIPELINE_H

#include "mlir/Pass/PassManager.h"

namespace amos {

struct LowerOptions {
  /// Run what the intrinsics mean instead of what they emit.
  bool emulate = false;
  /// A machine of the program is a GPU: buffers are its memory.
  bool isDevice = false;
  /// Compute by vectors what invokes no intrinsic.
  bool vectorize = false;
};

/// Adds the passes of stage `lower` for machines that are CPUs: afterwards
/// every function is an `llvm.func` over plain pointers: arguments, results,
/// workspace.
void buildLowerPipeline(mlir::OpPassManager &passes,
                        const LowerOptions &options);

} // namespace amos

#endif // AMOS_TARGET_LLVM_PIPELINE_H
