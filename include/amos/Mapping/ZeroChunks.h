//===- ZeroChunks.h - Chunks in which nothing is added ----------*- C++ -*-===//
//
// An operator over phases (amos/Mapping/Lift.h) has windows that a stride does
// not divide: the last taps of some phases lie outside of the filter. Where a
// source reads zeros alone in all that is brought at once, neither it nor the
// others need to be brought.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_ZEROCHUNKS_H
#define AMOS_MAPPING_ZEROCHUNKS_H

#include "amos/Mapping/MappedAccesses.h"

namespace amos {

/// Where chunks of a scheduled mapping are zeros alone.
class ZeroChunks {
public:
  ZeroChunks() = default;
  /// Of `op`, laid out as `mapped` for an intrinsic of these extents. Finds
  /// none where a zero may meet an Inf, none that depend on loops in other ways
  /// than linearly, and none where neighbours of a cluster bring each other's
  /// chunks.
  ZeroChunks(const Contraction &op, const MappedAccesses &mapped,
             llvm::ArrayRef<int64_t> laneExtents, const Schedule &schedule);

  bool empty() const { return rows.empty(); }
  /// Over the outer loops, where a chunk begins: it adds nothing where one of
  /// them is negative.
  llvm::SmallVector<mlir::AffineExpr>
  getConditions(mlir::MLIRContext *context) const;
  bool isZero(llvm::ArrayRef<int64_t> first) const;
  /// The share of all chunks that are not; 1 when they are too many to count.
  double getShareLeft() const { return shareLeft; }
  /// Whether it matters where outer loop `outer` is.
  bool dependsOn(unsigned outer) const;

private:
  void addGuard(mlir::AffineExpr guard, const MappedAccesses &mapped,
                llvm::ArrayRef<int64_t> laneExtents,
                llvm::ArrayRef<int64_t> spans);
  double countShareLeft(const MappedAccesses &mapped,
                        llvm::ArrayRef<int64_t> spans) const;

  /// Per condition: a factor for each outer loop, then a constant.
  std::vector<llvm::SmallVector<int64_t>> rows;
  double shareLeft = 1;
};

} // namespace amos

#endif // AMOS_MAPPING_ZEROCHUNKS_H
