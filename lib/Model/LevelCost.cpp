//===- LevelCost.cpp - Pricing tiles staged through shared memories -------===//
//
// The scheme of machines whose sources are brought to a memory that code
// addresses: the first step of each parallel loop in the nest is what one group
// of units works on, the first step of a reduction loop what is brought at
// once, the block what one unit holds.
//
//===----------------------------------------------------------------------===//

#include "LevelPricing.h"
#include "Traffic.h"
#include "amos/Mapping/StageCopy.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Cycles of a core from one store of a unit's lanes to the next: to panels
/// that an engine stores from, or behind stages of other groups; and straight
/// to memory, while the group has nothing else to do.
constexpr double storeCycles = 8, scatterCycles = 130;

/// Registers of a lane that addresses take beside what tiles do.
constexpr int64_t addressRegisters = 64;

/// The memory that sources lie in for the intrinsic, else the nearest one
/// between where tensors lie and the units.
static const Level *findStage(const IntrinsicModel &intrinsic) {
  StringRef named;
  for (const RegisterTile &tile : ArrayRef(intrinsic.tiles).drop_back())
    named = named.empty() ? StringRef(tile.level) : named;
  for (const Level &level : intrinsic.memories)
    if (named.empty() ? !level.isCache && level.capacity > 0 &&
                            &level != &intrinsic.memories.back()
                      : named == level.name)
      return &level;
  return nullptr;
}

LevelPricing::LevelPricing(const Arrangement &plan, const Schedule &schedule)
    : plan(plan), schedule(schedule), intrinsic(plan.problem->intrinsic),
      groupSpans(plan.extents), chunkSpans(plan.extents) {
  SmallVector<bool> seen(plan.getNumOuter(), false);
  SmallVector<int64_t> around = plan.extents;
  for (auto [position, loop] : llvm::enumerate(schedule.nest)) {
    const auto &[outer, step, scope] = loop;
    // Steps of several groups at once are an order of groups.
    bool isOfGroup = !scope.empty() && scope == intrinsic.groupScope;
    if (isOfGroup)
      groupLoops.emplace_back(
          outer, llvm::divideCeil(std::exchange(around[outer], step), step));
    if (isOfGroup && !plan.mapped.outer[outer].isParallel) {
      groupSpans[outer] = step; // a part of the reduction
      continue;
    }
    if (seen[outer] && !isOfGroup)
      continue;
    seen[outer] = true;
    chunkPosition = position + 1;
    chunkSpans[outer] = step;
    if (plan.mapped.outer[outer].isParallel)
      groupSpans[outer] = step;
  }
  stage = findStage(intrinsic);
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (plan.mapped.outer[o].isParallel)
      workers *= llvm::divideCeil(groupSpans[o], schedule.block[o]);
  int64_t issuers = stage ? stage->issuers : 1;
  unitsPerGroup = std::max(1.0, double(issuers) / intrinsic.issuersPerUnit);
  if (hasRing())
    zeros = ZeroChunks(plan.problem->op, plan.mapped,
                       ArrayRef(plan.extents).drop_front(plan.getNumOuter()),
                       schedule);
}

/// Steps of the parallel or of the reduction loops within `spans`.
double LevelPricing::countSteps(ArrayRef<int64_t> spans, bool parallel) const {
  double steps = 1;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (loop.isParallel == parallel)
      steps *= spans[o];
  return steps;
}

double LevelPricing::countTiles(const Stream &stream,
                                ArrayRef<int64_t> spans) const {
  double tiles = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (stream.dependsOn(o))
      tiles *= spans[o];
  return tiles;
}

//===----------------------------------------------------------------------===//
// What must fit
//===----------------------------------------------------------------------===//

/// Sources in registers come through the nearest staging memory.
bool LevelPricing::isStagedIn(unsigned t, StringRef level) const {
  const std::string &own = intrinsic.tiles[t].level;
  bool isDestination = t == plan.sources.size();
  return own.empty() ? !isDestination && stage && stage->name == level
                     : own == level;
}

std::optional<Reason> LevelPricing::checkStages() const {
  for (const Level &level : intrinsic.memories) {
    double needed = getStagedBytes(level.name);
    if (level.isCache || level.capacity == 0 || needed <= level.capacity)
      continue;
    return Reason{ReasonCode::Capacity,
                  "the tiles take " + std::to_string(int64_t(needed)) + " of " +
                      std::to_string(level.capacity) + " bytes in level '" +
                      level.name + "'",
                  "make the steps of the nest smaller"};
  }
  return std::nullopt;
}

/// Registers of one issuer: its accumulators, one step's sources and, where
/// addresses are computed in the same registers, those.
double LevelPricing::getUnitBytes() const {
  double bytes =
      intrinsic.isSpread() ? addressRegisters * intrinsic.registers.granule : 0;
  for (unsigned t = 0; t <= plan.sources.size(); ++t) {
    const Stream &stream = t < plan.sources.size() ? plan.getSource(t, schedule)
                                                   : plan.destination;
    double tiles = isDirect() && t < plan.sources.size()
                       ? countDistinct(stream)
                       : countTiles(stream, schedule.block);
    bytes += tiles * intrinsic.tileBytes[t];
  }
  return bytes;
}

std::optional<Reason> LevelPricing::checkUnit() const {
  double bytes = getUnitBytes();
  const Level &file = intrinsic.registers;
  bool isTooMuch = file.capacity > 0 && bytes > file.capacity;
  if (isTooMuch || (file.pool > 0 && bytes * workers > file.pool))
    return Reason{ReasonCode::Capacity,
                  "the blocks take " + std::to_string(int64_t(bytes)) +
                      " bytes of each unit in level '" + file.name + "', " +
                      std::to_string(file.capacity) + " are there",
                  "make the block smaller"};
  if (stage && workers > std::max<double>(stage->issuers, unitsPerGroup))
    return Reason{ReasonCode::Capacity,
                  "the nest asks for " + std::to_string(int64_t(workers)) +
                      " units around level '" + stage->name + "', " +
                      std::to_string(stage->issuers) + " are there",
                  "make the first steps of the nest smaller"};
  return std::nullopt;
}

/// Elements of a chunk along an iteration of the intrinsic.
int64_t LevelPricing::getChunkExtent(unsigned lane) const {
  int64_t extent = intrinsic.contraction.iterations[lane].extent;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (loop.group == int64_t(lane))
      extent *= chunkSpans[o];
  return extent;
}

/// A chunk of a source that copies of boxes bring is whole panels of them, or
/// part of one.
std::optional<Reason> LevelPricing::checkBoxes() const {
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const RegisterTile &tile = intrinsic.tiles[t];
    if (!intrinsic.isSpread() || tile.boxColumns == 0)
      continue;
    ArrayRef<unsigned> lanes = plan.laneOrders[t];
    int64_t columns = getChunkExtent(lanes.back());
    int64_t rows = getChunkExtent(lanes.front());
    if (columns > tile.boxColumns && columns % tile.boxColumns)
      return Reason{ReasonCode::Layout,
                    std::to_string(columns) +
                        " elements side by side fill no whole boxes of " +
                        std::to_string(tile.boxColumns),
                    "bring more of the loop at once"};
    if (rows > tile.boxRows)
      return Reason{ReasonCode::Capacity,
                    "a box has at most " + std::to_string(tile.boxRows) +
                        " rows, " + std::to_string(rows) +
                        " are brought at once",
                    "make the steps of the nest smaller"};
  }
  return std::nullopt;
}

std::optional<Reason> LevelPricing::check() const {
  if (auto reason = checkUnit())
    return reason;
  if (auto reason = checkBoxes())
    return reason;
  if (auto reason = checkCluster())
    return reason;
  return checkStages();
}

//===----------------------------------------------------------------------===//
// Cycles
//===----------------------------------------------------------------------===//

/// Groups the whole operator falls into.
double LevelPricing::getGroups() const {
  double groups = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    groups *= llvm::divideCeil(plan.getExtent(o), groupSpans[o]);
  return groups;
}

/// Rounds in which all groups of units get work; the last one may be ragged.
double LevelPricing::getWaves() const {
  return std::ceil(getGroups() / countPlaces());
}

/// Whether an engine stores what groups have summed up: steps of a group beyond
/// the end of a loop must store nothing.
bool LevelPricing::storesBoxes(bool isPart) const {
  if (!(isPart ? plan.partialStore : plan.store).inBoxes)
    return false;
  auto isShared = [&](unsigned o) {
    return !plan.mapped.outer[o].isParallel &&
           groupSpans[o] < plan.getExtent(o);
  };
  // Parts are numbered by one loop.
  if (llvm::count_if(llvm::seq(plan.getNumOuter()), isShared) > 1)
    return false;
  const Stream &stored = isPart ? plan.destination : plan.stored;
  return llvm::all_of(llvm::seq(plan.getNumOuter()), [&](unsigned o) {
    return !plan.mapped.outer[o].isParallel ||
           plan.getExtent(o) % groupSpans[o] == 0 ||
           isClippedBeyond(stored, o, isPart);
  });
}

/// One group's stores of its sums, with what they become before.
double LevelPricing::getStoreCycles() const {
  const RegisterTile &tile = intrinsic.tiles[plan.sources.size()];
  if (!tile.fragment)
    return 0;
  double tiles = countTiles(plan.destination, groupSpans);
  const bool isPart = getSplits() > 1;
  const Arrangement::Store &store = isPart ? plan.partialStore : plan.store;
  const std::optional<Finish> &finish = plan.problem->finish;
  double work = finish && !isPart ? finish->work * tile.elements : 0;
  double each = hasRing() && !storesBoxes(isPart) ? scatterCycles : storeCycles;
  return tiles *
         (store.accesses * each + work / std::min(workers, unitsPerGroup));
}

/// The share of a unit that the issuers around it keep busy.
double LevelPricing::getBusyShare() const {
  double issuers = workers * std::min(getResident(), getWaves());
  return std::min(1.0, issuers / double(intrinsic.parts));
}

/// One group's issues on its busy units, a unit that waits for its own results
/// being idle.
double LevelPricing::getCompute() const {
  double busy = std::min(workers, unitsPerGroup) * getBusyShare();
  double accumulators = countTiles(plan.destination, schedule.block);
  double chains = accumulators * std::max(1.0, workers / unitsPerGroup);
  double issues = countSteps(groupSpans, true) * countSteps(groupSpans, false);
  return getWaves() * issues / busy *
         softMax(intrinsic.interval, intrinsic.latency / chains);
}

/// Bytes that units read from the staging memory for one group: each block its
/// own tiles, at every step; what is in no register, at every issue.
double LevelPricing::getStageReads() const {
  double bytes = 0;
  SmallVector<int64_t> block = schedule.block;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    block[o] = loop.isParallel ? block[o] : 1;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    double tiles = intrinsic.tileBytes[t] > 0 ? countTiles(source, block)
                                              : countSteps(block, true);
    bytes += workers * tiles * countSteps(groupSpans, false) * source.elements *
             source.elementBytes;
  }
  return bytes;
}

Cost LevelPricing::run(Bill &bill) const {
  if (hasRing())
    addRing(bill);
  else
    bill.add("compute", getCompute());
  if (isDirect()) {
    addDirect(bill);
  } else if (stage && stage->bandwidth > 0) {
    bill.add(stage->name, getWaves() * getStageReads() / stage->bandwidth,
             getGroups() * getStageReads());
    bill.setHeld(stage->name, chunkPosition);
  }
  addBehind(bill);
  if (intrinsic.isSpread())
    bill.addAlone("epilogue", getWaves() * getStoreCycles());
  if (intrinsic.isSpread() && stage && !hasRing() && !isDirect()) {
    bill.addAlone("gather", getWaves() * getScattered());
    bill.addAlone("hand-over", getWaves() * getHandOver() / getResident() *
                                   countSteps(groupSpans, false) /
                                   countSteps(chunkSpans, false));
  }
  Cost cost;
  // Every round begins with an empty staging memory.
  double latency =
      intrinsic.memories.empty() ? 0 : intrinsic.memories.back().latency;
  if (!hasRing())
    bill.addAlone("filling", getWaves() * (latency + intrinsic.latency));
  cost.cycles = bill.getTotal();
  cost.bound = bill.getBusiest();
  cost.onChipBytes = stage ? getStagedBytes(stage->name) : getUnitBytes();
  return cost;
}

Priced amos::priceInLevels(const Arrangement &plan, const Schedule &schedule,
                           Bill &bill) {
  LevelPricing pricing(plan, schedule);
  if (auto reason = pricing.check())
    return *reason;
  return pricing.run(bill);
}
