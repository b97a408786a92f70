//===- Demands.h - Mappings that a person wrote -----------------*- C++ -*-===//
#ifndef AMOS_DRIVER_DEMANDS_H
#define AMOS_DRIVER_DEMANDS_H

#include "amos/Driver/ExitCode.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace amos {

/// After `find-mappings`: proves the mappings that `--mapping` gives as
/// literals and puts them on their operations. Check, with a witness, when one
/// is wrong; Usage when one cannot be read or belongs to no operation.
ExitCode applyDemands(mlir::ModuleOp module,
                      llvm::ArrayRef<std::string> mappings);

/// An operation that can be mapped, and how it is named: "@function#number".
struct PlacedOperation {
  mlir::linalg::LinalgOp op;
  std::string place;
};

/// All of them, after `find-mappings`.
std::vector<PlacedOperation> listOperations(mlir::ModuleOp module);

/// The operations that have candidates, and of which `mappings` demands none.
llvm::SmallVector<mlir::linalg::LinalgOp>
findOpen(mlir::ModuleOp module, llvm::ArrayRef<std::string> mappings);

} // namespace amos

#endif // AMOS_DRIVER_DEMANDS_H
