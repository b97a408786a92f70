//===- LevelSpace.cpp - Nests for machines with staging memories ----------===//

#include "Price.h"
#include "TileSpace.h"

using namespace mlir;
using namespace amos;

/// Steps tried of a block, of the blocks of a group and of a chunk.
static constexpr int64_t blockSteps[] = {1, 2, 4, 8};
static constexpr int64_t groupSteps[] = {1, 2, 4};
static constexpr int64_t chunkSteps[] = {1, 2, 4};

namespace {
/// The loops that are tiled; none where there is no such loop.
struct TiledLoops {
  std::optional<unsigned> row, column, reduction;
};
} // namespace

/// The longest loop of a kind, the first of several.
template <typename Predicate>
static std::optional<unsigned> findLongest(const Arrangement &plan,
                                           Predicate isKind) {
  std::optional<unsigned> longest;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (isKind(o) && (!longest || plan.getExtent(o) > plan.getExtent(*longest)))
      longest = o;
  return longest;
}

static TiledLoops findTiledLoops(const Arrangement &plan) {
  auto isParallel = [&](unsigned o) { return plan.mapped.outer[o].isParallel; };
  const Stream &first = *plan.sources.front()[0];
  TiledLoops loops;
  loops.row = findLongest(
      plan, [&](unsigned o) { return isParallel(o) && first.dependsOn(o); });
  loops.column = findLongest(
      plan, [&](unsigned o) { return isParallel(o) && !first.dependsOn(o); });
  // What is brought at once should run along memory: the last reduction.
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (!isParallel(o))
      loops.reduction = o;
  return loops;
}

/// The largest of `steps` that are no more than what is left of a loop; of a
/// reduction that is spread, those that divide it.
static SmallVector<int64_t> getSteps(const Arrangement &plan,
                                     std::optional<unsigned> loop,
                                     ArrayRef<int64_t> steps, int64_t around) {
  SmallVector<int64_t> fitting = {1};
  for (int64_t step : steps.drop_front())
    if (loop && step * around <= plan.getExtent(*loop) &&
        (plan.mapped.outer[*loop].isParallel ||
         !plan.problem->intrinsic.isSpread() ||
         plan.getExtent(*loop) % step == 0))
      fitting.push_back(step);
  return fitting;
}

/// Groups that follow each other in steps of `row` before the column advances,
/// so that what they bring is found in a cache: no more than divide its groups.
static int64_t countNeighbours(const Arrangement &plan, unsigned row,
                               int64_t step) {
  for (int64_t count : {8, 4, 2})
    if (plan.getExtent(row) % (count * step) == 0 &&
        plan.getExtent(row) > count * step)
      return count;
  return 1;
}

/// Groups outside, their units inside them, then chunks of the reduction.
static Schedule makeNest(const Arrangement &plan, const Schedule &layout,
                         std::optional<unsigned> row, ArrayRef<int64_t> group,
                         ArrayRef<int64_t> block) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  Schedule schedule = layout;
  schedule.block = llvm::to_vector(block);
  // What is read where it lies costs no registers: a chunk is one block.
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (intrinsic.isSpread() && intrinsic.readsBoxes() &&
        !plan.mapped.outer[o].isParallel)
      schedule.block[o] = group[o];
  if (intrinsic.isSpread())
    schedule.staging.assign(plan.sources.size(), Staging::Chunk);
  int64_t neighbours = intrinsic.isSpread() && row
                           ? countNeighbours(plan, *row, group[*row])
                           : 1;
  auto add = [&](bool parallel, bool inner, const std::string &scope) {
    for (unsigned o = 0; o < plan.getNumOuter(); ++o) {
      if (plan.mapped.outer[o].isParallel != parallel)
        continue;
      if (!inner)
        schedule.nest.push_back(
            {int64_t(o), o == row ? neighbours * group[o] : group[o], scope});
      else if (group[o] != schedule.block[o])
        schedule.nest.push_back({int64_t(o), schedule.block[o], scope});
    }
  };
  add(/*parallel=*/true, /*inner=*/false, intrinsic.groupScope);
  if (neighbours > 1)
    schedule.nest.push_back({int64_t(*row), group[*row], intrinsic.groupScope});
  add(/*parallel=*/true, /*inner=*/true, intrinsic.unitScope);
  add(/*parallel=*/false, /*inner=*/false, "");
  add(/*parallel=*/false, /*inner=*/true, "");
  if (intrinsic.isSpread())
    schedule.stages = chooseStages(plan, schedule);
  return schedule;
}

std::vector<Schedule> amos::enumerateLevelNests(const Arrangement &plan,
                                                const Schedule &layout) {
  TiledLoops loops = findTiledLoops(plan);
  std::vector<Schedule> schedules;
  SmallVector<int64_t> ones(plan.getNumOuter(), 1);
  auto set = [](SmallVector<int64_t> &steps, std::optional<unsigned> loop,
                int64_t step) {
    if (loop)
      steps[*loop] = step;
  };
  for (int64_t rows : getSteps(plan, loops.row, blockSteps, 1))
    for (int64_t columns : getSteps(plan, loops.column, blockSteps, 1))
      for (int64_t down : getSteps(plan, loops.row, groupSteps, rows))
        for (int64_t right : getSteps(plan, loops.column, groupSteps, columns))
          for (int64_t chunk : getSteps(plan, loops.reduction, chunkSteps, 1)) {
            SmallVector<int64_t> group = ones, block = ones;
            set(block, loops.row, rows);
            set(block, loops.column, columns);
            set(group, loops.row, rows * down);
            set(group, loops.column, columns * right);
            set(group, loops.reduction, chunk);
            schedules.push_back(
                makeNest(plan, layout, loops.row, group, block));
          }
  return schedules;
}
