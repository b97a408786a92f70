//===- MappedNest.cpp - The loops of a scheduled mapping ------------------===//

#include "MappedNest.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

MappedNest::MappedNest(OpBuilder &builder, Location loc, Contraction operation,
                       IntrinsicOp intrinsicOp, const Matching &matching,
                       const Schedule &schedule, ValueRange operandBuffers,
                       Value init)
    : builder(builder), loc(loc), op(std::move(operation)),
      intrinsicOp(intrinsicOp), intrinsic(readIntrinsic(intrinsicOp)),
      schedule(schedule),
      mapped(mapAccesses(op, intrinsic, matching, schedule)),
      buffers(operandBuffers), init(init), laneExtents(intrinsic.getExtents()),
      packed(op.operands.size()) {
  auto accelerator = cast<AcceleratorOp>(intrinsicOp->getParentOp());
  auto symbol = SymbolRefAttr::get(
      accelerator.getSymNameAttr(),
      {FlatSymbolRefAttr::get(intrinsicOp.getSymNameAttr())});
  for (auto [t, access] : llvm::enumerate(intrinsic.operands)) {
    tileTypes.push_back(TileType::get(builder.getContext(), access.shape,
                                      access.elementType, symbol, t));
    SmallVector<unsigned> &own = lanes.emplace_back();
    for (unsigned n = 0; n < access.index.getNumResults(); ++n)
      own.push_back(access.index.getDimPosition(n));
  }
}

void MappedNest::emit() {
  for (auto [t, staging] : llvm::enumerate(schedule.staging)) {
    if (staging == Staging::Copy)
      copySource(t);
    if (staging == Staging::Pack)
      packSource(t);
  }

  auto isParallel = [&](const Schedule::Loop &loop) {
    return mapped.outer[loop.outer].isParallel;
  };
  Loops nest = schedule.nest;
  size_t numReductions = 0;
  while (numReductions < nest.size() &&
         !isParallel(nest[nest.size() - 1 - numReductions]))
    ++numReductions;
  Loops outside = nest.drop_back(numReductions);
  // A reduction loop around a parallel one: partial sums go through memory.
  bool isReadBack = !llvm::all_of(outside, isParallel);
  if (isReadBack)
    initializeDestination();
  emitLoops(outside, getFullRanges(), {},
            [&](const OuterRanges &ranges, ValueRange) -> SmallVector<Value> {
              emitTiles(nest.take_back(numReductions), ranges, isReadBack);
              return {};
            });
}

/// Whether another source is zero where `guard` of `operand` fails. Integers
/// then may be anything there.
bool MappedNest::isZeroElsewhere(unsigned operand, AffineExpr guard) const {
  if (!isa<IntegerType>(op.operands[operand].elementType))
    return false;
  for (unsigned t = 0; t < op.getDestination(); ++t)
    if (t != operand && schedule.staging[t] != Staging::Copy &&
        llvm::is_contained(mapped.fragments[t].guards, guard))
      return true;
  return false;
}

void MappedNest::copySource(unsigned operand) {
  SmallVector<int64_t> extents;
  for (const OuterLoop &loop : mapped.outer)
    extents.push_back(loop.extent);
  llvm::append_range(extents, laneExtents);
  Access &access = mapped.fragments[operand];
  std::optional<CopiedHull> hull =
      copyHull(access, extents, mapped.outer.size());
  if (!hull)
    return;
  buffers[operand] = copyOperand(builder, loc, buffers[operand], access, *hull);
  access = hull->access;
  llvm::erase_if(access.guards, [&](AffineExpr guard) {
    return isZeroElsewhere(operand, guard);
  });
}

OuterRanges MappedNest::getFullRanges() const {
  OuterRanges ranges;
  for (const OuterLoop &loop : mapped.outer)
    ranges.push_back({Value(), 0, 0, loop.extent});
  return ranges;
}

bool MappedNest::dependsOn(unsigned operand, unsigned outer) const {
  const Access &access = mapped.fragments[operand];
  auto uses = [&](AffineExpr e) { return e.isFunctionOfDim(outer); };
  return llvm::any_of(access.index.getResults(), uses) ||
         llvm::any_of(access.guards, uses);
}

/// Whether a guard that fails somewhere holds everywhere but in the last step.
bool MappedNest::hasPartialStep(unsigned outer) const {
  SmallVector<std::optional<int64_t>> low(
      mapped.outer.size() + laneExtents.size(), 0);
  SmallVector<std::optional<int64_t>> high;
  for (const OuterLoop &loop : mapped.outer)
    high.push_back(loop.extent - 1);
  for (int64_t extent : laneExtents)
    high.push_back(extent - 1);
  auto holds = [&](AffineExpr guard) {
    std::optional<int64_t> least = getBoundForAffineExpr(
        guard, high.size(), 0, low, high, /*isUpper=*/false);
    return least && *least >= 0;
  };
  auto isFixedByPeeling = [&](AffineExpr guard) {
    if (!guard.isFunctionOfDim(outer) || holds(guard))
      return false;
    int64_t last = *high[outer];
    high[outer] = last - 1;
    bool isFixed = holds(guard);
    high[outer] = last;
    return isFixed;
  };
  return llvm::any_of(mapped.fragments, [&](const Access &access) {
    return llvm::any_of(access.guards, isFixedByPeeling);
  });
}

static Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// The value `range.base + steps`.
Value MappedNest::advance(const OuterRange &range, int64_t steps) {
  if (range.isConstant())
    return createIndex(builder, loc, range.first + steps);
  return affine::makeComposedAffineApply(builder, loc,
                                         builder.getAffineDimExpr(0) + steps,
                                         OpFoldResult(range.base));
}

SmallVector<Value> MappedNest::emitLoops(Loops loops, OuterRanges ranges,
                                         ValueRange carried, Body body) {
  if (loops.empty())
    return body(ranges, carried);
  int64_t outer = loops.front().outer, step = loops.front().step;
  OuterRange range = ranges[outer];
  int64_t trips = range.steps / step;
  bool isAtEnd = range.isConstant() &&
                 range.first + range.steps == mapped.outer[outer].extent;
  if (isAtEnd && range.steps % step == 0 && trips > 1 && hasPartialStep(outer))
    --trips;
  SmallVector<Value> results(carried);
  if (trips == 1) {
    ranges[outer].steps = step;
    results = emitLoops(loops.drop_front(), ranges, carried, body);
  } else if (trips > 1) {
    Value low = getPosition(range, 1);
    Value high = advance(range, trips * step);
    auto loop = scf::ForOp::create(
        builder, loc, low, high, createIndex(builder, loc, step), carried,
        [&](OpBuilder &nested, Location, Value iv, ValueRange iterArgs) {
          OuterRanges inside = ranges;
          inside[outer] = {iv, range.first, range.last + (trips - 1) * step,
                           step};
          SmallVector<Value> yielded =
              emitLoops(loops.drop_front(), inside, iterArgs, body);
          scf::YieldOp::create(nested, loc, yielded);
        });
    results = loop.getResults();
  }
  ranges[outer] = range;
  return emitRemainder(loops, ranges, trips * step, results, body);
}

SmallVector<Value> MappedNest::emitRemainder(Loops loops, OuterRanges ranges,
                                             int64_t done, ValueRange carried,
                                             Body body) {
  OuterRange &range = ranges[loops.front().outer];
  if (range.steps == done)
    return SmallVector<Value>(carried);
  if (range.base)
    range.base = advance(range, done);
  range.first += done;
  range.last += done;
  range.steps -= done;
  return emitLoops(loops.drop_front(), ranges, carried, body);
}

/// Partial sums start from the initial value once, before everything.
void MappedNest::initializeDestination() {
  Value destination = buffers.back();
  Type type = op.operands.back().elementType;
  if (!init)
    linalg::FillOp::create(builder, loc,
                           Value(arith::ConstantOp::create(
                               builder, loc, builder.getZeroAttr(type))),
                           destination);
  else if (init != destination)
    memref::CopyOp::create(builder, loc, init, destination);
}

void MappedNest::emitTiles(Loops reductions, const OuterRanges &ranges,
                           bool isReadBack) {
  unsigned destination = op.getDestination();
  Value source = isReadBack ? buffers.back() : init;
  SmallVector<Value> accumulators;
  forEachTile(destination, ranges, [&](ArrayRef<int64_t> offsets) {
    accumulators.push_back(
        source ? loadTile(destination, source, ranges, offsets)
               : ZeroOp::create(builder, loc, tileTypes[destination]));
  });
  SmallVector<Value> sums =
      emitLoops(reductions, ranges, accumulators,
                [&](const OuterRanges &inside, ValueRange carried) {
                  return emitInvocations(inside, carried);
                });
  unsigned next = 0;
  forEachTile(destination, ranges, [&](ArrayRef<int64_t> offsets) {
    storeTile(sums[next++], ranges, offsets);
  });
}

SmallVector<Value> MappedNest::emitInvocations(const OuterRanges &ranges,
                                               ValueRange accumulators) {
  unsigned destination = op.getDestination();
  std::map<SmallVector<int64_t>, Value> sums;
  SmallVector<std::map<SmallVector<int64_t>, Value>> tiles(destination);
  unsigned next = 0;
  forEachTile(destination, ranges, [&](ArrayRef<int64_t> offsets) {
    sums[SmallVector<int64_t>(offsets)] = accumulators[next++];
  });
  auto isVaried = [](unsigned) { return true; };
  forEachOffset(ranges, isVaried, [&](ArrayRef<int64_t> offsets) {
    SmallVector<Value> operands;
    for (unsigned t = 0; t < destination; ++t) {
      SmallVector<int64_t> own = project(t, offsets);
      Value &tile = tiles[t][own];
      if (!tile) // as late as possible: registers are scarce
        tile = loadSource(t, ranges, own);
      operands.push_back(tile);
    }
    Value &sum = sums[project(destination, offsets)];
    operands.push_back(sum);
    sum = InvokeOp::create(builder, loc, tileTypes[destination],
                           tileTypes[destination].getIntrinsic(), operands);
  });
  SmallVector<Value> results;
  forEachTile(destination, ranges, [&](ArrayRef<int64_t> offsets) {
    results.push_back(sums[SmallVector<int64_t>(offsets)]);
  });
  return results;
}
