//===- DirectNests.cpp - Nests that read tensors where they lie -----------===//
//
// For units whose operands are in registers a window that fits there needs no
// staging: what is read again for the next result is in a register already, and
// neighbours find the rest in a cache.
//
//===----------------------------------------------------------------------===//

#include "TileSpace.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include <set>

using namespace mlir;
using namespace amos;

/// Steps tried of a block along one parallel loop, and along a second one.
static constexpr int64_t firstSteps[] = {1, 2, 4, 8}, secondSteps[] = {1, 2};
/// Units of a group that go on where one block ends.
static constexpr int64_t unitCounts[] = {1, 2, 4, 8};
/// Steps of a reduction that are written out, and invocations of a block.
static constexpr int64_t longestWindow = 8, mostInvocations = 72;

/// Reductions that a block does at once, a step for each loop: none, or all
/// that are short, if they are not too many.
static std::vector<RegisterBlock> enumerateWindows(const Arrangement &plan) {
  RegisterBlock none(plan.getNumOuter(), 1), window = none;
  int64_t points = 1;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (!plan.mapped.outer[o].isParallel &&
        plan.getExtent(o) <= longestWindow && points <= mostInvocations) {
      window[o] = plan.getExtent(o);
      points *= window[o];
    }
  if (window == none || points > mostInvocations)
    return {none};
  return {window, none};
}

/// Windows of a few results along at most two parallel loops, each once.
static std::set<RegisterBlock> enumerateWindowBlocks(const Arrangement &plan,
                                                     ArrayRef<unsigned> loops) {
  std::set<RegisterBlock> blocks;
  for (const RegisterBlock &window : enumerateWindows(plan))
    for (unsigned first : loops)
      for (int64_t steps : firstSteps)
        for (unsigned second : loops)
          for (int64_t more : secondSteps) {
            RegisterBlock block = window;
            block[first] = steps;
            block[second] = std::max(block[second], more);
            if (computeProduct(block) <= mostInvocations)
              blocks.insert(block);
          }
  return blocks;
}

/// Groups of `units` blocks along loop `row`, whole ones: what lies beyond the
/// end of a loop would be asked for at every element.
static std::optional<Schedule> makeNest(const Arrangement &plan,
                                        const Schedule &layout,
                                        const RegisterBlock &block,
                                        unsigned row, int64_t units) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  Schedule schedule = layout;
  schedule.block = block;
  schedule.stages = 0;
  schedule.staging.assign(plan.sources.size(), Staging::Direct);
  for (bool isParallel : {true, false}) {
    for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
      if (plan.mapped.outer[o].isParallel != isParallel)
        continue;
      int64_t step = isParallel && o == row ? units * block[o] : block[o];
      if (plan.getExtent(o) % step != 0)
        return std::nullopt;
      schedule.nest.push_back(
          {int64_t(o), step, isParallel ? intrinsic.groupScope : ""});
    }
    if (isParallel && units > 1)
      schedule.nest.push_back({int64_t(row), block[row], intrinsic.unitScope});
  }
  return schedule;
}

/// Whether lanes of the machine hold every operand, and code for it is no
/// matrix unit's, whose tiles are too large to be read element by element.
static bool holdsAllInLanes(const IntrinsicModel &intrinsic) {
  return intrinsic.isSpread() && !intrinsic.readsBoxes() &&
         intrinsic.kind == IntrinsicClass::Vector &&
         llvm::all_of(intrinsic.tiles, [](const RegisterTile &tile) {
           return bool(tile.fragment);
         });
}

std::vector<Schedule> amos::enumerateDirectNests(const Arrangement &plan,
                                                 const Schedule &layout) {
  std::vector<Schedule> schedules;
  auto isDirect = [](Staging staging) { return staging == Staging::Direct; };
  if (!holdsAllInLanes(plan.problem->intrinsic) ||
      !llvm::all_of(layout.staging, isDirect))
    return schedules;
  SmallVector<unsigned> loops;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (plan.mapped.outer[o].isParallel)
      loops.push_back(o);
  for (const RegisterBlock &block : enumerateWindowBlocks(plan, loops))
    for (unsigned row : loops)
      for (int64_t units : unitCounts)
        if (auto nest = makeNest(plan, layout, block, row, units))
          schedules.push_back(*nest);
  return schedules;
}
