//===- IndexBounds.h - What an index may be in a nest of loops --*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_INDEXBOUNDS_H
#define AMOS_TRANSFORMS_INDEXBOUNDS_H

#include "mlir/IR/AffineExpr.h"
#include <optional>

namespace amos {

/// The least and the greatest value, over the extents of the loops.
struct IndexBounds {
  mlir::AffineExpr least, greatest;
};

/// Bounds of `index` over loops that take at least one step each: exact for a
/// linear one, else perhaps wider. Nothing for what is not quasi-affine.
std::optional<IndexBounds> getIndexBounds(mlir::AffineExpr index,
                                          unsigned numLoops);

} // namespace amos

#endif // AMOS_TRANSFORMS_INDEXBOUNDS_H
