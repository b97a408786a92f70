//===- Borders.h - Where in a nest a guard may fail -------------*- C++ -*-===//
//
// A guard of padding or of a ragged tail fails at the borders of loops only.
// Code splits these steps off, so that all others read without conditions.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_BORDERS_H
#define AMOS_MAPPING_BORDERS_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace amos {

/// The values that a dimension takes.
struct Interval {
  int64_t first;
  std::optional<int64_t> last; ///< nothing: no bound is known
};

/// The steps of a loop from `first` to before `end`.
struct StepRange {
  int64_t first, end;
};

/// More steps than that at an end of a loop are not split off.
constexpr int64_t mostBorderSteps = 4;

/// The smallest or largest value of `expr` for places of `box`, dimensions
/// followed by symbols; nothing when it cannot be told.
std::optional<int64_t> getBoundIn(mlir::AffineExpr expr,
                                  llvm::ArrayRef<Interval> box,
                                  unsigned numDims, bool isUpper);

/// The steps of a loop along `dim`, `count` steps of `step` values each from
/// `box[dim].first` on, at which `guard` holds wherever the other dimensions
/// are. Nothing where no step is, or more than `most` before or behind are not.
std::optional<StepRange> findWholeSteps(mlir::AffineExpr guard,
                                        llvm::ArrayRef<Interval> box,
                                        unsigned numDims, unsigned dim,
                                        int64_t step, int64_t count,
                                        int64_t most = mostBorderSteps);

} // namespace amos

#endif // AMOS_MAPPING_BORDERS_H
