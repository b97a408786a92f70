//===- Shares.cpp - What each thread does of a nest -----------------------===//

#include "amos/Mapping/Shares.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

/// Shares that differ by less are even: one and the same kernel differs by more
/// from run to run.
static constexpr double unevenness = 0.02;

/// What is assumed of an extent that is not known.
static constexpr int64_t unknownExtent = 1024;

double amos::countPoints(ArrayRef<int64_t> extents) {
  double points = 1;
  for (int64_t extent : extents)
    points *= double(ShapedType::isDynamic(extent) ? unknownExtent : extent);
  return points;
}

static double getLargestShare(int64_t steps, int64_t threads) {
  return double(llvm::divideCeil(steps, threads)) / double(steps);
}

double amos::getLargestShare(ArrayRef<int64_t> trips, int64_t threads) {
  int64_t steps = 1;
  for (int64_t count : trips)
    steps *= count;
  return ::getLargestShare(steps, threads);
}

size_t amos::countShared(ArrayRef<int64_t> trips, int64_t threads) {
  size_t best = 0;
  int64_t steps = 1;
  double least = 1;
  for (auto [n, count] : llvm::enumerate(trips)) {
    steps *= count;
    double largest = ::getLargestShare(steps, threads);
    if (largest < least) {
      least = largest;
      best = n + 1;
    }
    if (largest * double(threads) <= 1 + unevenness)
      break;
  }
  return best;
}

SmallVector<SharedLoop>
amos::findShared(const MappedAccesses &mapped, ArrayRef<Schedule::Loop> nest,
                 llvm::function_ref<bool(unsigned)> isFree, int64_t threads) {
  SmallVector<SharedLoop> loops;
  SmallVector<int64_t> trips;
  llvm::SmallDenseSet<int64_t> seen;
  for (const Schedule::Loop &loop : nest) {
    int64_t extent = mapped.outer[loop.outer].extent;
    bool isKnown = !ShapedType::isDynamic(extent);
    // A step of all of it leaves the next loop over it as whole as this one.
    if (isKnown && loop.step >= extent)
      continue;
    if (!seen.insert(loop.outer).second || !isFree(loop.outer))
      continue;
    extent = isKnown ? extent : unknownExtent;
    trips.push_back(int64_t(llvm::divideCeil(extent, loop.step)));
    loops.push_back({unsigned(loop.outer), loop.step, trips.back()});
  }
  loops.truncate(countShared(trips, threads));
  return loops;
}
