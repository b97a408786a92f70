//===- DrawSchedule.cpp - A schedule by lot -------------------------------===//
//
// A model that is judged by measurements must not have chosen what is measured:
// each choice is drawn on its own, and only what cannot run is drawn again.
//
//===----------------------------------------------------------------------===//

#include "Price.h"
#include "TileSpace.h"
#include <random>

using namespace mlir;
using namespace amos;

constexpr unsigned mostDraws = 64;

using Random = std::mt19937_64;

template <typename Choice>
static Choice draw(const std::vector<Choice> &choices, Random &random) {
  return choices[random() % choices.size()];
}

static Schedule drawInRegisters(const Arrangement &plan, Schedule schedule,
                                Random &random) {
  int64_t limit = getTileLimit(*plan.problem);
  schedule.block = draw(enumerateBlocks(plan, limit), random);
  schedule.nest = draw(enumerateNests(plan, schedule.block), random);
  schedule.staging = draw(enumerateStagings(plan), random);
  return schedule;
}

static Schedule drawInLevels(const Arrangement &plan, const Schedule &layout,
                             Random &random) {
  Schedule alone = draw(enumerateLevelNests(plan, layout), random);
  std::vector<Schedule> options = enumerateClusters(plan, alone);
  options.push_back(alone);
  return draw(options, random);
}

std::optional<Explored> amos::drawSchedule(const MappedProblem &problem,
                                           uint64_t seed) {
  Random random(seed);
  std::vector<Schedule> layouts = enumerateLayouts(problem);
  for (unsigned n = 0; n < mostDraws && !layouts.empty(); ++n) {
    const Schedule &plain = draw(layouts, random);
    Schedule layout =
        draw(enumerateReorders(arrange(problem, plain), plain), random);
    Arrangement plan = arrange(problem, layout);
    Schedule schedule = runsInRegisters(problem.intrinsic)
                            ? drawInRegisters(plan, layout, random)
                            : drawInLevels(plan, layout, random);
    auto gathered = findGathered(problem, schedule);
    if (std::holds_alternative<Reason>(gathered))
      continue;
    plan.gathered = std::get<uint32_t>(gathered);
    Priced priced = price(plan, schedule);
    if (const Cost *cost = std::get_if<Cost>(&priced))
      return Explored{schedule, *cost};
  }
  return std::nullopt;
}
