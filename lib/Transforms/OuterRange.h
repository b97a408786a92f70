//===- OuterRange.h - What is known of an outer loop here -------*- C++ -*-===//
//
// While the nest is emitted, each outer loop is at a position that is a
// constant or a value with known bounds, and a number of steps of it is left to
// be done inside. Private to apply-mapping.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_OUTERRANGE_H
#define AMOS_TRANSFORMS_OUTERRANGE_H

#include "amos/Mapping/MappedAccesses.h"

namespace amos {

struct OuterRange {
  mlir::Value base;  ///< null: the position is the constant `first`
  int64_t first = 0; ///< least value of the base
  /// Greatest value of the base; nothing when the extent is not known.
  std::optional<int64_t> last = 0;
  /// Steps to be done from the base on; `ShapedType::kDynamic`: all that an
  /// extent has that is not known.
  int64_t steps = 1;
  bool isWhole = false;  ///< the steps end before the loop's tail
  bool isAligned = true; ///< the base is a multiple of the loop's block
  bool isConstant() const { return !base; }
  void shiftLast(int64_t steps) {
    if (last)
      *last += steps;
  }
};

using OuterRanges = llvm::SmallVector<OuterRange>;

/// An access over outer loops and lanes, written for `amos.load` and
/// `amos.store`: dimensions are `coordinates`, symbols the tile's coordinates.
struct TileIndex {
  llvm::SmallVector<mlir::Value> coordinates;
  mlir::AffineMap map;
  std::optional<mlir::IntegerSet> guards; ///< what is left to check
};

/// Writes fragment `access` at `offsets` steps beyond the bases of `outer`.
/// `lanes[n]` is the intrinsic iteration of tile coordinate n, with extents
/// `laneExtents`; `parameters` are the values of the access's symbols. Guards
/// that hold for every value of the bases are dropped.
TileIndex getTileIndex(const Access &access, const OuterRanges &outer,
                       llvm::ArrayRef<int64_t> offsets,
                       llvm::ArrayRef<unsigned> lanes,
                       llvm::ArrayRef<int64_t> laneExtents,
                       llvm::ArrayRef<mlir::Value> parameters);

} // namespace amos

#endif // AMOS_TRANSFORMS_OUTERRANGE_H
