//===- MutateSchedule.cpp - A schedule like another one -------------------===//

#include "amos/Model/MutateSchedule.h"
#include "Price.h"
#include "TileSpace.h"
#include <random>

using namespace mlir;
using namespace amos;

constexpr unsigned mostDraws = 16, mostCompared = 8;

using Random = std::mt19937_64;

template <typename Choice>
static const Choice &draw(const std::vector<Choice> &choices, Random &random) {
  return choices[random() % choices.size()];
}

/// The loops of a nest without their steps.
static SmallVector<int64_t> getLoops(ArrayRef<Schedule::Loop> nest) {
  return llvm::map_to_vector(nest, [](auto &loop) { return loop.outer; });
}

/// A nest for `block` with the loops of `nest` in their order, if there is one.
static Nest keepNest(const Arrangement &plan, const RegisterBlock &block,
                     ArrayRef<Schedule::Loop> nest, Random &random) {
  std::vector<Nest> nests = enumerateNests(plan, block);
  for (const Nest &one : nests)
    if (getLoops(one) == getLoops(nest))
      return one;
  return draw(nests, random);
}

static Schedule mutateInRegisters(const Arrangement &plan, Schedule schedule,
                                  Random &random) {
  switch (random() % 3) {
  case 0:
    schedule.block =
        draw(enumerateBlocks(plan, getTileLimit(*plan.problem)), random);
    schedule.nest = keepNest(plan, schedule.block, schedule.nest, random);
    break;
  case 1:
    schedule.nest = draw(enumerateNests(plan, schedule.block), random);
    break;
  default:
    schedule.staging = draw(enumerateStagings(plan), random);
  }
  return schedule;
}

/// How many parts of two schedules of one layout differ.
static size_t getDistance(const Schedule &a, const Schedule &b) {
  size_t distance = (a.stages != b.stages) + (a.cluster != b.cluster);
  for (auto [x, y] : llvm::zip(a.block, b.block))
    distance += x != y;
  for (auto [x, y] : llvm::zip(a.nest, b.nest))
    distance += !(x == y);
  size_t longer = std::max(a.nest.size(), b.nest.size());
  return distance + longer - std::min(a.nest.size(), b.nest.size());
}

static Schedule mutateInLevels(const Arrangement &plan, const Schedule &layout,
                               const Schedule &schedule, Random &random) {
  std::vector<Schedule> others = enumerateLevelNests(plan, layout);
  if (others.empty())
    return schedule;
  std::optional<Schedule> nearest;
  for (unsigned n = 0; n < mostCompared; ++n) {
    const Schedule &alone = draw(others, random);
    std::vector<Schedule> options = enumerateClusters(plan, alone);
    options.push_back(alone);
    const Schedule &other = draw(options, random);
    size_t distance = getDistance(schedule, other);
    if (distance > 0 &&
        (!nearest || distance < getDistance(schedule, *nearest)))
      nearest = other;
  }
  return nearest.value_or(schedule);
}

std::optional<Explored> amos::mutateSchedule(const MappedProblem &problem,
                                             const Schedule &schedule,
                                             uint64_t seed) {
  Random random(seed);
  std::vector<Schedule> layouts = enumerateLayouts(problem);
  auto layout = llvm::find_if(layouts, [&](const Schedule &one) {
    return one.order == schedule.order && one.tiles == schedule.tiles;
  });
  if (layout == layouts.end())
    return std::nullopt;
  for (auto [own, staging] : llvm::zip(layout->staging, schedule.staging))
    own = staging == Staging::Reorder ? staging : own;
  Arrangement plan = arrange(problem, *layout);
  for (unsigned n = 0; n < mostDraws; ++n) {
    Schedule other = runsInRegisters(problem.intrinsic)
                         ? mutateInRegisters(plan, schedule, random)
                         : mutateInLevels(plan, *layout, schedule, random);
    auto gathered = findGathered(problem, other);
    if (std::holds_alternative<Reason>(gathered))
      continue;
    plan.gathered = std::get<uint32_t>(gathered);
    Priced priced = price(plan, other);
    if (const Cost *cost = std::get_if<Cost>(&priced))
      return Explored{other, *cost};
  }
  return std::nullopt;
}
