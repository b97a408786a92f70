//===- CostModel.cpp - Predicted cycles of a scheduled mapping ------------===//

#include "amos/Model/CostModel.h"
#include "Price.h"
#include "Traffic.h"
#include <cmath>

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Adding up
//===----------------------------------------------------------------------===//

void Bill::add(StringRef resource, double cycles) {
  for (auto &[name, sum] : entries)
    if (name == resource) {
      sum += cycles;
      return;
    }
  entries.emplace_back(resource.str(), cycles);
}

double Bill::getTotal() const {
  double total = 0;
  for (const auto &[name, cycles] : entries)
    total = softMax(total, cycles);
  return total;
}

StringRef Bill::getBusiest() const {
  const auto *busiest = llvm::max_element(
      entries, [](auto &a, auto &b) { return a.second < b.second; });
  return busiest == entries.end() ? StringRef("compute")
                                  : StringRef(busiest->first);
}

double amos::softMax(double a, double b) {
  return std::pow(std::pow(a, 4) + std::pow(b, 4), 0.25);
}

//===----------------------------------------------------------------------===//
// What every scheme has in common
//===----------------------------------------------------------------------===//

static double countPoints(ArrayRef<Iteration> iterations) {
  double points = 1;
  for (const Iteration &iteration : iterations)
    points *= ShapedType::isDynamic(iteration.extent) ? assumedExtent
                                                      : iteration.extent;
  return points;
}

static double countIssues(const Arrangement &plan) {
  double issues = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    issues *= plan.getExtent(o);
  return issues;
}

/// Bytes that any schedule moves: every element read or written once.
static double getCompulsoryBytes(const Arrangement &plan) {
  double bytes = getFootprint(plan.destination, plan.extents, plan);
  for (const auto &options : plan.sources)
    bytes += getFootprint(*options[0], plan.extents, plan);
  return bytes;
}

/// Useful multiply-adds at the rate of all units, or compulsory traffic at the
/// bandwidth of the outermost memory: whichever is slower.
static double getLowerBound(const Arrangement &plan) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  double compute = countPoints(plan.problem->op.iterations) /
                   countPoints(intrinsic.contraction.iterations) *
                   intrinsic.interval / intrinsic.units;
  double bandwidth =
      intrinsic.memories.empty() ? 0 : intrinsic.memories.back().bandwidth;
  double memory = bandwidth > 0 ? getCompulsoryBytes(plan) / bandwidth : 0;
  return std::max(compute, memory);
}

bool amos::runsInRegisters(const IntrinsicModel &intrinsic) {
  bool isShared = llvm::any_of(intrinsic.memories, [](const Level &level) {
    return !level.isCache && level.capacity > 0;
  });
  return !isShared && !llvm::is_contained(intrinsic.tileBytes, 0);
}

Priced amos::price(const Arrangement &plan, const Schedule &schedule) {
  const MappedProblem &problem = *plan.problem;
  Priced priced = runsInRegisters(problem.intrinsic)
                      ? priceInRegisters(plan, schedule)
                      : priceInLevels(plan, schedule);
  if (auto *cost = std::get_if<Cost>(&priced)) {
    cost->useful = countPoints(problem.op.iterations) /
                   (countIssues(plan) *
                    countPoints(problem.intrinsic.contraction.iterations));
    cost->lowerBound = getLowerBound(plan);
    cost->cycles = std::max(cost->cycles, cost->lowerBound);
  }
  return priced;
}

Priced amos::estimateCost(const MappedProblem &problem,
                          const Schedule &schedule) {
  const Contraction &intrinsic = problem.intrinsic.contraction;
  if (auto reason =
          checkLayout(problem.op, intrinsic, problem.matching, schedule))
    return *reason;
  Arrangement plan = arrange(problem, schedule);
  if (auto reason = checkSchedule(plan.mapped, schedule))
    return *reason;
  for (auto [t, options] : llvm::enumerate(plan.sources))
    if (!options[unsigned(schedule.staging[t])])
      return Reason{ReasonCode::Layout,
                    "source " + std::to_string(t) +
                        " has no hull that a copy could fill",
                    "stage it as 'direct' or 'pack'"};
  return price(plan, schedule);
}
