//===- FinishSums.cpp - What becomes of sums that a cluster added ---------===//
//
// What the loop behind the nest would do with an element is done with each of a
// piece, and what it would store is stored at once where that lies side by
// side.
//
//===----------------------------------------------------------------------===//

#include "RoleLaunch.h"
#include "amos/Report/Device.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Affine/Utils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Runs `body` where all of `guards` hold at the place `at`.
void RoleLaunch::emitWhere(IntegerSetAttr guards, ArrayRef<OpFoldResult> at,
                           llvm::function_ref<void()> body) {
  if (!guards)
    return body();
  IntegerSet set = guards.getValue();
  Value zero = createIndex(builder, loc, 0), holds;
  for (auto [expr, isEqual] :
       llvm::zip_equal(set.getConstraints(), set.getEqFlags())) {
    Value value = getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(
            builder, loc,
            AffineMap::get(set.getNumDims(), set.getNumSymbols(), expr), at));
    Value own = arith::CmpIOp::create(builder, loc,
                                      isEqual ? arith::CmpIPredicate::eq
                                              : arith::CmpIPredicate::sge,
                                      value, zero);
    holds = holds ? arith::AndIOp::create(builder, loc, holds, own) : own;
  }
  if (!holds)
    return body();
  emitIf(holds, body);
}

/// Whether a guard of the store tells elements of a piece apart.
static bool isGuardedWithin(StoreOp store, unsigned along) {
  std::optional<IntegerSet> guards = store.getGuards();
  return guards &&
         llvm::any_of(guards->getConstraints(), [&](AffineExpr guard) {
           return guard.isFunctionOfSymbol(along);
         });
}

/// What the loop behind the nest does with the elements of a piece: at once,
/// where all of them are there or none is.
void RoleLaunch::finishPiece(size_t tile, Value piece, ValueRange addends) {
  StoreOp store = sums.stores[tile];
  int64_t elements = pieceBytes / getAddendBytes();
  int64_t inRow = sums.columns / elements;
  AffineExpr number = builder.getAffineDimExpr(0);
  auto apply = [&](AffineExpr expr) {
    return affine::makeComposedFoldedAffineApply(builder, loc, expr,
                                                 {OpFoldResult(piece)});
  };
  SmallVector<OpFoldResult> at;
  for (Value coordinate : store.getCoordinates())
    at.push_back(sums.stored[tile].lookupOrDefault(coordinate));
  size_t first = at.size();
  at.append(2, apply(number.floorDiv(inRow)));
  auto moveTo = [&](int64_t e) {
    at[first + sums.along] = apply(number % inRow * elements + e);
  };
  SmallVector<IRMapping> finished(elements);
  auto finish = [&](int64_t e) {
    moveTo(e);
    finishElement(store, at, addends, e, finished[e]);
  };
  if (isGuardedWithin(store, sums.along)) {
    for (int64_t e = 0; e < elements; ++e) {
      moveTo(e);
      emitWhere(store.getGuardsAttr(), at, [&] {
        finish(e);
        storeElements(store, finished[e]);
      });
    }
    return;
  }
  moveTo(0);
  emitWhere(store.getGuardsAttr(), at, [&] {
    for (int64_t e = 0; e < elements; ++e)
      finish(e);
    storeElements(store, finished);
  });
}

/// The body of the loop that adds but for its stores, for the element at `at`,
/// number `e` of each part's. `map` then has its values.
void RoleLaunch::finishElement(StoreOp store, ArrayRef<OpFoldResult> at,
                               ValueRange addends, int64_t e, IRMapping &map) {
  AffineMap index = store.getIndex();
  for (auto [n, iv] : llvm::enumerate(sums.adding.getInductionVars()))
    map.map(iv, getValueOrCreateConstantIndexOp(
                    builder, loc,
                    affine::makeComposedFoldedAffineApply(
                        builder, loc, index.getSubMap({unsigned(n) + 1}), at)));
  for (Operation &op : sums.adding.getBody()->without_terminator()) {
    auto load = dyn_cast<memref::LoadOp>(op);
    if (load && load.getMemRef() == sums.partials) {
      int64_t part = *getConstantIntValue(load.getIndices().front());
      map.map(load.getResult(),
              vector::ExtractOp::create(builder, loc, addends[part], e));
    } else if (!isa<memref::StoreOp>(op)) {
      builder.clone(op, map);
    }
  }
}

/// Where the loop's `finish` stores, in elements over the coordinates and the
/// place in the tile of what `store` stores; null when that is not affine.
static AffineExpr getPosition(memref::StoreOp finish, StoreOp store,
                              scf::ParallelOp adding) {
  auto map = AffineMap::getMultiDimIdentityMap(finish.getIndices().size(),
                                               finish.getContext());
  SmallVector<Value> operands(finish.getIndices());
  affine::fullyComposeAffineMapAndOperands(&map, &operands);
  SmallVector<int64_t> strides;
  int64_t base;
  if (map.getNumSymbols() != 0 ||
      failed(finish.getMemRefType().getStridesAndOffset(strides, base)) ||
      llvm::any_of(strides, ShapedType::isDynamic) ||
      ShapedType::isDynamic(base))
    return nullptr;
  SmallVector<AffineExpr> places;
  for (Value operand : operands) {
    auto iv = dyn_cast<BlockArgument>(operand);
    if (!iv || iv.getOwner() != adding.getBody())
      return nullptr;
    places.push_back(store.getIndex().getResult(iv.getArgNumber() + 1));
  }
  AffineExpr position = getAffineConstantExpr(base, finish.getContext());
  for (auto [result, stride] : llvm::zip_equal(map.getResults(), strides))
    position = position + result.replaceDims(places) * stride;
  return position;
}

/// Whether `finish` stores the elements of a piece, `count` of them, to places
/// side by side that one access reaches.
bool RoleLaunch::storesSideBySide(memref::StoreOp finish, StoreOp store,
                                  int64_t count) const {
  AffineExpr position = getPosition(finish, store, sums.adding);
  if (!position)
    return false;
  unsigned numDims = store.getIndex().getNumDims();
  AffineExpr side = getAffineSymbolExpr(sums.along, store.getContext());
  AffineExpr step =
      simplifyAffineExpr(position.replace(side, side + 1) - position, numDims,
                         store.getIndex().getNumSymbols());
  AffineExpr start =
      simplifyAffineExpr(position.replace(side, side * count), numDims,
                         store.getIndex().getNumSymbols());
  int64_t bytes = count * finish.getMemRefType().getElementTypeBitWidth() / 8;
  return step == 1 && start.getLargestKnownDivisor() % count == 0 &&
         bytes <= deviceAlignment && llvm::isPowerOf2_64(bytes);
}

/// What the loop stores of the elements whose values `finished` has.
void RoleLaunch::storeElements(StoreOp store,
                               MutableArrayRef<IRMapping> finished) {
  int64_t count = finished.size();
  for (auto finish : sums.adding.getBody()->getOps<memref::StoreOp>()) {
    if (count == 1 || !storesSideBySide(finish, store, count)) {
      for (IRMapping &map : finished)
        builder.clone(*finish, map);
      continue;
    }
    SmallVector<Value> values, index;
    for (IRMapping &map : finished)
      values.push_back(map.lookupOrDefault(finish.getValue()));
    for (Value place : finish.getIndices())
      index.push_back(finished.front().lookupOrDefault(place));
    Type element = finish.getMemRefType().getElementType();
    Value vector = vector::FromElementsOp::create(
        builder, loc, VectorType::get(count, element), values);
    int64_t bytes = count * element.getIntOrFloatBitWidth() / 8;
    vector::StoreOp::create(builder, loc, vector, finish.getMemRef(), index,
                            /*nontemporal=*/false, llvm::MaybeAlign(bytes));
  }
}
