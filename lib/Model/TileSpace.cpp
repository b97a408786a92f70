//===- TileSpace.cpp - The schedules worth pricing ------------------------===//

#include "TileSpace.h"
#include "Traffic.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

static bool isParallel(const Arrangement &plan, unsigned loop) {
  return plan.mapped.outer[loop].isParallel;
}

/// Longer windows, or more loops of windows, are not unrolled: the code would
/// only grow.
constexpr int64_t longestWindow = 5;
constexpr size_t mostWindows = 2;

/// Sizes up to `limit` for which no smaller one has equally many blocks.
static SmallVector<int64_t> getSizes(int64_t extent, int64_t limit) {
  SmallVector<int64_t> sizes;
  for (int64_t size = 2; size <= std::min(extent, limit); ++size)
    if (llvm::divideCeil(extent, size) != llvm::divideCeil(extent, size - 1))
      sizes.push_back(size);
  return sizes;
}

/// Parallel loops, those that move least in the streamed source first: their
/// steps share lines.
static SmallVector<unsigned> getParallelLoops(const Arrangement &plan) {
  const Stream &streamed = *plan.sources[plan.streamed][0];
  SmallVector<std::pair<int64_t, unsigned>> keyed;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (isParallel(plan, o))
      keyed.emplace_back(
          o < streamed.strides.size() ? std::abs(streamed.strides[o]) : 0, o);
  llvm::sort(keyed);
  return llvm::map_to_vector(keyed, [](auto &k) { return k.second; });
}

int64_t amos::getTileLimit(const MappedProblem &problem) {
  const Level &registers = problem.intrinsic.registers;
  int64_t limit = registers.capacity / std::max<int64_t>(registers.granule, 1);
  return std::clamp<int64_t>(limit, 1, 64);
}

/// `single` and its enlargements over at most two parallel loops.
static void addBlocks(const Arrangement &plan, const RegisterBlock &single,
                      int64_t limit, std::vector<RegisterBlock> &blocks) {
  blocks.push_back(single);
  SmallVector<unsigned> loops = getParallelLoops(plan);
  for (auto [i, a] : llvm::enumerate(loops))
    for (int64_t size : getSizes(plan.getExtent(a), limit)) {
      RegisterBlock block = single;
      block[a] = size;
      blocks.push_back(block);
      for (unsigned b : ArrayRef(loops).drop_front(i + 1))
        for (int64_t other : getSizes(plan.getExtent(b), limit / size)) {
          blocks.push_back(block);
          blocks.back()[b] = other;
        }
    }
}

/// Whether some steps of reduction loop `o` read of `stream` what other steps
/// of a parallel loop read too: a window over what lies side by side.
static bool slidesOver(const Arrangement &plan, const Stream &stream,
                       unsigned o) {
  if (stream.tile.form == TileForm::Splat || o >= stream.strides.size())
    return false;
  int64_t window = std::abs(stream.strides[o]);
  return llvm::any_of(llvm::seq(0u, plan.getNumOuter()), [&](unsigned other) {
    int64_t step = std::abs(stream.strides[other]);
    return isParallel(plan, other) && window != 0 && step != 0 &&
           step % window == 0 && step / window < plan.getExtent(o);
  });
}

/// Reduction loops that are worth unrolling whole, since steps of a block meet
/// at the same tiles.
static SmallVector<unsigned> getWindowLoops(const Arrangement &plan) {
  SmallVector<unsigned> loops;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (!isParallel(plan, o) && plan.getExtent(o) > 1 &&
        plan.getExtent(o) <= longestWindow &&
        llvm::any_of(plan.sources, [&](const auto &options) {
          return slidesOver(plan, *options[0], o);
        }))
      loops.push_back(o);
  return loops;
}

std::vector<RegisterBlock> amos::enumerateBlocks(const Arrangement &plan,
                                                 int64_t limit) {
  std::vector<RegisterBlock> blocks;
  SmallVector<unsigned> windows = getWindowLoops(plan);
  windows.truncate(std::min(windows.size(), mostWindows));
  for (unsigned unrolled = 0; unrolled < 1u << windows.size(); ++unrolled) {
    RegisterBlock single(plan.getNumOuter(), 1);
    for (auto [n, o] : llvm::enumerate(windows))
      if (unrolled >> n & 1)
        single[o] = plan.getExtent(o);
    addBlocks(plan, single, limit, blocks);
  }
  return blocks;
}

//===----------------------------------------------------------------------===//
// Nests
//===----------------------------------------------------------------------===//

namespace {
/// The loops by what they do to the streamed source.
struct LoopKinds {
  SmallVector<unsigned> rows; ///< parallel, and it depends on them
  SmallVector<unsigned> columns;
  SmallVector<unsigned> reductions;
};
} // namespace

/// Whether some source has a coordinate that a parallel loop moves too: the
/// padding around it makes the first and last steps code of their own.
static bool isWindow(const Arrangement &plan, unsigned o) {
  auto isBoth = [&](AffineExpr coordinate) {
    return coordinate.isFunctionOfDim(o) &&
           llvm::any_of(llvm::seq(0u, plan.getNumOuter()), [&](unsigned other) {
             return isParallel(plan, other) &&
                    coordinate.isFunctionOfDim(other);
           });
  };
  return llvm::any_of(plan.sources, [&](const auto &options) {
    return llvm::any_of(options[0]->access.index.getResults(), isBoth);
  });
}

/// Windows first, so that what is innermost is a whole loop at the borders too;
/// then loops that move furthest in the streamed source.
static LoopKinds sortLoops(const Arrangement &plan) {
  const Stream &streamed = *plan.sources[plan.streamed][0];
  LoopKinds kinds;
  for (unsigned o = 0; o < plan.getNumOuter(); ++o)
    if (!isParallel(plan, o))
      kinds.reductions.push_back(o);
    else
      (streamed.dependsOn(o) ? kinds.rows : kinds.columns).push_back(o);
  auto getStride = [&](unsigned o) {
    return o < streamed.strides.size() ? std::abs(streamed.strides[o]) : 0;
  };
  auto getKey = [&](unsigned o) {
    return std::tuple(!isWindow(plan, o), -getStride(o), o);
  };
  llvm::sort(kinds.reductions,
             [&](unsigned a, unsigned b) { return getKey(a) < getKey(b); });
  return kinds;
}

static void append(Nest &nest, ArrayRef<unsigned> loops,
                   const RegisterBlock &block) {
  for (unsigned o : loops)
    nest.push_back({int64_t(o), block[o]});
}

/// Steps of `row` after which the streamed source fills half of `capacity`,
/// whole blocks of them.
static int64_t getGroupStep(const Arrangement &plan, const LoopKinds &kinds,
                            const RegisterBlock &block, unsigned row,
                            int64_t capacity) {
  const Stream &streamed = *plan.sources[plan.streamed][0];
  SmallVector<int64_t> spans = plan.extents;
  int64_t least = block[row], most = plan.getExtent(row);
  for (unsigned o : kinds.rows) {
    if (o == row)
      break;
    spans[o] = block[o];
  }
  spans[row] = least;
  double one = getFootprint(streamed, spans, plan);
  int64_t groups = one > 0 ? int64_t(double(capacity) / 2 / one) : 0;
  return std::min(most, std::max<int64_t>(groups, 1) * least);
}

/// Groups of rows outside columns outside single rows.
static void addGroupedNest(const Arrangement &plan, const LoopKinds &kinds,
                           const RegisterBlock &block, int64_t capacity,
                           std::vector<Nest> &nests) {
  for (auto [i, row] : llvm::enumerate(kinds.rows)) {
    int64_t step = getGroupStep(plan, kinds, block, row, capacity);
    if (step <= block[row] || step >= plan.getExtent(row))
      continue;
    Nest nest;
    append(nest, ArrayRef(kinds.rows).take_front(i), block);
    nest.push_back({int64_t(row), step});
    append(nest, kinds.columns, block);
    append(nest, ArrayRef(kinds.rows).drop_front(i), block);
    append(nest, kinds.reductions, block);
    nests.push_back(nest);
    return;
  }
}

std::vector<Nest> amos::enumerateNests(const Arrangement &plan,
                                       const RegisterBlock &block) {
  LoopKinds kinds = sortLoops(plan);
  std::vector<Nest> nests;
  Nest rowsOutside, columnsOutside;
  append(columnsOutside, kinds.columns, block);
  append(columnsOutside, kinds.rows, block);
  append(columnsOutside, kinds.reductions, block);
  nests.push_back(columnsOutside);
  append(rowsOutside, kinds.rows, block);
  append(rowsOutside, kinds.columns, block);
  append(rowsOutside, kinds.reductions, block);
  if (rowsOutside != columnsOutside)
    nests.push_back(rowsOutside);
  for (const Level &level : plan.problem->intrinsic.memories)
    if (level.capacity > 0)
      addGroupedNest(plan, kinds, block, plan.problem->getCapacity(level),
                     nests);
  return nests;
}

//===----------------------------------------------------------------------===//
// Stagings
//===----------------------------------------------------------------------===//

static bool isLoaded(const std::optional<Stream> &stream) {
  return stream && (stream->tile.form == TileForm::Contiguous ||
                    stream->tile.form == TileForm::Splat);
}

/// Best guess first: packed where that costs nothing; as it lies if that is one
/// load, else the hull if that is one load in there, else packed.
static Stagings getStagings(const std::array<std::optional<Stream>, 5> &options,
                            bool isStreamed, bool isPrepacked) {
  if (isPrepacked)
    return {Staging::Pack, Staging::Direct};
  const auto &direct = options[unsigned(Staging::Direct)];
  bool isPlain = isLoaded(direct) && direct->guards.empty();
  bool hasHull = isLoaded(options[unsigned(Staging::Copy)]);
  if (isLoaded(direct) && !isPlain && hasHull && isStreamed)
    return {Staging::Direct, Staging::Copy};
  if (isPlain && isStreamed && direct->heldBytes != direct->elementBytes)
    return {Staging::Direct, Staging::Copy};
  if (isPlain && isStreamed)
    return {Staging::Direct};
  if (isPlain)
    return {Staging::Direct, Staging::Pack};
  if (hasHull)
    return {Staging::Copy, Staging::Pack, Staging::Direct};
  return {Staging::Pack, Staging::Direct};
}

std::vector<Stagings> amos::enumerateStagings(const Arrangement &plan) {
  std::vector<Stagings> combined = {{}};
  for (auto [t, options] : llvm::enumerate(plan.sources)) {
    std::vector<Stagings> next;
    for (const Stagings &head : combined)
      for (Staging staging : getStagings(options, t == plan.streamed,
                                         plan.problem->isPrepacked(t))) {
        next.push_back(head);
        next.back().push_back(staging);
      }
    combined = std::move(next);
  }
  return combined;
}
