//===- SpreadNest.cpp - A nest over the parts of a machine ----------------===//
//
// The loops that parts do side by side become `scf.parallel`, one around the
// other: groups of units around a memory, then the units. Each step of the
// chunk loops, a unit's reduction, begins with filling the buffers of its
// group. Steps beyond the end of a loop are there and guarded, so that all
// parts run the same code.
//
//===----------------------------------------------------------------------===//

#include "MappedNest.h"
#include "amos/Model/Machine.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// A symbol of the intrinsic's machine, such as `@machine::@core`.
static SymbolRefAttr getPart(IntrinsicOp intrinsic, StringRef name) {
  auto machine = cast<AcceleratorOp>(intrinsic->getParentOp());
  return SymbolRefAttr::get(
      machine.getSymNameAttr(),
      {FlatSymbolRefAttr::get(machine.getContext(), name)});
}

/// Whether an engine can store results from where chunks lie. Steps that the
/// spread loops make beyond an end are proved, too.
void MappedNest::planStore() {
  bool isBrought = llvm::any_of(
      copies, [](const std::optional<StageCopy> &copy) { return bool(copy); });
  if (!isBrought)
    return;
  MappedAccesses steps = mapped;
  for (const Schedule::Loop &loop : schedule.nest)
    steps.outer[loop.outer].extent =
        llvm::alignTo(steps.outer[loop.outer].extent, loop.step);
  Access target = mapped.fragments.back();
  if (partials) {
    std::optional<unsigned> shared = getSharedLoop();
    if (!shared)
      return;
    steps.outer[*shared].extent =
        cast<MemRefType>(partials.getType()).getShape().front();
    target = getPartialAccess(*shared);
  } else if (epilogue) {
    auto type = cast<MemRefType>(epilogue->target.getType());
    target.index = epilogue->epilogue.place.compose(target.index);
    target.shape = llvm::to_vector(type.getShape());
    target.elementType = type.getElementType();
  }
  Solver solver;
  storeCopy = findStoreCopy(intrinsicOp, op, steps, target, solver);
}

/// Opens the loop over the parts of `scope` that do `loops`, and leaves the
/// builder in its body. `ranges` becomes what one part does.
scf::ParallelOp MappedNest::openParts(Loops loops, OuterRanges &ranges,
                                      StringRef scope) {
  SmallVector<Value> low, high, step;
  SmallVector<Schedule::Loop> shared;
  for (const Schedule::Loop &loop : loops) {
    int64_t trips = llvm::divideCeil(ranges[loop.outer].steps, loop.step);
    if (trips > 1) {
      shared.push_back(loop);
      high.push_back(arith::ConstantIndexOp::create(builder, loc, trips));
    }
    ranges[loop.outer].steps = loop.step;
    ranges[loop.outer].shiftLast((trips - 1) * loop.step);
  }
  if (shared.empty())
    high.push_back(arith::ConstantIndexOp::create(builder, loc, 1));
  low.assign(high.size(), arith::ConstantIndexOp::create(builder, loc, 0));
  step.assign(high.size(), arith::ConstantIndexOp::create(builder, loc, 1));
  auto parts = scf::ParallelOp::create(builder, loc, low, high, step);
  parts->setAttr("amos.scope", getPart(intrinsicOp, scope));
  SmallVector<int64_t> ofReduction;
  for (auto [n, loop] : llvm::enumerate(shared))
    if (!mapped.outer[loop.outer].isParallel)
      ofReduction.push_back(n);
  if (!ofReduction.empty())
    parts->setAttr("amos.parts", builder.getDenseI64ArrayAttr(ofReduction));
  builder.setInsertionPointToStart(parts.getBody());
  for (auto [loop, iv] : llvm::zip_first(shared, parts.getInductionVars())) {
    OuterRange &range = ranges[loop.outer];
    AffineExpr at = builder.getAffineDimExpr(0) * loop.step;
    SmallVector<OpFoldResult> operands = {iv};
    if (range.base) {
      at = at + builder.getAffineDimExpr(1);
      operands.push_back(range.base);
    } else {
      at = at + range.first;
    }
    range.base = affine::makeComposedAffineApply(builder, loc, at, operands);
  }
  return parts;
}

/// Lets reductions go on to the end of their last chunk, where all is zero.
void MappedNest::addOverruns(OuterRanges &ranges) const {
  SmallVector<bool> isSeen(ranges.size(), false);
  for (const Schedule::Loop &loop : schedule.nest)
    if (!std::exchange(isSeen[loop.outer], true) && loop.scope.empty())
      ranges[loop.outer].steps =
          llvm::alignTo(ranges[loop.outer].steps, loop.step);
}

/// How many of the reduction loops say what is brought at once: up to the last
/// one that appears for the first time.
size_t MappedNest::countChunkLoops(Loops reductions) const {
  size_t count = 0;
  SmallVector<bool> isSeen(mapped.outer.size(), false);
  for (auto [n, loop] : llvm::enumerate(reductions)) {
    if (!isSeen[loop.outer])
      count = n + 1;
    isSeen[loop.outer] = true;
  }
  return count;
}

void MappedNest::emitSpread() {
  IntrinsicModel model = readModel(intrinsicOp);
  splitsPartialSteps = false;
  if (model.readsBoxes())
    zeros = ZeroChunks(op, mapped, laneExtents, schedule);
  guardOverruns(mapped, laneExtents, schedule);
  Loops nest = schedule.nest;
  auto take = [&](StringRef scope) {
    Loops taken = nest.take_while([&](const Schedule::Loop &loop) {
      return loop.scope == scope && !loop.scope.empty();
    });
    nest = nest.drop_front(taken.size());
    return taken;
  };
  OpBuilder::InsertionGuard guard(builder);
  OuterRanges ranges = getFullRanges();
  addOverruns(ranges);
  Loops groups = take(model.groupScope);
  allocatePartials(groups);
  planStore();
  scf::ParallelOp parts = openParts(groups, ranges, model.groupScope);
  if (schedule.cluster > 1)
    parts->setAttr("amos.cluster", builder.getI64IntegerAttr(schedule.cluster));
  groupRanges = ranges;
  numberPart(groups, ranges);
  Loops reductions = nest.drop_while(
      [](const Schedule::Loop &loop) { return !loop.scope.empty(); });
  for (auto [t, staging] : llvm::enumerate(schedule.staging)) {
    if (copies[t])
      allocatePanels(t);
    else if (isInChunks(staging))
      allocateChunk(t);
  }
  openParts(take(model.unitScope), ranges, model.unitScope);
  emitTiles(reductions, ranges, /*isReadBack=*/false);
}

//===----------------------------------------------------------------------===//
// Chunks
//===----------------------------------------------------------------------===//

/// Elements from one row of a buffer to the next: where the memory has banks,
/// an odd number of its widest accesses, so that equal columns of neighbouring
/// rows lie in different banks.
static int64_t getPitch(int64_t row, const Level &level, int64_t elementBytes) {
  int64_t accesses = llvm::divideCeil(row * elementBytes, level.access);
  if (level.hasBanks && accesses % 2 == 0)
    ++accesses;
  return accesses * level.access / elementBytes;
}

/// Makes the buffer of an operand: every row has all steps and lanes of the
/// coordinate that runs along memory.
void MappedNest::allocateChunk(unsigned operand) {
  SharedChunk chunk;
  unsigned numOuter = mapped.outer.size();
  SmallVector<unsigned> order =
      orderLanes(mapped.fragments[operand], numOuter, lanes[operand]);
  auto addLoops = [&](auto belongs) {
    for (unsigned o = 0; o < numOuter; ++o)
      if (chunkSpans[o] > 1 && dependsOn(operand, o) &&
          belongs(mapped.outer[o].group))
        chunk.dims.push_back(o);
  };
  addLoops([&](int64_t group) {
    return group < 0 || !llvm::is_contained(order, unsigned(group));
  });
  size_t rowStart = 0;
  for (unsigned lane : order) {
    rowStart = chunk.dims.size();
    addLoops([&](int64_t group) { return group == int64_t(lane); });
    chunk.dims.push_back(numOuter + lane);
  }
  SmallVector<int64_t> shape = llvm::map_to_vector(chunk.dims, [&](unsigned d) {
    return d < numOuter ? chunkSpans[d] : laneExtents[d - numOuter];
  });
  Level level = readModel(intrinsicOp).getStage();
  Type type = op.operands[operand].elementType;
  SmallVector<int64_t> strides(shape.size(), 1);
  for (size_t d = shape.size(); d-- > 0;) {
    int64_t inner = d + 1 < shape.size() ? strides[d + 1] * shape[d + 1] : 1;
    strides[d] = d + 1 == rowStart
                     ? getPitch(inner, level, type.getIntOrFloatBitWidth() / 8)
                     : inner;
  }
  auto flat = memref::AllocOp::create(
      builder, loc,
      MemRefType::get(shape.empty() ? 1 : shape[0] * strides[0], type));
  flat->setAttr("amos.level", getPart(intrinsicOp, level.name));
  auto layout = StridedLayoutAttr::get(builder.getContext(), 0, strides);
  chunk.buffer = memref::ReinterpretCastOp::create(
      builder, loc, MemRefType::get(shape, type, layout), flat, /*offset=*/0,
      shape, strides);
  chunks[operand] = std::move(chunk);
}

/// Where the group and the chunk loops are.
OuterRanges MappedNest::getChunkBases(const OuterRanges &ranges) const {
  OuterRanges bases = groupRanges;
  for (auto [o, loop] : llvm::enumerate(mapped.outer))
    if (!loop.isParallel)
      bases[o] = ranges[o];
  return bases;
}

/// The part of the operand that starts where the group and the chunk loops are.
void MappedNest::fillChunk(unsigned operand, const OuterRanges &ranges) {
  SharedChunk &chunk = *chunks[operand];
  chunk.bases = getChunkBases(ranges);
  if (copies[operand])
    return fillPanels(operand);
  // Steps inside of the chunk are lanes of one large tile.
  unsigned numOuter = mapped.outer.size();
  unsigned numDims = numOuter + laneExtents.size() + numOuter;
  SmallVector<AffineExpr> exprs;
  for (unsigned d = 0; d < numOuter + laneExtents.size(); ++d)
    exprs.push_back(builder.getAffineDimExpr(d));
  SmallVector<unsigned> tileLanes;
  SmallVector<int64_t> extents = laneExtents;
  extents.append(numOuter, 1);
  ArrayRef<int64_t> shape = cast<MemRefType>(chunk.buffer.getType()).getShape();
  for (auto [dim, extent] : llvm::zip_equal(chunk.dims, shape)) {
    if (dim >= numOuter) {
      tileLanes.push_back(dim - numOuter);
      continue;
    }
    unsigned lane = laneExtents.size() + dim;
    exprs[dim] = exprs[dim] + builder.getAffineDimExpr(numOuter + lane);
    tileLanes.push_back(lane);
    extents[lane] = extent;
  }
  Access access = mapped.fragments[operand];
  access.index =
      AffineMap::get(numDims, access.index.getNumSymbols(),
                     llvm::map_to_vector(access.index.getResults(),
                                         [&](AffineExpr result) {
                                           return result.replaceDims(exprs);
                                         }),
                     builder.getContext());
  for (AffineExpr &guard : access.guards)
    guard = guard.replaceDims(exprs);
  TileIndex at =
      getTileIndex(access, chunk.bases, SmallVector<int64_t>(numOuter, 0),
                   tileLanes, extents, parameters);
  auto stage =
      StageOp::create(builder, loc, buffers[operand], at.coordinates,
                      AffineMapAttr::get(at.map), getGuards(at), chunk.buffer,
                      SymbolRefAttr(), AffineMapAttr(), DenseI64ArrayAttr());
  if (schedule.stages > 1)
    stage->setAttr("amos.stages", builder.getI64IntegerAttr(schedule.stages));
}

/// Whether the chunk at `ranges` is no zeros alone.
Value MappedNest::emitAddsSomething(const OuterRanges &ranges) {
  SmallVector<OpFoldResult> first;
  for (const OuterRange &range : getChunkBases(ranges))
    first.push_back(getPosition(range, 1));
  Value all = arith::ConstantIntOp::create(builder, loc, 1, 1);
  for (AffineExpr condition : zeros.getConditions(builder.getContext())) {
    Value left = affine::makeComposedAffineApply(
        builder, loc, AffineMap::get(first.size(), 0, condition), first);
    Value holds =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge, left,
                              arith::ConstantIndexOp::create(builder, loc, 0));
    all = builder.createOrFold<arith::AndIOp>(loc, all, holds);
  }
  return all;
}

/// What `body` makes of `carried`, but where all of the chunk is zeros.
SmallVector<Value> MappedNest::emitUnlessZero(const OuterRanges &ranges,
                                              ValueRange carried, Body body) {
  if (zeros.empty())
    return body(ranges, carried);
  auto branch = scf::IfOp::create(builder, loc, carried.getTypes(),
                                  emitAddsSomething(ranges),
                                  /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getElseRegion().front());
  scf::YieldOp::create(builder, loc, carried);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  scf::YieldOp::create(builder, loc, body(ranges, carried));
  return branch.getResults();
}

SmallVector<Value> MappedNest::emitReduction(Loops reductions,
                                             const OuterRanges &ranges,
                                             ValueRange accumulators) {
  size_t numChunkLoops = countChunkLoops(reductions);
  auto work = [&](const OuterRanges &chunk, ValueRange sums) {
    for (unsigned t = 0; t < chunks.size(); ++t)
      if (chunks[t])
        fillChunk(t, chunk);
    return emitLoops(reductions.drop_front(numChunkLoops), chunk, sums,
                     [&](const OuterRanges &inside, ValueRange carried) {
                       return emitInvocations(inside, carried);
                     });
  };
  return emitLoops(reductions.take_front(numChunkLoops), ranges, accumulators,
                   [&](const OuterRanges &chunk, ValueRange sums) {
                     return emitUnlessZero(chunk, sums, work);
                   });
}

/// How many steps `ranges` is behind the start of a chunk.
OpFoldResult MappedNest::getStepInChunk(const SharedChunk &chunk,
                                        const OuterRanges &ranges,
                                        unsigned outer) {
  Value first = getPosition(ranges[outer], 1),
        start = getPosition(chunk.bases[outer], 1);
  AffineMap map = AffineMap::get(
      2, 0, builder.getAffineDimExpr(0) - builder.getAffineDimExpr(1));
  return affine::makeComposedFoldedAffineApply(
      builder, loc, map, {OpFoldResult(first), OpFoldResult(start)});
}

/// The tile at `offsets`, which lies in the buffer without gaps.
Value MappedNest::loadFromChunk(unsigned operand, const OuterRanges &ranges,
                                ArrayRef<int64_t> offsets) {
  if (copies[operand])
    return loadFromPanels(operand, ranges, offsets);
  const SharedChunk &chunk = *chunks[operand];
  unsigned numOuter = mapped.outer.size();
  SmallVector<Value> coordinates;
  SmallVector<AffineExpr> exprs;
  for (unsigned dim : chunk.dims) {
    if (dim >= numOuter) {
      const auto *lane = llvm::find(lanes[operand], dim - numOuter);
      exprs.push_back(
          builder.getAffineSymbolExpr(lane - lanes[operand].begin()));
      continue;
    }
    coordinates.push_back(getValueOrCreateConstantIndexOp(
        builder, loc, getStepInChunk(chunk, ranges, dim)));
    exprs.push_back(builder.getAffineDimExpr(coordinates.size() - 1) +
                    offsets[dim]);
  }
  AffineMap map = AffineMap::get(coordinates.size(), lanes[operand].size(),
                                 exprs, builder.getContext());
  return LoadOp::create(builder, loc, tileTypes[operand], chunk.buffer,
                        coordinates, AffineMapAttr::get(map), IntegerSetAttr());
}
