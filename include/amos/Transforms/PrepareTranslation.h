//===- PrepareTranslation.h - What LLVM cannot be given ---------*- C++ -*-===//

#ifndef AMOS_TRANSFORMS_PREPARETRANSLATION_H
#define AMOS_TRANSFORMS_PREPARETRANSLATION_H

#include "mlir/IR/Operation.h"

namespace amos {

/// Puts in order, or refuses with a message, what upstream's translation of
/// `module` to LLVM IR does not survive.
mlir::LogicalResult prepareTranslation(mlir::Operation *module);

} // namespace amos

#endif // AMOS_TRANSFORMS_PREPARETRANSLATION_H
