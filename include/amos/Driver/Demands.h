//===- Demands.h - Mappings that a person wrote -----------------*- C++ -*-===//
#ifndef AMOS_DRIVER_DEMANDS_H
#define AMOS_DRIVER_DEMANDS_H

#include "amos/Driver/ExitCode.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace amos {

/// After `find-mappings`: proves the mappings that `--mapping` gives as
/// literals and puts them on their operations. Check, with a witness, when one
/// is wrong; Usage when one cannot be read or belongs to no operation.
ExitCode applyDemands(mlir::ModuleOp module,
                      llvm::ArrayRef<std::string> mappings);

} // namespace amos

#endif // AMOS_DRIVER_DEMANDS_H
