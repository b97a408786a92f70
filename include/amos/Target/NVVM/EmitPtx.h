//===- EmitPtx.h - Kernels as PTX -------------------------------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_EMITPTX_H
#define AMOS_TARGET_NVVM_EMITPTX_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace amos {

/// The PTX of every kernel of a lowered program, as one file for their one
/// target. Empty when the program has no kernel.
///
/// The error is a MissingTool when a function of CUDA's libdevice is needed and
/// the library is not there; other mistakes have been reported at their place
/// when the error says so. LLVM ends the process on some inputs (an instruction
/// that the target's features do not have): call it where that can be
/// contained.
llvm::Expected<std::string> emitPtx(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TARGET_NVVM_EMITPTX_H
