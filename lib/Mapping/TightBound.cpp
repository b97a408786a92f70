//===- TightBound.cpp - Bounds of sums with divisions ---------------------===//
//
// Bounds of the parts of `x - (x floordiv 4) * 4` say nothing of the whole.
// With the quotient as a variable of its own, `4 q <= x <= 4 q + 3`, linear
// programming tells them.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/TileAccess.h"
#include "mlir/Analysis/FlatLinearValueConstraints.h"
#include "mlir/Analysis/Presburger/Simplex.h"

using namespace mlir;
using namespace amos;

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
