//===- Stores.cpp - How tiles of results get to memory --------------------===//

#include "Arrangement.h"
#include "Price.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

double amos::countAccesses(const Arrangement &plan, const Stream &stream) {
  const RegisterTile &tile = plan.problem->intrinsic.tiles.back();
  if (!tile.fragment)
    return 0;
  return double(tile.elements) / double(std::max<int64_t>(stream.tile.run, 1));
}

/// Places along the outer loops that are looked at: one tile in some crosses
/// the end of an image.
constexpr int64_t numSamples = 32;

/// Elements from one step of `dim` to the next, if they are equally many along
/// it, as far as samples tell. Divisions that cancel out are not seen
/// otherwise.
static std::optional<int64_t> getStep(AffineMap address,
                                      const Arrangement &plan, unsigned dim) {
  std::optional<int64_t> step;
  for (int64_t part = 0; part < numSamples; ++part) {
    SmallVector<int64_t> point(plan.extents.size(), 0);
    for (unsigned o = 0; o < plan.getNumOuter(); ++o)
      point[o] = plan.extents[o] / numSamples * part +
                 plan.extents[o] % numSamples * part / numSamples;
    int64_t origin = address.compose(point).front();
    for (int64_t at = 1, last = plan.extents[dim] - 1; at <= last;
         at = std::max(at + 1, std::min(2 * at, last))) {
      point[dim] = at;
      int64_t distance = address.compose(point).front() - origin;
      step = step.value_or(distance / at);
      if (distance != at * *step)
        return std::nullopt;
    }
    point[dim] = 0;
  }
  return step;
}

bool amos::areStoredInBoxes(const Arrangement &plan, const Stream &stored) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  const AffineMap &index = intrinsic.contraction.operands.back().index;
  std::optional<AffineExpr> address = linearizeAccess(stored.access);
  CopyOp copy =
      findBoxStore(intrinsic.declaration, int64_t(stored.elementBytes));
  // A box has no idle lanes.
  if (!copy || !address || index.getNumResults() != 2 ||
      isPartial(stored.access, plan.getNumOuter()))
    return false;
  AffineMap map = AffineMap::get(plan.extents.size(), 0, *address);
  bool hasRow = false, hasPitch = false;
  for (unsigned n = 0; n < 2; ++n) {
    unsigned dim = plan.getNumOuter() + index.getDimPosition(n);
    std::optional<int64_t> step = getStep(map, plan, dim);
    if (step == 1)
      hasRow |= plan.extents[dim] % copy.getExtents()[1] == 0;
    else if (step)
      hasPitch |= int64_t(*step * stored.elementBytes) %
                      copy.getStrideAlign().value_or(1) ==
                  0;
  }
  return hasRow && hasPitch;
}

/// Rows of a box end where the columns' dimensions or the whole tensor do.
bool amos::isClippedBeyond(const Stream &stored, unsigned loop, bool isInPart) {
  AffineMap index = stored.access.index;
  auto moves = [&](AffineExpr coordinate) {
    return coordinate.isFunctionOfDim(loop);
  };
  unsigned rank = index.getNumResults();
  return rank == 0 || !llvm::any_of(index.getResults(), moves) ||
         moves(index.getResult(rank - 1)) ||
         (!isInPart && moves(index.getResult(0)));
}
