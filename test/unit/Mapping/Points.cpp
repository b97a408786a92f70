//===- Points.cpp - Looking at every point of a mapping -------------------===//

#include "Points.h"
#include <map>

using namespace mlir;
using namespace amos;
using namespace amos::test;

int64_t amos::test::evaluate(AffineExpr e, ArrayRef<int64_t> point) {
  if (auto constant = dyn_cast<AffineConstantExpr>(e))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(e))
    return point[dim.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(e);
  int64_t a = evaluate(binary.getLHS(), point);
  int64_t b = evaluate(binary.getRHS(), point);
  switch (e.getKind()) {
  case AffineExprKind::Add:
    return a + b;
  case AffineExprKind::Mul:
    return a * b;
  case AffineExprKind::FloorDiv:
    return llvm::divideFloorSigned(a, b);
  case AffineExprKind::CeilDiv:
    return llvm::divideCeilSigned(a, b);
  default:
    return llvm::mod(a, b);
  }
}

bool amos::test::forAll(ArrayRef<int64_t> box,
                        llvm::function_ref<bool(const Point &)> visit) {
  Point point(box.size());
  for (;;) {
    if (!visit(point))
      return false;
    size_t v = box.size();
    while (v > 0 && ++point[v - 1] == box[v - 1])
      point[--v] = 0;
    if (v == 0)
      return true;
  }
}

Point amos::test::getHardwareBox(const Contraction &intrinsic,
                                 const MappedAccesses &mapped) {
  Point box;
  for (const OuterLoop &loop : mapped.outer)
    box.push_back(loop.extent);
  for (const Iteration &iteration : intrinsic.iterations)
    box.push_back(iteration.extent);
  return box;
}

namespace {
/// An operator, a mapping and what follows from their definitions.
class Enumerator {
public:
  Enumerator(const Contraction &op, const Contraction &intrinsic,
             const MappedAccesses &mapped)
      : op(op), intrinsic(intrinsic), mapped(mapped),
        box(getHardwareBox(intrinsic, mapped)) {}

  bool isTotal() const;
  bool isInverse() const;
  bool agrees(unsigned operand) const;
  bool isDistinct(bool isAcrossTiles) const;
  bool isNeutral() const;
  bool isInBounds() const;
  bool computesTheSame() const;

private:
  using Values = std::map<Point, uint64_t>;

  static Point evaluateAll(ArrayRef<AffineExpr> list, const Point &at) {
    Point values;
    for (AffineExpr e : list)
      values.push_back(evaluate(e, at));
    return values;
  }
  static bool isAllowed(const Access &access, const Point &at) {
    return llvm::all_of(access.guards,
                        [&](AffineExpr g) { return evaluate(g, at) >= 0; });
  }
  /// The element, or zero written as the empty index.
  static Point getElement(const Access &access, const Point &at) {
    return isAllowed(access, at) ? evaluateAll(access.index.getResults(), at)
                                 : Point();
  }
  static bool isInside(const Point &at, ArrayRef<int64_t> box) {
    for (auto [value, extent] : llvm::zip_equal(at, box))
      if (value < 0 || value >= extent)
        return false;
    return true;
  }
  Point map(const Point &x) const {
    Point at;
    for (const OuterLoop &loop : mapped.outer)
      at.push_back(evaluate(loop.position, x));
    for (AffineExpr e : mapped.lanes)
      at.push_back(evaluate(e, x));
    return at;
  }
  bool isLive(const Point &x) const {
    return llvm::all_of(op.operands, [&](const Access &access) {
      return isAllowed(access, x);
    });
  }
  bool forAllLive(llvm::function_ref<bool(const Point &)> visit) const {
    return forAll(op.getExtents(),
                  [&](const Point &x) { return !isLive(x) || visit(x); });
  }
  /// The part of a point that operand t can see.
  Point getVisible(unsigned t, Point at) const {
    for (unsigned h = 0; h < intrinsic.iterations.size(); ++h)
      if (!intrinsic.dependsOn(t, h))
        at[mapped.outer.size() + h] = 0;
    return at;
  }
  static uint64_t getValue(unsigned operand, const Point &index);
  uint64_t read(const Access &access, unsigned t, const Point &at) const;
  Values compute() const;
  Values computeMapped() const;

  const Contraction &op, &intrinsic;
  const MappedAccesses &mapped;
  Point box;
};
} // namespace

bool Enumerator::isTotal() const {
  return forAllLive([&](const Point &x) { return isInside(map(x), box); });
}

bool Enumerator::isInverse() const {
  return forAllLive(
      [&](const Point &x) { return evaluateAll(mapped.inverse, map(x)) == x; });
}

bool Enumerator::agrees(unsigned t) const {
  return forAllLive([&](const Point &x) {
    return getElement(op.operands[t], x) ==
           getElement(mapped.fragments[t], map(x));
  });
}

/// Does a stored element tell its lane, or its step of the parallel loops?
bool Enumerator::isDistinct(bool isAcrossTiles) const {
  const unsigned t = op.getDestination(), numOuter = mapped.outer.size();
  std::map<Point, Point> seen;
  return forAll(box, [&](const Point &at) {
    if (!isAllowed(mapped.fragments[t], at))
      return true;
    Point key = getElement(mapped.fragments[t], at), value;
    Point lane = getVisible(t, at);
    for (unsigned k = 0; k < at.size(); ++k) {
      if (k >= numOuter ? !isAcrossTiles
                        : isAcrossTiles && mapped.outer[k].isParallel)
        value.push_back(lane[k]);
      if (k < numOuter && !isAcrossTiles)
        key.push_back(at[k]);
    }
    return seen.emplace(key, value).first->second == value;
  });
}

bool Enumerator::isNeutral() const {
  return forAll(box, [&](const Point &at) {
    for (unsigned t = 0; t < mapped.fragments.size(); ++t)
      if ((op.ignoresZeros || t == op.getDestination()) &&
          !isAllowed(mapped.fragments[t], at))
        return true;
    Point x = evaluateAll(mapped.inverse, at);
    return isInside(x, op.getExtents()) && isLive(x) && map(x) == at;
  });
}

bool Enumerator::isInBounds() const {
  return forAll(box, [&](const Point &at) {
    return llvm::all_of_zip(
        op.operands, mapped.fragments,
        [&](const Access &access, const Access &fragment) {
          return !isAllowed(fragment, at) ||
                 isInside(evaluateAll(fragment.index.getResults(), at),
                          access.shape);
        });
  });
}

/// A fixed pseudo-random value for every element of every operand.
uint64_t Enumerator::getValue(unsigned operand, const Point &index) {
  uint64_t hash = 0x9E3779B97F4A7C15u + operand;
  for (int64_t i : index) {
    hash = (hash ^ uint64_t(i + 1000)) * 0xBF58476D1CE4E5B9u;
    hash ^= hash >> 29;
  }
  return hash;
}

uint64_t Enumerator::read(const Access &access, unsigned t,
                          const Point &at) const {
  return isAllowed(access, at)
             ? getValue(t, evaluateAll(access.index.getResults(), at))
             : 0;
}

Enumerator::Values Enumerator::compute() const {
  const unsigned t = op.getDestination();
  Values result;
  forAllLive([&](const Point &x) {
    uint64_t product = 1;
    for (unsigned source = 0; source < t; ++source)
      product *= read(op.operands[source], source, x);
    Point index = evaluateAll(op.operands[t].index.getResults(), x);
    result.emplace(index, getValue(t, index)).first->second += product;
    return true;
  });
  return result;
}

/// Loads the destination tile, issues the intrinsic, stores the tile.
Enumerator::Values Enumerator::computeMapped() const {
  const unsigned t = op.getDestination(), numOuter = mapped.outer.size();
  const Access &store = mapped.fragments[t];
  Values result;
  forAll(ArrayRef(box).take_front(numOuter), [&](const Point &outer) {
    Values tile;
    forAll(ArrayRef(box).drop_front(numOuter), [&](const Point &lanes) {
      Point at = outer;
      at.insert(at.end(), lanes.begin(), lanes.end());
      Point lane = getVisible(t, at);
      if (!isAllowed(store, lane))
        return true;
      uint64_t product = 1;
      for (unsigned source = 0; source < t; ++source)
        product *=
            read(mapped.fragments[source], source, getVisible(source, at));
      Point index = evaluateAll(store.index.getResults(), lane);
      auto old = result.emplace(index, getValue(t, index)).first;
      tile.emplace(lane, old->second).first->second += product;
      return true;
    });
    for (auto &[lane, value] : tile)
      result[evaluateAll(store.index.getResults(), lane)] = value;
    return true;
  });
  return result;
}

bool Enumerator::computesTheSame() const {
  Values expected = compute(), actual = computeMapped();
  // What was stored unchanged is no difference.
  auto isEqual = [&](const Values &values, const Values &others) {
    return llvm::all_of(values, [&](const auto &entry) {
      auto other = others.find(entry.first);
      return entry.second == (other != others.end()
                                  ? other->second
                                  : getValue(op.getDestination(), entry.first));
    });
  };
  return isEqual(expected, actual) && isEqual(actual, expected);
}

bool amos::test::holds(Duty duty, const Contraction &op,
                       const Contraction &intrinsic,
                       const MappedAccesses &mapped) {
  Enumerator points(op, intrinsic, mapped);
  switch (duty) {
  case Duty::Total:
    return points.isTotal();
  case Duty::Inverse:
    return points.isInverse();
  case Duty::Source:
    return llvm::all_of(llvm::seq<unsigned>(0, op.getDestination()),
                        [&](unsigned t) { return points.agrees(t); });
  case Duty::Destination:
    return points.agrees(op.getDestination());
  case Duty::Lanes:
    return points.isDistinct(/*isAcrossTiles=*/false);
  case Duty::Races:
    return points.isDistinct(/*isAcrossTiles=*/true);
  case Duty::Neutral:
    return points.isNeutral();
  case Duty::Bounds:
    return points.isInBounds();
  }
  return false;
}

bool amos::test::computeTheSame(const Contraction &op,
                                const Contraction &intrinsic,
                                const MappedAccesses &mapped) {
  return Enumerator(op, intrinsic, mapped).computesTheSame();
}
