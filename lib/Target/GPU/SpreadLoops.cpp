//===- SpreadLoops.cpp - A nest over the parts of a machine ---------------===//

#include "SpreadLoops.h"
#include "amos/Report/Device.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace amos;

SymbolRefAttr amos::getScope(Operation *loops) {
  return loops->getAttrOfType<SymbolRefAttr>("amos.scope");
}

static ScopeOp lookupScope(Operation *op) {
  return SymbolTable::lookupNearestSymbolFrom<ScopeOp>(op, getScope(op));
}

std::optional<SmallVector<int64_t>> amos::getTrips(scf::ParallelOp loops) {
  SmallVector<int64_t> trips;
  for (auto [low, high, step] : llvm::zip_equal(
           loops.getLowerBound(), loops.getUpperBound(), loops.getStep())) {
    std::optional<int64_t> end = getConstantIntValue(high);
    if (getConstantIntValue(low) != 0 || getConstantIntValue(step) != 1 || !end)
      return std::nullopt;
    trips.push_back(*end);
  }
  return trips;
}

/// `high - low`, if that is a constant whatever they are.
static std::optional<int64_t> getDistance(Value low, Value high) {
  MLIRContext *context = low.getContext();
  AffineMap map = AffineMap::get(
      2, 0, getAffineDimExpr(1, context) - getAffineDimExpr(0, context));
  SmallVector<Value> operands = {low, high};
  affine::fullyComposeAffineMapAndOperands(&map, &operands);
  affine::canonicalizeMapAndOperands(&map, &operands);
  auto distance =
      dyn_cast<AffineConstantExpr>(simplifyAffineMap(map).getResult(0));
  return distance ? std::optional(distance.getValue()) : std::nullopt;
}

std::optional<int64_t> amos::getTrips(scf::ForOp loop) {
  std::optional<int64_t> length =
      getDistance(loop.getLowerBound(), loop.getUpperBound());
  std::optional<int64_t> step = getConstantIntValue(loop.getStep());
  if (!length || !step || *step <= 0)
    return std::nullopt;
  return std::max<int64_t>(llvm::divideCeil(*length, *step), 0);
}

SmallVector<Value> amos::splitPart(OpBuilder &builder, Location loc, Value part,
                                   ArrayRef<int64_t> trips) {
  SmallVector<Value> indices(trips.size());
  for (size_t n = trips.size(); n-- > 0;) {
    Value extent = arith::ConstantIndexOp::create(builder, loc, trips[n]);
    indices[n] =
        n == 0 ? part : arith::RemUIOp::create(builder, loc, part, extent);
    if (n > 0)
      part = arith::DivUIOp::create(builder, loc, part, extent);
  }
  return indices;
}

FailureOr<SpreadLoops> SpreadLoops::get(scf::ParallelOp groups) {
  SpreadLoops loops;
  loops.groups = groups;
  auto walked = groups.walk([&](scf::ParallelOp inner) {
    if (inner == groups || !getScope(inner))
      return WalkResult::advance();
    bool isSecond = bool(loops.units);
    loops.units = inner;
    return isSecond ? WalkResult::interrupt() : WalkResult::advance();
  });
  if (walked.wasInterrupted() || !loops.units)
    return groups.emitError("expected one loop over units inside of the loop "
                            "over groups");
  loops.groupScope = lookupScope(groups);
  loops.unitScope = lookupScope(loops.units);
  if (!loops.groupScope || !loops.unitScope ||
      loops.groupScope.getIndex().empty() || loops.unitScope.getIndex().empty())
    return groups.emitError("expected scopes with an 'index', got '")
           << getScope(groups) << "' and '" << getScope(loops.units) << "'";
  loops.machine = cast<AcceleratorOp>(loops.groupScope->getParentOp());
  for (auto [nest, count] : {std::pair(groups, &loops.numGroups),
                             std::pair(loops.units, &loops.numUnits)}) {
    std::optional<SmallVector<int64_t>> trips = getTrips(nest);
    if (!trips)
      return groups.emitError("expected loops over parts from 0 to a constant");
    for (int64_t trip : *trips)
      *count *= trip;
  }
  return loops;
}

void amos::emitOverlap(OpBuilder &builder, Location loc,
                       AcceleratorOp machine) {
  for (auto overlap : machine.getOps<OverlapOp>()) {
    inlineRegion(overlap.getAdmit(), {}, builder);
    // An operation that stands for the place in front of what is inlined next.
    Operation *mark = arith::ConstantIndexOp::create(builder, loc, 0);
    inlineRegion(overlap.getAwait(), {}, builder);
    for (Operation &op :
         llvm::make_range(std::next(mark->getIterator()),
                          Block::iterator(builder.getInsertionPoint())))
      op.setAttr(awaitAttributeName, builder.getUnitAttr());
    mark->erase();
  }
}
