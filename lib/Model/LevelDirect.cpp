//===- LevelDirect.cpp - Pricing what units read where it lies ------------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include <cmath>
#include <set>

using namespace mlir;
using namespace amos;

/// Cycles of a core from one read of a unit's lanes to the next, with where it
/// is, whether it is there, and what becomes of it: on an H200, 3.2 to 4.2 for
/// depthwise convolutions of 3x3 in 16 bits, blocks of one to four pixels.
constexpr double readCycles = 3.5;

bool LevelPricing::isDirect() const {
  return stage && intrinsic.isSpread() && !hasRing() &&
         llvm::all_of(schedule.staging, [](Staging staging) {
           return staging == Staging::Direct;
         });
}

/// Different tiles of a source that a block reads: what a window reads again is
/// in a register.
double LevelPricing::countDistinct(const Stream &source) const {
  SmallVector<int64_t> spans(plan.extents.size(), 1);
  llvm::copy(schedule.block, spans.begin());
  double tiles = 1;
  for (const Width &width : source.widths)
    tiles *= double(width.evaluate(spans) + 1);
  return std::min(tiles, countTiles(source, schedule.block));
}

/// Pieces of memory of so many bytes in which the elements of a tile of operand
/// `t` lie, one if there is no limit; each its own where that is not known.
static double countPieces(const Arrangement &plan, unsigned t,
                          const Stream &stream, double bytes) {
  if (bytes <= 0)
    return 1;
  const MappedProblem &problem = *plan.problem;
  const Contraction &intrinsic = problem.intrinsic.contraction;
  const Access &tile = intrinsic.operands[t];
  const TileAccess &lanes = problem.tileMemory->classify(
      stream.access, getRowMajorFragment(tile.index.getContext(), tile.shape),
      stream.elements, getCoordinateDims(intrinsic, t, plan.getNumOuter()),
      plan.getNumOuter());
  std::set<int64_t> pieces;
  for (int64_t offset : lanes.offsets)
    pieces.insert(std::floor(offset * stream.elementBytes / bytes));
  return pieces.empty() ? double(stream.elements) : double(pieces.size());
}

/// The same of what each access of all lanes touches, added up.
static double countTouched(const Arrangement &plan, unsigned t,
                           const Stream &stream, double bytes) {
  return std::min(double(stream.elements),
                  double(stream.tile.runs) *
                      countPieces(plan, t, stream, bytes));
}

/// Cycles of a core for what one group reads, a line at least in a cycle.
double LevelPricing::getDirectReads() const {
  double cycles = 0;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    // What may be there in part is read element by element.
    double reads = source.isGuardedByElement(schedule.block)
                       ? double(intrinsic.tiles[t].elements)
                       : double(source.tile.runs);
    cycles += countDistinct(source) *
              std::max(readCycles * reads,
                       countTouched(plan, t, source, stage->bandwidth));
  }
  double blocks = countSteps(groupSpans, false);
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (!loop.isParallel)
      blocks /= double(schedule.block[o]);
  return workers * blocks * cycles;
}

/// Cycles in which a group waits for what its blocks read one after the other,
/// others of the same core working meanwhile.
double LevelPricing::getDirectWait() const {
  return (getChunks() - 1) * double(getBehind().latency) / getResident();
}

/// The memory behind the nearest one.
const Level &LevelPricing::getBehind() const {
  for (const Level &level : intrinsic.memories)
    if (&level > stage)
      return level;
  return *stage;
}

/// A core touches a line of memory in a cycle, and the memory behind takes no
/// less than a sector of what is stored at once.
void LevelPricing::addDirect(Bill &bill) const {
  const unsigned t = plan.sources.size();
  double tiles = countTiles(plan.destination, groupSpans);
  double stores = tiles * countTouched(plan, t, plan.stored, stage->bandwidth);
  double rounds = std::max(1.0, getGroups() / countPlaces());
  bill.add("accesses", rounds * (getDirectReads() + stores));
  double sectors = countTouched(plan, t, plan.stored, sectorBytes);
  double wasted =
      sectors * sectorBytes - plan.stored.elements * plan.stored.elementBytes;
  const Level &behind = getBehind();
  if (wasted > 0 && behind.bandwidth > 0)
    bill.add(behind.name, getGroups() * tiles * wasted / behind.bandwidth);
  bill.addAlone("waiting", getWaves() * getDirectWait());
}
