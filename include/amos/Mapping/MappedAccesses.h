//===- MappedAccesses.h - A mapping as index functions ----------*- C++ -*-===//
#ifndef AMOS_MAPPING_MAPPEDACCESSES_H
#define AMOS_MAPPING_MAPPEDACCESSES_H

#include "amos/Mapping/EnumerateMatchings.h"
#include "amos/Mapping/Schedule.h"
#include <optional>

namespace amos {

/// A loop around the intrinsic.
struct OuterLoop {
  std::string name;          ///< "p", or what it tiles: "c/16", "(n,p,q)/16"
  int64_t extent;            ///< or `ShapedType::kDynamic`
  bool isParallel;           ///< no two of its steps write one element
  mlir::AffineExpr position; ///< over the operator's iterations
  int64_t group;             ///< intrinsic iteration it tiles, -1: unmatched
  /// Over the parameters, the extent if it is dynamic, else null.
  mlir::AffineExpr trips;
  /// Of a dynamic extent, the guard that fails in the last step only and the
  /// number of steps before. Null when nothing is padded.
  mlir::AffineExpr tail = nullptr, wholeTrips = nullptr;
};

/// What a scheduled mapping does, as quasi-affine functions, whose symbols are
/// the operator's parameters. The code that is emitted consists of `outer` and
/// `fragments`; `lanes` and `inverse` are the proof's.
struct MappedAccesses {
  llvm::SmallVector<OuterLoop> outer;
  /// Per intrinsic iteration, over the operator's iterations.
  llvm::SmallVector<mlir::AffineExpr> lanes;
  /// Per iteration of the operator, over outer loops followed by lanes.
  llvm::SmallVector<mlir::AffineExpr> inverse;
  /// Per operand (sources in the intrinsic's order, then the destination), over
  /// outer loops followed by all lanes; uses only the lanes the operand has.
  llvm::SmallVector<Access> fragments;
  /// Points at which a source reads zero add nothing, as in a product.
  bool ignoresZeros = true;

  /// Whether index or guards of `operand` use outer loop `outer`.
  bool dependsOn(unsigned operand, unsigned outer) const;
};

/// Why `order` and `tiles` of the schedule lay out no such matching: they list
/// other iterations, a box does not fit the intrinsic, a group is fused
/// although it has an unknown extent that is not the slowest, or an extent too
/// large to be computed. Nothing when `mapAccesses` may be called.
std::optional<Reason> checkLayout(const Contraction &op,
                                  const Contraction &intrinsic,
                                  const Matching &matching,
                                  const Schedule &schedule);

/// Lays out a matching: fused or as a box, in the order the schedule says. The
/// sources of `op` are already in the intrinsic's order. Only `order` and
/// `tiles` of the schedule are read. An empty group is a unit iteration.
///
/// Outer loops are numbered so (E: extents of the operator, M: the
/// intrinsic's); an unknown extent is larger than any number, none is 1:
/// 1. every unmatched iteration v with E_v != 1, ascending;
/// 2. for each group h, ascending:
///    - fused: one loop of extent ceil(prod E / M_h) iff prod E > M_h, the
///      product over the group;
///    - as a box with tiles T: for each v in the order of `order[h]`, one loop
///      of extent ceil(E_v / T_v) iff E_v > T_v.
///
/// Fused, the point of a group whose row-major number is L lies in step
/// L floordiv M_h, lane L mod M_h. As a box, v lies in step v floordiv T_v, and
/// its lane is the row-major number of all v mod T_v.
MappedAccesses mapAccesses(const Contraction &op, const Contraction &intrinsic,
                           const Matching &matching, const Schedule &schedule);

/// The schedule that says nothing: groups in ascending order but for an unknown
/// extent, which is the slowest, and fused, or boxes if a group has two of
/// those; every outer loop once, step 1, parallel ones outside; blocks of 1;
/// all direct. The layout must be possible (`checkLayout`), else only `order`
/// is filled.
Schedule getDefaultSchedule(const Contraction &op, const Contraction &intrinsic,
                            const Matching &matching);

/// How many loops at the end of the schedule's nest are reductions': what they
/// add stays in registers. Sums of a reduction around them go through memory.
size_t countInnerReductions(const MappedAccesses &mapped,
                            const Schedule &schedule);

/// Takes from the sources the guards that the destination has too and that
/// nothing else of the source depends on: what is read at such places is no
/// padding but inside the tensor, and what is made of it is not stored.
void dropStoredGuards(MappedAccesses &mapped);

/// Guards every access against the steps that a spread nest makes beyond the
/// ends of its loops: there, nothing is read or written. `laneExtents` are
/// those of the intrinsic's iterations.
void guardOverruns(MappedAccesses &mapped, llvm::ArrayRef<int64_t> laneExtents,
                   const Schedule &schedule);

/// Why the nest, blocks and staging of the schedule cannot be run for what
/// `mapAccesses` made of it.
std::optional<Reason> checkSchedule(const MappedAccesses &mapped,
                                    const Schedule &schedule);

} // namespace amos

#endif // AMOS_MAPPING_MAPPEDACCESSES_H
