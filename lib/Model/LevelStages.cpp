//===- LevelStages.cpp - Chunks, their buffers and their hand-over --------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// A ring of more chunks hides no more latency.
constexpr double mostSlots = 8;

//===----------------------------------------------------------------------===//
// Buffers
//===----------------------------------------------------------------------===//

/// What is worked on and what is on its way; code that is spread says how much.
int64_t LevelPricing::getBuffers() const {
  return intrinsic.isSpread() ? schedule.stages : 2;
}

/// Bytes of one row of the buffer that a chunk is brought to: all steps and
/// lanes of the coordinate that runs along memory. 0 if none does.
double LevelPricing::getRowBytes(const Stream &stream) const {
  std::optional<unsigned> along;
  for (unsigned o = 0; o < stream.strides.size(); ++o)
    if (plan.mapped.outer[o].group >= 0 && stream.dependsOn(o) &&
        (!along ||
         std::abs(stream.strides[o]) < std::abs(stream.strides[*along])))
      along = o;
  if (!along)
    return 0;
  int64_t group = plan.mapped.outer[*along].group;
  double row = stream.elementBytes *
               plan.getExtent(plan.getNumOuter() + unsigned(group));
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (plan.mapped.outer[o].group == group)
      row *= chunkSpans[o];
  return row;
}

/// Bytes of a row of the buffer to the next one for each that is used: where
/// there are banks, rows start an odd number of accesses apart.
double LevelPricing::getPitchShare(const Stream &stream) const {
  if (!intrinsic.isSpread() || !stage || !stage->hasBanks ||
      intrinsic.readsBoxes())
    return 1;
  double row = getRowBytes(stream);
  if (row == 0)
    return 2;
  double accesses = std::ceil(row / stage->access);
  return (accesses + (std::fmod(accesses, 2) == 0)) * stage->access / row;
}

/// Sources of one chunk.
double LevelPricing::getChunkBytes(StringRef level) const {
  double bytes = 0;
  if (isDirect())
    return bytes;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    if (isStagedIn(t, level))
      bytes += countTiles(source, chunkSpans) * source.elements *
               source.elementBytes * getPitchShare(source);
  }
  return bytes;
}

/// Tiles of one chunk lie there as the intrinsic wants them.
double LevelPricing::getStagedBytes(StringRef level) const {
  double bytes = getBuffers() * getChunkBytes(level);
  const Stream &destination = plan.destination;
  if (isStagedIn(plan.sources.size(), level))
    bytes += countTiles(destination, groupSpans) * destination.elements *
             destination.elementBytes;
  return bytes;
}

//===----------------------------------------------------------------------===//
// Hand-over
//===----------------------------------------------------------------------===//

/// Cycles that the units of a group work on one chunk.
double LevelPricing::getChunkCycles() const {
  return countSteps(groupSpans, true) * countSteps(chunkSpans, false) /
         std::min(workers, unitsPerGroup) * intrinsic.interval;
}

/// Groups that share the units around one staging memory; one without such.
double LevelPricing::getResident() const {
  if (!stage)
    return 1;
  double most = std::floor(std::max<double>(stage->issuers, 1) / workers);
  double bytes = getStagedBytes(stage->name);
  if (bytes > 0)
    most = std::min(most, std::floor(stage->capacity / bytes));
  if (intrinsic.registers.pool > 0)
    most = std::min(most, std::floor(intrinsic.registers.pool /
                                     (getUnitBytes() * workers)));
  return std::max(most, 1.0);
}

/// Cycles between two chunks in which a group's units have nothing to do: they
/// meet, and wait for what was not begun early enough.
double LevelPricing::getHandOver() const {
  double latency = intrinsic.memories.back().latency;
  if (schedule.stages < 2)
    return latency + 2 * stage->latency + intrinsic.latency;
  double ahead = double(schedule.stages - 1) * getChunkCycles();
  return stage->latency + std::max(0.0, latency - ahead);
}

/// As many chunks at once as keep the memory behind busy, if they fit. One more
/// than its latency asks for, since what it delivers comes in bursts: without
/// it, a kernel on an H200 ran at three quarters of its speed. What is read
/// where it lies may as well fill the memory, which nobody else shares then.
int64_t LevelPricing::chooseStages() const {
  double bytes = getChunkBytes(stage->name);
  double fit =
      bytes > 0 ? std::floor((stage->capacity - ringBytes) / bytes) : 1;
  double wanted =
      hasRing()
          ? mostSlots
          : 2 + std::ceil(intrinsic.memories.back().latency / getChunkCycles());
  double chunks = hasRing() ? getWaves() : 1;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (!loop.isParallel)
      chunks *= llvm::divideCeil(groupSpans[o], chunkSpans[o]);
  return std::max(1.0, std::min({fit, wanted, chunks}));
}

int64_t amos::chooseStages(const Arrangement &plan, const Schedule &schedule) {
  return LevelPricing(plan, schedule).chooseStages();
}
