//===- FragmentAccess.h - Moving fragments between memory and registers ---===//
//
// Private to lower-tiles. A fragment is the one value a lowering receives for a
// tile: a scalar or a vector whose element e is the tile element that the
// placement's map gives for e.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_FRAGMENTACCESS_H
#define AMOS_TRANSFORMS_FRAGMENTACCESS_H

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IntegerSet.h"

namespace amos {

/// Where the elements of one fragment lie and when they are there.
struct FragmentAccess {
  mlir::Value memref;
  llvm::SmallVector<mlir::Value> coordinates;
  /// Per element: memref coordinates and guards over `coordinates`, constants
  /// folded. Guards that hold are dropped; a guard that fails for sure makes
  /// the element absent.
  struct Element {
    mlir::AffineMap index;
    /// The same over a lane, not simplified: a `mod` is left one, so that the
    /// code knows the sign of what is divided. Null without a lane.
    mlir::AffineMap ofLane;
    llvm::SmallVector<mlir::AffineExpr> guards;
    bool isAbsent = false;
    /// Distance from element 0 in memory, when it is constant.
    std::optional<int64_t> offset;
    /// In memory, over `coordinates`; null when a stride is not constant.
    mlir::AffineExpr position;
  };
  llvm::SmallVector<Element> elements;
  mlir::Type elementType;
  int64_t alignment = 0; ///< bytes the memref is aligned to, 0: its elements'

  /// What is known of the alignment of `length` elements from `element` on.
  llvm::MaybeAlign getAlignment(const Element &element, int64_t length) const;

  /// Evaluates index and guards at every element of `fragment`. If that is
  /// spread over lanes, the last coordinate is the lane.
  static FragmentAccess get(mlir::Value memref, mlir::ValueRange coordinates,
                            mlir::AffineMap index, mlir::IntegerSet guards,
                            mlir::AffineMap fragment, unsigned numElements);

  /// The most elements from number `first` on, a power of two of them, that lie
  /// aligned side by side and are there as a whole or not at all.
  unsigned getRun(unsigned first) const;
  /// Every element is there, whatever the coordinates.
  bool isUnguarded() const;
  /// The guards, when all elements share them.
  std::optional<llvm::SmallVector<mlir::AffineExpr>> getCommonGuards() const;
  FragmentAccess withoutGuards() const;

  llvm::SmallVector<mlir::Value> emitIndex(mlir::OpBuilder &builder,
                                           mlir::Location loc,
                                           const Element &element) const;
  /// A buffer and an index in it from which `length` elements, `element` being
  /// the first, lie side by side along the last dimension: vectors are moved
  /// along no other.
  std::pair<mlir::Value, llvm::SmallVector<mlir::Value>>
  emitRun(mlir::OpBuilder &builder, mlir::Location loc, const Element &element,
          int64_t length) const;
  mlir::Value emitCondition(mlir::OpBuilder &builder, mlir::Location loc,
                            llvm::ArrayRef<mlir::AffineExpr> guards) const;
};

/// Emits the loads that build a fragment of type `type`, a scalar or vector.
mlir::Value loadFragment(mlir::OpBuilder &builder, mlir::Location loc,
                         const FragmentAccess &access, mlir::Type type);

/// What is done to a fragment before it is stored: nothing if the region is
/// empty, else its block makes each element of one of the fragment and one of
/// each source, which have the guards of what is stored.
struct StoreBody {
  mlir::Region &region;
  llvm::SmallVector<FragmentAccess> sources;
};

/// The vector that `body` makes of a fragment.
mlir::Value finishFragment(mlir::OpBuilder &builder, mlir::Location loc,
                           mlir::Value fragment, const StoreBody &body);

/// Emits the stores of a fragment whose elements are distinct in memory, but
/// that it may repeat all of them.
void storeFragment(mlir::OpBuilder &builder, mlir::Location loc,
                   FragmentAccess access, mlir::Value fragment,
                   const StoreBody &body);

} // namespace amos

#endif // AMOS_TRANSFORMS_FRAGMENTACCESS_H
