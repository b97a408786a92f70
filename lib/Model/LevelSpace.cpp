//===- LevelSpace.cpp - Nests for machines with staging memories ----------===//

#include "Price.h"
#include "TileSpace.h"

using namespace mlir;
using namespace amos;

/// Steps tried of a block, of the blocks of a group and of a chunk.
static constexpr int64_t blockSteps[] = {1, 2, 4, 8};
static constexpr int64_t groupSteps[] = {1, 2, 4};
static constexpr int64_t chunkSteps[] = {1, 2, 4};
/// The same of what is read where it lies, and how many should fit at a time.
static constexpr int64_t panelSteps[] = {1, 2, 4, 8, 16};
static constexpr int64_t fewestLarge = 4;
/// Parts tried of a reduction that groups share.
static constexpr int64_t splits[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
/// Neighbours tried that bring together what they share.
static constexpr int64_t clusters[] = {2, 4};

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

/// Whether several steps of a loop can be brought at once: what is read where
/// it lies has the two coordinates of the intrinsic's tile, and no others.
static bool canTile(const Arrangement &plan, unsigned loop) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  return !intrinsic.isSpread() || !intrinsic.readsBoxes() ||
         plan.mapped.outer[loop].group >= 0;
}

static TiledLoops findTiledLoops(const Arrangement &plan) {
  auto isParallel = [&](unsigned o) { return plan.mapped.outer[o].isParallel; };
  auto isTiled = [&](unsigned o) { return isParallel(o) && canTile(plan, o); };
  const Stream &first = *plan.sources.front()[0];
  TiledLoops loops;
  loops.row = findLongest(
      plan, [&](unsigned o) { return isTiled(o) && first.dependsOn(o); });
  loops.column = findLongest(
      plan, [&](unsigned o) { return isTiled(o) && !first.dependsOn(o); });
  // What is brought at once should run along memory: the last reduction.
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (!isParallel(o) && canTile(plan, o))
      loops.reduction = o;
  return loops;
}

/// Whether steps beyond the end of a loop that parts share harm nothing.
static bool canOverrun(const Arrangement &plan, unsigned loop) {
  auto dependsOn = [&](auto &options) { return options[0]->dependsOn(loop); };
  return plan.mapped.outer[loop].isParallel ||
         !plan.problem->intrinsic.isSpread() ||
         (plan.mapped.ignoresZeros && llvm::all_of(plan.sources, dependsOn));
}

/// The largest of `steps` that are no more than what is left of a loop, and all
/// of it if that is less than the last; those that divide it where it must not
/// be overrun.
static SmallVector<int64_t> getSteps(const Arrangement &plan,
                                     std::optional<unsigned> loop,
                                     ArrayRef<int64_t> steps, int64_t around) {
  SmallVector<int64_t> fitting = {1};
  if (!loop)
    return fitting;
  int64_t extent = plan.getExtent(*loop);
  for (int64_t step : steps.drop_front())
    if (step * around <= extent &&
        (extent % step == 0 || canOverrun(plan, *loop)))
      fitting.push_back(step);
  bool isReduction = !plan.mapped.outer[*loop].isParallel;
  if (isReduction && extent < steps.back() && extent > fitting.back())
    fitting.push_back(extent);
  return fitting;
}

/// Groups that follow each other in steps of `row` before the column advances,
/// so that what they bring is found in a cache: no more than divide its groups.
static int64_t countNeighbours(const Arrangement &plan, unsigned row,
                               int64_t step) {
  for (int64_t count : {8, 4, 2})
    if (plan.getExtent(row) % (count * step) == 0)
      return count;
  return 1;
}

/// Groups outside, their units inside them, then chunks of the reduction.
static Schedule makeNest(const Arrangement &plan, const Schedule &layout,
                         std::optional<unsigned> row, ArrayRef<int64_t> group,
                         ArrayRef<int64_t> block,
                         std::optional<Schedule::Loop> shared) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  Schedule schedule = layout;
  schedule.block = llvm::to_vector(block);
  // What is read where it lies costs no registers: a chunk is one block.
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (intrinsic.isSpread() && intrinsic.readsBoxes() &&
        !plan.mapped.outer[o].isParallel)
      schedule.block[o] = group[o];
  for (Staging &staging : schedule.staging)
    if (intrinsic.isSpread() && staging != Staging::Reorder)
      staging = Staging::Chunk;
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
  if (shared)
    schedule.nest.push_back(*shared);
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

/// Ways to deal a reduction out to groups, where parallel loops leave some of
/// them without work: whole chunks each. No way is one, too.
static SmallVector<std::optional<Schedule::Loop>>
getShared(const Arrangement &plan, std::optional<unsigned> reduction,
          ArrayRef<int64_t> group) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  SmallVector<std::optional<Schedule::Loop>> ways = {std::nullopt};
  if (!reduction || !intrinsic.isSpread() || !intrinsic.readsBoxes() ||
      !canOverrun(plan, *reduction))
    return ways;
  int64_t groups = 1, chunk = group[*reduction];
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (plan.mapped.outer[o].isParallel)
      groups *= llvm::divideCeil(plan.getExtent(o), group[o]);
  int64_t chunks = llvm::divideCeil(plan.getExtent(*reduction), chunk);
  for (int64_t split : ArrayRef(splits).drop_front()) {
    int64_t step = llvm::divideCeil(chunks, split);
    if (split > chunks || groups * split > 2 * intrinsic.units)
      break;
    if (step > 1 && int64_t(llvm::divideCeil(chunks, step)) == split)
      ways.push_back(Schedule::Loop{int64_t(*reduction), step * chunk,
                                    intrinsic.groupScope});
  }
  return ways;
}

/// Whether several chunks of so many steps fit the memory that they lie in.
static bool fitSeveral(const Arrangement &plan, ArrayRef<int64_t> steps) {
  double bytes = 0;
  for (const auto &options : plan.sources) {
    const Stream &source = *options[0];
    double tiles = 1;
    for (unsigned o = 0; o < plan.getNumOuter(); ++o)
      tiles *= source.dependsOn(o) ? double(steps[o]) : 1;
    bytes += tiles * source.getPackedTileBytes();
  }
  return fewestLarge * bytes <=
         double(plan.problem->intrinsic.getStage().capacity);
}

/// What is brought at once by groups of so many steps. Of what is read where it
/// lies, as much of a panel as there is, and several panels where many such
/// chunks fit: less would only mean more barriers.
static SmallVector<int64_t> getChunks(const Arrangement &plan,
                                      std::optional<unsigned> reduction,
                                      SmallVector<int64_t> group) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  if (!intrinsic.isSpread() || !intrinsic.readsBoxes())
    return getSteps(plan, reduction, chunkSteps, 1);
  SmallVector<int64_t> panel = {
      getSteps(plan, reduction, chunkSteps, 1).back()};
  for (int64_t steps : getSteps(plan, reduction, panelSteps, 1)) {
    if (steps <= panel.front() || steps % panel.front() != 0)
      continue;
    group[*reduction] = steps;
    if (fitSeveral(plan, group))
      panel.push_back(steps);
  }
  return panel;
}

/// All nests of one block and one group, of whatever chunks.
static void addNests(const Arrangement &plan, const Schedule &layout,
                     const TiledLoops &loops, SmallVector<int64_t> group,
                     ArrayRef<int64_t> block,
                     std::vector<Schedule> &schedules) {
  for (int64_t chunk : getChunks(plan, loops.reduction, group)) {
    if (loops.reduction)
      group[*loops.reduction] = chunk;
    for (auto &shared : getShared(plan, loops.reduction, group))
      schedules.push_back(
          makeNest(plan, layout, loops.row, group, block, shared));
  }
}

std::vector<Schedule> amos::enumerateLevelNests(const Arrangement &plan,
                                                const Schedule &layout) {
  TiledLoops loops = findTiledLoops(plan);
  std::vector<Schedule> schedules;
  SmallVector<int64_t> group(plan.getNumOuter(), 1), block = group;
  auto set = [](SmallVector<int64_t> &steps, std::optional<unsigned> loop,
                int64_t step) {
    if (loop)
      steps[*loop] = step;
  };
  for (int64_t rows : getSteps(plan, loops.row, blockSteps, 1))
    for (int64_t columns : getSteps(plan, loops.column, blockSteps, 1))
      for (int64_t down : getSteps(plan, loops.row, groupSteps, rows))
        for (int64_t right :
             getSteps(plan, loops.column, groupSteps, columns)) {
          set(block, loops.row, rows);
          set(block, loops.column, columns);
          set(group, loops.row, rows * down);
          set(group, loops.column, columns * right);
          addNests(plan, layout, loops, group, block, schedules);
        }
  llvm::append_range(schedules, enumerateDirectNests(plan, layout));
  return schedules;
}

/// `schedule` with `size` neighbours in loop `o` at the end of the loops over
/// groups, where those are whole; nothing where they are not.
static std::optional<Schedule> gatherNeighbours(const Arrangement &plan,
                                                const Schedule &schedule,
                                                unsigned o, int64_t size) {
  const std::string &scope = schedule.nest.front().scope;
  auto isInside = [&](const Schedule::Loop &loop) {
    return loop.scope != scope;
  };
  auto end = llvm::find_if(schedule.nest, isInside) - schedule.nest.begin();
  Schedule clustered = schedule;
  clustered.cluster = size;
  int64_t around = plan.getExtent(o);
  for (int64_t n = 0; n < end; ++n) {
    Schedule::Loop &loop = clustered.nest[n];
    if (loop.outer != int64_t(o))
      continue;
    int64_t steps = llvm::divideCeil(around, loop.step), step = loop.step;
    around = step;
    if (n + 1 == end && steps % size == 0)
      return clustered;
    bool isLast = llvm::none_of(
        ArrayRef(clustered.nest).slice(n + 1, end - n - 1),
        [&](const Schedule::Loop &other) { return other.outer == int64_t(o); });
    if (!isLast || steps % size != 0)
      continue;
    loop.step *= size;
    clustered.nest.insert(clustered.nest.begin() + end,
                          Schedule::Loop(o, step, scope));
    return clustered;
  }
  return std::nullopt;
}

std::vector<Schedule> amos::enumerateClusters(const Arrangement &plan,
                                              const Schedule &schedule) {
  const IntrinsicModel &intrinsic = plan.problem->intrinsic;
  std::vector<Schedule> clustered;
  TiledLoops loops = findTiledLoops(plan);
  for (int64_t size : clusters)
    for (std::optional<unsigned> loop : {loops.row, loops.column})
      if (loop && size <= int64_t(intrinsic.together.size()) &&
          intrinsic.isSpread() && intrinsic.readsBoxes())
        if (auto one = gatherNeighbours(plan, schedule, *loop, size))
          clustered.push_back(*one);
  return clustered;
}
