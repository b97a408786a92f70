//===- Assemble.h - Kernels as machine code ---------------------*- C++ -*-===//
#ifndef AMOS_TARGET_NVVM_ASSEMBLE_H
#define AMOS_TARGET_NVVM_ASSEMBLE_H

#include "amos/Target/NVVM/PtxasReport.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

namespace amos {

/// Every kernel of a program for one target.
struct DeviceCode {
  std::string ptx;
  std::string cubin;
  PtxasReport report;
};

/// Runs `ptxas` over the kernels of a lowered program. The error is a
/// MissingTool when something is not installed here.
llvm::Expected<DeviceCode> assembleKernels(mlir::ModuleOp module);

/// Puts the machine code and the PTX into one file, from which the driver picks
/// what fits its device. Errors as above.
llvm::Expected<std::string> makeFatbin(mlir::ModuleOp module,
                                       const DeviceCode &code);

/// Whether launches refer to kernels that are not defined yet.
bool awaitsKernels(mlir::ModuleOp module);

/// Defines what launches refer to: the fatbin, and a `struct Kernel` for each
/// kernel. Does nothing where that has been done.
void embedKernels(mlir::ModuleOp module, llvm::StringRef fatbin);

/// Leaves an `amos.ptxas` on every kernel that `report` knows.
void recordReport(mlir::ModuleOp module, const PtxasReport &report);

/// The instructions of the machine, as `nvdisasm` or `cuobjdump` prints them.
/// Errors as above.
llvm::Expected<std::string> disassemble(llvm::StringRef cubin);

} // namespace amos

#endif // AMOS_TARGET_NVVM_ASSEMBLE_H
