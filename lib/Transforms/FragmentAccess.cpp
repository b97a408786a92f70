//===- FragmentAccess.cpp - Where the elements of a fragment lie ----------===//

#include "FragmentAccess.h"
#include "amos/Mapping/TileAccess.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace amos;

/// How far `index` lies behind `origin` in memory, in elements, when that is
/// constant: along dimensions whose stride is not, they must agree.
static std::optional<int64_t> getOffset(AffineMap index, AffineMap origin,
                                        MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t base;
  if (failed(type.getStridesAndOffset(strides, base)))
    return std::nullopt;
  unsigned numDims = index.getNumDims();
  AffineExpr offset = getAffineConstantExpr(0, index.getContext());
  for (auto [here, there, stride] :
       llvm::zip_equal(index.getResults(), origin.getResults(), strides)) {
    if (!ShapedType::isDynamic(stride))
      offset = offset + (here - there) * stride;
    else if (simplifyAffineExpr(here - there, numDims, 0) != 0)
      return std::nullopt;
  }
  auto known =
      dyn_cast<AffineConstantExpr>(simplifyAffineExpr(offset, numDims, 0));
  return known ? std::optional(known.getValue()) : std::nullopt;
}

/// The position in memory that memref coordinates stand for, in elements; null
/// when a stride is not constant.
static AffineExpr linearize(AffineMap index, MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t base;
  if (failed(type.getStridesAndOffset(strides, base)) ||
      ShapedType::isDynamic(base) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AffineExpr position = getAffineConstantExpr(base, index.getContext());
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
  bool isSpread = fragment.getNumDims() == 2;
  unsigned numDims = index.getNumDims() + isSpread;
  AffineExpr lane = getAffineDimExpr(index.getNumDims(), context);
  for (unsigned e = 0; e < numElements; ++e) {
    SmallVector<AffineExpr> at, computed;
    SmallVector<AffineExpr> place = {getAffineConstantExpr(e, context)};
    if (isSpread)
      place.insert(place.begin(), lane);
    for (AffineExpr coordinate : fragment.getResults()) {
      computed.push_back(coordinate.replaceDims(place));
      at.push_back(simplifyAffineExpr(computed.back(), numDims, 0));
    }
    auto evaluate = [&](AffineExpr expr) {
      return simplifyAffineExpr(pullConstants(expr.replaceSymbols(at)), numDims,
                                0);
    };
    Element &element = access.elements.emplace_back();
    element.index = AffineMap::get(
        numDims, 0, llvm::map_to_vector(index.getResults(), evaluate), context);
    auto spell = [&](AffineExpr expr) {
      return pullConstants(expr.replaceSymbols(computed));
    };
    if (isSpread)
      element.ofLane = AffineMap::get(
          numDims, 0, llvm::map_to_vector(index.getResults(), spell), context);
    if (guards)
      element.isAbsent =
          !foldGuards(llvm::map_to_vector(guards.getConstraints(), evaluate),
                      element.guards);
    element.offset =
        getOffset(element.index, access.elements.front().index, type);
    element.position = linearize(element.index, type);
  }
  return access;
}

llvm::MaybeAlign FragmentAccess::getAlignment(const Element &element,
                                              int64_t length) const {
  int64_t bytes = length * elementType.getIntOrFloatBitWidth() / 8;
  if (!element.position || !llvm::isPowerOf2_64(bytes) || bytes > alignment ||
      element.position.getLargestKnownDivisor() % length)
    return std::nullopt;
  return llvm::MaybeAlign(bytes);
}

/// Whether guard `other`, of an element `distance` behind that of `guard`,
/// holds whenever that does, if the first of `length` elements is at a multiple
/// of their number.
static bool holdsTogether(AffineExpr guard, AffineExpr other, int64_t distance,
                          int64_t length, unsigned numDims) {
  if (guard == other)
    return true;
  AffineExpr falls = simplifyAffineExpr(guard - other - distance, numDims, 0);
  AffineExpr after = simplifyAffineExpr(guard + 1, numDims, 0);
  return falls == 0 && after.getLargestKnownDivisor() % length == 0;
}

unsigned FragmentAccess::getRun(unsigned first) const {
  const Element &start = elements[first];
  auto type = cast<MemRefType>(memref.getType());
  auto movesTogether = [&](unsigned length) {
    for (unsigned n = 1; n < length; ++n) {
      const Element &next = elements[first + n];
      if (next.isAbsent || next.guards.size() != start.guards.size() ||
          getOffset(next.index, start.index, type) != int64_t(n))
        return false;
      for (auto [guard, other] : llvm::zip_equal(start.guards, next.guards))
        if (!holdsTogether(guard, other, n, length, start.index.getNumDims()))
          return false;
    }
    return true;
  };
  unsigned run = 1;
  while (first + 2 * run <= elements.size() && getAlignment(start, 2 * run) &&
         movesTogether(2 * run))
    run *= 2;
  return run;
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
  if (element.ofLane)
    return *affine::expandAffineMap(builder, loc, element.ofLane, coordinates);
  SmallVector<OpFoldResult> operands = getAsOpFoldResult(coordinates);
  return llvm::map_to_vector(
      element.index.getResults(), [&](AffineExpr expr) -> Value {
        AffineMap map = AffineMap::get(element.index.getNumDims(), 0, expr);
        return getValueOrCreateConstantIndexOp(
            builder, loc,
            affine::makeComposedFoldedAffineApply(builder, loc, map, operands));
      });
}

std::pair<Value, SmallVector<Value>>
FragmentAccess::emitRun(OpBuilder &builder, Location loc,
                        const Element &element, int64_t length) const {
  SmallVector<Value> index = emitIndex(builder, loc, element);
  auto type = cast<MemRefType>(memref.getType());
  if (type.isLastDimUnitStride())
    return {memref, index};
  SmallVector<OpFoldResult> ones(index.size(), builder.getIndexAttr(1));
  auto first = memref::SubViewOp::create(builder, loc, memref,
                                         getAsOpFoldResult(index), ones, ones);
  auto metadata = memref::ExtractStridedMetadataOp::create(builder, loc, first);
  auto layout =
      StridedLayoutAttr::get(builder.getContext(), ShapedType::kDynamic, {1});
  auto rowType =
      MemRefType::get({length}, elementType, layout, type.getMemorySpace());
  Value row = memref::ReinterpretCastOp::create(
      builder, loc, rowType, metadata.getBaseBuffer(),
      OpFoldResult(metadata.getOffset()),
      ArrayRef<OpFoldResult>(builder.getIndexAttr(length)),
      ArrayRef<OpFoldResult>(builder.getIndexAttr(1)));
  return {row, {arith::ConstantIndexOp::create(builder, loc, 0)}};
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
