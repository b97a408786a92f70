//===- OuterRange.cpp - Accesses at a place of the nest -------------------===//

#include "OuterRange.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/IntegerSet.h"

using namespace mlir;
using namespace amos;

namespace {
/// The values that the expressions of a tile depend on, with their bounds.
struct Coordinates {
  using Bounds = SmallVector<std::optional<int64_t>>;
  SmallVector<Value> values;
  Bounds low, high;

  AffineExpr add(Value value, std::optional<int64_t> least,
                 std::optional<int64_t> greatest) {
    values.push_back(value);
    low.push_back(least);
    high.push_back(greatest);
    return getAffineDimExpr(values.size() - 1, value.getContext());
  }
};
} // namespace

/// Constants for bases that are constant, fresh dimensions for the others, and
/// symbols for the lanes of the operand.
static SmallVector<AffineExpr>
getReplacements(MLIRContext *context, const OuterRanges &outer,
                ArrayRef<int64_t> offsets, ArrayRef<unsigned> lanes,
                unsigned numLanes, Coordinates &coordinates) {
  SmallVector<AffineExpr> replacements;
  for (auto [range, offset] : llvm::zip_equal(outer, offsets)) {
    AffineExpr at = range.isConstant()
                        ? getAffineConstantExpr(range.first, context)
                        : coordinates.add(range.base, range.first, range.last);
    replacements.push_back(at + offset);
  }
  // Lanes the operand does not have are not used by its access.
  replacements.append(numLanes, getAffineConstantExpr(0, context));
  for (auto [symbol, lane] : llvm::enumerate(lanes))
    replacements[outer.size() + lane] = getAffineSymbolExpr(symbol, context);
  return replacements;
}

/// Keeps the coordinates that `exprs` use, in order.
static Coordinates dropUnused(const Coordinates &coordinates,
                              MutableArrayRef<AffineExpr> exprs) {
  SmallVector<AffineExpr> renumbered;
  Coordinates kept;
  for (auto [dim, value] : llvm::enumerate(coordinates.values)) {
    bool isUsed = llvm::any_of(
        exprs, [&, d = dim](AffineExpr e) { return e.isFunctionOfDim(d); });
    renumbered.push_back(
        isUsed ? kept.add(value, coordinates.low[dim], coordinates.high[dim])
               : getAffineConstantExpr(0, value.getContext()));
  }
  for (AffineExpr &e : exprs)
    e = e.replaceDims(renumbered);
  return kept;
}

TileIndex amos::getTileIndex(const Access &access, const OuterRanges &outer,
                             ArrayRef<int64_t> offsets,
                             ArrayRef<unsigned> lanes,
                             ArrayRef<int64_t> laneExtents,
                             ArrayRef<Value> parameters) {
  MLIRContext *context = access.index.getContext();
  Coordinates all;
  SmallVector<AffineExpr> places =
      getReplacements(context, outer, offsets, lanes, laneExtents.size(), all);
  auto extents = llvm::map_to_vector(parameters, [&](Value extent) {
    return all.add(extent, 1, std::nullopt);
  });
  SmallVector<AffineExpr> exprs(access.index.getResults());
  exprs.append(access.guards.begin(), access.guards.end());
  for (AffineExpr &e : exprs)
    e = simplifyAffineExpr(e.replaceDimsAndSymbols(places, extents),
                           all.values.size(), lanes.size());
  Coordinates used = dropUnused(all, exprs);

  TileIndex result;
  result.coordinates = used.values;
  unsigned numDims = used.values.size(), numSymbols = lanes.size();
  unsigned rank = access.index.getNumResults();
  result.map = AffineMap::get(numDims, numSymbols,
                              ArrayRef(exprs).take_front(rank), context);
  for (unsigned lane : lanes) {
    used.low.push_back(0);
    used.high.push_back(laneExtents[lane] - 1);
  }
  SmallVector<AffineExpr> guards;
  for (AffineExpr guard : ArrayRef(exprs).drop_front(rank)) {
    std::optional<int64_t> least = getBoundForAffineExpr(
        guard, numDims, numSymbols, used.low, used.high, /*isUpper=*/false);
    if (!least || *least < 0)
      guards.push_back(guard);
  }
  if (!guards.empty())
    result.guards = IntegerSet::get(numDims, numSymbols, guards,
                                    SmallVector<bool>(guards.size(), false));
  return result;
}
