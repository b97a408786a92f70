//===- FunctionsByExp2.h - exp, tanh, .. where 2^x is quick -----*- C++ -*-===//
//
// Private to amos-approximate-functions.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_FUNCTIONSBYEXP2_H
#define AMOS_TRANSFORMS_FUNCTIONSBYEXP2_H

#include "mlir/IR/PatternMatch.h"

namespace amos {

/// Patterns that write `math.exp` and `math.tanh` of f32 by `math.exp2` and
/// divisions that may be approximate, for machines with instructions for both:
/// to 4 units in the last place.
void populateFunctionsByExp2(mlir::RewritePatternSet &patterns);

/// The same for `tanh(x) + 1` and `erf(x) + 1`, which activations have: to
/// 2e-7. To be applied before the functions in them are written otherwise.
void populateSumsByExp2(mlir::RewritePatternSet &patterns);

} // namespace amos

#endif // AMOS_TRANSFORMS_FUNCTIONSBYEXP2_H
