//===- Guards.cpp - Conditions that are left to be asked ------------------===//

#include "Arrangement.h"
#include "Price.h"
#include "amos/Mapping/Borders.h"
#include "amos/Mapping/Bounds.h"

using namespace mlir;
using namespace amos;

bool amos::isPartial(const Access &access, unsigned numOuter) {
  return llvm::any_of(access.guards, [&](AffineExpr guard) {
    return llvm::none_of(llvm::seq(0u, numOuter),
                         [&](unsigned o) { return guard.isFunctionOfDim(o); });
  });
}

/// More steps than that are not split off whatever the block is.
constexpr int64_t mostSteps = mostBorderSteps * 64, neverSplit = 1 << 20;

/// The steps at either end of each parallel loop where `guard` may fail for
/// some element of a tile; all of them where it depends on no such loop.
static SmallVector<int64_t> getBorders(AffineExpr guard, ArrayRef<Interval> box,
                                       const Arrangement &plan) {
  SmallVector<int64_t> borders(plan.getNumOuter(), 0);
  auto isUsed = [&](unsigned dim) { return guard.isFunctionOfDim(dim); };
  auto isUsedParallel = [&](unsigned o) {
    return plan.mapped.outer[o].isParallel && isUsed(o);
  };
  if (llvm::any_of(llvm::seq(plan.getNumOuter(), unsigned(box.size())),
                   isUsed) &&
      llvm::none_of(llvm::seq(0u, plan.getNumOuter()), isUsedParallel))
    return SmallVector<int64_t>(plan.getNumOuter(), neverSplit);
  for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
    if (!isUsedParallel(o))
      continue;
    int64_t extent = plan.getExtent(o);
    auto whole =
        findWholeSteps(guard, box, box.size(), o, 1, extent, mostSteps);
    borders[o] =
        whole ? std::max(whole->first, extent - whole->end) : neverSplit;
  }
  return borders;
}

/// A reduction loop whose steps all fail for some element is not split: the
/// tile is beyond the padding in one lane or another.
static bool isNeverWhole(AffineExpr guard, ArrayRef<Interval> box,
                         const Arrangement &plan) {
  return llvm::any_of(llvm::seq(0u, plan.getNumOuter()), [&](unsigned o) {
    return guard.isFunctionOfDim(o) && !plan.mapped.outer[o].isParallel &&
           !findWholeSteps(guard, box, box.size(), o, 1, plan.getExtent(o));
  });
}

/// Whether `guard` fails at no more than the few steps at an end of its only
/// loop, where that is split, or in some lanes whatever the loops do.
static bool isTail(AffineExpr guard, ArrayRef<Interval> box,
                   ArrayRef<int64_t> borders, const Arrangement &plan) {
  unsigned loops = 0;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
    bool isUsed = guard.isFunctionOfDim(o);
    loops += isUsed;
    if (isUsed && plan.mapped.outer[o].isParallel &&
        borders[o] > mostBorderSteps)
      return false;
  }
  return loops < 2 && !isNeverWhole(guard, box, plan);
}

void amos::findGuards(Stream &stream, const Arrangement &plan) {
  SmallVector<Interval> box;
  for (int64_t extent : plan.extents)
    box.push_back({0, extent - 1});
  for (AffineExpr guard : stream.access.guards) {
    std::optional<int64_t> least =
        getBound(guard, plan.extents, /*isUpper=*/false);
    SmallVector<int64_t> borders = getBorders(guard, box, plan);
    if ((least && *least >= 0) || isTail(guard, box, borders, plan))
      continue;
    bool isByLane = llvm::any_of(
        llvm::seq(plan.getNumOuter(), unsigned(plan.extents.size())),
        [&](unsigned dim) { return guard.isFunctionOfDim(dim); });
    stream.guards.push_back({borders, isByLane});
  }
}

bool StreamGuard::isAsked(ArrayRef<int64_t> block) const {
  return llvm::any_of(llvm::zip_equal(borders, block), [](auto pair) {
    auto [border, size] = pair;
    return int64_t(llvm::divideCeil(border, size)) > mostBorderSteps;
  });
}

unsigned Stream::countGuards(ArrayRef<int64_t> block) const {
  return llvm::count_if(
      guards, [&](const StreamGuard &guard) { return guard.isAsked(block); });
}

bool Stream::isGuardedByElement(ArrayRef<int64_t> block) const {
  return llvm::any_of(guards, [&](const StreamGuard &guard) {
    return guard.isByLane && guard.isAsked(block);
  });
}
