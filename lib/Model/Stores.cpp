//===- Stores.cpp - How tiles of results get to memory --------------------===//

#include "Arrangement.h"
#include "Price.h"

using namespace mlir;
using namespace amos;

/// Accesses of a lane to what lies beside one tile of sums: what lies side by
/// side moves at once.
static double countAccesses(const Arrangement &plan, const Stream &stream) {
  const RegisterTile &tile = plan.problem->intrinsic.tiles.back();
  return double(tile.elements) / double(std::max<int64_t>(stream.tile.run, 1));
}

double amos::countStoreAccesses(const Arrangement &plan) {
  if (!plan.problem->intrinsic.tiles.back().fragment)
    return 0;
  double accesses = countAccesses(plan, plan.stored);
  for (const Stream &source : plan.finishing)
    accesses += countAccesses(plan, source);
  return accesses;
}

/// Elements from one step of `dim` to the next, if they are equally many
/// everywhere.
static std::optional<int64_t> getStep(AffineExpr address, unsigned dim,
                                      unsigned numDims) {
  AffineExpr at = getAffineDimExpr(dim, address.getContext());
  auto step = dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(address.replace(at, at + 1) - address, numDims, 0));
  return step ? std::optional(step.getValue()) : std::nullopt;
}

/// Whether some lanes of every tile have nothing to store: a box has no such.
static bool hasIdleLanes(const Arrangement &plan) {
  return llvm::any_of(plan.stored.access.guards, [&](AffineExpr guard) {
    return llvm::none_of(llvm::seq(0u, plan.getNumOuter()),
                         [&](unsigned o) { return guard.isFunctionOfDim(o); });
  });
}

bool amos::areStoredInBoxes(const Arrangement &plan) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  const AffineMap &index = intrinsic.contraction.operands.back().index;
  std::optional<AffineExpr> address = linearizeAccess(plan.stored.access);
  if (intrinsic.storedRowBytes == 0 || !address || index.getNumResults() != 2 ||
      hasIdleLanes(plan))
    return false;
  bool hasRow = false, hasPitch = false;
  for (unsigned n = 0; n < 2; ++n) {
    unsigned dim = plan.getNumOuter() + index.getDimPosition(n);
    std::optional<int64_t> step = getStep(*address, dim, plan.extents.size());
    int64_t bytes = int64_t(plan.extents[dim] * plan.stored.elementBytes);
    if (step == 1)
      hasRow |= bytes % intrinsic.storedRowBytes == 0;
    else if (step)
      hasPitch |= int64_t(*step * plan.stored.elementBytes) %
                      intrinsic.getStage().access ==
                  0;
  }
  return hasRow && hasPitch;
}
