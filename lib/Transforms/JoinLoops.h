//===- JoinLoops.h - Rows as long as they are in memory ---------*- C++ -*-===//
//
// Private to the passes that make loops of linalg ops.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_JOINLOOPS_H
#define AMOS_TRANSFORMS_JOINLOOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace amos {

/// `op` as a `linalg.generic`; failure where upstream cannot.
mlir::FailureOr<mlir::linalg::GenericOp> makeGeneric(mlir::IRRewriter &rewriter,
                                                     mlir::linalg::LinalgOp op);

/// Makes one loop of neighbouring ones that are one over every operand, where
/// rows lie behind each other in memory. What replaces `op`.
mlir::linalg::GenericOp joinLoops(mlir::IRRewriter &rewriter,
                                  mlir::linalg::GenericOp op);

} // namespace amos

#endif // AMOS_TRANSFORMS_JOINLOOPS_H
