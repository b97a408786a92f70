//===- ShareNest.cpp - The nest that suits several threads ----------------===//

#include "Price.h"
#include "TileSpace.h"
#include <limits>

using namespace mlir;
using namespace amos;

static Nest getReductions(const Arrangement &plan,
                          ArrayRef<Schedule::Loop> nest) {
  Nest reductions(nest);
  llvm::erase_if(reductions, [&](const Schedule::Loop &loop) {
    return plan.mapped.outer[loop.outer].isParallel;
  });
  return reductions;
}

Schedule amos::shareNest(const MappedProblem &problem, const Schedule &schedule,
                         int64_t threads) {
  if (!runsInRegisters(problem.intrinsic))
    return schedule;
  MappedProblem shared = problem;
  shared.threads = threads;
  auto getCycles = [&](const Schedule &option) {
    auto cost = estimateCost(shared, option);
    auto *known = std::get_if<Cost>(&cost);
    return known ? known->cycles : std::numeric_limits<double>::infinity();
  };
  Schedule best = schedule;
  double least = getCycles(best);
  Arrangement plan = arrange(shared, schedule);
  for (const Nest &nest : enumerateNests(plan, schedule.block)) {
    Schedule other = schedule;
    other.nest = nest;
    if (getReductions(plan, nest) != getReductions(plan, schedule.nest))
      continue;
    if (double cycles = getCycles(other); cycles < least * (1 - noise)) {
      least = cycles;
      best = other;
    }
  }
  return best;
}
