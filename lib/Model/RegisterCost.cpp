//===- RegisterCost.cpp - Pricing tiles that live in registers ------------===//
//
// The scheme of CPUs: blocks of accumulator tiles stay in registers through the
// innermost reduction loops, sources are read from caches tile by tile.
//
//===----------------------------------------------------------------------===//

#include "LoadPricing.h"
#include "Traffic.h"
#include "amos/Mapping/TransposedSide.h"
#include <cmath>

using namespace mlir;
using namespace amos;

namespace {
class Pricing {
public:
  Pricing(const Arrangement &plan, const Schedule &schedule)
      : plan(plan), schedule(schedule), intrinsic(plan.problem->intrinsic),
        loads(plan, schedule) {}

  std::optional<Reason> checkRegisters() const;
  void addBodies(Bill &bill) const;
  double getShare() const;
  double getStores() const;
  Cost run(Bill &bill);

private:
  double countBlockTiles(uint64_t loops, ArrayRef<int64_t> block) const;
  double countLoadedTiles(const Stream &stream, ArrayRef<int64_t> block) const;
  double countLiveTiles(const Stream &stream) const;
  void addBody(ArrayRef<int64_t> block, double times, Bill &bill) const;
  double getParallelVisits() const;
  void addTraffic(const NestTraffic &traffic, Bill &bill) const;
  double getStaging(const Stream &stream, unsigned t) const;
  unsigned getFirstReduction() const;
  double getRounds(const NestTraffic &traffic) const;
  double getEpilogue(const NestTraffic &traffic) const;
  double countNeighbours(const Stream &stream) const;
  double countStoredTiles() const;
  double getStoreCycles(const Stream &stream) const;
  double getFinishCycles() const;

  const Arrangement &plan;
  const Schedule &schedule;
  const IntrinsicModel &intrinsic;
  LoadPricing loads;
};
} // namespace

//===----------------------------------------------------------------------===//
// Registers
//===----------------------------------------------------------------------===//

/// Tiles of an operand depending on `loops` in one block.
double Pricing::countBlockTiles(uint64_t loops, ArrayRef<int64_t> block) const {
  double tiles = 1;
  for (unsigned o = 0; o < block.size(); ++o)
    if (loops >> o & 1)
      tiles *= block[o];
  return tiles;
}

/// Whether steps of a block may read the same tile, so that it is loaded once.
static bool isShared(const Stream &stream, const Arrangement &plan,
                     ArrayRef<int64_t> block) {
  for (auto [o, stride] : llvm::enumerate(stream.strides))
    if (stride != 0 && block[o] > 1 && !plan.mapped.outer[o].isParallel)
      return true;
  return false;
}

/// Tiles of a source that one body loads: those of different places.
double Pricing::countLoadedTiles(const Stream &stream,
                                 ArrayRef<int64_t> block) const {
  if (!isShared(stream, plan, block))
    return countBlockTiles(stream.loops, block);
  SmallVector<int64_t> places = {0};
  for (auto [o, stride] : llvm::enumerate(stream.strides)) {
    size_t count = places.size();
    for (int64_t step = 1; stride != 0 && step < block[o]; ++step)
      for (size_t i = 0; i < count; ++i)
        places.push_back(places[i] + step * stride);
    llvm::sort(places);
    places.erase(llvm::unique(places), places.end());
  }
  return places.size();
}

/// Tiles of the streamed source in registers at once: one, or those of the
/// unrolled reductions, which the next steps meet again.
double Pricing::countLiveTiles(const Stream &stream) const {
  double tiles = 1;
  for (auto [o, size] : llvm::enumerate(schedule.block))
    if (!plan.mapped.outer[o].isParallel && stream.dependsOn(o))
      tiles *= size;
  return tiles;
}

/// Accumulators, every tile of the sources that are held, what is live of the
/// streamed source, and one register to spare: more spills, which costs a
/// factor of two and above.
std::optional<Reason> Pricing::checkRegisters() const {
  int64_t granule = std::max<int64_t>(intrinsic.registers.granule, 1);
  auto count = [&](const Stream &stream, double tiles) {
    return tiles * llvm::divideCeil(int64_t(stream.tileBytes), granule);
  };
  const Stream &acc = plan.destination;
  double needed = count(acc, countBlockTiles(acc.loops, schedule.block)) + 1;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    double tiles = countBlockTiles(source.loops, schedule.block);
    needed +=
        count(source, t == plan.streamed ? countLiveTiles(source) : tiles);
  }
  int64_t available = intrinsic.registers.capacity / granule;
  if (intrinsic.registers.capacity == 0 || needed <= available)
    return std::nullopt;
  return Reason{ReasonCode::Capacity,
                "the block takes " + std::to_string(int64_t(needed)) + " of " +
                    std::to_string(available) + " registers in level '" +
                    intrinsic.registers.name + "'",
                "make the block smaller"};
}

//===----------------------------------------------------------------------===//
// The innermost body
//===----------------------------------------------------------------------===//

/// `times` runs of a body that unrolls `block`.
void Pricing::addBody(ArrayRef<int64_t> block, double times, Bill &bill) const {
  double accumulators = countBlockTiles(plan.destination.loops, block);
  double issues = countBlockTiles(~uint64_t(0), block);
  double dependent = intrinsic.latency / accumulators;
  bill.add("compute", times * issues * softMax(intrinsic.interval, dependent));
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    const Stream &source = plan.getSource(t, schedule);
    double tiles = times * countLoadedTiles(source, block);
    bill.add("compute", tiles * loads.getShuffleCycles(source));
    if (!intrinsic.memories.empty())
      bill.add(intrinsic.memories.front().name,
               tiles * loads.getLoadCycles(source),
               tiles * getLoadedBytes(source));
  }
}

double Pricing::getParallelVisits() const {
  double visits = 1;
  for (auto [o, loop] : llvm::enumerate(plan.mapped.outer))
    if (loop.isParallel)
      visits *= llvm::divideCeil(plan.getExtent(o), schedule.block[o]);
  return visits;
}

/// The busiest unit's share of what all units do.
double Pricing::getShare() const {
  double visits = getParallelVisits();
  return std::ceil(visits / intrinsic.units) / visits;
}

/// Every combination of whole and ragged blocks. The last block of a loop holds
/// the rest of its extent.
void Pricing::addBodies(Bill &bill) const {
  std::vector<std::pair<SmallVector<int64_t>, double>> bodies = {{{}, 1.0}};
  for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
    int64_t size = schedule.block[o], extent = plan.getExtent(o);
    std::vector<std::pair<SmallVector<int64_t>, double>> next;
    for (auto &[block, times] : bodies) {
      if (extent >= size) {
        int64_t whole = extent / size;
        next.emplace_back(block, times * whole);
        next.back().first.push_back(size);
      }
      if (extent % size != 0) {
        next.emplace_back(block, times);
        next.back().first.push_back(extent % size);
      }
    }
    bodies = std::move(next);
  }
  for (auto &[block, times] : bodies)
    addBody(block, times * getShare(), bill);
}

//===----------------------------------------------------------------------===//
// Around it
//===----------------------------------------------------------------------===//

/// What crosses into each memory moves at the bandwidth of the one behind it,
/// all instances of which work at the same time.
void Pricing::addTraffic(const NestTraffic &traffic, Bill &bill) const {
  int64_t issuers = intrinsic.units * intrinsic.issuersPerUnit;
  for (unsigned i = 0; i + 1 < intrinsic.memories.size(); ++i) {
    const Level &level = intrinsic.memories[i];
    const Level &behind = intrinsic.memories[i + 1];
    bill.setHeld(level.name, traffic.getFit(plan.problem->getCapacity(level)));
    double instances = double(issuers) / behind.issuers;
    if (behind.bandwidth == 0 || staysIn(plan, level))
      continue;
    double fetched = traffic.getFetched(plan.problem->getCapacity(level));
    bill.add(behind.name, fetched / (behind.bandwidth * instances), fetched);
  }
}

/// Of one element of a copy that is transposed in registers: its share of the
/// load of a column, of as many shuffles as the rows have digits, and of the
/// store of a row.
static double getTransposedCycles(const Stream &stream) {
  int64_t side = getTransposedSide(int64_t(stream.elementBytes * 8));
  auto fit = [&](int64_t extent) {
    bool isKnown = !ShapedType::isDynamic(extent) && extent > 0;
    return isKnown ? std::min<int64_t>(side, llvm::bit_floor(uint64_t(extent)))
                   : 1;
  };
  double rows = fit(stream.movedRows), columns = fit(stream.movedColumns);
  return onePort * (1 + std::log2(rows)) / columns + 1 / rows;
}

/// Filling the buffer of a source, beside the memory that holds both copies.
double Pricing::getStaging(const Stream &stream, unsigned t) const {
  bool isPack = stream.staging == Staging::Pack;
  if (stream.staging == Staging::Direct ||
      (isPack && plan.problem->isPrepacked(t)))
    return 0;
  double wide = loads.getPort(plan.access);
  double cycles = stream.movedVectors * 2 * wide +
                  stream.movedElements * getTransposedCycles(stream);
  if (isPack) {
    const Stream &direct = *plan.sources[t][unsigned(Staging::Direct)];
    double stores = std::ceil(stream.getPackedTileBytes() / plan.access) * wide;
    cycles = stream.stagedBytes / stream.getPackedTileBytes() *
             softMax(loads.getLoadCycles(direct) + stores,
                     loads.getShuffleCycles(direct));
  }
  double moved = 2 * stream.stagedBytes;
  for (const Level &level : intrinsic.memories)
    if (level.capacity == 0 || level.capacity >= moved)
      return softMax(cycles, level.bandwidth > 0 ? moved / level.bandwidth : 0);
  return cycles;
}

/// The outermost position inside which there are reduction loops only.
unsigned Pricing::getFirstReduction() const {
  return schedule.nest.size() - countInnerReductions(plan.mapped, schedule);
}

/// How often the accumulators of a block are brought into registers.
double Pricing::getRounds(const NestTraffic &traffic) const {
  double rounds = 1;
  for (unsigned p = 0; p < getFirstReduction(); ++p)
    if (!plan.mapped.outer[schedule.nest[p].outer].isParallel)
      rounds *= traffic.getTrips(p);
  return rounds;
}

/// Tiles of `stream` in a block that lie side by side element by element.
double Pricing::countNeighbours(const Stream &stream) const {
  for (auto [o, stride] : llvm::enumerate(stream.strides))
    if (stride == stream.elementBytes)
      return std::min<double>(schedule.block[o], stream.elements);
  return 1;
}

/// Of one tile of sums or results, which only one port can store. Neighbours
/// whose elements do not lie in order are transposed in steps of a shuffle a
/// tile and stored in rows, others are taken out of registers one by one.
double Pricing::getStoreCycles(const Stream &stream) const {
  if (stream.tile.form == TileForm::Contiguous)
    return std::ceil(stream.tileBytes / plan.access);
  double rows = countNeighbours(stream);
  if (rows < 2)
    return stream.elements * (1 + onePort);
  double steps = std::ceil(std::log2(rows)), tiles = std::exp2(steps);
  return (tiles * steps * onePort + stream.elements) / rows;
}

/// What one tile of sums becomes before it is stored.
double Pricing::getFinishCycles() const {
  const std::optional<Finish> &finish = plan.problem->finish;
  if (!finish)
    return 0;
  double granule = std::max<double>(intrinsic.registers.granule, 1);
  double cycles =
      finish->work * std::ceil(plan.destination.tileBytes / granule) * onePort;
  for (const Stream &source : plan.finishing)
    cycles += loads.getLoadCycles(source) + loads.getShuffleCycles(source);
  return cycles;
}

double Pricing::countStoredTiles() const {
  double tiles = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (plan.destination.dependsOn(o))
      tiles *= plan.getExtent(o);
  return tiles;
}

/// Of finishing and storing every tile of the results once.
double Pricing::getStores() const {
  return countStoredTiles() * (getStoreCycles(plan.stored) + getFinishCycles());
}

/// Loading and storing accumulators, and waiting for the last results.
double Pricing::getEpilogue(const NestTraffic &traffic) const {
  double rounds = getRounds(traffic);
  double loads = plan.problem->startsAtZero ? rounds - 1 : rounds;
  double latency = intrinsic.latency;
  if (!intrinsic.memories.empty())
    latency += intrinsic.memories.front().latency;
  double sums = countStoredTiles() * (rounds - 1 + loads / 2) *
                getStoreCycles(plan.destination);
  return getShare() *
         (sums + getStores() + getParallelVisits() * rounds * latency);
}

Cost Pricing::run(Bill &bill) {
  NestTraffic traffic(plan, schedule);
  addBodies(bill);
  addTraffic(traffic, bill);
  bill.addAlone("epilogue", getEpilogue(traffic));
  double staging = 0;
  for (unsigned t = 0; t < plan.sources.size(); ++t)
    staging += getStaging(plan.getSource(t, schedule), t);
  bill.addAlone("staging", staging);
  Cost cost;
  cost.cycles = bill.getTotal();
  cost.bound = bill.getBusiest();
  cost.onChipBytes = traffic.getWorkingSet(getFirstReduction());
  return cost;
}

Priced amos::priceInRegisters(const Arrangement &plan, const Schedule &schedule,
                              Bill &bill) {
  Pricing pricing(plan, schedule);
  if (auto reason = pricing.checkRegisters())
    return *reason;
  return pricing.run(bill);
}

std::optional<double> amos::priceBody(const Arrangement &plan,
                                      const Schedule &schedule) {
  Pricing pricing(plan, schedule);
  if (pricing.checkRegisters())
    return std::nullopt;
  Bill bill;
  pricing.addBodies(bill);
  bill.addAlone("epilogue", pricing.getShare() * pricing.getStores());
  return bill.getTotal();
}
