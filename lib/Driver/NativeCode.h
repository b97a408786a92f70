//===- NativeCode.h - Running what was generated in this process -*- C++
//-*-===//
//
// Private to the driver. LLVM ends the process on some inputs, and code may be
// wrong: use these in a child.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_NATIVECODE_H
#define AMOS_DRIVER_NATIVECODE_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"

namespace amos {

/// Why the lowering of an intrinsic cannot be run here, or nothing.
std::string explainSkip(AcceleratorOp machine, IntrinsicOp intrinsic);

/// Compiles a module of the LLVM dialect; its functions can be looked up.
llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>>
loadNative(mlir::ModuleOp module);

} // namespace amos

#endif // AMOS_DRIVER_NATIVECODE_H
