//===- Bounds.cpp - The least and the most that an index is ---------------===//

#include "amos/Mapping/Bounds.h"
#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Analysis/Presburger/Simplex.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Part by part
//===----------------------------------------------------------------------===//

namespace {
/// The values an expression takes.
struct Reach {
  int64_t low, high;
};
} // namespace

static std::optional<Reach> getReach(AffineExpr expr,
                                     ArrayRef<int64_t> extents);

static std::optional<Reach> getReach(AffineBinaryOpExpr expr,
                                     ArrayRef<int64_t> extents) {
  std::optional<Reach> lhs = getReach(expr.getLHS(), extents);
  std::optional<Reach> rhs = getReach(expr.getRHS(), extents);
  if (!lhs || !rhs)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Add)
    return Reach{lhs->low + rhs->low, lhs->high + rhs->high};
  int64_t factor = rhs->low;
  if (rhs->high != factor || factor <= 0)
    return std::nullopt;
  if (expr.getKind() == AffineExprKind::Mul)
    return Reach{lhs->low * factor, lhs->high * factor};
  Reach quotient = {llvm::divideFloorSigned(lhs->low, factor),
                    llvm::divideFloorSigned(lhs->high, factor)};
  if (expr.getKind() == AffineExprKind::FloorDiv)
    return quotient;
  if (expr.getKind() != AffineExprKind::Mod)
    return std::nullopt;
  if (quotient.low == quotient.high)
    return Reach{llvm::mod(lhs->low, factor), llvm::mod(lhs->high, factor)};
  return Reach{0, factor - 1};
}

/// Part by part: loose where a dimension occurs twice, but not for remainders,
/// which are differences once an expression is flattened.
static std::optional<Reach> getReach(AffineExpr expr,
                                     ArrayRef<int64_t> extents) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return Reach{constant.getValue(), constant.getValue()};
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    int64_t extent = extents[dim.getPosition()];
    return ShapedType::isDynamic(extent) ? std::nullopt
                                         : std::optional(Reach{0, extent - 1});
  }
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr))
    return getReach(binary, extents);
  return std::nullopt;
}

/// By upstream's elimination of what an expression divides by.
static std::optional<int64_t>
getFlattenedBound(AffineExpr expr, ArrayRef<int64_t> extents, bool isUpper) {
  SmallVector<std::optional<int64_t>> lower(extents.size(), 0), upper;
  for (int64_t extent : extents)
    upper.push_back(ShapedType::isDynamic(extent)
                        ? std::nullopt
                        : std::optional<int64_t>(extent - 1));
  unsigned numSymbols = 0;
  expr.walk([&](AffineExpr e) {
    if (auto symbol = dyn_cast<AffineSymbolExpr>(e))
      numSymbols = std::max(numSymbols, symbol.getPosition() + 1);
  });
  lower.append(numSymbols, 1);
  upper.append(numSymbols, std::nullopt);
  return getBoundForAffineExpr(expr, extents.size(), numSymbols, lower, upper,
                               isUpper);
}

std::optional<int64_t> amos::getBound(AffineExpr expr,
                                      ArrayRef<int64_t> extents, bool isUpper) {
  auto bound = getFlattenedBound(expr, extents, isUpper);
  std::optional<Reach> range = getReach(expr, extents);
  if (!range)
    return bound;
  int64_t own = isUpper ? range->high : range->low;
  if (!bound)
    return own;
  return isUpper ? std::min(*bound, own) : std::max(*bound, own);
}

//===----------------------------------------------------------------------===//
// Of the whole
//===----------------------------------------------------------------------===//

/// Bounds of the parts of `x - (x floordiv 4) * 4` say nothing of the whole.
/// With the quotient as a variable of its own, `4 q <= x <= 4 q + 3`, linear
/// programming tells them.
std::optional<int64_t>
amos::getTightBound(AffineExpr expr, ArrayRef<int64_t> extents, bool isUpper) {
  SmallVector<int64_t> flat;
  FlatLinearConstraints box(extents.size(), /*numSymbols=*/0, /*numLocals=*/0);
  if (llvm::any_of(extents, ShapedType::isDynamic) ||
      failed(getFlattenedAffineExpr(expr, extents.size(), /*numSymbols=*/0,
                                    &flat, &box)))
    return std::nullopt;
  for (auto [d, extent] : llvm::enumerate(extents)) {
    box.addBound(presburger::BoundType::LB, d, 0);
    box.addBound(presburger::BoundType::UB, d, extent - 1);
  }
  presburger::Simplex simplex(box);
  auto direction = isUpper ? presburger::Simplex::Direction::Up
                           : presburger::Simplex::Direction::Down;
  SmallVector<llvm::DynamicAPInt> coefficients(flat.begin(), flat.end());
  auto optimum = simplex.computeOptimum(direction, coefficients);
  if (!optimum.isBounded())
    return std::nullopt;
  return int64_t(isUpper ? presburger::floor(*optimum)
                         : presburger::ceil(*optimum));
}
