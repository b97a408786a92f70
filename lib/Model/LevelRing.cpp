//===- LevelRing.cpp - Pricing producers and consumers --------------------===//
//
// Chunks that are read where they lie go through a ring that some units fill
// while others compute. Groups do one part after the other and the ring runs on
// between them, so that the memory behind is waited for once.
//
//===----------------------------------------------------------------------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Bytes that one staging memory takes from behind in a cycle.
constexpr double fillBytes = 64;

/// Cycles of a unit to find out that a chunk is there, to begin with it and to
/// hand it back, beside its sums' latency: on an H200, small tiles took 170 to
/// 220 cycles fewer in all for each chunk that larger ones saved.
constexpr double turnCycles = 60;

/// Cycles of a chunk that groups of a cluster wait for the slowest of them: on
/// an H200, products of 4096 with gelu and in tf32 got up to 3 % slower.
constexpr double neighbourCycles = 80;

/// Cycles from one kernel's last store to the next one's first instruction that
/// does something: on an H200, a small kernel ends about two microseconds after
/// the one before.
constexpr double launchCycles = 3600;

/// Cycles for groups to meet twice and for the first sums to arrive, and for
/// those that bring chunks for each other to meet at the start and the end.
constexpr double meetCycles = 1500, clusterCycles = 1300;

/// What rows of sums are longer for the banks' sake, as a share.
constexpr double padShare = 0.125;

/// Chunks of one part.
double LevelPricing::getChunks() const {
  double chunks = 1;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (!loop.isParallel)
      chunks *= llvm::divideCeil(groupSpans[o], chunkSpans[o]);
  return chunks;
}

/// Chunks that the busiest core works on. Parts of more chunks than others are
/// shared out evenly where they come one after the other; the last ones are
/// taken for whole ones.
double LevelPricing::getRounds() const {
  double rounds = getWaves() * getChunks();
  bool isMixed = false, isEven = true;
  for (auto [outer, trips] : groupLoops) {
    isEven &= !zeros.dependsOn(outer) || !isMixed;
    isMixed |= !zeros.dependsOn(outer) && trips > 1;
  }
  if (zeros.empty() || !isEven)
    return rounds;
  double even = getGroups() / countPlaces() * getChunks();
  return even * zeros.getShareLeft() + (rounds - even);
}

/// Cycles of a core for one chunk. Sums of one unit follow each other, but it
/// waits for its last one before it hands the chunk back; others compute then.
double LevelPricing::getRingCycles() const {
  SmallVector<int64_t> block = schedule.block;
  double own = countSteps(block, true) * countSteps(chunkSpans, false) *
               intrinsic.interval;
  double waiting = schedule.cluster > 1 ? neighbourCycles : 0;
  return waiting +
         std::max(own * workers / unitsPerGroup,
                  own + intrinsic.latency + stage->latency + turnCycles);
}

/// Parts that a reduction is dealt out in over groups.
double LevelPricing::getSplits() const {
  double splits = 1;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (!loop.isParallel)
      splits *= llvm::divideCeil(plan.getExtent(o), groupSpans[o]);
  return splits;
}

/// A kernel of its own beside the nest's, which moves `bytes`. A cache holds
/// them if it is large enough.
double LevelPricing::getKernelCycles(double bytes) const {
  double issuers = double(intrinsic.units) * intrinsic.issuersPerUnit;
  const Level *behind = &intrinsic.memories.back();
  for (const Level &level : llvm::reverse(intrinsic.memories))
    if (level.isCache && bytes < level.capacity)
      behind = &level;
  double instances = std::max(1.0, issuers / behind->issuers);
  double moved =
      behind->bandwidth > 0 ? bytes / (behind->bandwidth * instances) : 0;
  return launchCycles + moved + 2 * intrinsic.memories.back().latency;
}

/// Sums of one group, as they lie in a staging memory.
double LevelPricing::getSumBytes() const {
  return countTiles(plan.destination, groupSpans) * plan.destination.elements *
         plan.destination.elementBytes;
}

/// Whether groups with parts of one sum start together, one part each, and add
/// them among themselves.
bool LevelPricing::addsTogether() const {
  ArrayRef<int64_t> together = intrinsic.together;
  double splits = getSplits(), size = splits * double(schedule.cluster);
  return hasRing() && splits > 1 && size <= double(together.size()) &&
         getWaves() <= 1 &&
         getGroups() <= size * double(together[size_t(size) - 1]) &&
         getSumBytes() * (1 + padShare) <= stage->capacity - ringBytes;
}

/// Partial sums are written, read again and added.
double LevelPricing::getAddCycles() const {
  double splits = getSplits();
  if (splits <= 1)
    return 0;
  if (addsTogether())
    return meetCycles + getSumBytes() / fillBytes +
           getSumBytes() * (splits - 1) / splits /
               std::max(1.0, intrinsic.reachBandwidth);
  return getKernelCycles(2 * splits *
                         getFootprint(plan.destination, plan.extents, plan));
}

/// Whole tensors are read and written again in another order.
double LevelPricing::getReorderCycles() const {
  double cycles = 0;
  for (auto [t, staging] : llvm::enumerate(schedule.staging))
    if (staging == Staging::Reorder) {
      const Stream &source = plan.getSource(t, schedule);
      double elements = 1;
      for (int64_t extent : source.access.shape)
        elements *= double(extent);
      cycles += getKernelCycles(2 * elements * source.elementBytes);
    }
  return cycles;
}

void LevelPricing::addRing(Bill &bill) const {
  double rounds = getRounds();
  double bytes = getChunkBytes(stage->name);
  double latency = intrinsic.memories.back().latency;
  bill.add("compute", rounds * getRingCycles());
  bill.add("fill", rounds * bytes / fillBytes);
  bill.add("ring", rounds * latency /
                       double(std::max<int64_t>(schedule.stages - 1, 1)));
  if (plan.gathered)
    bill.add("gather", rounds / getChunks() * getGather());
  bill.addAlone("filling", latency + intrinsic.latency +
                               (schedule.cluster > 1 ? clusterCycles : 0));
  bill.addAlone("adding", getAddCycles());
  bill.addAlone("reordering", getReorderCycles());
}
