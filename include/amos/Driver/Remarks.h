//===- Remarks.h - What was decided, at the source line ---------*- C++ -*-===//
#ifndef AMOS_DRIVER_REMARKS_H
#define AMOS_DRIVER_REMARKS_H

#include "amos/Driver/Diagnostics.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {

/// After `select-mapping`: says of every contraction, at its line, which
/// mapping was chosen (`-Rmap`), what it is predicted to cost (`-Rcost`), and
/// why intrinsics with a higher peak are not used (`-Rmap-missed`). Does
/// nothing that `options` did not ask for.
void remarkMappings(mlir::ModuleOp module, const DiagnosticOptions &options);

} // namespace amos

#endif // AMOS_DRIVER_REMARKS_H
