//===- Reorders.cpp - Layouts of tensors that are written anew first ------===//

#include "TileSpace.h"
#include "amos/Mapping/Reorder.h"

using namespace mlir;
using namespace amos;

/// The sources that have a dimension which an intrinsic that reads them from
/// memory would rather have last.
static SmallVector<unsigned> findReorderable(const MappedProblem &problem,
                                             const Schedule &layout) {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  SmallVector<unsigned> sources;
  if (!intrinsic.declaration || !intrinsic.isSpread() ||
      !intrinsic.readsBoxes())
    return sources;
  MappedAccesses mapped = mapAccesses(problem.op, intrinsic.contraction,
                                      problem.matching, layout);
  for (unsigned t = 0; t < problem.op.getDestination(); ++t)
    if (reorderSource(intrinsic.declaration, mapped, t))
      sources.push_back(t);
  return sources;
}

std::vector<Schedule> amos::enumerateReorders(const MappedProblem &problem,
                                              const Schedule &layout) {
  std::vector<Schedule> reorders = {layout};
  if (!layout.tiles.empty())
    return reorders;
  for (unsigned t : findReorderable(problem, layout))
    for (size_t n = 0, count = reorders.size(); n < count; ++n) {
      reorders.push_back(reorders[n]);
      reorders.back().staging[t] = Staging::Reorder;
    }
  return reorders;
}
