//===- ApplyToLanes.h - Scalar code on all elements of vectors --*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_APPLYTOLANES_H
#define AMOS_TRANSFORMS_APPLYTOLANES_H

#include "mlir/IR/Builders.h"

namespace amos {

/// What `body`, pure code on scalars that yields one, makes of the elements of
/// `vectors`, one for each of its arguments, all of one length: a vector. Ops
/// without a form on vectors are done lane by lane.
mlir::Value applyToLanes(mlir::OpBuilder &builder, mlir::Location loc,
                         mlir::Block &body, mlir::ValueRange vectors);

} // namespace amos

#endif // AMOS_TRANSFORMS_APPLYTOLANES_H
