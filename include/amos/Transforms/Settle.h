//===- Settle.h - Values that are there from some place on ------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_SETTLE_H
#define AMOS_TRANSFORMS_SETTLE_H

#include "mlir/IR/Builders.h"

namespace amos {

/// The same value by an opaque identity, so that no use of it moves in front of
/// this place. Nothing for scalars that are no registers of 32 or 64 bits.
mlir::Value emitSettled(mlir::OpBuilder &builder, mlir::Location loc,
                        mlir::Value fragment);

} // namespace amos

#endif // AMOS_TRANSFORMS_SETTLE_H
