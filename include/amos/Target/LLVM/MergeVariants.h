//===- MergeVariants.h - Code for several machines --------------*- C++ -*-===//
#ifndef AMOS_TARGET_LLVM_MERGEVARIANTS_H
#define AMOS_TARGET_LLVM_MERGEVARIANTS_H

#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Moves what stage `lower` made of a program for one machine, or a union of
/// `machines`, behind what `module` already holds for others. Everything that
/// `variant` defines gets `.label` behind its name, and its kernels remember
/// whose they are, so that `amos-add-entries` can choose among them. What
/// launches kernels holds their code already (`embedKernels`). Fails with a
/// diagnostic on anything but functions, globals and kernels.
mlir::LogicalResult mergeVariant(mlir::ModuleOp module, mlir::ModuleOp variant,
                                 llvm::StringRef label,
                                 llvm::ArrayRef<std::string> machines);

} // namespace amos

#endif // AMOS_TARGET_LLVM_MERGEVARIANTS_H
