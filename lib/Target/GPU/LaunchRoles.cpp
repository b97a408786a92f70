//===- LaunchRoles.cpp - Producers and consumers of chunks ----------------===//
//
// Where an engine brings chunks and completes barriers, the units of a group
// take roles: the first only asks the engine for chunks, the others compute.
// Buffers become a ring of slots, each with a barrier that says it is full and
// one that says it is empty. Groups stay: each does every so-manieth of the
// parts that a loop over groups has, and the ring runs on from part to part, so
// that the engine is ahead while results are stored. docs/Rationale.md has the
// order of waits.
//
//===----------------------------------------------------------------------===//

#include "HostDescriptor.h"
#include "SpreadLoops.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace amos {
#define GEN_PASS_DEF_LAUNCHROLES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Registers a lane keeps that only computes addresses: what the assembler uses
/// for the loops around an engine's copies, with some to spare.
static constexpr int64_t producerRegisters = 40;

/// Every slot starts at a multiple of this many bytes, the largest alignment
/// that a swizzled layout asks for.
static constexpr int64_t slotAlignment = 1024;

/// More slots than this hide no more latency.
static constexpr int64_t mostSlots = 8;

namespace {
/// The ring of slots in shared memory: buffers, then barriers.
struct Ring {
  SmallVector<Value> buffers;   ///< as the nest has them
  SmallVector<int64_t> offsets; ///< of each in a slot
  int64_t slotBytes = 0;        ///< of all buffers
  int64_t copiedBytes = 0;      ///< that the engine brings into one slot
  int64_t slots = 0, barrierBytes = 0;

  int64_t getBytes() const {
    return slots * (slotBytes + 2 * barrierBytes) + slotAlignment;
  }
};

/// One nest on its way to a kernel of producers and consumers.
class RoleLaunch {
public:
  explicit RoleLaunch(SpreadLoops nest)
      : loops(nest), builder(nest.groups), loc(nest.groups.getLoc()) {}

  /// Finds stages, barrier and ring; an error if they fit no scheme.
  LogicalResult read();
  void emit();

private:
  LogicalResult readStages();
  LogicalResult readRing();
  int64_t countChunks();

  void emitRing();
  Value getAddress(Value bytes);
  Value getBarrier(Value slot, bool isEmpty);
  void emitBarriers(Value isFirstUnit);
  void emitIf(Value condition, llvm::function_ref<void()> body);
  void onElected(llvm::function_ref<void()> body);
  void emitBudget(Region &region, int64_t registers);
  void emitParts(llvm::function_ref<void(IRMapping &)> body);
  void produce(Block &block, IRMapping &map, Value number);
  void consume(Block &block, IRMapping &map, Value number);
  void cloneLoop(scf::ForOp loop, IRMapping &map, Value number,
                 bool isProducer);
  void bringChunk(IRMapping &map, Value number);
  void issueCopies(StageOp stage, IRMapping &map, Value slot, Value full);
  Value beginChunk(IRMapping &map, Value number);
  void endChunk(Value slot);

  SpreadLoops loops;
  OpBuilder builder;
  Location loc;
  SmallVector<StageOp> stages;
  SmallVector<Value> descriptors; ///< per stage, on the host
  BarrierOp barrier;
  GroupOp group; ///< that invocations end in, null if they end on return
  BudgetOp budget;
  Ring ring;
  int64_t consumers = 1, places = 1;
  Value pool, start, unit; ///< shared memory, aligned start in it, own number
  Value isFirstPart;       ///< of the unit
};

struct LaunchRolesPass : amos::impl::LaunchRolesBase<LaunchRolesPass> {
  void runOnOperation() override;
};
} // namespace

static Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

static Value castTo(OpBuilder &builder, Location loc, Value index, Type type) {
  return arith::IndexCastOp::create(builder, loc, type, index);
}

//===----------------------------------------------------------------------===//
// Reading the nest
//===----------------------------------------------------------------------===//

template <typename PartOp>
static PartOp findPart(AcceleratorOp machine, StringRef name) {
  return dyn_cast_or_null<PartOp>(SymbolTable::lookupSymbolIn(machine, name));
}

static CopyOp getCopy(StageOp stage) {
  return SymbolTable::lookupNearestSymbolFrom<CopyOp>(stage, *stage.getCopy());
}

/// Whether every chunk of the nest is brought by a copy.
static bool isBrought(scf::ParallelOp nest) {
  bool hasCopies = false, hasOthers = false;
  nest.walk(
      [&](StageOp stage) { (stage.getCopy() ? hasCopies : hasOthers) = true; });
  return hasCopies && !hasOthers;
}

LogicalResult RoleLaunch::readStages() {
  loops.groups.walk([&](StageOp stage) { stages.push_back(stage); });
  for (StageOp stage : stages) {
    CopyOp copy = getCopy(stage);
    auto completed = findPart<BarrierOp>(
        loops.machine, copy.getCompletes().value_or(StringRef()));
    if (!completed || completed.getExpect().empty() ||
        (barrier && barrier != completed))
      return stage.emitError("expected every copy to complete one barrier "
                             "that can expect bytes, '")
             << copy.getSymName() << "' does not";
    barrier = completed;
    if (stage->getBlock() != stages.front()->getBlock())
      return stage.emitError("expected all chunks to be brought in one place");
  }
  loops.groups.walk([&](InvokeOp invoke) {
    auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
        invoke, invoke.getIntrinsicAttr());
    if (intrinsic && intrinsic.getGroup())
      group = findPart<GroupOp>(loops.machine, *intrinsic.getGroup());
  });
  for (auto candidate : loops.machine.getOps<BudgetOp>())
    budget = candidate;
  return success();
}

/// Chunks of one part.
int64_t RoleLaunch::countChunks() {
  int64_t chunks = 1;
  Operation *op = stages.front();
  while (op->getParentOp() != loops.units.getOperation()) {
    op = op->getParentOp();
    if (auto loop = dyn_cast<scf::ForOp>(op))
      chunks *= getTrips(loop).value_or(1);
  }
  return chunks;
}

LogicalResult RoleLaunch::readRing() {
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  for (StageOp stage : stages) {
    auto type = cast<MemRefType>(stage.getTarget().getType());
    int64_t bytes = type.getNumElements() *
                    llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    ring.buffers.push_back(stage.getTarget());
    ring.offsets.push_back(ring.slotBytes);
    ring.slotBytes += llvm::alignTo(bytes, slotAlignment);
    ring.copiedBytes += bytes;
  }
  ring.barrierBytes = barrier.getBytes();
  int64_t capacity = level.getCapacity().value_or(0) - slotAlignment;
  int64_t fitting = capacity / (ring.slotBytes + 2 * ring.barrierBytes);
  int64_t parts = llvm::divideCeil(loops.numGroups, places);
  ring.slots = std::min({fitting, parts * countChunks(), mostSlots});
  if (ring.slots < 1 ||
      ring.copiedBytes > int64_t(barrier.getLimit().value_or(INT64_MAX)))
    return stages.front().emitError("a chunk of ")
           << ring.copiedBytes << " bytes does not fit level '"
           << level.getSymName() << "' or one barrier";
  return success();
}

LogicalResult RoleLaunch::read() {
  consumers = loops.numUnits;
  AcceleratorOp machine = loops.machine;
  for (auto whole : machine.getOps<ScopeOp>())
    if (whole.getPart() == loops.groupScope.getSymName())
      places = whole.getCount().value_or(1);
  places = std::min(places, loops.numGroups);
  if (failed(readStages()))
    return failure();
  return readRing();
}

//===----------------------------------------------------------------------===//
// Shared memory
//===----------------------------------------------------------------------===//

/// The pool and where in it the first slot starts.
void RoleLaunch::emitRing() {
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(),
                                          gpu::AddressSpace::Workgroup);
  pool = gpu::DynamicSharedMemoryOp::create(
      builder, loc,
      MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(),
                      MemRefLayoutAttrInterface(), space));
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, pool);
  Value mask = createIndex(builder, loc, slotAlignment - 1);
  Value over = arith::AndIOp::create(builder, loc, base, mask);
  Value rest = arith::SubIOp::create(
      builder, loc, createIndex(builder, loc, slotAlignment), over);
  start = arith::AndIOp::create(builder, loc, rest, mask);
}

/// The address `bytes` behind the start of the ring.
Value RoleLaunch::getAddress(Value bytes) {
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, pool);
  Value at = arith::AddIOp::create(builder, loc, base, start);
  at = arith::AddIOp::create(builder, loc, at, bytes);
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  return LLVM::IntToPtrOp::create(
      builder, loc, *level.getAddress(),
      castTo(builder, loc, at, builder.getI64Type()));
}

Value RoleLaunch::getBarrier(Value slot, bool isEmpty) {
  int64_t first =
      ring.slots * (ring.slotBytes + (isEmpty ? ring.barrierBytes : 0));
  Value at = arith::MulIOp::create(
      builder, loc, slot, createIndex(builder, loc, ring.barrierBytes));
  return getAddress(arith::AddIOp::create(builder, loc, at,
                                          createIndex(builder, loc, first)));
}

//===----------------------------------------------------------------------===//
// Who does something
//===----------------------------------------------------------------------===//

void RoleLaunch::emitIf(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, loc, condition);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  body();
}

/// In one lane of the unit: of its first part, the elected one.
void RoleLaunch::onElected(llvm::function_ref<void()> body) {
  ScopeOp unitScope = loops.unitScope;
  ScopeOp part = findScope(loops.machine, *unitScope.getPart());
  emitIf(isFirstPart, [&] {
    if (part.getElect().empty())
      return body();
    emitIf(inlineRegion(part.getElect(), {}, builder).front(), body);
  });
}

void RoleLaunch::emitBudget(Region &region, int64_t registers) {
  Value count = arith::ConstantIntOp::create(builder, loc, registers, 32);
  inlineRegion(region, count, builder);
}

/// One lane makes the barriers, then the group meets.
void RoleLaunch::emitBarriers(Value isFirstUnit) {
  emitIf(isFirstUnit, [&] {
    onElected([&] {
      for (int64_t slot = 0; slot < ring.slots; ++slot)
        for (bool isEmpty : {false, true}) {
          Value at = getBarrier(createIndex(builder, loc, slot), isEmpty);
          Value count = arith::ConstantIntOp::create(
              builder, loc, isEmpty ? consumers : 1, 32);
          inlineRegion(barrier.getInit(), {at, count}, builder);
        }
    });
  });
  ScopeOp groupScope = loops.groupScope;
  Region &sync = groupScope.getSync();
  SmallVector<Value> slot;
  if (sync.getNumArguments() == 1)
    slot.push_back(arith::ConstantIntOp::create(builder, loc, 0, 32));
  inlineRegion(sync, slot, builder);
}

//===----------------------------------------------------------------------===//
// Walking through the nest
//===----------------------------------------------------------------------===//

/// Every part that is this group's; `number` of its first chunk goes to `body`
/// in place of the loops' variables.
void RoleLaunch::emitParts(llvm::function_ref<void(IRMapping &)> body) {
  ScopeOp groupScope = loops.groupScope;
  Value first = emitPartIndex(builder, loc, groupScope);
  auto parts = scf::ForOp::create(builder, loc, first,
                                  createIndex(builder, loc, loops.numGroups),
                                  createIndex(builder, loc, places));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(parts.getBody());
  IRMapping map;
  scf::ParallelOp groups = loops.groups, units = loops.units;
  map.map(groups.getInductionVars(),
          splitPart(builder, loc, parts.getInductionVar(), *getTrips(groups)));
  map.map(units.getInductionVars(),
          splitPart(builder, loc, unit, *getTrips(units)));
  body(map);
}

/// The number of this group's first chunk of the part that `parts` is at.
static Value getFirstChunk(OpBuilder &builder, Location loc, int64_t places,
                           int64_t chunks) {
  auto parts = cast<scf::ForOp>(builder.getInsertionBlock()->getParentOp());
  Value done = arith::DivUIOp::create(builder, loc, parts.getInductionVar(),
                                      createIndex(builder, loc, places));
  return arith::MulIOp::create(builder, loc, done,
                               createIndex(builder, loc, chunks));
}

static bool holdsTiles(Operation *op) {
  auto isTile = [](Type type) { return isa<TileType>(type); };
  return llvm::any_of(op->getOperandTypes(), isTile) ||
         llvm::any_of(op->getResultTypes(), isTile);
}

static bool contains(Operation &op, StageOp stage) {
  return op.isAncestor(stage);
}

/// A loop around the place where chunks are brought, whose steps count them.
void RoleLaunch::cloneLoop(scf::ForOp loop, IRMapping &map, Value number,
                           bool isProducer) {
  SmallVector<Value> inits;
  if (!isProducer)
    for (Value init : loop.getInitArgs())
      inits.push_back(map.lookup(init));
  auto lookup = [&](Value value) { return map.lookupOrDefault(value); };
  auto copied = scf::ForOp::create(builder, loc, lookup(loop.getLowerBound()),
                                   lookup(loop.getUpperBound()),
                                   lookup(loop.getStep()), inits);
  map.map(loop.getInductionVar(), copied.getInductionVar());
  if (!isProducer) {
    map.map(loop.getRegionIterArgs(), copied.getRegionIterArgs());
    map.map(loop.getResults(), copied.getResults());
  }
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(copied.getBody());
  // Chunks inside of one step, times the steps done.
  int64_t chunks = 1;
  for (Operation *op = stages.front()->getParentOp(); op != loop;
       op = op->getParentOp())
    chunks *= getTrips(cast<scf::ForOp>(op)).value_or(1);
  Value done = arith::SubIOp::create(builder, loc, copied.getInductionVar(),
                                     copied.getLowerBound());
  done = arith::DivUIOp::create(builder, loc, done, copied.getStep());
  done = arith::MulIOp::create(builder, loc, done,
                               createIndex(builder, loc, chunks));
  number = arith::AddIOp::create(builder, loc, number, done);
  if (isProducer)
    return produce(*loop.getBody(), map, number);
  consume(*loop.getBody(), map, number);
  SmallVector<Value> yielded;
  for (Value value : loop.getBody()->getTerminator()->getOperands())
    yielded.push_back(map.lookup(value));
  if (!yielded.empty())
    scf::YieldOp::create(builder, loc, yielded);
}

//===----------------------------------------------------------------------===//
// The producer
//===----------------------------------------------------------------------===//

/// What leads to the stages of `block`, and in their place the asking for a
/// chunk.
void RoleLaunch::produce(Block &block, IRMapping &map, Value number) {
  for (Operation &op : block.without_terminator()) {
    if (&op == stages.back())
      bringChunk(map, number);
    else if (op.getNumRegions() > 0 && contains(op, stages.front()))
      cloneLoop(cast<scf::ForOp>(op), map, number, /*isProducer=*/true);
    else if (isPure(&op) && !holdsTiles(&op))
      builder.clone(op, map);
  }
}

void RoleLaunch::bringChunk(IRMapping &map, Value number) {
  Value slots = createIndex(builder, loc, ring.slots);
  Value slot = arith::RemUIOp::create(builder, loc, number, slots);
  Value round = arith::DivUIOp::create(builder, loc, number, slots);
  Type i32 = builder.getI32Type();
  // A fresh barrier counts as having completed the phase before the first.
  Value one = arith::ConstantIntOp::create(builder, loc, 1, 32);
  Value phase = arith::AndIOp::create(builder, loc,
                                      castTo(builder, loc, round, i32), one);
  phase = arith::XOrIOp::create(builder, loc, phase, one);
  inlineRegion(barrier.getWait(), {getBarrier(slot, /*isEmpty=*/true), phase},
               builder);
  Value full = getBarrier(slot, /*isEmpty=*/false);
  Value bytes =
      arith::ConstantIntOp::create(builder, loc, ring.copiedBytes, 32);
  inlineRegion(barrier.getExpect(), {full, bytes}, builder);
  for (StageOp stage : stages)
    issueCopies(stage, map, slot, full);
}

/// One copy for each panel of the stage's buffer.
void RoleLaunch::issueCopies(StageOp stage, IRMapping &map, Value slot,
                             Value full) {
  CopyOp copy = getCopy(stage);
  size_t t = llvm::find(stages, stage) - stages.begin();
  auto type = cast<MemRefType>(stage.getTarget().getType());
  int64_t panelBytes = type.getNumElements() / type.getShape()[0] *
                       llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  AffineMap symbols = *stage.getCopySymbols();
  Value inSlots = arith::MulIOp::create(
      builder, loc, slot, createIndex(builder, loc, ring.slotBytes));
  for (int64_t panel = 0; panel < type.getShape()[0]; ++panel) {
    SmallVector<Value> values = {descriptors[t]};
    SmallVector<OpFoldResult> operands;
    for (Value coordinate : stage.getCoordinates())
      operands.push_back(map.lookupOrDefault(coordinate));
    for (AffineExpr symbol : symbols.getResults()) {
      AffineMap at = AffineMap::get(
          symbols.getNumDims(), 0,
          symbol.replaceSymbols({builder.getAffineConstantExpr(panel)}));
      Value index = getValueOrCreateConstantIndexOp(
          builder, loc,
          affine::makeComposedFoldedAffineApply(builder, loc, at, operands));
      Type wanted = copy.getLowering().getArgument(values.size()).getType();
      values.push_back(castTo(builder, loc, index, wanted));
    }
    Value offset =
        createIndex(builder, loc, ring.offsets[t] + panel * panelBytes);
    values.push_back(
        getAddress(arith::AddIOp::create(builder, loc, inSlots, offset)));
    values.push_back(full);
    inlineRegion(copy.getLowering(), values, builder);
  }
}

//===----------------------------------------------------------------------===//
// Consumers
//===----------------------------------------------------------------------===//

/// Waits for a chunk; from here on buffers are those of its slot, which is
/// returned.
Value RoleLaunch::beginChunk(IRMapping &map, Value number) {
  Value slots = createIndex(builder, loc, ring.slots);
  Value slot = arith::RemUIOp::create(builder, loc, number, slots);
  Value round = arith::DivUIOp::create(builder, loc, number, slots);
  Value one = arith::ConstantIntOp::create(builder, loc, 1, 32);
  Value phase = arith::AndIOp::create(
      builder, loc, castTo(builder, loc, round, builder.getI32Type()), one);
  inlineRegion(barrier.getWait(), {getBarrier(slot, /*isEmpty=*/false), phase},
               builder);
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
  if (group && !group.getBegin().empty())
    inlineRegion(group.getBegin(), {}, builder);
  return slot;
}

/// Invocations have read the slot; one lane of the unit says so.
void RoleLaunch::endChunk(Value slot) {
  if (group) {
    if (!group.getCommit().empty())
      inlineRegion(group.getCommit(), {}, builder);
    Value none = arith::ConstantIntOp::create(builder, loc, 0, 32);
    inlineRegion(group.getWait(), none, builder);
  }
  onElected([&] {
    inlineRegion(barrier.getArrive(), getBarrier(slot, /*isEmpty=*/true),
                 builder);
  });
}

static bool computes(Operation &op) {
  return op.walk([](InvokeOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

void RoleLaunch::consume(Block &block, IRMapping &map, Value number) {
  Operation *last = nullptr;
  for (Operation &op : block.without_terminator())
    if (computes(op))
      last = &op;
  Value slot;
  for (Operation &op : block.without_terminator()) {
    if (op.getNumRegions() > 0 && contains(op, stages.front()))
      cloneLoop(cast<scf::ForOp>(op), map, number, /*isProducer=*/false);
    else if (isa<StageOp>(op))
      slot = slot ? slot : beginChunk(map, number);
    else if (auto store = dyn_cast<StoreOp>(op)) {
      Value tile = SettleOp::create(builder, loc, store.getTile().getType(),
                                    map.lookup(store.getTile()));
      cast<StoreOp>(builder.clone(op, map)).getTileMutable().assign(tile);
    } else if (isa<ZeroOp, LoadOp>(op) && !slot) {
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
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

/// Registers of a lane that computes, if those the producer gives up are dealt
/// out; nothing when there are enough from the start.
static std::optional<int64_t> getBudget(BudgetOp budget, LevelOp file,
                                        int64_t lanes, int64_t consumers) {
  if (!budget || !file || !file.getPool())
    return std::nullopt;
  int64_t granule = budget.getGranule();
  auto roundDown = [&](int64_t n) { return n / granule * granule; };
  int64_t bytes = file.getGranule().value_or(1);
  int64_t total = *file.getPool() / bytes;
  int64_t most = file.getCapacity().value_or(0) / bytes;
  int64_t atLaunch =
      roundDown(std::min(total / ((consumers + 1) * lanes), most));
  int64_t dealt =
      roundDown(((consumers + 1) * atLaunch - producerRegisters) / consumers);
  dealt = std::min(dealt, budget.getRange()[1]);
  if (dealt <= atLaunch || producerRegisters < budget.getRange()[0])
    return std::nullopt;
  return dealt;
}

void RoleLaunch::emit() {
  for (StageOp stage : stages)
    descriptors.push_back(makeHostDescriptor(builder, stage, getCopy(stage)));
  ScopeOp unitScope = loops.unitScope;
  int64_t lanes = countLanes(loops.machine, unitScope);
  Value one = createIndex(builder, loc, 1);
  Value bytes = arith::ConstantIntOp::create(builder, loc, ring.getBytes(), 32);
  auto launch = gpu::LaunchOp::create(
      builder, loc, createIndex(builder, loc, places), one, one,
      createIndex(builder, loc, (consumers + 1) * lanes), one, one, bytes);
  builder.setInsertionPointToStart(&launch.getBody().front());
  emitRing();
  Value number = emitPartIndex(builder, loc, unitScope);
  Value isProducer =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, number,
                            createIndex(builder, loc, 0));
  ScopeOp part = findScope(loops.machine, *unitScope.getPart());
  isFirstPart = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                      emitPartIndex(builder, loc, part),
                                      createIndex(builder, loc, 0));
  emitBarriers(isProducer);
  LevelOp file =
      budget ? findPart<LevelOp>(loops.machine, budget.getLevel()) : LevelOp();
  std::optional<int64_t> registers = getBudget(budget, file, lanes, consumers);
  int64_t chunks = countChunks();
  auto roles = scf::IfOp::create(builder, loc, isProducer,
                                 /*withElseRegion=*/true);
  gpu::TerminatorOp::create(builder, loc);
  scf::ParallelOp groups = loops.groups, units = loops.units;

  builder.setInsertionPointToStart(&roles.getThenRegion().front());
  unit = createIndex(builder, loc, 0);
  if (registers)
    emitBudget(budget.getShrink(), producerRegisters);
  onElected([&] {
    emitParts([&](IRMapping &map) {
      Value first = getFirstChunk(builder, loc, places, chunks);
      for (Operation &op : groups.getBody()->without_terminator())
        if (isPure(&op))
          builder.clone(op, map);
      produce(*units.getBody(), map, first);
    });
  });

  builder.setInsertionPointToStart(&roles.getElseRegion().front());
  if (registers)
    emitBudget(budget.getGrow(), *registers);
  unit =
      arith::SubIOp::create(builder, loc, number, createIndex(builder, loc, 1));
  emitParts([&](IRMapping &map) {
    Value first = getFirstChunk(builder, loc, places, chunks);
    for (Operation &op : groups.getBody()->without_terminator())
      if (isPure(&op))
        builder.clone(op, map);
    consume(*units.getBody(), map, first);
  });
  groups.erase();
}

void LaunchRolesPass::runOnOperation() {
  SmallVector<scf::ParallelOp> nests;
  getOperation().walk<WalkOrder::PreOrder>([&](scf::ParallelOp nest) {
    if (!getScope(nest))
      return WalkResult::advance();
    if (isBrought(nest))
      nests.push_back(nest);
    return WalkResult::skip();
  });
  for (scf::ParallelOp nest : nests) {
    FailureOr<SpreadLoops> loops = SpreadLoops::get(nest);
    if (failed(loops))
      return signalPassFailure();
    RoleLaunch launch(*loops);
    if (failed(launch.read()))
      return signalPassFailure();
    launch.emit();
  }
  if (!nests.empty())
    copyDeclarations(getOperation());
}
