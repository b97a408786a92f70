//===- Explorer.cpp - The best schedule of a mapping ----------------------===//
//
// Orders and forms are enumerated. For each, blocks are ranked by their body
// alone; the best ones, and a few drawn with the seed, are priced in full with
// every nest and staging.
//
//===----------------------------------------------------------------------===//

#include "Price.h"
#include "TileSpace.h"
#include <random>

using namespace mlir;
using namespace amos;

constexpr size_t bestBlocks = 10, drawnBlocks = 2;

/// Predictions closer than this share are taken as equal; measurements of one
/// and the same kernel differ by more.
constexpr double noise = 0.01;

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
  void consider(const Arrangement &plan, const Schedule &schedule);
  const Explored *findProved();

  const MappedProblem &problem;
  std::mt19937_64 random;
  double limit; ///< cycles that are too many
  std::vector<std::pair<Merit, Explored>> found;
  std::optional<Reason> refusal;
  double least = std::numeric_limits<double>::max(); ///< cycles found so far
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

void Explorer::consider(const Arrangement &plan, const Schedule &schedule) {
  Priced priced = price(plan, schedule);
  if (auto *reason = std::get_if<Reason>(&priced)) {
    refusal = refusal ? refusal : *reason;
    return;
  }
  const Cost &cost = std::get<Cost>(priced);
  // Only what is as fast as the fastest can be chosen in the end.
  if (cost.cycles > least * (1 + noise))
    return;
  least = std::min(least, cost.cycles);
  found.emplace_back(getMerit(plan, schedule.block, cost.cycles),
                     Explored{schedule, cost});
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

/// The best choice whose copies are proved. What refutes one of a layout
/// refutes all of it.
const Explored *Explorer::findProved() {
  std::vector<std::pair<IntLists, IntLists>> refuted;
  for (const auto &[merit, choice] : found) {
    std::pair layout(choice.schedule.order, choice.schedule.tiles);
    if (llvm::is_contained(refuted, layout))
      continue;
    std::optional<Reason> reason = refuteStages(problem, choice.schedule);
    if (!reason)
      return &choice;
    refusal = *reason;
    refuted.push_back(layout);
  }
  return nullptr;
}

std::variant<Explored, Reason, Slower> Explorer::run() {
  for (const Schedule &layout : enumerateLayouts(problem)) {
    if (std::optional<Reason> reason = refuteOrder(problem, layout)) {
      refusal = *reason;
      continue;
    }
    Arrangement plan = arrange(problem, layout);
    if (runsInRegisters(problem.intrinsic))
      explore(plan, layout);
    else
      for (const Schedule &schedule : enumerateLevelNests(plan, layout))
        consider(plan, schedule);
  }
  sortByMerit(found);
  if (!found.empty() && found.front().second.cost.cycles >= limit)
    return Slower();
  if (const Explored *best = findProved())
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
