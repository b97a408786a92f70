//===- IndexBounds.cpp - What an index may be in a nest of loops ----------===//

#include "IndexBounds.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/SmallVector.h"

using namespace mlir;
using namespace amos;

static std::optional<IndexBounds> getLinearBounds(AffineExpr index,
                                                  unsigned numLoops) {
  MLIRContext *context = index.getContext();
  SmallVector<AffineExpr> first, last;
  SmallVector<int64_t> point(numLoops, 0);
  AffineMap map = AffineMap::get(numLoops, 0, index);
  int64_t origin = map.compose(point).front();
  AffineExpr linear = getAffineConstantExpr(origin, context);
  for (unsigned v = 0; v < numLoops; ++v) {
    point[v] = 1;
    int64_t step = map.compose(point).front() - origin;
    point[v] = 0;
    linear = linear + getAffineDimExpr(v, context) * step;
    first.push_back(getAffineConstantExpr(0, context));
    last.push_back(getAffineDimExpr(v, context) - 1);
    if (step < 0)
      std::swap(first.back(), last.back());
  }
  if (simplifyAffineExpr(linear - index, numLoops, 0) != 0)
    return std::nullopt;
  return IndexBounds{simplifyAffineExpr(linear.replaceDims(first), numLoops, 0),
                     simplifyAffineExpr(linear.replaceDims(last), numLoops, 0)};
}

std::optional<IndexBounds> amos::getIndexBounds(AffineExpr index,
                                                unsigned numLoops) {
  if (auto linear = getLinearBounds(index, numLoops))
    return linear;
  auto binary = dyn_cast<AffineBinaryOpExpr>(index);
  auto left = binary ? getIndexBounds(binary.getLHS(), numLoops) : std::nullopt;
  auto right =
      binary ? getIndexBounds(binary.getRHS(), numLoops) : std::nullopt;
  if (!left || !right)
    return std::nullopt;
  if (index.getKind() == AffineExprKind::Add)
    return IndexBounds{left->least + right->least,
                       left->greatest + right->greatest};
  auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (!constant)
    return std::nullopt;
  int64_t factor = constant.getValue();
  if (index.getKind() == AffineExprKind::Mul && factor < 0)
    return IndexBounds{left->greatest * factor, left->least * factor};
  if (index.getKind() == AffineExprKind::Mod)
    return IndexBounds{constant - constant, constant - 1};
  return IndexBounds{
      getAffineBinaryOpExpr(index.getKind(), left->least, constant),
      getAffineBinaryOpExpr(index.getKind(), left->greatest, constant)};
}
