//===- Placement.h - What a placement says, as numbers ----------*- C++ -*-===//
#ifndef AMOS_PLACEMENT_H
#define AMOS_PLACEMENT_H

#include "Amos/AmosDialect.h"
#include <optional>

namespace amos {

/// The value of an expression, in which symbols may be multiplied and divided
/// by. Nothing where it divides by something that is not positive, or does not
/// fit 64 bits.
std::optional<int64_t> evaluate(mlir::AffineExpr expr,
                                llvm::ArrayRef<int64_t> dims,
                                llvm::ArrayRef<int64_t> symbols);

/// The value of a quasi-affine map at a point: its dimensions, then its
/// symbols. Nothing where it divides by something that is not positive, or
/// does not fit 64 bits.
std::optional<llvm::SmallVector<int64_t>>
evaluate(mlir::AffineMap map, llvm::ArrayRef<int64_t> point);

/// The scalars of a value held in registers, in flattened order.
struct Scalars {
  mlir::Type type;
  int64_t count;
};

/// Of numbers, vectors and structures of equal scalars; nothing for types that
/// only the machine's own ops can look into, and for scalable vectors.
std::optional<Scalars> getScalars(mlir::Type type);

/// A (lane, element) that lies outside, or an element that none holds.
struct Gap {
  bool isOutside;
  int64_t lane = 0, element = 0;
  llvm::SmallVector<int64_t> at;
};

/// The first gap of `map`, from (lane, element), or from (element) alone when
/// there is one lane, to a tile of extents `shape`; nothing when every place is
/// inside and every element is held. `contiguous` elements follow each place
/// along the last dimension.
std::optional<Gap> findGap(mlir::AffineMap map, int64_t lanes, int64_t elements,
                           llvm::ArrayRef<int64_t> shape,
                           int64_t contiguous = 1);

} // namespace amos

#endif // AMOS_PLACEMENT_H
