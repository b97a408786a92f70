//===- OuterRange.cpp - Accesses at a place of the nest -------------------===//

#include "OuterRange.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/IntegerSet.h"

using namespace mlir;
using namespace amos;

/// Constants for bases that are constant, fresh dimensions for the others, and
/// symbols for the lanes of the operand.
static SmallVector<AffineExpr>
getReplacements(MLIRContext *context, const OuterRanges &outer,
                ArrayRef<int64_t> offsets, ArrayRef<unsigned> lanes,
                unsigned numLanes, SmallVector<Value> &coordinates) {
  SmallVector<AffineExpr> replacements;
  for (auto [range, offset] : llvm::zip_equal(outer, offsets)) {
    AffineExpr at = getAffineConstantExpr(range.first, context);
    if (!range.isConstant()) {
      at = getAffineDimExpr(coordinates.size(), context);
      coordinates.push_back(range.base);
    }
    replacements.push_back(at + offset);
  }
  // Lanes the operand does not have are not used by its access.
  replacements.append(numLanes, getAffineConstantExpr(0, context));
  for (auto [symbol, lane] : llvm::enumerate(lanes))
    replacements[outer.size() + lane] = getAffineSymbolExpr(symbol, context);
  return replacements;
}

/// Keeps the coordinates that `exprs` use, in order.
static void dropUnusedCoordinates(SmallVectorImpl<AffineExpr> &exprs,
                                  SmallVector<Value> &coordinates,
                                  SmallVectorImpl<int64_t> &low,
                                  SmallVectorImpl<int64_t> &high) {
  SmallVector<AffineExpr> renumbered;
  SmallVector<Value> kept;
  SmallVector<int64_t> keptLow, keptHigh;
  for (unsigned dim = 0; dim < coordinates.size(); ++dim) {
    Value value = coordinates[dim];
    MLIRContext *context = value.getContext();
    bool isUsed = llvm::any_of(
        exprs, [&](AffineExpr e) { return e.isFunctionOfDim(dim); });
    renumbered.push_back(isUsed ? getAffineDimExpr(kept.size(), context)
                                : getAffineConstantExpr(0, context));
    if (!isUsed)
      continue;
    kept.push_back(value);
    keptLow.push_back(low[dim]);
    keptHigh.push_back(high[dim]);
  }
  for (AffineExpr &e : exprs)
    e = e.replaceDims(renumbered);
  coordinates = std::move(kept);
  low.assign(keptLow);
  high.assign(keptHigh);
}

TileIndex amos::getTileIndex(const Access &access, const OuterRanges &outer,
                             ArrayRef<int64_t> offsets,
                             ArrayRef<unsigned> lanes,
                             ArrayRef<int64_t> laneExtents) {
  MLIRContext *context = access.index.getContext();
  TileIndex result;
  SmallVector<AffineExpr> replacements = getReplacements(
      context, outer, offsets, lanes, laneExtents.size(), result.coordinates);
  SmallVector<AffineExpr> exprs(access.index.getResults());
  exprs.append(access.guards.begin(), access.guards.end());
  for (AffineExpr &e : exprs)
    e = simplifyAffineExpr(e.replaceDims(replacements),
                           result.coordinates.size(), lanes.size());

  SmallVector<int64_t> low, high;
  for (const OuterRange &range : outer)
    if (!range.isConstant()) {
      low.push_back(range.first);
      high.push_back(range.last);
    }
  dropUnusedCoordinates(exprs, result.coordinates, low, high);
  unsigned numDims = result.coordinates.size(), numSymbols = lanes.size();
  auto all = ArrayRef(exprs);
  unsigned rank = access.index.getNumResults();
  result.map =
      AffineMap::get(numDims, numSymbols, all.take_front(rank), context);

  SmallVector<std::optional<int64_t>> lows(low.begin(), low.end()),
      highs(high.begin(), high.end());
  for (unsigned lane : lanes) {
    lows.push_back(0);
    highs.push_back(laneExtents[lane] - 1);
  }
  SmallVector<AffineExpr> guards;
  for (AffineExpr guard : all.drop_front(rank)) {
    std::optional<int64_t> least = getBoundForAffineExpr(
        guard, numDims, numSymbols, lows, highs, /*isUpper=*/false);
    if (!least || *least < 0)
      guards.push_back(guard);
  }
  if (!guards.empty())
    result.guards = IntegerSet::get(numDims, numSymbols, guards,
                                    SmallVector<bool>(guards.size(), false));
  return result;
}
