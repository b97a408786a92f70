//===- LevelBehind.cpp - Traffic of memories behind the staging one -------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// The share of a machine's groups that draws all of the outermost memory's
/// bandwidth: on an H200, 96 groups of 132 drew 3.5e12 bytes a second, 112 and
/// 128 groups 3.8e12 to 3.9e12.
constexpr double drawingShare = 5.0 / 6;

/// Bytes that are brought of a source at once, of strided windows no more than
/// tiles hold; short runs waste what comes with them, where no cache keeps it.
double LevelPricing::getFilled(const Stream &stream,
                               ArrayRef<int64_t> spans) const {
  if (isDirect())
    return getFootprint(stream, spans, plan);
  double bytes = std::min(getFootprint(stream, spans, plan),
                          countTiles(stream, spans) * stream.elements *
                              stream.elementBytes);
  double run = stream.runBytes;
  // Steps that begin where a tile's run ends go on with it.
  bool goesOn = llvm::any_of(stream.strides, [&](int64_t stride) {
    return double(std::abs(stride)) == run;
  });
  if (intrinsic.isSpread() && goesOn)
    run = std::max(run, getRowBytes(stream));
  double share = std::min(1.0, run / sectorBytes);
  return bytes / std::max(share, 1 / sectorBytes);
}

/// Bytes of all sources within these spans.
double LevelPricing::getSourceBytes(ArrayRef<int64_t> spans) const {
  double bytes = 0;
  for (unsigned t = 0; t < plan.sources.size(); ++t)
    bytes += getFilled(plan.getSource(t, schedule), spans);
  return bytes;
}

/// What is written and read beside the sources, by all groups.
double LevelPricing::getResultBytes() const {
  double bytes = getFootprint(plan.stored, plan.extents, plan);
  if (!plan.problem->startsAtZero)
    bytes += getFootprint(plan.destination, plan.extents, plan);
  for (const Stream &source : plan.finishing)
    bytes += getFootprint(source, plan.extents, plan);
  return bytes;
}

/// What the groups of one round touch together, the loops that are dealt out
/// grown so that as little as possible is touched.
SmallVector<int64_t> LevelPricing::getRoundSpans() const {
  SmallVector<int64_t> spans = groupSpans;
  double groups = getGroups() / getWaves();
  for (int64_t count = 1; double(count) < groups; count *= 2) {
    std::optional<unsigned> best;
    double least = 0;
    for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
      if (spans[o] >= plan.getExtent(o))
        continue;
      SmallVector<int64_t> grown = spans;
      grown[o] = std::min(2 * spans[o], plan.getExtent(o));
      double moved = getSourceBytes(grown);
      if (!best || moved < least)
        std::tie(best, least) = std::tuple(o, moved);
    }
    if (!best)
      break;
    spans[*best] = std::min(2 * spans[*best], plan.getExtent(*best));
  }
  return spans;
}

/// The share of the outermost memory's bandwidth that groups draw, which may
/// not take all places.
double LevelPricing::getDrawnShare() const {
  double places = std::max(1.0, intrinsic.units / unitsPerGroup);
  return std::min(1.0, getGroups() / (places * drawingShare));
}

/// All groups' traffic through every memory behind the staging one: each chunk
/// is brought anew, also what the one before had of it. Behind a cache there is
/// what its capacity makes necessary: everything once if it holds the whole
/// operator, else what each round touches.
void LevelPricing::addBehind(Bill &bill) const {
  double results = getResultBytes();
  double chunks = getGroups() * getChunks() * zeros.getShareLeft();
  double moved = results + chunks * getBroughtBytes(/*ports=*/0);
  double whole = results + getSourceBytes(plan.extents);
  double issuers = double(intrinsic.units) * intrinsic.issuersPerUnit;
  bool isBehind = !stage;
  for (const Level &level : intrinsic.memories) {
    double instances = std::max(1.0, issuers / level.issuers);
    double share = level.isCache || !intrinsic.isSpread() ? 1 : getDrawnShare();
    if (isBehind && level.ports > 0)
      moved = std::min(moved, results + chunks * getBroughtBytes(level.ports));
    if (isBehind && level.bandwidth > 0)
      bill.add(level.name, moved / (level.bandwidth * instances * share),
               moved);
    if (isBehind && level.isCache && whole <= level.capacity)
      moved = std::min(moved, whole);
    else if (isBehind && level.isCache)
      moved = std::clamp(results + getWaves() * getSourceBytes(getRoundSpans()),
                         whole, std::max(whole, moved));
    isBehind |= &level == stage;
  }
}
