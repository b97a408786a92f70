//===- ChangePart.h - Other numbers in a part of a machine ------*- C++ -*-===//
#ifndef AMOS_DRIVER_CHANGEPART_H
#define AMOS_DRIVER_CHANGEPART_H

#include "Amos/AmosDialect.h"
#include <string>

namespace amos {

/// The arguments of `part` that can be changed: all but its name.
std::vector<std::string> getFields(mlir::Operation *part);

/// Gives the argument `field` of `part` another value and verifies the part on
/// its own. A whole number passes for a float. What is wrong is reported at
/// `location`: an unknown argument, with the nearest there is, or a wrong
/// value.
mlir::LogicalResult changePart(mlir::Operation *part, llvm::StringRef field,
                               mlir::Attribute value, mlir::Location location);

/// The named parts of `machine` that match `glob`, in order.
llvm::SmallVector<mlir::Operation *> findParts(AcceleratorOp machine,
                                               llvm::StringRef glob);

/// "; did you mean '@x'?" for the part whose name is nearest to `name`, see
/// Suggest.h.
std::string suggestPart(AcceleratorOp machine, llvm::StringRef name);

} // namespace amos

#endif // AMOS_DRIVER_CHANGEPART_H
