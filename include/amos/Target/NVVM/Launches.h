//===- Launches.h - What is known of kernels and launches -------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_LAUNCHES_H
#define AMOS_TARGET_NVVM_LAUNCHES_H

#include "amos/Report/Device.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/LLVMIR/NVVMDialect.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// The functions of Launcher.c.
inline constexpr llvm::StringLiteral beginName = "amos.gpu.begin";
inline constexpr llvm::StringLiteral suitsName = "amos.gpu.suits";
inline constexpr llvm::StringLiteral launchName = "amos.gpu.launch";
inline constexpr llvm::StringLiteral endName = "amos.gpu.end";

/// The `struct Kernel`, `struct Image` and `struct Run` of Launcher.c.
mlir::LLVM::LLVMStructType getKernelType(mlir::MLIRContext *context);
mlir::LLVM::LLVMStructType getImageType(mlir::MLIRContext *context);
mlir::LLVM::LLVMStructType getRunType(mlir::MLIRContext *context);

/// The global behind the launches of the kernel of that name.
std::string getKernelGlobalName(llvm::StringRef kernel);

/// The declaration of one of the launcher's functions, added when it is not
/// there.
mlir::LLVM::LLVMFuncOp getLauncherFunction(mlir::ModuleOp module,
                                           llvm::StringRef name);

/// The compute capabilities that run what is compiled for a chip, as in its
/// name: sm_90a is that one alone, sm_100f all of its major number from there,
/// sm_80 whatever is younger (CUDA C++ Programming Guide, compute
/// capabilities). All for a chip of no such name.
std::pair<int32_t, int32_t> getCapabilities(llvm::StringRef chip);

/// The one target of all kernels of a program; null when it has no kernel.
/// Fails with a diagnostic when a `gpu.module` has none, or another one.
mlir::FailureOr<mlir::NVVM::NVVMTargetAttr>
getKernelTarget(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_TARGET_NVVM_LAUNCHES_H
