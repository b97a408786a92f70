//===- SampledLoops.h - Compute some rows instead of all --------*- C++ -*-===//
#ifndef AMOS_LIB_TRANSFORMS_SAMPLEDLOOPS_H
#define AMOS_LIB_TRANSFORMS_SAMPLEDLOOPS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace amos {

/// Gives `function`, a reference on tensors, two more arguments `first` and
/// `step`, and marks the loops that `amos-sample-reference` will then run from
/// `first` by `step`: those along the first of the largest extents of a result,
/// in the op that makes it and in the ops that only it reads.
void addSampling(mlir::func::FuncOp function);

} // namespace amos

#endif // AMOS_LIB_TRANSFORMS_SAMPLEDLOOPS_H
