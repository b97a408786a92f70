//===- Operator.h - What a measurement is of --------------------*- C++ -*-===//
#ifndef AMOS_TUNING_OPERATOR_H
#define AMOS_TUNING_OPERATOR_H

#include "Amos/AmosDialect.h"
#include "amos/Tuning/Measurement.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

namespace amos {

/// The normalized contraction `op` as the one function of a program of its own:
/// with the pads, moves and constants that it reads, with the elementwise ops
/// that alone read its result, one after the other, and without any decision
/// about it. What else it reads are arguments.
mlir::OwningOpRef<mlir::ModuleOp> isolateOperator(mlir::linalg::LinalgOp op);

/// The name and the text of that program. The values of large constants are
/// left out: they do not change what is fast. Equal operators of different
/// programs have equal texts.
TunedOperator describeOperator(mlir::linalg::LinalgOp op);

/// Whether the function around `op` does nothing else, so that its time is the
/// operator's.
bool isAlone(mlir::linalg::LinalgOp op);

/// The text that the fingerprint of a machine is made of: what the description
/// says about `intrinsic` and, leaving out the other intrinsics, about the
/// machine around it.
std::string describeMachine(IntrinsicOp intrinsic);

/// The intrinsic that `mapping`, of `op`, names; null when it is not there.
IntrinsicOp findIntrinsic(mlir::Operation *op, MappingAttr mapping);

} // namespace amos

#endif // AMOS_TUNING_OPERATOR_H
