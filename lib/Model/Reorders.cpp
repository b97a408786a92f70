//===- Reorders.cpp - Layouts of tensors that are written anew first ------===//

#include "TileSpace.h"
#include "amos/Mapping/Reorder.h"

using namespace mlir;
using namespace amos;

/// The scattered sources of which more moves at once after they were reordered.
static SmallVector<unsigned> findReorderable(const Arrangement &plan) {
  SmallVector<unsigned> sources;
  for (unsigned t : findScattered(plan)) {
    auto hull =
        reorderSource(plan.problem->intrinsic.declaration, plan.mapped, t);
    if (hull &&
        getGatherWidth(plan, t, hull->access) > plan.sources[t][0]->gatherWidth)
      sources.push_back(t);
  }
  return sources;
}

SmallVector<unsigned> amos::findScattered(const Arrangement &plan) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  SmallVector<unsigned> scattered;
  if (!intrinsic.declaration || !intrinsic.isSpread() ||
      !intrinsic.readsBoxes())
    return scattered;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = *plan.sources[t][0];
    if (source.gatherWidth * source.elementBytes < intrinsic.getStage().access)
      scattered.push_back(t);
  }
  return scattered;
}

std::vector<Schedule> amos::enumerateReorders(const Arrangement &plan,
                                              const Schedule &layout) {
  std::vector<Schedule> reorders = {layout};
  for (unsigned t : findReorderable(plan))
    for (size_t n = 0, count = reorders.size(); n < count; ++n) {
      reorders.push_back(reorders[n]);
      reorders.back().staging[t] = Staging::Reorder;
    }
  return reorders;
}
