//===- ExpandFloatCasts.h - Formats that LLVM does not know -----*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_EXPANDFLOATCASTS_H
#define AMOS_TRANSFORMS_EXPANDFLOATCASTS_H

#include "mlir/Pass/Pass.h"

namespace amos {

/// `amos-expand-float-casts`, for any op: extends f8E4M3FN and f8E5M2 by way of
/// f16; an f32 that is rounded to tf32 toward zero and extended again loses its
/// last 13 bits. All by integer operations.
std::unique_ptr<mlir::Pass> createExpandFloatCasts();

/// Makes the pass known by its name.
void registerExpandFloatCasts();

} // namespace amos

#endif // AMOS_TRANSFORMS_EXPANDFLOATCASTS_H
