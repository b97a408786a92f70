//===- CostModel.cpp - Predicted cycles of a scheduled mapping ------------===//

#include "amos/Model/CostModel.h"
#include "Price.h"
#include "Traffic.h"
#include "amos/Mapping/Shares.h"
#include "amos/Mapping/StageCopy.h"
#include <cmath>

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Adding up
//===----------------------------------------------------------------------===//

void Bill::add(StringRef resource, double cycles, double bytes) {
  for (Usage &usage : usages)
    if (usage.name == resource) {
      usage.cycles += cycles;
      usage.bytes += bytes;
      return;
    }
  usages.push_back({resource.str(), cycles, bytes, /*overlaps=*/true, {}});
}

void Bill::scale(double share) {
  for (Usage &usage : usages) {
    usage.cycles *= share;
    usage.bytes *= share;
  }
}

void Bill::setHeld(StringRef level, unsigned position) {
  for (Usage &usage : usages)
    if (usage.name == level)
      usage.holds = position;
}

void Bill::addAlone(StringRef what, double cycles) {
  if (cycles > 0)
    usages.push_back({what.str(), cycles, 0, /*overlaps=*/false, {}});
}

double Bill::getTotal() const {
  double total = 0, alone = 0;
  for (const Usage &usage : usages) {
    if (usage.overlaps)
      total = softMax(total, usage.cycles);
    else
      alone += usage.cycles;
  }
  return total + alone;
}

StringRef Bill::getBusiest() const {
  const auto *busiest = llvm::max_element(usages, [](const Usage &a,
                                                     const Usage &b) {
    return std::tuple(a.overlaps, a.cycles) < std::tuple(b.overlaps, b.cycles);
  });
  return busiest == usages.end() || !busiest->overlaps
             ? StringRef("compute")
             : StringRef(busiest->name);
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
    points *= iteration.extent;
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
  double bytes = getFootprint(plan.stored, plan.extents, plan);
  for (const Stream &source : plan.finishing)
    bytes += getFootprint(source, plan.extents, plan);
  for (const auto &options : plan.sources)
    bytes += getFootprint(*options[0], plan.extents, plan);
  return bytes;
}

bool amos::staysIn(const Arrangement &plan, const Level &level) {
  return level.isCache && level.capacity > 0 &&
         getCompulsoryBytes(plan) <= level.capacity;
}

/// Bytes a cycle of the memory that operands come from: the nearest one that
/// holds all of them.
static double getSourceBandwidth(const Arrangement &plan) {
  ArrayRef<Level> memories = plan.problem->intrinsic.memories;
  for (const Level &level : memories)
    if (runsInRegisters(plan.problem->intrinsic) && staysIn(plan, level))
      return level.bandwidth;
  return memories.empty() ? 0 : memories.back().bandwidth;
}

/// Useful multiply-adds at the rate of all units, or compulsory traffic at the
/// bandwidth of the memory it comes from: whichever is slower.
static double getLowerBound(const Arrangement &plan) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  double compute = countPoints(plan.problem->op.iterations) /
                   countPoints(intrinsic.contraction.iterations) *
                   intrinsic.interval / intrinsic.units;
  double bandwidth = getSourceBandwidth(plan);
  double memory = bandwidth > 0 ? getCompulsoryBytes(plan) / bandwidth : 0;
  return std::max(compute, memory);
}

bool amos::runsInRegisters(const IntrinsicModel &intrinsic) {
  bool isShared = llvm::any_of(intrinsic.memories, [](const Level &level) {
    return !level.isCache && level.capacity > 0;
  });
  return !isShared && !llvm::is_contained(intrinsic.tileBytes, 0);
}

/// The part of the nest that the busiest thread does.
static double getThreadShare(const Arrangement &plan,
                             const Schedule &schedule) {
  auto isFree = [&](unsigned outer) {
    return plan.mapped.outer[outer].isParallel;
  };
  const int64_t threads = plan.problem->threads;
  SmallVector<int64_t> trips;
  for (const SharedLoop &loop :
       findShared(plan.mapped, schedule.nest, isFree, threads))
    trips.push_back(loop.trips);
  return getLargestShare(trips, threads);
}

static Priced price(const Arrangement &plan, const Schedule &schedule,
                    Bill &bill) {
  const MappedProblem &problem = *plan.problem;
  Priced priced = runsInRegisters(problem.intrinsic)
                      ? priceInRegisters(plan, schedule, bill)
                      : priceInLevels(plan, schedule, bill);
  if (auto *cost = std::get_if<Cost>(&priced)) {
    cost->useful = countPoints(problem.op.iterations) /
                   (countIssues(plan) *
                    countPoints(problem.intrinsic.contraction.iterations));
    cost->lowerBound = getLowerBound(plan);
    if (problem.threads > 1 && runsInRegisters(problem.intrinsic)) {
      double share = getThreadShare(plan, schedule);
      bill.scale(share);
      cost->cycles *= share;
      cost->lowerBound /= double(problem.threads);
    }
    cost->cycles = std::max(cost->cycles, cost->lowerBound);
  }
  return priced;
}

std::variant<uint32_t, Reason> amos::findGathered(const MappedProblem &problem,
                                                  const Schedule &schedule) {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  if (!intrinsic.isSpread() || !intrinsic.readsBoxes())
    return 0u;
  auto planned = planStages(intrinsic.declaration, problem.op,
                            mapAccesses(problem.op, intrinsic.contraction,
                                        problem.matching, schedule),
                            schedule, *problem.solver);
  if (auto *reason = std::get_if<Reason>(&planned))
    return *reason;
  uint32_t gathered = 0;
  for (auto [t, stage] : llvm::enumerate(std::get<StageCopies>(planned)))
    gathered |= uint32_t(stage && !stage->copy) << t;
  return gathered;
}

Priced amos::price(const Arrangement &plan, const Schedule &schedule) {
  Bill bill;
  return ::price(plan, schedule, bill);
}

Priced amos::estimateCost(const MappedProblem &problem,
                          const Schedule &schedule,
                          std::vector<Usage> *usages) {
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
  auto gathered = findGathered(problem, schedule);
  if (auto *reason = std::get_if<Reason>(&gathered))
    return *reason;
  plan.gathered = std::get<uint32_t>(gathered);
  Bill bill;
  Priced priced = ::price(plan, schedule, bill);
  if (usages)
    usages->assign(bill.getUsages().begin(), bill.getUsages().end());
  return priced;
}
