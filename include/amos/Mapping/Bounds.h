//===- Bounds.h - The least and the most that an index is -------*- C++ -*-===//
#ifndef AMOS_MAPPING_BOUNDS_H
#define AMOS_MAPPING_BOUNDS_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"
#include <optional>

namespace amos {

/// The smallest or largest value of `expr` over the box of `extents`, and over
/// all positive values of its symbols; nothing when it cannot be told.
std::optional<int64_t> getBound(mlir::AffineExpr expr,
                                llvm::ArrayRef<int64_t> extents, bool isUpper);

/// The same, as tight as rational points of the box tell, for an expression
/// without symbols over known extents. Takes some ten microseconds.
std::optional<int64_t> getTightBound(mlir::AffineExpr expr,
                                     llvm::ArrayRef<int64_t> extents,
                                     bool isUpper);

} // namespace amos

#endif // AMOS_MAPPING_BOUNDS_H
