//===- Explorer.cpp - The best schedule of a mapping ----------------------===//
//
// Orders and forms are enumerated. For each, blocks are ranked by their body
// alone; the best ones, and a few drawn with the seed, are priced in full with
// every nest and staging.
//
//===----------------------------------------------------------------------===//

#include "Price.h"
#include "TileSpace.h"
#include <map>
#include <random>

using namespace mlir;
using namespace amos;

constexpr size_t bestBlocks = 10, drawnBlocks = 2;

/// No neighbours that share what they bring make a nest faster than that.
constexpr double mostShared = 1.5;

namespace {
/// What is compared of two choices. Equal times are told apart by what they
/// cost beside: bodies, since every loop that its block does not divide doubles
/// their number, and tiles held in registers.
struct Merit {
  double cycles;
  int64_t bodies = 1, tiles = 1;

  std::tuple<int64_t, int64_t, int64_t, double> getKey(double least) const {
    return {int64_t((cycles / least - 1) / noise), bodies, tiles, cycles};
  }
};

class Explorer {
public:
  Explorer(const MappedProblem &problem, uint64_t seed, double limit)
      : problem(problem), random(seed), limit(limit) {}
  std::variant<Explored, Reason, Slower> run();

private:
  void explore(const Arrangement &plan, Schedule schedule);
  std::vector<RegisterBlock> rankBlocks(const Arrangement &plan,
                                        Schedule schedule);
  std::optional<Cost> consider(const Arrangement &plan,
                               const Schedule &schedule);
  std::optional<Explored> takeBest();
  double getIssueCycles(const Schedule &layout) const;
  std::optional<Explored> exploreLevels(const Arrangement &plan,
                                        const Schedule &layout);
  std::optional<Explored> bring(Explored option);
  std::optional<Explored> runInLevels();
  std::optional<Explored> runInRegisters();

  const MappedProblem &problem;
  std::mt19937_64 random;
  double limit; ///< cycles that are too many
  std::vector<std::pair<Merit, Explored>> found;
  std::optional<Reason> refusal;
  double least = std::numeric_limits<double>::max(); ///< cycles found so far
  bool isSlower = false; ///< something may run, in `limit` cycles or more
};
} // namespace

static Merit getMerit(const Arrangement &plan, const RegisterBlock &block,
                      double cycles) {
  Merit merit = {std::max(cycles, 1.0)};
  for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
    merit.bodies *= plan.getExtent(o) % block[o] == 0 ? 1 : 2;
    merit.tiles *= block[o];
  }
  return merit;
}

/// Best first.
template <typename Choice>
static void sortByMerit(std::vector<std::pair<Merit, Choice>> &choices) {
  double least = std::numeric_limits<double>::max();
  for (auto &[merit, choice] : choices)
    least = std::min(least, merit.cycles);
  auto getKey = [&](size_t i) {
    return std::pair(choices[i].first.getKey(least), i);
  };
  std::vector<size_t> order(choices.size());
  std::iota(order.begin(), order.end(), 0);
  llvm::sort(order, [&](size_t a, size_t b) { return getKey(a) < getKey(b); });
  std::vector<std::pair<Merit, Choice>> sorted;
  for (size_t i : order)
    sorted.push_back(std::move(choices[i]));
  choices = std::move(sorted);
}

/// Its cost, if it can run.
std::optional<Cost> Explorer::consider(const Arrangement &plan,
                                       const Schedule &schedule) {
  Priced priced = price(plan, schedule);
  if (auto *reason = std::get_if<Reason>(&priced)) {
    refusal = refusal ? refusal : *reason;
    return std::nullopt;
  }
  const Cost &cost = std::get<Cost>(priced);
  // Only what is as fast as the fastest can be chosen in the end.
  if (cost.cycles > least * (1 + noise))
    return cost;
  least = std::min(least, cost.cycles);
  found.emplace_back(getMerit(plan, schedule.block, cost.cycles),
                     Explored{schedule, cost});
  return cost;
}

/// Blocks that fit the registers: the best bodies, then a few others.
std::vector<RegisterBlock> Explorer::rankBlocks(const Arrangement &plan,
                                                Schedule schedule) {
  std::vector<std::pair<Merit, RegisterBlock>> ranked;
  for (RegisterBlock &block : enumerateBlocks(plan, getTileLimit(problem))) {
    schedule.block = block;
    if (auto cycles = priceBody(plan, schedule))
      ranked.emplace_back(getMerit(plan, block, *cycles), block);
  }
  sortByMerit(ranked);
  std::vector<RegisterBlock> blocks;
  for (size_t i = 0; i < std::min(ranked.size(), bestBlocks); ++i)
    blocks.push_back(ranked[i].second);
  for (size_t i = 0; ranked.size() > bestBlocks && i < drawnBlocks; ++i)
    blocks.push_back(
        ranked[bestBlocks + random() % (ranked.size() - bestBlocks)].second);
  return blocks;
}

void Explorer::explore(const Arrangement &plan, Schedule schedule) {
  std::vector<Stagings> stagings = enumerateStagings(plan);
  schedule.staging = stagings.front();
  for (const RegisterBlock &block : rankBlocks(plan, schedule)) {
    schedule.block = block;
    for (const Nest &nest : enumerateNests(plan, block)) {
      schedule.nest = nest;
      for (const Stagings &staging : stagings) {
        schedule.staging = staging;
        consider(plan, schedule);
      }
    }
  }
}

/// The best schedule of what was considered since the last call.
std::optional<Explored> Explorer::takeBest() {
  sortByMerit(found);
  std::optional<Explored> best;
  if (!found.empty())
    best = found.front().second;
  found.clear();
  least = std::numeric_limits<double>::max();
  return best;
}

/// The scattered sources, a bit each.
static uint32_t getScattered(const Arrangement &plan) {
  uint32_t scattered = 0;
  for (unsigned t : findScattered(plan))
    scattered |= uint32_t(1) << t;
  return scattered;
}

/// Whether what decides is a memory, which neighbours that share would relieve.
static bool isMemory(const IntrinsicModel &intrinsic, StringRef bound) {
  return llvm::any_of(intrinsic.memories,
                      [&](const Level &level) { return level.name == bound; });
}

std::optional<Explored> Explorer::exploreLevels(const Arrangement &plan,
                                                const Schedule &layout) {
  std::vector<std::pair<Cost, Schedule>> alone;
  for (const Schedule &schedule : enumerateLevelNests(plan, layout))
    if (std::optional<Cost> cost = consider(plan, schedule))
      alone.emplace_back(*cost, schedule);
  double limit = least * mostShared;
  for (const auto &[cost, schedule] : alone)
    if (cost.cycles < limit && isMemory(problem.intrinsic, cost.bound))
      for (const Schedule &clustered : enumerateClusters(plan, schedule))
        consider(plan, clustered);
  return takeBest();
}

/// What of a schedule says order and form only.
static Schedule getLayout(const Schedule &schedule) {
  Schedule layout;
  layout.order = schedule.order;
  layout.tiles = schedule.tiles;
  layout.staging = schedule.staging;
  return layout;
}

/// `option` if copies are proved to bring its sources; else the best schedule
/// of its layout whose sources are gathered as they have to be.
std::optional<Explored> Explorer::bring(Explored option) {
  uint32_t known = getScattered(arrange(problem, getLayout(option.schedule)));
  while (true) {
    auto gathered = findGathered(problem, option.schedule);
    if (auto *reason = std::get_if<Reason>(&gathered)) {
      refusal = *reason;
      return std::nullopt;
    }
    uint32_t own = std::get<uint32_t>(gathered);
    if ((own & ~known) == 0)
      return option;
    known |= own;
    Schedule layout = getLayout(option.schedule);
    Arrangement plan = arrange(problem, layout);
    plan.gathered = known;
    std::optional<Explored> next = exploreLevels(plan, layout);
    if (!next)
      return std::nullopt;
    option = *next;
  }
}

/// What the invocations of a layout, padding included, take at least.
double Explorer::getIssueCycles(const Schedule &layout) const {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  MappedAccesses mapped =
      mapAccesses(problem.op, intrinsic.contraction, problem.matching, layout);
  double issues = 1;
  for (const OuterLoop &loop : mapped.outer)
    issues *= double(loop.extent);
  return issues * intrinsic.interval / double(intrinsic.units);
}

/// What copies bring at best is priced first: gathering is never faster.
std::optional<Explored> Explorer::runInLevels() {
  std::multimap<double, Explored> options;
  for (const Schedule &layout : enumerateLayouts(problem)) {
    if (getIssueCycles(layout) >= limit) {
      isSlower = true;
      continue;
    }
    Arrangement plan = arrange(problem, layout);
    for (const Schedule &ordered : enumerateReorders(plan, layout)) {
      if (ordered.staging != layout.staging)
        plan = arrange(problem, ordered);
      plan.gathered = getScattered(plan);
      if (auto best = exploreLevels(plan, ordered))
        options.emplace(best->cost.cycles, *best);
    }
  }
  std::optional<Explored> chosen;
  for (const auto &[cycles, option] : options) {
    if (cycles >= (chosen ? chosen->cost.cycles : limit))
      break;
    std::optional<Explored> brought = bring(option);
    if (brought && (!chosen || brought->cost.cycles < chosen->cost.cycles))
      chosen = brought;
  }
  // What is left was not even looked at.
  isSlower |= !options.empty() && options.rbegin()->first >= limit;
  isSlower &= !chosen;
  return chosen;
}

std::optional<Explored> Explorer::runInRegisters() {
  for (const Schedule &layout : enumerateLayouts(problem))
    explore(arrange(problem, layout), layout);
  return takeBest();
}

/// Nothing when a nest over the parts of the machine may be laid out, whose
/// extents must be known.
static std::optional<Reason> refuseAssumed(const MappedProblem &problem) {
  if (!problem.intrinsic.isSpread() || !problem.assumed)
    return std::nullopt;
  return Reason{ReasonCode::Dynamic,
                "the extent of iteration d" + std::to_string(*problem.assumed) +
                    " is unknown, but the nest is spread over the parts of a "
                    "machine",
                "give it a static extent"};
}

std::variant<Explored, Reason, Slower> Explorer::run() {
  if (std::optional<Reason> reason = refuseAssumed(problem))
    return *reason;
  std::optional<Explored> best =
      runsInRegisters(problem.intrinsic) ? runInRegisters() : runInLevels();
  if (isSlower || (best && best->cost.cycles >= limit))
    return Slower();
  if (best)
    return *best;
  if (refusal)
    return *refusal;
  return Reason{ReasonCode::Capacity,
                "no block of tiles of '" + problem.intrinsic.name +
                    "' fits level '" + problem.intrinsic.registers.name + "'",
                ""};
}

std::variant<Explored, Reason, Slower>
amos::exploreSchedules(const MappedProblem &problem, uint64_t seed,
                       double limit) {
  return Explorer(problem, seed, limit).run();
}
