//===- PrepareTranslation.h - What LLVM cannot be given ---------*- C++ -*-===//

#ifndef AMOS_TRANSFORMS_PREPARETRANSLATION_H
#define AMOS_TRANSFORMS_PREPARETRANSLATION_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
class Triple;
} // namespace llvm

namespace amos {

/// Puts in order, or refuses with a message, what upstream's translation of
/// `module` to LLVM IR does not survive.
mlir::LogicalResult prepareTranslation(mlir::Operation *module);

/// Refuses what is no string in `amos.features`, which lists what a function
/// may use of a processor.
mlir::LogicalResult checkFeatures(mlir::LLVM::LLVMFuncOp function);

/// Refuses instructions of other machines than `triple`'s, over which code
/// generation aborts.
llvm::Error checkInstructions(const llvm::Module &module,
                              const llvm::Triple &triple);

} // namespace amos

#endif // AMOS_TRANSFORMS_PREPARETRANSLATION_H
