//===- Lift.cpp - Other iterations for the same points --------------------===//

#include "amos/Mapping/Lift.h"
#include "amos/Mapping/Bounds.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/STLExtras.h"
#include <numeric>

using namespace mlir;
using namespace amos;

/// Beyond it images are mostly zeros, and phases many.
static constexpr int64_t maxStride = 64;
/// Extents, factors and offsets whose products are far from 64 bits.
static constexpr int64_t maxExtent = int64_t(1) << 28;

namespace {
/// A guard `-(index mod stride)` of source `source`: the index is
/// `sign p + factor r + offset` and multiples of the stride.
struct Spacing {
  unsigned source;
  int64_t stride;
  unsigned p;
  std::optional<unsigned> r;
  int64_t sign, factor = 0, offset;
};

/// One change of iterations: p becomes p' and its phase f, r becomes r'.
class PhaseSplit {
public:
  PhaseSplit(const Contraction &op, const Spacing &spacing);
  Contraction run() const;

  /// Per new iteration, over the old ones.
  SmallVector<AffineExpr> there;
  /// Per old iteration, over the new ones.
  SmallVector<AffineExpr> back;

private:
  AffineExpr constant(int64_t value) const {
    return getAffineConstantExpr(value, context);
  }
  int64_t getExtent(unsigned v) const { return op.iterations[v].extent; }
  int64_t getPhase(int64_t p) const;
  int64_t getRow(int64_t p) const;
  void addIteration(const Iteration &iteration, AffineExpr from);
  void splitParallel();
  void splitReduction();
  AffineExpr simplify(AffineExpr e) const {
    return simplifyAffineExpr(e, iterations.size(), 0);
  }
  AffineExpr change(AffineExpr e) const {
    return simplify(e.replaceDims(back));
  }
  void changeGuard(Access &access, AffineExpr guard,
                   ArrayRef<AffineExpr> replacements) const;
  void addGuard(Access &access, AffineExpr guard) const;
  void guardRange(Access &access, unsigned v) const;
  void guardBounds(Access &access, ArrayRef<AffineExpr> index) const;
  Access changeSource(const Access &access) const;
  bool isReadElsewhere(unsigned v) const;

  const Contraction &op;
  const Spacing &spacing;
  MLIRContext *context;
  SmallVector<Iteration> iterations;
  /// p = stride (p' + first) + slope f + start.
  int64_t slope = 1, start, first = 0;
  unsigned phase = 0; ///< the new iteration
};
} // namespace

//===----------------------------------------------------------------------===//
// Finding
//===----------------------------------------------------------------------===//

/// The e and a of `-(e mod a)`.
static std::optional<std::pair<AffineExpr, int64_t>>
matchSpacing(AffineExpr guard) {
  auto product = dyn_cast<AffineBinaryOpExpr>(guard);
  if (!product || product.getKind() != AffineExprKind::Mul ||
      product.getRHS() != -1)
    return std::nullopt;
  auto rest = dyn_cast<AffineBinaryOpExpr>(product.getLHS());
  if (!rest || rest.getKind() != AffineExprKind::Mod)
    return std::nullopt;
  auto stride = dyn_cast<AffineConstantExpr>(rest.getRHS());
  if (!stride || stride.getValue() < 2 || stride.getValue() > maxStride)
    return std::nullopt;
  return std::pair(rest.getLHS(), stride.getValue());
}

/// Which iterations change `index` modulo `stride`, if those are one parallel
/// iteration and at most one reduction, both of known extents.
static std::optional<Spacing> readSpacing(const Contraction &op, unsigned t,
                                          AffineExpr index, int64_t stride) {
  SmallVector<int64_t> factors;
  unsigned count = op.iterations.size();
  if (failed(getFlattenedAffineExpr(index, count, 0, &factors)) ||
      factors.size() != count + 1)
    return std::nullopt;
  if (std::abs(factors.back()) > maxExtent)
    return std::nullopt;
  Spacing spacing{t, stride, count, std::nullopt, 0, 0, factors.back()};
  for (unsigned v = 0; v < count; ++v) {
    if (std::abs(factors[v]) > maxExtent || op.iterations[v].extent > maxExtent)
      return std::nullopt;
    if (factors[v] % stride == 0)
      continue;
    if (!op.iterations[v].isReduction) {
      if (spacing.p != count || std::abs(factors[v]) != 1)
        return std::nullopt;
      spacing.p = v;
      spacing.sign = factors[v];
    } else {
      if (spacing.r || std::gcd(factors[v], stride) != 1)
        return std::nullopt;
      spacing.r = v;
      spacing.factor = factors[v];
    }
  }
  return spacing.p == count ? std::nullopt : std::optional(spacing);
}

/// The first source that is spaced.
static std::optional<Spacing> findSpacing(const Contraction &op) {
  for (unsigned t = 0; t < op.getDestination(); ++t)
    for (AffineExpr guard : op.operands[t].guards)
      if (auto found = matchSpacing(guard))
        return readSpacing(op, t, found->first, found->second);
  return std::nullopt;
}

static unsigned countSpacings(const Contraction &op) {
  unsigned count = 0;
  for (const Access &access : op.operands)
    count += llvm::count_if(access.guards, [](AffineExpr guard) {
      return matchSpacing(guard).has_value();
    });
  return count;
}

//===----------------------------------------------------------------------===//
// Iterations
//===----------------------------------------------------------------------===//

PhaseSplit::PhaseSplit(const Contraction &op, const Spacing &spacing)
    : op(op), spacing(spacing),
      context(op.operands.front().index.getContext()) {
  if (spacing.r)
    slope = -spacing.sign * spacing.factor;
  start = -spacing.sign * spacing.offset;
  for (auto [v, iteration] : llvm::enumerate(op.iterations)) {
    if (v == spacing.p)
      splitParallel();
    else if (v == spacing.r)
      splitReduction();
    else
      addIteration(iteration, getAffineDimExpr(v, context));
  }
  if (spacing.r)
    back[*spacing.r] = back[*spacing.r] + getAffineDimExpr(phase, context);
}

void PhaseSplit::addIteration(const Iteration &iteration, AffineExpr from) {
  back.push_back(getAffineDimExpr(iterations.size(), context));
  iterations.push_back(iteration);
  there.push_back(from);
}

/// The f in [0, stride) with p = slope f + start modulo the stride.
int64_t PhaseSplit::getPhase(int64_t p) const {
  for (int64_t f = 0; f < spacing.stride; ++f)
    if ((p - start - slope * f) % spacing.stride == 0)
      return f;
  llvm_unreachable("the slope is prime to the stride");
}

int64_t PhaseSplit::getRow(int64_t p) const {
  return llvm::divideFloorSigned(p - start - slope * getPhase(p),
                                 spacing.stride);
}

/// Of each phase, the first and the last p have the least and greatest rows.
void PhaseSplit::splitParallel() {
  const Iteration &whole = op.iterations[spacing.p];
  int64_t stride = spacing.stride, last = getRow(0);
  first = last;
  for (int64_t i = 0; i < std::min(stride, whole.extent); ++i) {
    first = std::min(first, getRow(i));
    last = std::max(last, getRow(whole.extent - 1 - i));
  }
  int64_t inverse = getPhase(start + 1); // of the slope, modulo the stride
  AffineExpr p = getAffineDimExpr(spacing.p, context);
  AffineExpr f = ((p - start) * inverse) % stride;
  std::string suffix = std::to_string(stride);
  addIteration({whole.name + "/" + suffix, last - first + 1, false},
               (p - start - f * slope).floorDiv(stride) - first);
  phase = iterations.size();
  addIteration({whole.name + "%" + suffix, stride, false}, f);
  iterations.back().isPhase = true;
  AffineExpr phaseDim = back.pop_back_val();
  back.back() =
      (back.back() + first) * stride + phaseDim * slope + constant(start);
}

void PhaseSplit::splitReduction() {
  const Iteration &whole = op.iterations[*spacing.r];
  AffineExpr r = getAffineDimExpr(*spacing.r, context);
  addIteration({whole.name + "/" + std::to_string(spacing.stride),
                llvm::divideCeilSigned(whole.extent, spacing.stride), true},
               r.floorDiv(spacing.stride));
  back.back() = back.back() * spacing.stride;
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

/// `guard` is over the new iterations.
void PhaseSplit::addGuard(Access &access, AffineExpr guard) const {
  auto extents = llvm::map_to_vector(
      iterations, [](const Iteration &iteration) { return iteration.extent; });
  guard = simplify(guard);
  auto least = getBound(guard, extents, /*isUpper=*/false);
  if (!(least && *least >= 0) && !llvm::is_contained(access.guards, guard))
    access.guards.push_back(guard);
}

/// A guard of the operator's, with these in place of its iterations. That of a
/// spacing stays in its form, unless it is gone.
void PhaseSplit::changeGuard(Access &access, AffineExpr guard,
                             ArrayRef<AffineExpr> replacements) const {
  auto found = matchSpacing(guard);
  if (!found)
    return addGuard(access, guard.replaceDims(replacements));
  auto [index, stride] = *found;
  AffineExpr changed = simplify(index.replaceDims(replacements));
  if (changed.getLargestKnownDivisor() % stride != 0)
    access.guards.push_back(-(changed % stride));
}

/// Iteration v of the operator is one that it has.
void PhaseSplit::guardRange(Access &access, unsigned v) const {
  addGuard(access, back[v]);
  addGuard(access, constant(getExtent(v) - 1) - back[v]);
}

/// Coordinates that the change reaches stay inside the tensor.
void PhaseSplit::guardBounds(Access &access, ArrayRef<AffineExpr> index) const {
  for (auto [d, e] : llvm::enumerate(index)) {
    bool isReached = e.isFunctionOfDim(spacing.p) ||
                     (spacing.r && e.isFunctionOfDim(*spacing.r));
    if (!isReached || ShapedType::isDynamic(access.shape[d]))
      continue;
    addGuard(access, access.index.getResult(d));
    addGuard(access, access.shape[d] - 1 - access.index.getResult(d));
  }
}

/// The spaced source, where its index is a multiple of the stride. Where a
/// single phase is there, the others read beyond the end of the image.
Access PhaseSplit::changeSource(const Access &access) const {
  AffineExpr f = getAffineDimExpr(phase, context);
  SmallVector<AffineExpr> atMultiples(back), index;
  if (!spacing.r)
    atMultiples[spacing.p] = back[spacing.p] - f;
  for (auto [d, e] : llvm::enumerate(access.index.getResults())) {
    index.push_back(simplify(e.replaceDims(atMultiples)));
    if (!spacing.r && e.isFunctionOfDim(spacing.p))
      index.back() = index.back() + f * access.shape[d];
  }
  Access changed = access;
  changed.index = AffineMap::get(iterations.size(), 0, index, context);
  changed.guards.clear();
  guardBounds(changed, access.index.getResults());
  for (AffineExpr guard : access.guards)
    changeGuard(changed, guard, atMultiples);
  return changed;
}

bool PhaseSplit::isReadElsewhere(unsigned v) const {
  return llvm::any_of(llvm::seq(0u, op.getDestination()), [&](unsigned t) {
    return t != spacing.source && op.dependsOn(t, v);
  });
}

Contraction PhaseSplit::run() const {
  Contraction changed = op;
  changed.iterations = iterations;
  for (auto [t, access] : llvm::enumerate(changed.operands)) {
    const Access &own = op.operands[t];
    if (t == spacing.source) {
      access = changeSource(own);
      if (spacing.r && !isReadElsewhere(*spacing.r))
        guardRange(access, *spacing.r);
      continue;
    }
    auto index = llvm::map_to_vector(own.index.getResults(),
                                     [&](AffineExpr e) { return change(e); });
    access.index = AffineMap::get(iterations.size(), 0, index, context);
    access.guards.clear();
    for (AffineExpr guard : own.guards)
      changeGuard(access, guard, back);
    if (op.dependsOn(t, spacing.p))
      guardRange(access, spacing.p);
    if (spacing.r && op.dependsOn(t, *spacing.r))
      guardRange(access, *spacing.r);
  }
  return changed;
}

//===----------------------------------------------------------------------===//
// Lifting
//===----------------------------------------------------------------------===//

/// A loop whose other fields `finishPlaces` fills.
static OuterLoop getLoop(AffineExpr position) {
  return {/*name=*/"", /*extent=*/0,     /*isParallel=*/false,
          position,    /*group=*/-1,     /*trips=*/{},
          /*tail=*/{}, /*wholeTrips=*/{}};
}

static Lift startLift(const Contraction &op) {
  Lift lift{op, op, {}};
  MLIRContext *context = op.operands.front().index.getContext();
  for (unsigned v = 0; v < op.iterations.size(); ++v) {
    lift.places.outer.push_back(getLoop(getAffineDimExpr(v, context)));
    lift.places.inverse.push_back(getAffineDimExpr(v, context));
  }
  return lift;
}

static void apply(const PhaseSplit &split, Lift &lift) {
  auto old = llvm::map_to_vector(
      lift.places.outer, [](const OuterLoop &loop) { return loop.position; });
  lift.places.outer.clear();
  for (AffineExpr e : split.there)
    lift.places.outer.push_back(getLoop(e.replaceDims(old)));
  for (AffineExpr &e : lift.places.inverse)
    e = e.replaceDims(split.back);
  lift.lifted = split.run();
}

/// Loops and accesses are those of the lifted operator.
static void finishPlaces(Lift &lift) {
  for (auto [loop, iteration] :
       llvm::zip_equal(lift.places.outer, lift.lifted.iterations)) {
    loop.name = iteration.name;
    loop.extent = iteration.extent;
    loop.isParallel = !iteration.isReduction;
  }
  lift.places.fragments = lift.lifted.operands;
  lift.places.ignoresZeros = lift.lifted.ignoresZeros;
}

std::optional<Lift> amos::liftPhases(const Contraction &op) {
  unsigned left = countSpacings(op);
  if (!op.ignoresZeros || !op.getParameters().empty() || left == 0)
    return std::nullopt;
  Lift lift = startLift(op);
  for (; left > 0; left = countSpacings(lift.lifted)) {
    Contraction current = lift.lifted;
    std::optional<Spacing> spacing = findSpacing(current);
    if (!spacing)
      return std::nullopt;
    apply(PhaseSplit(current, *spacing), lift);
    if (countSpacings(lift.lifted) >= left)
      return std::nullopt;
  }
  finishPlaces(lift);
  return lift;
}

std::optional<Refutation> amos::refute(const Lift &lift, Solver &solver) {
  Contraction none;
  none.operands.resize(lift.original.operands.size());
  return refute(lift.original, none, lift.places, solver);
}
