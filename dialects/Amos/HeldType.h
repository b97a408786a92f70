//===- HeldType.h - What registers hold of an operand -----------*- C++ -*-===//
#ifndef AMOS_HELDTYPE_H
#define AMOS_HELDTYPE_H

#include "Amos/AmosDialect.h"

namespace amos {

/// Whether `wide` is a larger float that has every value of float `narrow`.
bool isWidening(mlir::Type narrow, mlir::Type wide);

/// What the lowering's registers hold of operand `t`: its elements, or larger
/// floats, which loads then make of them.
mlir::Type getHeldType(IntrinsicOp intrinsic, unsigned t);

} // namespace amos

#endif // AMOS_HELDTYPE_H
