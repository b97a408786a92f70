//===- FragmentAccess.cpp - Where the elements of a fragment lie ----------===//

#include "FragmentAccess.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace amos;

/// The position in memory that memref coordinates stand for, in elements; null
/// when a stride is not a constant.
static AffineExpr linearize(AffineMap index, MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t base;
  MLIRContext *context = index.getContext();
  if (failed(type.getStridesAndOffset(strides, base)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AffineExpr position = getAffineConstantExpr(0, context);
  for (auto [e, stride] : llvm::zip_equal(index.getResults(), strides))
    position = position + e * stride;
  return simplifyAffineExpr(position, index.getNumDims(), 0);
}

/// The guards of an element; false when one fails for sure.
static bool foldGuards(ArrayRef<AffineExpr> guards,
                       SmallVectorImpl<AffineExpr> &kept) {
  for (AffineExpr guard : guards) {
    auto constant = dyn_cast<AffineConstantExpr>(guard);
    if (!constant)
      kept.push_back(guard);
    else if (constant.getValue() < 0)
      return false;
  }
  return true;
}

FragmentAccess FragmentAccess::get(Value memref, ValueRange coordinates,
                                   AffineMap index, IntegerSet guards,
                                   AffineMap fragment, unsigned numElements) {
  auto type = cast<MemRefType>(memref.getType());
  FragmentAccess access{memref, coordinates, {}, type.getElementType()};
  MLIRContext *context = index.getContext();
  unsigned numDims = index.getNumDims();
  AffineExpr origin;
  for (unsigned e = 0; e < numElements; ++e) {
    SmallVector<AffineExpr> at;
    for (AffineExpr coordinate : fragment.getResults())
      at.push_back(simplifyAffineExpr(
          coordinate.replaceDims({getAffineConstantExpr(e, context)}), 0, 0));
    auto evaluate = [&](AffineExpr expr) {
      return simplifyAffineExpr(expr.replaceSymbols(at), numDims, 0);
    };
    Element &element = access.elements.emplace_back();
    element.index = AffineMap::get(
        numDims, 0, llvm::map_to_vector(index.getResults(), evaluate), context);
    if (guards)
      element.isAbsent =
          !foldGuards(llvm::map_to_vector(guards.getConstraints(), evaluate),
                      element.guards);
    AffineExpr position = linearize(element.index, type);
    if (e == 0)
      origin = position;
    if (position)
      if (auto offset = dyn_cast<AffineConstantExpr>(
              simplifyAffineExpr(position - origin, numDims, 0)))
        element.offset = offset.getValue();
  }
  return access;
}

bool FragmentAccess::isUnguarded() const {
  return llvm::all_of(elements, [](const Element &element) {
    return !element.isAbsent && element.guards.empty();
  });
}

std::optional<SmallVector<AffineExpr>> FragmentAccess::getCommonGuards() const {
  for (const Element &element : elements)
    if (element.isAbsent || element.guards != elements.front().guards)
      return std::nullopt;
  return elements.front().guards;
}

SmallVector<Value> FragmentAccess::emitIndex(OpBuilder &builder, Location loc,
                                             const Element &element) const {
  SmallVector<OpFoldResult> operands = getAsOpFoldResult(coordinates);
  return llvm::map_to_vector(
      element.index.getResults(), [&](AffineExpr expr) -> Value {
        AffineMap map = AffineMap::get(element.index.getNumDims(), 0, expr);
        return getValueOrCreateConstantIndexOp(
            builder, loc,
            affine::makeComposedFoldedAffineApply(builder, loc, map, operands));
      });
}

Value FragmentAccess::emitCondition(OpBuilder &builder, Location loc,
                                    ArrayRef<AffineExpr> guards) const {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value all;
  for (AffineExpr guard : guards) {
    Value value = affine::makeComposedAffineApply(
        builder, loc, AffineMap::get(coordinates.size(), 0, guard),
        getAsOpFoldResult(coordinates));
    Value holds = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                                        value, zero);
    all = all ? Value(arith::AndIOp::create(builder, loc, all, holds)) : holds;
  }
  return all;
}

FragmentAccess FragmentAccess::withoutGuards() const {
  FragmentAccess access = *this;
  for (Element &element : access.elements)
    element.guards.clear();
  return access;
}
