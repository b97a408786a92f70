//===- LevelGather.cpp - Chunks that lanes bring themselves ---------------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include "amos/Mapping/TileAccess.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Instructions of a lane for what it moves at once: where it is, whether it is
/// there, and the move.
constexpr double gatherInstructions = 70;

/// Where the lanes that compute do it, most of the way there is known before:
/// between 20 and 40, by which of two mappings is faster on an H200.
constexpr double scatterInstructions = 26;

/// Lanes of a core that do one of them each cycle, beside those that compute.
constexpr double gatherLanes = 64;

/// Moves of a lane that are on their way.
constexpr double gatherAhead = 8;

/// Cycles of a unit around that: until it knows that a slot is empty, for the
/// fence, and until all of its lanes have said that the slot is full.
constexpr double gatherTurn = 400;

/// The lane along which source `t` is contiguous where the intrinsic reads it,
/// or where code puts it for that; nothing for a single element.
static std::optional<unsigned> getLaneAlong(const Arrangement &plan,
                                            unsigned t) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  if (intrinsic.readsBoxes())
    return intrinsic.tiles[t].alongLane;
  ArrayRef<unsigned> order = plan.laneOrders[t];
  return order.empty() ? std::nullopt : std::optional(order.back());
}

int64_t amos::getGatherWidth(const Arrangement &plan, unsigned t,
                             const Access &access) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  std::optional<AffineExpr> address = linearizeAccess(access);
  std::optional<unsigned> lane = getLaneAlong(plan, t);
  unsigned numDims = plan.extents.size();
  if (!address || !lane)
    return 1;
  AffineExpr own =
      getAffineDimExpr(plan.getNumOuter() + *lane, address->getContext());
  auto shift = [&](int64_t width, int64_t by) {
    return simplifyAffineExpr(
        pullConstants(address->replace(own, own * width + by)), numDims, 0);
  };
  auto moveTogether = [&](int64_t width) {
    AffineExpr first = shift(width, 0);
    bool isRun = first.getLargestKnownDivisor() % width == 0;
    for (int64_t by = 1; isRun && by < width; ++by)
      isRun = simplifyAffineExpr(shift(width, by) - first, numDims, 0) == by;
    return isRun;
  };
  int64_t width = intrinsic.getStage().access * 8 /
                  access.elementType.getIntOrFloatBitWidth();
  while (width > 1 && !moveTogether(width))
    width /= 2;
  return std::max<int64_t>(width, 1);
}

/// Units that gather chunks in turn.
double LevelPricing::countGatherers() const {
  const RegisterTile &tile = intrinsic.tiles.back();
  double sums = countTiles(plan.destination, schedule.block) *
                plan.destination.elements / double(tile.lanes);
  return double(intrinsic.roleRegisters.chooseGatherers(
      int64_t(workers), int64_t(sums), schedule.stages));
}

/// Cycles of one core for what its lanes gather of one group's chunks: as many
/// as it can issue, and as many as units can that wait for what they asked for.
double LevelPricing::getGather() const {
  double cycles = 0, units = countGatherers();
  double chunks = countSteps(groupSpans, false) / countSteps(chunkSpans, false);
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    if (!(plan.gathered >> t & 1))
      continue;
    const Stream &source = plan.getSource(t, schedule);
    double moves = countTiles(source, chunkSpans) * source.elements /
                   double(source.gatherWidth);
    double issue = moves * gatherInstructions / gatherLanes;
    double pieces = countTiles(source, chunkSpans) * source.elements *
                    source.elementBytes / stage->access;
    double rounds =
        std::ceil(pieces / (intrinsic.tiles.back().lanes * gatherAhead));
    double wait = issue + rounds * intrinsic.memories.back().latency;
    cycles += chunks * (std::max(issue, wait / units) + gatherTurn / units);
  }
  return cycles;
}

/// Cycles of one core for what units that compute bring piece by piece, beside
/// that, of all chunks of a group: elements that are no whole access, and what
/// may not be there.
double LevelPricing::getScattered() const {
  double moves = 0;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    if (source.gatherWidth * source.elementBytes < stage->access ||
        !source.guards.empty())
      moves += countTiles(source, chunkSpans) * source.elements /
               double(source.gatherWidth);
  }
  double chunks = countSteps(groupSpans, false) / countSteps(chunkSpans, false);
  return chunks * moves * scatterInstructions / gatherLanes;
}
