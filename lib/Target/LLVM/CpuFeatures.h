//===- CpuFeatures.h - Does this CPU have what a kernel needs? --*- C++ -*-===//
#ifndef AMOS_LIB_TARGET_LLVM_CPUFEATURES_H
#define AMOS_LIB_TARGET_LLVM_CPUFEATURES_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// Whether `kernel` lists features in `amos.features`, which only x86 has.
bool needsFeatures(mlir::LLVM::LLVMFuncOp kernel);

/// Adds the internal function `amos.cpu.check.NAME : () -> i1` to the module.
/// It says whether the CPU has every feature listed ("+avx512f", as LLVM spells
/// them) and the system saves their registers; the answer is kept after the
/// first call. Fails with a diagnostic at `kernel` for a feature it cannot
/// test.
mlir::FailureOr<mlir::LLVM::LLVMFuncOp>
addCpuCheck(mlir::ModuleOp module, mlir::LLVM::LLVMFuncOp kernel,
            llvm::StringRef name);

/// Compiles `function` for any CPU of the family, whatever the features of the
/// kernels beside it: it runs before they are known to be there.
void restrictToBaseline(mlir::LLVM::LLVMFuncOp function);

} // namespace amos

#endif // AMOS_LIB_TARGET_LLVM_CPUFEATURES_H
