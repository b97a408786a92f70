//===- RoleChunks.cpp - Chunks asked for and worked on --------------------===//

#include "Filling.h"
#include "RoleLaunch.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Walking through the nest
//===----------------------------------------------------------------------===//

/// Every part that is this group's: `body` gets the nest's variables and how
/// many chunks were before, and returns how many are then.
void RoleLaunch::emitParts(llvm::function_ref<Value(IRMapping &, Value)> body) {
  Value first = emitPartIndex(builder, loc, loops.groupScope);
  Value step = createIndex(builder, loc, places);
  auto parts = scf::ForOp::create(builder, loc, first,
                                  createIndex(builder, loc, loops.numGroups),
                                  step, createWord(0));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(parts.getBody());
  IRMapping map;
  Value part = parts.getInductionVar();
  map.map(loops.groups.getInductionVars(), splitGroup(part));
  map.map(loops.units.getInductionVars(),
          splitPart(builder, loc, unit, *getTrips(loops.units)));
  for (Operation &op : loops.groups.getBody()->without_terminator())
    if (isPure(&op))
      builder.clone(op, map);
  Value number = body(map, parts.getRegionIterArg(0));
  scf::YieldOp::create(builder, loc, number);
}

static bool holdsTiles(Operation *op) {
  auto isTile = [](Type type) { return isa<TileType>(type); };
  return llvm::any_of(op->getOperandTypes(), isTile) ||
         llvm::any_of(op->getResultTypes(), isTile);
}

static bool contains(Operation &op, StageOp stage) {
  return op.isAncestor(stage);
}

/// What `block`, which leads to the chunks, is in this role: the number of
/// chunks after it, then what consumers yield.
SmallVector<Value> RoleLaunch::emitRole(Block &block, IRMapping &map,
                                        Value number, bool isProducer) {
  if (isProducer)
    return {produce(block, map, number)};
  SmallVector<Value> results = {consume(block, map, number)};
  for (Value value : block.getTerminator()->getOperands())
    results.push_back(map.lookup(value));
  return results;
}

/// A loop around the place where chunks are brought.
Value RoleLaunch::cloneLoop(scf::ForOp loop, IRMapping &map, Value number,
                            bool isProducer) {
  SmallVector<Value> inits = {number};
  if (!isProducer)
    for (Value init : loop.getInitArgs())
      inits.push_back(map.lookup(init));
  auto lookup = [&](Value value) { return map.lookupOrDefault(value); };
  auto copied = scf::ForOp::create(builder, loc, lookup(loop.getLowerBound()),
                                   lookup(loop.getUpperBound()),
                                   lookup(loop.getStep()), inits);
  map.map(loop.getInductionVar(), copied.getInductionVar());
  if (!isProducer) {
    map.map(loop.getRegionIterArgs(), copied.getRegionIterArgs().drop_front());
    map.map(loop.getResults(), copied.getResults().drop_front());
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(copied.getBody());
  SmallVector<Value> yielded =
      emitRole(*loop.getBody(), map, copied.getRegionIterArg(0), isProducer);
  scf::YieldOp::create(builder, loc, yielded);
  return copied.getResult(0);
}

/// Chunks that are brought only where they are not all zeros.
Value RoleLaunch::cloneBranch(scf::IfOp branch, IRMapping &map, Value number,
                              bool isProducer) {
  SmallVector<Value> otherwise = {number};
  if (!isProducer)
    for (Value value : branch.elseYield().getOperands())
      otherwise.push_back(map.lookup(value));
  auto copied = scf::IfOp::create(
      builder, loc, ValueRange(otherwise).getTypes(),
      map.lookupOrDefault(branch.getCondition()), /*withElseRegion=*/true);
  if (!isProducer)
    map.map(branch.getResults(), copied.getResults().drop_front());
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(copied.elseBlock());
  scf::YieldOp::create(builder, loc, otherwise);
  builder.setInsertionPointToStart(copied.thenBlock());
  SmallVector<Value> yielded =
      emitRole(*branch.thenBlock(), map, number, isProducer);
  scf::YieldOp::create(builder, loc, yielded);
  return copied.getResult(0);
}

/// `op` is a loop or a branch around the place where chunks are brought.
Value RoleLaunch::cloneAround(Operation &op, IRMapping &map, Value number,
                              bool isProducer) {
  if (auto branch = dyn_cast<scf::IfOp>(op))
    return cloneBranch(branch, map, number, isProducer);
  return cloneLoop(cast<scf::ForOp>(op), map, number, isProducer);
}

/// Numbers are words: upstream's conversion of an index that a loop carries
/// would hide from it how far the loop goes.
Value RoleLaunch::createWord(int64_t value) {
  return arith::ConstantIntOp::create(builder, loc, value, 32);
}

Value RoleLaunch::countOn(Value number) {
  return arith::AddIOp::create(builder, loc, number, createWord(1));
}

/// Where a chunk lies, and when.
RoleLaunch::Place RoleLaunch::locate(Value number) {
  Value slots = createWord(ring.slots);
  Value slot = arith::RemUIOp::create(builder, loc, number, slots);
  Value round = arith::DivUIOp::create(builder, loc, number, slots);
  return {
      arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(), slot),
      arith::AndIOp::create(builder, loc, round, createWord(1))};
}

//===----------------------------------------------------------------------===//
// The producer
//===----------------------------------------------------------------------===//

/// What leads to the stages of `block`, and in their place the asking for a
/// chunk. Returns how many chunks there were.
Value RoleLaunch::produce(Block &block, IRMapping &map, Value number) {
  for (Operation &op : block.without_terminator()) {
    if (&op == stages.back()) {
      bringChunk(map, number);
      number = countOn(number);
    } else if (op.getNumRegions() > 0 && contains(op, stages.front())) {
      number = cloneAround(op, map, number, /*isProducer=*/true);
    } else if (isPure(&op) && !holdsTiles(&op)) {
      builder.clone(op, map);
    }
  }
  return number;
}

/// Units that gather take turns.
void RoleLaunch::bringChunk(IRMapping &map, Value number) {
  if (producers == 1)
    return bringOwnChunk(map, number);
  Value turn =
      arith::RemUIOp::create(builder, loc, number, createWord(producers));
  turn =
      arith::IndexCastUIOp::create(builder, loc, builder.getIndexType(), turn);
  emitIf(arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, turn,
                               producer),
         [&] { bringOwnChunk(map, number); });
}

void RoleLaunch::bringOwnChunk(IRMapping &map, Value number) {
  const Place place = locate(number);
  Value slot = place.slot;
  // A fresh barrier counts as having completed the phase before the first.
  Value phase = arith::XOrIOp::create(builder, loc, place.phase, createWord(1));
  inlineRegion(barrier.getWait(), {getBarrier(slot, /*isEmpty=*/true), phase},
               builder);
  Value full = getBarrier(slot, /*isEmpty=*/false);
  auto ask = [&] {
    Value bytes = createWord(ring.copiedBytes);
    inlineRegion(barrier.getExpect(), {full, bytes}, builder);
    for (StageOp stage : stages)
      if (stage.getCopy())
        issueCopies(stage, map, slot, full);
  };
  if (asks && gathers)
    onElected(ask);
  else if (asks)
    ask();
  if (gathers)
    gather(map, slot, full);
}

/// All lanes of the unit write what no engine brings, and say so.
void RoleLaunch::gather(IRMapping &map, Value slot, Value full) {
  IRMapping inSlot = map;
  mapBuffers(inSlot, slot);
  ThreadGroup unitLanes;
  unitLanes.scope = loops.groupScope;
  unitLanes.machine = loops.machine;
  unitLanes.threads = lanes;
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  unitLanes.access = level.getAccess().value_or(1);
  ScopeOp unitScope = loops.unitScope;
  Value lane = emitLaneIndex(builder, loc, unitScope);
  for (StageOp stage : stages) {
    if (stage.getCopy())
      continue;
    LayoutOp layout = getReadLayout(stage);
    auto filled = cast<StageOp>(builder.clone(*stage, inSlot));
    Filling(filled, unitLanes,
            layout.getSwizzle().value_or(ArrayRef<int64_t>()))
        .fill(builder, lane);
    filled.erase();
  }
  if (fence)
    inlineRegion(fence.getLowering(), {}, builder);
  inlineRegion(barrier.getArrive(), full, builder);
}

/// `value`, and for each neighbour before this one another `step`.
Value RoleLaunch::addShare(Value value, int64_t step) {
  Value shift = arith::MulIOp::create(builder, loc, emitNeighbour(),
                                      createIndex(builder, loc, step));
  return arith::AddIOp::create(builder, loc, value, shift);
}

/// What the stage's copy is told of where the box of `panel` is, or the group's
/// share of it.
void RoleLaunch::emitBox(StageOp stage, IRMapping &map, int64_t panel,
                         SmallVectorImpl<Value> &values) {
  AffineMap symbols = *stage.getCopySymbols();
  std::optional<RowStep> row =
      shared.rows[llvm::find(stages, stage) - stages.begin()];
  int64_t rows = cast<MemRefType>(stage.getTarget().getType()).getShape()[1] /
                 shared.groups;
  SmallVector<OpFoldResult> operands;
  for (Value coordinate : stage.getCoordinates())
    operands.push_back(map.lookupOrDefault(coordinate));
  for (auto [s, symbol] : llvm::enumerate(symbols.getResults())) {
    AffineMap at = AffineMap::get(
        symbols.getNumDims(), 0,
        symbol.replaceSymbols({builder.getAffineConstantExpr(panel)}));
    Value index = getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(builder, loc, at, operands));
    if (row && s == row->coordinate)
      index = addShare(index, rows * row->step);
    Type wanted =
        getCopy(stage).getLowering().getArgument(values.size()).getType();
    values.push_back(castTo(builder, loc, index, wanted));
  }
}

/// One copy for each panel of the stage's buffer, or the group's share of it to
/// all that share it.
void RoleLaunch::issueCopies(StageOp stage, IRMapping &map, Value slot,
                             Value full) {
  CopyOp copy = getCopy(stage);
  size_t t = llvm::find(stages, stage) - stages.begin();
  auto type = cast<MemRefType>(stage.getTarget().getType());
  int64_t panelBytes = type.getNumElements() / type.getShape()[0] *
                       llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  const bool isShared = shared.rows[t].has_value();
  Region &lowering = isShared ? copy.getMulticast() : copy.getLowering();
  Value inSlots = arith::MulIOp::create(
      builder, loc, slot, createIndex(builder, loc, ring.slotBytes));
  if (isShared)
    inSlots = addShare(inSlots, panelBytes / shared.groups);
  for (int64_t panel = 0; panel < type.getShape()[0]; ++panel) {
    SmallVector<Value> values = {descriptors[t]};
    emitBox(stage, map, panel, values);
    Value offset =
        createIndex(builder, loc, ring.offsets[t] + panel * panelBytes);
    values.push_back(
        getAddress(arith::AddIOp::create(builder, loc, inSlots, offset)));
    values.push_back(full);
    if (isShared)
      values.push_back(emitReceivers(lowering.getArguments().back().getType()));
    inlineRegion(lowering, values, builder);
  }
}

//===----------------------------------------------------------------------===//
// Consumers
//===----------------------------------------------------------------------===//

/// Waits for a chunk; from here on buffers are those of its slot, which is
/// returned.
Value RoleLaunch::beginChunk(IRMapping &map, Value number) {
  const auto [slot, phase] = locate(number);
  inlineRegion(barrier.getWait(), {getBarrier(slot, /*isEmpty=*/false), phase},
               builder);
  mapBuffers(map, slot);
  if (group && !group.getBegin().empty())
    inlineRegion(group.getBegin(), {}, builder);
  return slot;
}

/// Lets `map` put the buffers of a slot for those of the nest.
void RoleLaunch::mapBuffers(IRMapping &map, Value slot) {
  Value inSlots = arith::MulIOp::create(
      builder, loc, slot, createIndex(builder, loc, ring.slotBytes));
  Value base = arith::AddIOp::create(builder, loc, start, inSlots);
  for (auto [buffer, offset] : llvm::zip_equal(ring.buffers, ring.offsets)) {
    auto type = cast<MemRefType>(buffer.getType());
    auto inShared = MemRefType::get(
        type.getShape(), type.getElementType(), MemRefLayoutAttrInterface(),
        cast<MemRefType>(pool.getType()).getMemorySpace());
    Value shift = arith::AddIOp::create(builder, loc, base,
                                        createIndex(builder, loc, offset));
    map.map(buffer, memref::ViewOp::create(builder, loc, inShared, pool, shift,
                                           ValueRange()));
  }
}

/// Invocations have read the slot; one lane of the unit says so.
void RoleLaunch::endChunk(Value slot) {
  if (group) {
    if (!group.getCommit().empty())
      inlineRegion(group.getCommit(), {}, builder);
    Value none = createWord(0);
    inlineRegion(group.getWait(), none, builder);
  }
  onElected([&] { arriveEmpty(slot); });
}

/// The panels that this unit has for what it stores.
Value RoleLaunch::getOutPanels() {
  Value offset = arith::MulIOp::create(
      builder, loc, unit,
      createIndex(builder, loc, out.buffers * out.getBytes()));
  offset = arith::AddIOp::create(
      builder, loc, offset,
      createIndex(builder, loc, ring.slots * ring.slotBytes));
  offset = arith::AddIOp::create(builder, loc, offset, start);
  auto type =
      MemRefType::get({out.buffers, out.rows, out.columns}, out.elementType,
                      MemRefLayoutAttrInterface(),
                      cast<MemRefType>(pool.getType()).getMemorySpace());
  return memref::ViewOp::create(builder, loc, type, pool, offset, ValueRange());
}

/// A settled tile is stored, by way of the unit's own panels if an engine does
/// it.
void RoleLaunch::emitStore(StoreOp store, IRMapping &map) {
  if (sums.cluster)
    return emitAddend(store, map);
  Value tile = SettleOp::create(builder, loc, store.getTile().getType(),
                                map.lookup(store.getTile()));
  Value panels = out.copy ? getOutPanels() : Value();
  auto copied = cast<StoreOp>(builder.clone(*store, map));
  copied.getTileMutable().assign(tile);
  if (!panels)
    return;
  copied.getBufferMutable().assign(panels);
  copied.getDescriptorMutable().assign(out.descriptor);
  copied.getUnitMutable().assign(unit);
}

static bool computes(Operation &op) {
  return op.walk([](InvokeOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

/// Returns how many chunks there were.
Value RoleLaunch::consume(Block &block, IRMapping &map, Value number) {
  Operation *last = nullptr;
  for (Operation &op : block.without_terminator())
    if (computes(op))
      last = &op;
  Value slot;
  for (Operation &op : block.without_terminator()) {
    if (op.getNumRegions() > 0 && contains(op, stages.front()))
      number = cloneAround(op, map, number, /*isProducer=*/false);
    else if (isa<StageOp>(op))
      slot = slot ? slot : beginChunk(map, number);
    else if (auto store = dyn_cast<StoreOp>(op))
      emitStore(store, map);
    else if (isa<ZeroOp, LoadOp>(op) && !slot) {
      // The accumulator is in its registers before an invocation begins.
      Value tile = builder.clone(op, map)->getResult(0);
      map.map(op.getResult(0),
              SettleOp::create(builder, loc, tile.getType(), tile));
    } else {
      builder.clone(op, map);
    }
    if (slot && &op == last)
      endChunk(slot);
  }
  return slot ? countOn(number) : number;
}
