//===- MappedNest.cpp - The loops of a scheduled mapping ------------------===//

#include "MappedNest.h"
#include "Amos/HeldType.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace mlir;
using namespace amos;

MappedNest::MappedNest(OpBuilder &builder, Location loc, Contraction operation,
                       IntrinsicOp intrinsicOp, const Matching &matching,
                       const Schedule &schedule, const StageCopies &copies,
                       ValueRange operandBuffers,
                       std::optional<InitialSums> init)
    : builder(builder), loc(loc), op(std::move(operation)),
      intrinsicOp(intrinsicOp), intrinsic(readIntrinsic(intrinsicOp)),
      schedule(schedule),
      mapped(mapAccesses(op, intrinsic, matching, schedule)),
      buffers(operandBuffers), init(init), laneExtents(intrinsic.getExtents()),
      packed(op.operands.size()), chunks(op.operands.size()), copies(copies),
      chunkSpans(getChunkSpans(mapped, schedule)) {
  if (!schedule.isSpread())
    dropStoredGuards(mapped);
  Operation *around = builder.getInsertionBlock()->getParentOp();
  auto function = isa<func::FuncOp>(around)
                      ? cast<func::FuncOp>(around)
                      : around->getParentOfType<func::FuncOp>();
  assumesFinite = function && function->hasAttr("amos.finite");
  threads = function ? getThreads(function) : 1;
  for (unsigned v : op.getParameters()) {
    auto [operand, dimension] = *findExtent(op, v);
    // What is packed beforehand depends on no extent.
    if (!buffers[operand])
      parameters.push_back(arith::ConstantIndexOp::create(builder, loc, 1));
    else
      parameters.push_back(memref::DimOp::create(builder, loc, buffers[operand],
                                                 int64_t(dimension)));
  }
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
    if (staging == Staging::Pack && !packed[t])
      packSource(t);
    if (staging == Staging::Reorder)
      reorderOperand(t);
  }

  const bool isWhole = isWrittenWhole();
  if (schedule.isSpread()) {
    if (!isWhole)
      initializeDestination();
    emitSpread();
    return addPartials();
  }
  auto isParallel = [&](const Schedule::Loop &loop) {
    return mapped.outer[loop.outer].isParallel;
  };
  Loops nest = schedule.nest;
  size_t numReductions = countInnerReductions(mapped, schedule);
  Loops outside = nest.drop_back(numReductions);
  // A reduction loop around a parallel one: partial sums go through memory.
  bool isReadBack = !llvm::all_of(outside, isParallel);
  if (isReadBack || !isWhole)
    initializeDestination();
  emitShared(outside, countPoints(op.getExtents()) / multiplyAddsPerWork,
             /*sharesReductions=*/false,
             [&](const OuterRanges &ranges, ValueRange) -> SmallVector<Value> {
               emitTiles(nest.take_back(numReductions), ranges, isReadBack);
               return {};
             });
}

/// Whether zero times an element is zero: a float may be an Inf, unless the
/// user says that none is.
bool MappedNest::isAbsorbedByZero(const Access &access) const {
  return assumesFinite || isa<IntegerType>(access.elementType);
}

/// Whether another source is zero where `guard` of `operand` fails. What is
/// absorbed by a zero may be anything there, as long as a copy has something
/// there: of an extent that is not known it has no more than the tensor.
bool MappedNest::isZeroElsewhere(unsigned operand, AffineExpr guard) const {
  const Access &access = op.operands[operand];
  if (!isAbsorbedByZero(access) ||
      llvm::any_of(access.shape, ShapedType::isDynamic))
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
  hull->access.elementType = getHeldType(intrinsicOp, operand);
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

Value MappedNest::evaluate(AffineExpr overParameters) {
  return affine::makeComposedAffineApply(
      builder, loc, AffineMap::get(0, parameters.size(), overParameters),
      getAsOpFoldResult(parameters));
}

OpFoldResult MappedNest::getSteps(unsigned outer) {
  const OuterLoop &loop = mapped.outer[outer];
  if (loop.trips)
    return evaluate(loop.trips);
  return builder.getIndexAttr(loop.extent);
}

bool MappedNest::dependsOn(unsigned operand, unsigned outer) const {
  return mapped.dependsOn(operand, outer);
}

/// The places that `ranges` leave to be done: outer loops, lanes, parameters.
SmallVector<Interval> MappedNest::getBox(const OuterRanges &ranges) const {
  SmallVector<Interval> box;
  for (const OuterRange &range : ranges) {
    Interval &interval = box.emplace_back(Interval{range.first, std::nullopt});
    if (range.last && !ShapedType::isDynamic(range.steps))
      interval.last = *range.last + range.steps - 1;
  }
  for (int64_t extent : laneExtents)
    box.push_back({0, extent - 1});
  box.append(parameters.size(), {1, std::nullopt});
  return box;
}

/// The steps of `loop` at which all guards hold that hold anywhere along it.
StepRange MappedNest::getWholeSteps(const Schedule::Loop &loop,
                                    const OuterRanges &ranges) const {
  const OuterRange &range = ranges[loop.outer];
  StepRange whole = {0, range.steps / loop.step};
  if (!splitsPartialSteps || !range.isConstant() || whole.end <= 1)
    return whole;
  SmallVector<Interval> box = getBox(ranges);
  for (const Access &access : mapped.fragments)
    for (AffineExpr guard : access.guards) {
      if (!guard.isFunctionOfDim(loop.outer))
        continue;
      auto own = findWholeSteps(guard, box, access.index.getNumDims(),
                                loop.outer, loop.step, range.steps / loop.step);
      if (!own || own->first >= whole.end || own->end <= whole.first)
        continue;
      whole = {std::max(whole.first, own->first),
               std::min(whole.end, own->end)};
    }
  return whole;
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

/// The first of `loops` from `low` to `high`; each time, its range is `inside`
/// at the loop's value.
SmallVector<Value> MappedNest::emitFor(Loops loops, OuterRanges ranges,
                                       Value low, Value high, OuterRange inside,
                                       ValueRange carried, Body body) {
  auto loop = scf::ForOp::create(
      builder, loc, low, high, createIndex(builder, loc, inside.steps), carried,
      [&](OpBuilder &nested, Location, Value iv, ValueRange iterArgs) {
        inside.base = iv;
        ranges[loops.front().outer] = inside;
        SmallVector<Value> yielded =
            emitLoops(loops.drop_front(), ranges, iterArgs, body);
        scf::YieldOp::create(nested, loc, yielded);
      });
  if (slidesOverBlock(loops.front().outer))
    loop->setAttr(rolledName, builder.getUnitAttr());
  return loop.getResults();
}

/// The loops of an extent that is not known: by the steps that the nest has for
/// it as long as none is partial, then by single ones.
SmallVector<Value> MappedNest::emitUnknownLoop(Loops loops, OuterRanges ranges,
                                               ValueRange carried, Body body) {
  const unsigned outer = loops.front().outer;
  const OuterLoop &loop = mapped.outer[outer];
  AffineExpr whole = loop.tail ? loop.wholeTrips : loop.trips;
  SmallVector<int64_t> steps;
  for (const Schedule::Loop &inner : loops)
    if (inner.outer == outer && !llvm::is_contained(steps, inner.step))
      steps.push_back(inner.step);
  if (steps.back() != 1 || loop.tail)
    steps.push_back(1);
  SmallVector<Value> results(carried);
  Value low = createIndex(builder, loc, 0);
  OpBuilder::InsertionGuard guard(builder);
  for (auto [i, step] : llvm::enumerate(steps)) {
    if (i == 1 && own)
      enterOwnStep(loops.front(), ranges, evaluate(whole.floorDiv(steps[0])));
    bool isLast = i + 1 == steps.size();
    Value high = evaluate(isLast ? loop.trips : whole.floorDiv(step) * step);
    OuterRange inside{Value(), 0, std::nullopt, step};
    inside.isWhole = !isLast || !loop.tail;
    inside.isAligned = step % schedule.block[outer] == 0;
    // Where lanes are left over, every access asks anyhow.
    llvm::SaveAndRestore splits(splitsPartialSteps,
                                splitsPartialSteps && inside.isWhole);
    auto [first, end] =
        i == 0 ? clip(loops.front(), ranges, low, high) : std::pair(low, high);
    results = emitFor(loops, ranges, first, end, inside, results, body);
    low = high;
  }
  return results;
}

SmallVector<Value> MappedNest::emitLoops(Loops loops, OuterRanges ranges,
                                         ValueRange carried, Body body) {
  if (loops.empty())
    return body(ranges, carried);
  int64_t outer = loops.front().outer, step = loops.front().step;
  const OuterRange &range = ranges[outer];
  if (ShapedType::isDynamic(range.steps))
    return emitUnknownLoop(loops, ranges, carried, body);
  int64_t trips = range.steps / step;
  StepRange whole = getWholeSteps(loops.front(), ranges);
  SmallVector<Value> results(carried);
  for (int64_t n = 0; n < whole.first; ++n)
    results = emitSteps(loops, ranges, {n, n + 1}, results, body);
  results = emitSteps(loops, ranges, whole, results, body);
  for (int64_t n = whole.end; n < trips; ++n)
    results = emitSteps(loops, ranges, {n, n + 1}, results, body);
  return emitRemainder(loops, ranges, trips * step, results, body);
}

/// Some steps of the first of `loops`, as a loop if there are several.
SmallVector<Value> MappedNest::emitSteps(Loops loops, OuterRanges ranges,
                                         StepRange steps, ValueRange carried,
                                         Body body) {
  int64_t count = steps.end - steps.first, step = loops.front().step;
  if (count <= 0)
    return SmallVector<Value>(carried);
  OuterRange &range = ranges[loops.front().outer];
  OpBuilder::InsertionGuard guard(builder);
  Value low, high;
  if (count > 1) {
    low = advance(range, steps.first * step);
    high = advance(range, steps.end * step);
    std::tie(low, high) = clip(loops.front(), ranges, low, high);
  } else {
    enterOwnStep(loops.front(), ranges, builder.getIndexAttr(steps.first));
    if (range.base && steps.first)
      range.base = advance(range, steps.first * step);
  }
  range.first += steps.first * step;
  range.shiftLast((steps.first + count - 1) * step);
  range.steps = step;
  if (count == 1)
    return emitLoops(loops.drop_front(), ranges, carried, body);
  return emitFor(loops, ranges, low, high, range, carried, body);
}

SmallVector<Value> MappedNest::emitRemainder(Loops loops, OuterRanges ranges,
                                             int64_t done, ValueRange carried,
                                             Body body) {
  OuterRange &range = ranges[loops.front().outer];
  if (range.steps == done)
    return SmallVector<Value>(carried);
  OpBuilder::InsertionGuard guard(builder);
  enterOwnStep(loops.front(), ranges,
               builder.getIndexAttr(done / loops.front().step));
  if (range.base)
    range.base = advance(range, done);
  range.first += done;
  range.shiftLast(done);
  range.steps -= done;
  return emitLoops(loops.drop_front(), ranges, carried, body);
}

void MappedNest::emitTiles(Loops reductions, const OuterRanges &ranges,
                           bool isReadBack) {
  unsigned destination = op.getDestination();
  SmallVector<Value> accumulators;
  forEachTile(destination, ranges, [&](ArrayRef<int64_t> offsets) {
    accumulators.push_back(loadSums(ranges, offsets, isReadBack));
  });
  SmallVector<Value> sums = emitReduction(reductions, ranges, accumulators);
  if (!epilogue || !isReadBack)
    return storeTiles(sums, ranges, /*isFinal=*/true);
  auto branch = scf::IfOp::create(builder, loc, emitIsLast(ranges),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  storeTiles(sums, ranges, /*isFinal=*/true);
  builder.setInsertionPointToStart(&branch.getElseRegion().front());
  storeTiles(sums, ranges, /*isFinal=*/false);
}

void MappedNest::storeTiles(ValueRange tiles, const OuterRanges &ranges,
                            bool isFinal) {
  unsigned next = 0;
  forEachTile(op.getDestination(), ranges, [&](ArrayRef<int64_t> offsets) {
    if (isFinal && epilogue && !partials)
      storeFinished(tiles[next++], ranges, offsets);
    else
      storeTile(tiles[next++], ranges, offsets);
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
    if (addsNothing(ranges, offsets))
      return;
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
