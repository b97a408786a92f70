//===- MappedAccesses.h - A mapping as index functions ----------*- C++ -*-===//
#ifndef AMOS_MAPPING_MAPPEDACCESSES_H
#define AMOS_MAPPING_MAPPEDACCESSES_H

#include "amos/Mapping/EnumerateMatchings.h"
#include "amos/Mapping/Schedule.h"

namespace amos {

/// A loop around the intrinsic.
struct OuterLoop {
  std::string name;
  int64_t extent;
  bool isParallel;           ///< no two of its steps write one element
  mlir::AffineExpr position; ///< over the operator's iterations
  int64_t group;             ///< intrinsic iteration it tiles, -1: unmatched
};

/// What a scheduled mapping does, as quasi-affine functions. The code that is
/// emitted consists of `outer` and `fragments`; `lanes` and `inverse` are the
/// proof's.
struct MappedAccesses {
  llvm::SmallVector<OuterLoop> outer;
  /// Per intrinsic iteration, over the operator's iterations.
  llvm::SmallVector<mlir::AffineExpr> lanes;
  /// Per iteration of the operator, over outer loops followed by lanes.
  llvm::SmallVector<mlir::AffineExpr> inverse;
  /// Per operand (sources in the intrinsic's order, then the destination), over
  /// outer loops followed by all lanes; uses only the lanes the operand has.
  llvm::SmallVector<Access> fragments;
};

/// Lays out a matching: fused or as a box, in the order the schedule says. The
/// sources of `op` are already in the intrinsic's order. Only `order` and
/// `tiles` of the schedule are read. An empty group is a unit iteration.
MappedAccesses mapAccesses(const Contraction &op, const Contraction &intrinsic,
                           const Matching &matching, const Schedule &schedule);

/// The schedule that says nothing: groups in ascending order, fused; every
/// outer loop once, step 1, parallel ones outside; blocks of 1; all direct.
Schedule getDefaultSchedule(const Contraction &op, const Contraction &intrinsic,
                            const Matching &matching);

} // namespace amos

#endif // AMOS_MAPPING_MAPPEDACCESSES_H
