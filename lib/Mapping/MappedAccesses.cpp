//===- MappedAccesses.cpp - A mapping as index functions ------------------===//

#include "amos/Mapping/MappedAccesses.h"
#include "Sums.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

namespace {
/// Collects loops and inverses while groups are laid out. How many outer loops
/// there are is known only at the end, so until then outer loop k is dimension
/// k and lane h is symbol h.
class Layout {
public:
  Layout(const Contraction &op, const Contraction &intrinsic)
      : op(op), intrinsic(intrinsic),
        context(op.operands.front().index.getContext()),
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
  int64_t getExtent(unsigned v) const { return op.iterations[v].extent; }
  int64_t getWidth(unsigned h) const { return intrinsic.iterations[h].extent; }
  std::string getName(ArrayRef<int64_t> group, int64_t tile) const;
  AffineExpr addLoop(ArrayRef<int64_t> members, AffineExpr position,
                     int64_t extent, int64_t tile, int64_t group);
  SmallVector<AffineExpr> getLanes() const;
  Access getFragment(unsigned operand, Sums &places) const;

  const Contraction &op, &intrinsic;
  MLIRContext *context;
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

AffineExpr Layout::addLoop(ArrayRef<int64_t> members, AffineExpr position,
                           int64_t extent, int64_t tile, int64_t group) {
  bool isParallel = llvm::all_of(members, [&](int64_t v) {
    return !op.iterations[v].isReduction &&
           op.dependsOn(op.getDestination(), v);
  });
  mapped.outer.push_back(
      {getName(members, tile), extent, isParallel, position, group});
  return getAffineDimExpr(mapped.outer.size() - 1, context);
}

void Layout::leaveOutside(unsigned v) {
  if (getExtent(v) != 1)
    mapped.inverse[v] = addLoop({v}, iteration(v), getExtent(v), 1, -1);
}

void Layout::fuse(unsigned h, ArrayRef<int64_t> group) {
  int64_t size = 1, width = getWidth(h);
  AffineExpr fused = constant(0), back = lane(h);
  for (int64_t v : group) {
    fused = fused * getExtent(v) + iteration(v);
    size *= getExtent(v);
  }
  mapped.lanes[h] = size > width ? fused % width : fused;
  if (size > width)
    back = back + width * addLoop(group, fused.floorDiv(width),
                                  llvm::divideCeil(size, width), width, h);
  if (size % width != 0)
    guards[h].push_back(constant(size - 1) - back);
  int64_t stride = size;
  for (int64_t v : group) {
    bool isLeading = stride == size;
    stride /= getExtent(v);
    AffineExpr digit = back.floorDiv(stride);
    if (getExtent(v) > 1)
      mapped.inverse[v] = isLeading ? digit : digit % getExtent(v);
  }
}

void Layout::tile(unsigned h, ArrayRef<int64_t> group,
                  ArrayRef<int64_t> tiles) {
  int64_t size = 1;
  AffineExpr number = constant(0);
  for (auto [v, extent] : llvm::zip_equal(group, tiles)) {
    number = number * extent +
             (getExtent(v) > extent ? iteration(v) % extent : iteration(v));
    size *= extent;
  }
  mapped.lanes[h] = number;
  if (size < getWidth(h))
    guards[h].push_back(constant(size - 1) - lane(h));
  int64_t stride = size;
  for (auto [v, extent] : llvm::zip_equal(group, tiles)) {
    bool isLeading = stride == size;
    stride /= extent;
    AffineExpr position = lane(h).floorDiv(stride);
    if (extent == 1)
      position = constant(0);
    else if (!isLeading)
      position = position % extent;
    if (getExtent(v) > extent)
      position =
          position + extent * addLoop({v}, iteration(v).floorDiv(extent),
                                      llvm::divideCeil(getExtent(v), extent),
                                      extent, h);
    mapped.inverse[v] = position;
    if (getExtent(v) % extent != 0)
      guards[h].push_back(constant(getExtent(v) - 1) - position);
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
  const unsigned numOuter = mapped.outer.size();
  SmallVector<AffineExpr> seen = getLanes();
  for (unsigned h = 0; h < seen.size(); ++h)
    if (!intrinsic.dependsOn(t, h))
      seen[h] = constant(0);
  auto iterations = llvm::map_to_vector(
      mapped.inverse, [&](AffineExpr e) { return e.replaceSymbols(seen); });
  auto through = [&](AffineExpr e) {
    return simplify(e.replaceDims(iterations), places);
  };
  const Access &access = op.operands[t];
  Access fragment = access;
  fragment.index = AffineMap::get(
      numOuter + seen.size(), 0,
      llvm::map_to_vector(access.index.getResults(), through), context);
  fragment.guards.clear();
  auto guard = [&](AffineExpr e) {
    auto value = dyn_cast<AffineConstantExpr>(e);
    bool holds = value && value.getValue() >= 0;
    if (!holds && !llvm::is_contained(fragment.guards, e))
      fragment.guards.push_back(e);
  };
  for (unsigned h = 0; h < seen.size(); ++h)
    if (intrinsic.dependsOn(t, h))
      for (AffineExpr e : guards[h])
        guard(simplify(e.replaceSymbols(seen), places));
  for (AffineExpr e : access.guards)
    guard(through(e));
  return fragment;
}

MappedAccesses Layout::finish() {
  SmallVector<int64_t> box;
  for (const OuterLoop &loop : mapped.outer)
    box.push_back(loop.extent);
  box.append(intrinsic.getExtents());
  Sums points(op.getExtents()), places(box);
  for (unsigned t = 0; t < op.operands.size(); ++t)
    mapped.fragments.push_back(getFragment(t, places));
  for (AffineExpr &e : mapped.inverse)
    e = simplify(e.replaceSymbols(getLanes()), places);
  for (AffineExpr &e : mapped.lanes)
    e = simplify(e, points);
  for (OuterLoop &loop : mapped.outer)
    loop.position = simplify(loop.position, points);
  return std::move(mapped);
}

/// Lanes as dimensions, now that the number of outer loops is known.
SmallVector<AffineExpr> Layout::getLanes() const {
  SmallVector<AffineExpr> lanes;
  for (unsigned h = 0; h < guards.size(); ++h)
    lanes.push_back(getAffineDimExpr(mapped.outer.size() + h, context));
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

Schedule amos::getDefaultSchedule(const Contraction &op,
                                  const Contraction &intrinsic,
                                  const Matching &matching) {
  Schedule schedule;
  schedule.order = matching;
  schedule.staging.assign(op.getDestination(), Staging::Direct);
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
