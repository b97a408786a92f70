//===- CheckSchedule.cpp - Can the loops of a schedule be run? ------------===//

#include "amos/Mapping/MappedAccesses.h"

using namespace mlir;
using namespace amos;

/// More invocations than any register file feeds would only make code long.
static constexpr int64_t maxInvocations = 1024;

static Reason refuse(const Twine &message) {
  return {ReasonCode::Struct, message.str(), ""};
}

static std::optional<Reason> checkBlock(const MappedAccesses &mapped,
                                        const Schedule &schedule) {
  if (schedule.block.size() != mapped.outer.size())
    return refuse("'block' has " + Twine(schedule.block.size()) +
                  " entries, expected one for each of the " +
                  Twine(mapped.outer.size()) + " outer loops");
  int64_t invocations = 1;
  for (auto [outer, block] : llvm::zip_equal(mapped.outer, schedule.block)) {
    bool isTooLarge =
        !ShapedType::isDynamic(outer.extent) && block > outer.extent;
    if (block < 1 || isTooLarge)
      return refuse("block " + Twine(block) + " of loop '" + outer.name +
                    "' is not between 1 and its extent " + Twine(outer.extent));
    invocations *= std::min(block, maxInvocations + 1);
    if (invocations > maxInvocations)
      return refuse("the blocks ask for more than " + Twine(maxInvocations) +
                    " invocations at once");
  }
  return std::nullopt;
}

/// Every loop is advanced, by steps that divide the enclosing ones, down to its
/// block.
static std::optional<Reason> checkNest(const MappedAccesses &mapped,
                                       const Schedule &schedule) {
  SmallVector<int64_t> steps(mapped.outer.size(), 0);
  for (const Schedule::Loop &loop : schedule.nest) {
    if (loop.outer < 0 || loop.outer >= int64_t(steps.size()))
      return refuse("'nest' names outer loop " + Twine(loop.outer) +
                    ", there are " + Twine(steps.size()));
    int64_t &step = steps[loop.outer];
    if (loop.step < 1 || (step && step % loop.step))
      return refuse("step " + Twine(loop.step) + " of loop '" +
                    mapped.outer[loop.outer].name +
                    "' does not divide the step around it");
    step = loop.step;
  }
  for (auto [outer, step, block] :
       llvm::zip_equal(mapped.outer, steps, schedule.block))
    if (step != block)
      return refuse("the last step of loop '" + outer.name + "' is " +
                    Twine(step) + ", expected its block " + Twine(block));
  return std::nullopt;
}

/// Whether steps beyond the end of a reduction loop change no sum: all sources
/// are zero there, and a product of zeros adds nothing.
static bool canOverrun(const MappedAccesses &mapped, unsigned outer) {
  return mapped.ignoresZeros &&
         llvm::all_of(llvm::seq<unsigned>(0, mapped.fragments.size() - 1),
                      [&](unsigned t) { return mapped.dependsOn(t, outer); });
}

/// Whether groups share the steps of a reduction: each has partial sums of its
/// own, which are added in the end.
static bool isShared(const MappedAccesses &mapped, const Schedule &schedule,
                     const Schedule::Loop &loop) {
  return !mapped.outer[loop.outer].isParallel && !loop.scope.empty() &&
         loop.scope == schedule.nest.front().scope;
}

/// Spread loops come first and write distinct elements, or partial sums of the
/// group. What is staged in
/// chunks needs parts that share a memory, and whole steps of reductions where
/// the zeros beyond the end of one are no neutral element of the body.
static std::optional<Reason> checkSpread(const MappedAccesses &mapped,
                                         const Schedule &schedule) {
  bool isInside = false;
  for (const Schedule::Loop &loop : schedule.nest) {
    const OuterLoop &outer = mapped.outer[loop.outer];
    if (schedule.isSpread() && ShapedType::isDynamic(outer.extent))
      return refuse("the extent of loop '" + outer.name +
                    "' is not known, as it must be in a spread nest");
    isInside |= loop.scope.empty();
    if (!loop.scope.empty() && isInside)
      return refuse("loop '" + outer.name + "' is spread over '" + loop.scope +
                    "' inside of a loop that is not");
    if (!loop.scope.empty() && !outer.isParallel &&
        !isShared(mapped, schedule, loop))
      return refuse("loop '" + outer.name + "' is spread over '" + loop.scope +
                    "', but its steps write to the same elements");
    if (schedule.isSpread() && !outer.isParallel && outer.extent % loop.step &&
        !canOverrun(mapped, loop.outer))
      return refuse("step " + Twine(loop.step) + " of reduction loop '" +
                    outer.name + "' does not divide its extent " +
                    Twine(outer.extent) + ", as it must in a spread nest");
    if (schedule.isSpread() && outer.isParallel && loop.scope.empty())
      return refuse("parallel loop '" + outer.name +
                    "' is not spread, though others are");
  }
  return std::nullopt;
}

/// Groups of a cluster are neighbours in the last loop over groups, in which
/// all clusters are whole.
static std::optional<Reason> checkCluster(const MappedAccesses &mapped,
                                          const Schedule &schedule) {
  if (schedule.cluster == 1)
    return std::nullopt;
  SmallVector<int64_t> around;
  for (const OuterLoop &loop : mapped.outer)
    around.push_back(loop.extent);
  int64_t steps = 1;
  for (const Schedule::Loop &loop : schedule.nest) {
    if (loop.scope.empty() || loop.scope != schedule.nest.front().scope)
      break;
    steps = mapped.outer[loop.outer].isParallel
                ? llvm::divideCeil(around[loop.outer], loop.step)
                : 1;
    around[loop.outer] = loop.step;
  }
  if (steps % schedule.cluster == 0)
    return std::nullopt;
  return refuse("the last loop over groups has " + Twine(steps) +
                " steps, expected a multiple of 'cluster', which is " +
                Twine(schedule.cluster));
}

std::optional<Reason> amos::checkSchedule(const MappedAccesses &mapped,
                                          const Schedule &schedule) {
  unsigned sources = mapped.fragments.size() - 1;
  if (schedule.staging.size() != sources)
    return refuse("'staging' has " + Twine(schedule.staging.size()) +
                  " entries, expected one for each of the " + Twine(sources) +
                  " sources");
  for (const OuterLoop &loop : mapped.outer)
    if (schedule.isSpread() && ShapedType::isDynamic(loop.extent))
      return Reason{ReasonCode::Dynamic,
                    "the extent of loop '" + loop.name +
                        "' is unknown, but the nest is spread over the parts "
                        "of a machine",
                    "give it a static extent"};
  if (schedule.stages > 1 && !llvm::any_of(schedule.staging, isInChunks))
    return refuse("'stages' is " + Twine(schedule.stages) +
                  ", but no source is staged as 'chunk'");
  if (std::optional<Reason> reason = checkBlock(mapped, schedule))
    return reason;
  if (std::optional<Reason> reason = checkNest(mapped, schedule))
    return reason;
  if (std::optional<Reason> reason = checkCluster(mapped, schedule))
    return reason;
  return checkSpread(mapped, schedule);
}
