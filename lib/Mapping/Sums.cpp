//===- Sums.cpp - Quasi-affine functions in canonical form ----------------===//

#include "Sums.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace amos;

int64_t Sum::getCoefficient(unsigned atom) const {
  auto term = llvm::find_if(
      terms, [&](const auto &entry) { return entry.first == atom; });
  return term == terms.end() ? 0 : term->second;
}

//===----------------------------------------------------------------------===//
// Sums of sums
//===----------------------------------------------------------------------===//

/// Results at infinity count as overflow, which leaves room for negation.
int64_t Sums::check(bool overflowed, int64_t value) {
  if (!overflowed && -infinity < value && value < infinity)
    return value;
  isExact = false;
  return 0;
}

int64_t Sums::multiply(int64_t a, int64_t b) {
  int64_t product;
  bool overflowed = llvm::MulOverflow(a, b, product);
  return check(overflowed, product);
}

int64_t Sums::add(int64_t a, int64_t b) {
  int64_t sum;
  bool overflowed = llvm::AddOverflow(a, b, sum);
  return check(overflowed, sum);
}

Sum Sums::getTerm(unsigned atom, int64_t coefficient) const {
  Sum sum;
  sum.terms.push_back({atom, coefficient});
  return sum;
}

Sum Sums::getVariable(unsigned variable) const {
  return extents[variable] == 1 ? Sum(0) : getTerm(variable, 1);
}

Sum Sums::plus(const Sum &a, const Sum &b, int64_t factor) {
  Sum sum = add(a.constant, multiply(b.constant, factor));
  auto left = a.terms.begin(), right = b.terms.begin();
  while (left != a.terms.end() || right != b.terms.end()) {
    bool isLeft = right == b.terms.end() ||
                  (left != a.terms.end() && left->first <= right->first);
    bool isRight = left == a.terms.end() ||
                   (right != b.terms.end() && right->first <= left->first);
    unsigned atom = isLeft ? left->first : right->first;
    int64_t coefficient = isLeft ? (left++)->second : 0;
    if (isRight)
      coefficient = add(coefficient, multiply((right++)->second, factor));
    if (coefficient != 0)
      sum.terms.push_back({atom, coefficient});
  }
  return sum;
}

Sum Sums::evaluate(AffineExpr e, ArrayRef<Sum> dims) {
  if (auto constant = dyn_cast<AffineConstantExpr>(e))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(e))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(e))
    if (symbol.getPosition() < getNumParameters())
      return getTerm(firstParameter + symbol.getPosition(), 1);
  auto binary = dyn_cast<AffineBinaryOpExpr>(e);
  if (!binary) { // a symbol that is no parameter
    isExact = false;
    return 0;
  }
  Sum left = evaluate(binary.getLHS(), dims);
  Sum right = evaluate(binary.getRHS(), dims);
  if (e.getKind() == AffineExprKind::Add)
    return plus(left, right);
  if (e.getKind() == AffineExprKind::Mul && left.terms.empty())
    std::swap(left, right);
  isExact &= right.terms.empty();
  if (e.getKind() == AffineExprKind::Mul)
    return plus(0, left, right.constant);
  int64_t divisor = right.constant;
  if (divisor <= 0) {
    isExact = false;
    return 0;
  }
  if (e.getKind() == AffineExprKind::CeilDiv)
    return plus(0, floorDiv(plus(0, left, -1), divisor), -1);
  Sum quotient = floorDiv(left, divisor);
  return e.getKind() == AffineExprKind::FloorDiv
             ? quotient
             : plus(left, quotient, -divisor);
}

SmallVector<Sum> Sums::evaluate(ArrayRef<AffineExpr> list, ArrayRef<Sum> dims) {
  return llvm::map_to_vector(list,
                             [&](AffineExpr e) { return evaluate(e, dims); });
}

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

/// factor * range + offset, clamped at infinity.
static Sums::Range scale(Sums::Range range, int64_t factor,
                         Sums::Range offset) {
  constexpr int64_t infinity = Sums::infinity;
  if (factor < 0)
    range = {-range.high, -range.low};
  auto sum = [&](int64_t value, int64_t plus) -> int64_t {
    __int128 exact = __int128(std::abs(factor)) * value + plus;
    return std::clamp<__int128>(exact, -infinity, infinity);
  };
  bool isBelow = range.low > -infinity && offset.low > -infinity;
  bool isAbove = range.high < infinity && offset.high < infinity;
  return {isBelow ? sum(range.low, offset.low) : -infinity,
          isAbove ? sum(range.high, offset.high) : infinity};
}

Sums::Range Sums::getRange(unsigned atom) {
  if (atom < extents.size())
    return {0, ShapedType::isDynamic(extents[atom]) ? infinity
                                                    : extents[atom] - 1};
  Division division = divisions[atom - extents.size()];
  auto [low, high] = getRange(division.dividend);
  return {low <= -infinity ? low
                           : llvm::divideFloorSigned(low, division.divisor),
          high >= infinity ? high
                           : llvm::divideFloorSigned(high, division.divisor)};
}

/// If `sum` contains k * (e - d * atom) where atom is e floordiv d, takes that
/// remainder out.
std::optional<Sums::Remainder> Sums::takeRemainder(Sum &sum, unsigned atom) {
  const int64_t coefficient = sum.getCoefficient(atom);
  auto tryPart = [&](const Sum &part,
                     int64_t divisor) -> std::optional<Remainder> {
    if (coefficient % divisor != 0)
      return std::nullopt;
    int64_t factor = -coefficient / divisor;
    for (auto [other, inner] : part.terms)
      if (sum.getCoefficient(other) != multiply(inner, factor))
        return std::nullopt;
    sum = plus(plus(sum, part, -factor), getTerm(atom, 1), -coefficient);
    return Remainder{factor, part, divisor};
  };
  Division division = *getDivision(atom);
  if (auto remainder = tryPart(division.dividend, division.divisor))
    return remainder;
  // e may itself be a division, which `floorDiv` merges with the outer one.
  auto terms = sum.terms;
  for (auto [other, factor] : terms) {
    if (!getDivision(other) || other == atom || coefficient % factor != 0 ||
        -coefficient / factor < 2)
      continue;
    int64_t divisor = -coefficient / factor;
    if (floorDiv(getTerm(other, 1), divisor) == getTerm(atom, 1))
      return tryPart(getTerm(other, 1), divisor);
  }
  return std::nullopt;
}

SmallVector<Sums::Remainder> Sums::takeRemainders(Sum &sum) {
  SmallVector<Remainder> remainders;
  for (size_t i = sum.terms.size(); i-- > 0;) {
    if (i >= sum.terms.size() || !getDivision(sum.terms[i].first))
      continue;
    if (auto remainder = takeRemainder(sum, sum.terms[i].first))
      remainders.push_back(*remainder);
  }
  return remainders;
}

Sums::Range Sums::getRange(Sum sum) {
  Range total{0, 0};
  for (const Remainder &remainder : takeRemainders(sum))
    total = scale({0, remainder.divisor - 1}, remainder.factor, total);
  for (auto [atom, coefficient] : sum.terms)
    total = scale(getRange(atom), coefficient, total);
  return scale(total, 1, {sum.constant, sum.constant});
}

AffineExpr Sums::getExpr(Sum sum, MLIRContext *context) {
  AffineExpr e = getAffineConstantExpr(0, context);
  SmallVector<Remainder> remainders = takeRemainders(sum);
  for (auto [atom, coefficient] : sum.terms) {
    AffineExpr term = atom < firstParameter
                          ? getAffineDimExpr(atom, context)
                          : getAffineSymbolExpr(atom - firstParameter, context);
    if (const Division *division = getDivision(atom))
      term = getExpr(division->dividend, context).floorDiv(division->divisor);
    e = e + term * coefficient;
  }
  for (const Remainder &remainder : llvm::reverse(remainders))
    e = e + getExpr(remainder.dividend, context) % remainder.divisor *
                remainder.factor;
  return e + sum.constant;
}

//===----------------------------------------------------------------------===//
// Divisions
//===----------------------------------------------------------------------===//

Sum Sums::getAtom(const Sum &dividend, int64_t divisor) {
  auto [known, isNew] = atoms.insert({{dividend, divisor}, getNumAtoms()});
  if (isNew)
    divisions.push_back({dividend, divisor});
  return getTerm(known->second, 1);
}

/// The part of `sum` that is no multiple of `factor`, if it stays in
/// [0, factor).
std::optional<Sum> Sums::takeBelow(const Sum &sum, int64_t factor) {
  Sum low = llvm::mod(sum.constant, factor);
  for (auto term : sum.terms)
    if (term.second % factor != 0)
      low.terms.push_back(term);
  // A quotient belongs to the remainder it is part of.
  for (auto [atom, coefficient] : sum.terms)
    if (coefficient % factor == 0 && getDivision(atom)) {
      Sum with = plus(low, getTerm(atom, coefficient)), rest = with;
      if (takeRemainder(rest, atom))
        low = with;
    }
  auto [least, greatest] = getRange(low);
  if (least < 0 || greatest >= factor)
    return std::nullopt;
  return low;
}

/// floor((g a + b) / (g d)) is floor(a / d) if b stays in [0, g).
std::optional<Sums::Coarser> Sums::dropLow(const Sum &sum, int64_t divisor) {
  SmallVector<int64_t> factors;
  for (auto [atom, coefficient] : sum.terms)
    factors.push_back(std::gcd(coefficient, divisor));
  llvm::sort(factors, std::greater<>());
  factors.erase(llvm::unique(factors), factors.end());
  for (int64_t factor : factors) {
    if (factor == 1)
      break;
    std::optional<Sum> low = takeBelow(sum, factor);
    if (!low)
      continue;
    Sum high = plus(sum, *low, -1);
    high.constant /= factor;
    for (auto &term : high.terms)
      term.second /= factor;
    return Coarser{high, divisor / factor};
  }
  return std::nullopt;
}

Sum Sums::floorDiv(const Sum &sum, int64_t divisor) {
  if (divisor == 1)
    return sum;
  // Multiples of the divisor come out.
  Sum whole = llvm::divideFloorSigned(sum.constant, divisor);
  Sum rest = llvm::mod(sum.constant, divisor);
  for (auto [atom, coefficient] : sum.terms)
    if (coefficient % divisor == 0)
      whole.terms.push_back({atom, coefficient / divisor});
    else
      rest.terms.push_back({atom, coefficient});
  auto [low, high] = getRange(rest);
  if (low > -infinity && high < infinity &&
      llvm::divideFloorSigned(low, divisor) ==
          llvm::divideFloorSigned(high, divisor))
    return plus(whole, llvm::divideFloorSigned(low, divisor));
  if (auto coarser = dropLow(rest, divisor))
    return plus(whole, floorDiv(coarser->sum, coarser->divisor));
  // A division of a division is one.
  int64_t both;
  if (rest.terms.size() == 1 && rest.terms[0].second == 1)
    if (const Division *inner = getDivision(rest.terms[0].first))
      if (!llvm::MulOverflow(inner->divisor, divisor, both)) {
        Sum dividend = inner->dividend;
        return plus(
            whole,
            floorDiv(plus(dividend, rest.constant, inner->divisor), both));
      }
  return plus(whole, getAtom(rest, divisor));
}
