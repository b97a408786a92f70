//===- MappedAccesses.cpp - A mapping as index functions ------------------===//

#include "amos/Mapping/MappedAccesses.h"
#include "Sums.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

namespace {
/// Collects loops and inverses while groups are laid out. How many outer loops
/// there are is known only at the end, so until then outer loop k is dimension
/// k, lane h is symbol h, and parameters are the symbols after the lanes.
class Layout {
public:
  Layout(const Contraction &op, const Contraction &intrinsic)
      : op(op), intrinsic(intrinsic),
        context(op.operands.front().index.getContext()),
        numParameters(op.getParameters().size()),
        guards(intrinsic.iterations.size()) {
    mapped.lanes.assign(guards.size(), constant(0));
    mapped.inverse.assign(op.iterations.size(), constant(0));
  }

  void leaveOutside(unsigned v);
  void fuse(unsigned h, ArrayRef<int64_t> group);
  void tile(unsigned h, ArrayRef<int64_t> group, ArrayRef<int64_t> tiles);
  MappedAccesses finish();

private:
  AffineExpr constant(int64_t value) const {
    return getAffineConstantExpr(value, context);
  }
  AffineExpr iteration(unsigned v) const {
    return getExtent(v) == 1 ? constant(0) : getAffineDimExpr(v, context);
  }
  AffineExpr lane(unsigned h) const {
    return getWidth(h) == 1 ? constant(0) : getAffineSymbolExpr(h, context);
  }
  /// The extent, a parameter where it is dynamic.
  AffineExpr size(unsigned v) const {
    return op.getExtent(v).shiftSymbols(numParameters, guards.size());
  }
  int64_t getExtent(unsigned v) const { return op.iterations[v].extent; }
  /// Whether tiles of so many steps leave more than one.
  bool exceeds(unsigned v, int64_t tile) const {
    return op.iterations[v].isUnknown() || getExtent(v) > tile;
  }
  int64_t getWidth(unsigned h) const { return intrinsic.iterations[h].extent; }
  std::string getName(ArrayRef<int64_t> group, int64_t tile) const;
  AffineExpr addLoop(ArrayRef<int64_t> members, AffineExpr position,
                     AffineExpr size, int64_t tile, int64_t group);
  void addGuard(unsigned h, AffineExpr guard, AffineExpr size, int64_t tile);
  SmallVector<AffineExpr> getLanes() const;
  SmallVector<AffineExpr> addParameters(SmallVector<AffineExpr> lanes) const;
  Access getFragment(unsigned operand, Sums &places) const;

  const Contraction &op, &intrinsic;
  MLIRContext *context;
  unsigned numParameters;
  /// Per intrinsic iteration: the lane holds a real point.
  SmallVector<SmallVector<AffineExpr>> guards;
  MappedAccesses mapped;
};
} // namespace

std::string Layout::getName(ArrayRef<int64_t> group, int64_t tile) const {
  std::string name = llvm::join(
      llvm::map_range(group, [&](int64_t v) { return op.iterations[v].name; }),
      ",");
  if (group.size() > 1)
    name = "(" + name + ")";
  return tile == 1 ? name : name + "/" + std::to_string(tile);
}

/// A loop over tiles of the `size` steps that `members` have together.
AffineExpr Layout::addLoop(ArrayRef<int64_t> members, AffineExpr position,
                           AffineExpr size, int64_t tile, int64_t group) {
  bool isParallel = llvm::all_of(members, [&](int64_t v) {
    return !op.iterations[v].isReduction &&
           op.dependsOn(op.getDestination(), v);
  });
  AffineExpr trips = size.ceilDiv(tile);
  int64_t extent = ShapedType::kDynamic;
  if (auto known = dyn_cast<AffineConstantExpr>(trips)) {
    extent = known.getValue();
    trips = {};
  }
  mapped.outer.push_back(
      {getName(members, tile), extent, isParallel, position, group, trips});
  return getAffineDimExpr(mapped.outer.size() - 1, context);
}

/// Lanes of group h are real points where `guard` holds: everywhere but in the
/// last of the tiles of `size` steps, whose loop was added last.
void Layout::addGuard(unsigned h, AffineExpr guard, AffineExpr size,
                      int64_t tile) {
  if (size.getLargestKnownDivisor() % tile == 0)
    return;
  guards[h].push_back(guard);
  if (isa<AffineConstantExpr>(size)) // the nest finds its last step itself
    return;
  mapped.outer.back().tail = guard;
  mapped.outer.back().wholeTrips = size.floorDiv(tile);
}

void Layout::leaveOutside(unsigned v) {
  if (exceeds(v, 1))
    mapped.inverse[v] = addLoop({v}, iteration(v), size(v), 1, -1);
}

void Layout::fuse(unsigned h, ArrayRef<int64_t> group) {
  int64_t width = getWidth(h);
  AffineExpr fused = constant(0), back = lane(h), all = constant(1);
  bool isUnknown = false;
  for (int64_t v : group) {
    fused = fused * size(v) + iteration(v);
    all = all * size(v);
    isUnknown |= op.iterations[v].isUnknown();
  }
  auto known = dyn_cast<AffineConstantExpr>(all);
  bool isSplit = isUnknown || known.getValue() > width;
  mapped.lanes[h] = isSplit ? fused % width : fused;
  if (isSplit)
    back = back + width * addLoop(group, fused.floorDiv(width), all, width, h);
  addGuard(h, all - 1 - back, all, width);
  bool isLeading = true;
  while (!group.empty()) {
    int64_t v = group.front(), stride = 1;
    group = group.drop_front();
    for (int64_t faster : group)
      stride *= getExtent(faster);
    AffineExpr digit = back.floorDiv(stride);
    if (exceeds(v, 1)) {
      mapped.inverse[v] = isLeading ? digit : digit % getExtent(v);
      isLeading = false;
    }
  }
}

void Layout::tile(unsigned h, ArrayRef<int64_t> group,
                  ArrayRef<int64_t> tiles) {
  int64_t points = 1;
  AffineExpr number = constant(0);
  for (auto [v, extent] : llvm::zip_equal(group, tiles)) {
    number = number * extent +
             (exceeds(v, extent) ? iteration(v) % extent : iteration(v));
    points *= extent;
  }
  mapped.lanes[h] = number;
  if (points < getWidth(h))
    guards[h].push_back(constant(points - 1) - lane(h));
  int64_t stride = points;
  for (auto [v, extent] : llvm::zip_equal(group, tiles)) {
    bool isLeading = stride == points;
    stride /= extent;
    AffineExpr position = lane(h).floorDiv(stride);
    if (extent == 1)
      position = constant(0);
    else if (!isLeading)
      position = position % extent;
    if (exceeds(v, extent))
      position = position + extent * addLoop({v}, iteration(v).floorDiv(extent),
                                             size(v), extent, h);
    mapped.inverse[v] = position;
    addGuard(h, size(v) - 1 - position, size(v), extent);
  }
}

/// `e` in few operations, for a box of these extents.
static AffineExpr simplify(AffineExpr e, Sums &sums) {
  SmallVector<Sum> variables;
  for (unsigned v = 0; v < sums.getNumVariables(); ++v)
    variables.push_back(sums.getVariable(v));
  Sum sum = sums.evaluate(e, variables);
  return sums.areExact() ? sums.getExpr(sum, e.getContext()) : e;
}

/// What operand t cannot see of the lanes reads as lane 0.
Access Layout::getFragment(unsigned t, Sums &places) const {
  const unsigned numOuter = mapped.outer.size(), numLanes = guards.size();
  SmallVector<AffineExpr> seen = getLanes();
  for (unsigned h = 0; h < numLanes; ++h)
    if (!intrinsic.dependsOn(t, h))
      seen[h] = constant(0);
  seen = addParameters(seen);
  auto iterations = llvm::map_to_vector(
      mapped.inverse, [&](AffineExpr e) { return e.replaceSymbols(seen); });
  auto through = [&](AffineExpr e) {
    return simplify(e.replaceDims(iterations), places);
  };
  const Access &access = op.operands[t];
  Access fragment = access;
  fragment.index = AffineMap::get(
      numOuter + numLanes, numParameters,
      llvm::map_to_vector(access.index.getResults(), through), context);
  fragment.guards.clear();
  auto guard = [&](AffineExpr e) {
    auto value = dyn_cast<AffineConstantExpr>(e);
    bool holds = value && value.getValue() >= 0;
    if (!holds && !llvm::is_contained(fragment.guards, e))
      fragment.guards.push_back(e);
  };
  for (unsigned h = 0; h < numLanes; ++h)
    if (intrinsic.dependsOn(t, h))
      for (AffineExpr e : guards[h])
        guard(simplify(e.replaceSymbols(seen), places));
  for (AffineExpr e : access.guards)
    guard(through(e));
  return fragment;
}

MappedAccesses Layout::finish() {
  SmallVector<AffineExpr> symbols = addParameters(getLanes());
  for (OuterLoop &loop : mapped.outer)
    for (AffineExpr *e : {&loop.trips, &loop.wholeTrips, &loop.tail})
      *e = *e ? e->replaceSymbols(symbols) : *e;
  SmallVector<int64_t> box;
  for (const OuterLoop &loop : mapped.outer)
    box.push_back(loop.extent);
  box.append(intrinsic.getExtents());
  Sums points(op.getExtents(), numParameters), places(box, numParameters);
  for (unsigned t = 0; t < op.operands.size(); ++t)
    mapped.fragments.push_back(getFragment(t, places));
  for (AffineExpr &e : mapped.inverse)
    e = simplify(e.replaceSymbols(symbols), places);
  for (AffineExpr &e : mapped.lanes)
    e = simplify(e.replaceSymbols(symbols), points);
  for (OuterLoop &loop : mapped.outer) {
    loop.position = simplify(loop.position.replaceSymbols(symbols), points);
    loop.tail = loop.tail ? simplify(loop.tail, places) : loop.tail;
  }
  mapped.ignoresZeros = op.ignoresZeros;
  return std::move(mapped);
}

/// Lanes as dimensions, now that the number of outer loops is known.
SmallVector<AffineExpr> Layout::getLanes() const {
  SmallVector<AffineExpr> lanes;
  for (unsigned h = 0; h < guards.size(); ++h)
    lanes.push_back(getAffineDimExpr(mapped.outer.size() + h, context));
  return lanes;
}

/// What to put in place of all symbols: parameters come first from now on.
SmallVector<AffineExpr>
Layout::addParameters(SmallVector<AffineExpr> lanes) const {
  for (unsigned j = 0; j < numParameters; ++j)
    lanes.push_back(getAffineSymbolExpr(j, context));
  return lanes;
}

MappedAccesses amos::mapAccesses(const Contraction &op,
                                 const Contraction &intrinsic,
                                 const Matching &matching,
                                 const Schedule &schedule) {
  Layout layout(op, intrinsic);
  auto isIn = [](int64_t v) {
    return
        [=](ArrayRef<int64_t> group) { return llvm::is_contained(group, v); };
  };
  for (unsigned v = 0; v < op.iterations.size(); ++v)
    if (llvm::none_of(matching, isIn(v)))
      layout.leaveOutside(v);
  for (unsigned h = 0; h < matching.size(); ++h)
    if (schedule.tiles.empty())
      layout.fuse(h, schedule.order[h]);
    else
      layout.tile(h, schedule.order[h], schedule.tiles[h]);
  return layout.finish();
}

bool MappedAccesses::dependsOn(unsigned operand, unsigned loop) const {
  const Access &access = fragments[operand];
  auto uses = [&](AffineExpr e) { return e.isFunctionOfDim(loop); };
  return llvm::any_of(access.index.getResults(), uses) ||
         llvm::any_of(access.guards, uses);
}

/// Whether an index of `access` depends on something that `guard` does too.
static bool sharesDims(const Access &access, AffineExpr guard) {
  for (unsigned d = 0; d < access.index.getNumDims(); ++d)
    if (guard.isFunctionOfDim(d) && access.index.isFunctionOfDim(d))
      return true;
  return false;
}

void amos::dropStoredGuards(MappedAccesses &mapped) {
  const Access &destination = mapped.fragments.back();
  for (Access &source : MutableArrayRef(mapped.fragments).drop_back())
    llvm::erase_if(source.guards, [&](AffineExpr guard) {
      return llvm::is_contained(destination.guards, guard) &&
             !sharesDims(source, guard);
    });
}

/// A box for each group, as much as possible of it along the fastest iteration.
static IntLists getBoxes(const Contraction &op, const Contraction &intrinsic,
                         const IntLists &order) {
  IntLists boxes;
  for (auto [h, group] : llvm::enumerate(order)) {
    SmallVector<int64_t> &tiles = boxes.emplace_back(group.size(), 1);
    const Iteration *fastest =
        group.empty() ? nullptr : &op.iterations[group.back()];
    int64_t width = intrinsic.iterations[h].extent;
    if (fastest)
      tiles.back() =
          fastest->isUnknown() ? width : std::min(width, fastest->extent);
  }
  return boxes;
}

Schedule amos::getDefaultSchedule(const Contraction &op,
                                  const Contraction &intrinsic,
                                  const Matching &matching) {
  Schedule schedule;
  schedule.order = matching;
  auto isUnknown = [&](int64_t v) {
    return size_t(v) < op.iterations.size() && op.iterations[v].isUnknown();
  };
  bool areFusible = true;
  for (auto &group : schedule.order) {
    llvm::sort(group, [&](int64_t v, int64_t w) {
      return std::pair(!isUnknown(v), v) < std::pair(!isUnknown(w), w);
    });
    areFusible &= llvm::count_if(group, isUnknown) < 2;
  }
  schedule.staging.assign(op.getDestination(), Staging::Direct);
  if (!areFusible && matching.size() == intrinsic.iterations.size())
    schedule.tiles = getBoxes(op, intrinsic, schedule.order);
  if (checkLayout(op, intrinsic, matching, schedule))
    return schedule;
  MappedAccesses mapped = mapAccesses(op, intrinsic, matching, schedule);
  for (bool isParallel : {true, false})
    for (auto [k, loop] : llvm::enumerate(mapped.outer))
      if (loop.isParallel == isParallel)
        schedule.nest.push_back({int64_t(k), 1});
  schedule.block.assign(mapped.outer.size(), 1);
  return schedule;
}

size_t amos::countInnerReductions(const MappedAccesses &mapped,
                                  const Schedule &schedule) {
  auto inner = llvm::reverse(schedule.nest);
  auto parallel = llvm::find_if(inner, [&](const Schedule::Loop &loop) {
    return mapped.outer[loop.outer].isParallel;
  });
  return std::distance(inner.begin(), parallel);
}
