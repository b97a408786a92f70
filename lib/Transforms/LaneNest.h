//===- LaneNest.h - The loops of an op, one of them on lanes ----*- C++ -*-===//
//
// Private to vectorize-loops.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_LANENEST_H
#define AMOS_TRANSFORMS_LANENEST_H

#include "LanePlan.h"

namespace amos {

/// Puts loops over vectors by `plan` where `builder` stands: what `op` does.
void emitLaneNest(mlir::OpBuilder &builder, mlir::linalg::GenericOp op,
                  const LanePlan &plan);

} // namespace amos

#endif // AMOS_TRANSFORMS_LANENEST_H
