//===- Overruns.cpp - Steps beyond the end of a loop ----------------------===//
//
// All parts of a spread nest run the same code, so that steps beyond the end of
// a loop are made. Here accesses learn to leave them out.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/MappedAccesses.h"
#include "mlir/IR/AffineExpr.h"

using namespace mlir;
using namespace amos;

/// Whether a guard fails at every step from the extent of loop `outer` on.
static bool isGuardedBeyond(const MappedAccesses &mapped,
                            ArrayRef<int64_t> laneExtents, const Access &access,
                            unsigned outer, int64_t overrun) {
  SmallVector<std::optional<int64_t>> low(
      mapped.outer.size() + laneExtents.size(), 0);
  SmallVector<std::optional<int64_t>> high;
  for (const OuterLoop &loop : mapped.outer)
    high.push_back(loop.extent - 1);
  for (int64_t extent : laneExtents)
    high.push_back(extent - 1);
  low[outer] = mapped.outer[outer].extent;
  high[outer] = *low[outer] + overrun - 1;
  return llvm::any_of(access.guards, [&](AffineExpr guard) {
    std::optional<int64_t> most = getBoundForAffineExpr(
        guard, high.size(), 0, low, high, /*isUpper=*/true);
    return most && *most < 0;
  });
}

void amos::guardOverruns(MappedAccesses &mapped, ArrayRef<int64_t> laneExtents,
                         const Schedule &schedule) {
  SmallVector<bool> isSeen(mapped.outer.size(), false);
  for (const Schedule::Loop &loop : schedule.nest) {
    int64_t extent = mapped.outer[loop.outer].extent;
    int64_t overrun = llvm::alignTo(extent, loop.step) - extent;
    if (isSeen[loop.outer] || overrun == 0)
      continue;
    isSeen[loop.outer] = true;
    for (auto [t, access] : llvm::enumerate(mapped.fragments))
      if (mapped.dependsOn(t, loop.outer) &&
          !isGuardedBeyond(mapped, laneExtents, access, loop.outer, overrun))
        access.guards.push_back(
            extent - 1 -
            getAffineDimExpr(loop.outer, access.index.getContext()));
  }
}
