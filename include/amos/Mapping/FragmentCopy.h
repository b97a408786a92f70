//===- FragmentCopy.h - Copies that bring fragments whole -------*- C++ -*-===//
//
// A copy from `rows` of a memory to a `fragment` is a function from lanes and
// elements to places. Whether it brings what an operand's placement wants is
// found by evaluating both functions everywhere.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_FRAGMENTCOPY_H
#define AMOS_MAPPING_FRAGMENTCOPY_H

#include "Amos/AmosDialect.h"

namespace amos {

/// What an intrinsic wants of an operand that is spread over lanes.
struct WantedFragment {
  mlir::AffineMap map; ///< (lane, element) -> coordinates of the tile
  llvm::SmallVector<int64_t> shape; ///< of the tile
  int64_t elements = 0;             ///< that each lane holds
  int64_t elementBytes = 0;
  int64_t lanes = 1;
};

/// How a copy brings tiles that lie side by side.
struct FragmentCopy {
  CopyOp copy;
  unsigned count = 1; ///< tiles that it brings at once, ..
  unsigned side = 0;  ///< .. and the coordinate they lie side by side along
  /// The coordinate that the elements a lane points at run along, and how many
  /// they are.
  unsigned runSide = 0;
  int64_t run = 1;
  /// (lane) -> the coordinates, from the first tile's on, of the first of them.
  mlir::AffineMap rows;
  /// Element e of tile t is number `order[t * elements + e]` of what the copy
  /// yields, counted in elements of the operand.
  llvm::SmallVector<int64_t> order;
};

/// How `copy` brings tiles as `wanted` has them, with either of their
/// coordinates along its own; nothing when it does not. Elements may be
/// narrower than the copy's: it then moves several of them as one.
std::optional<FragmentCopy> fitFragmentCopy(CopyOp copy,
                                            const WantedFragment &wanted);

/// All of a machine's copies from `level` that bring such tiles, those that
/// bring most at once first.
llvm::SmallVector<FragmentCopy>
findFragmentCopies(AcceleratorOp machine, llvm::StringRef level,
                   const WantedFragment &wanted);

/// `position` without its constant summand, and that: addresses of one copy
/// after another then differ by a constant alone.
std::pair<mlir::AffineExpr, int64_t> splitConstant(mlir::AffineExpr position);

} // namespace amos

#endif // AMOS_MAPPING_FRAGMENTCOPY_H
