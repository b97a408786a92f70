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
#include "RoleLaunch.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {
#define GEN_PASS_DEF_LAUNCHROLES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Registers a lane keeps that only computes addresses: what the assembler uses
/// for the loops around an engine's copies, with some to spare.
static constexpr int64_t producerRegisters = 40;

/// An engine that stores results is worth no slot of the last ones.
static constexpr int64_t fewestSlots = 3;

/// More slots than this hide no more latency.
static constexpr int64_t mostSlots = 8;

namespace {
struct LaunchRolesPass : amos::impl::LaunchRolesBase<LaunchRolesPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading the nest
//===----------------------------------------------------------------------===//

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

int64_t OutPanels::getBytes() const {
  int64_t bytes = rows * columns * elementType.getIntOrFloatBitWidth() / 8;
  return llvm::alignTo(bytes, slotAlignment);
}

/// The panels that results are stored from, if every one is by the same copy.
/// With an even number of panels in a tile, one is written while the engine
/// reads the one before.
void RoleLaunch::readStores() {
  SmallVector<StoreOp> stores;
  loops.groups.walk([&](StoreOp store) { stores.push_back(store); });
  if (stores.empty() || !llvm::all_of(stores, [&](StoreOp store) {
        return store.getCopy() && store.getCopy() == stores.front().getCopy() &&
               store.getTarget() == stores.front().getTarget();
      }))
    return;
  StoreOp first = stores.front();
  out.copy =
      SymbolTable::lookupNearestSymbolFrom<CopyOp>(first, *first.getCopy());
  out.group = findPart<GroupOp>(loops.machine, *out.copy.getCompletes());
  ArrayRef<int64_t> tile = first.getTile().getType().getShape();
  ArrayRef<int64_t> panels = *first.getPanels();
  out.rows = tile[panels[0]];
  out.columns = out.copy.getExtents()[1];
  out.buffers = tile[panels[1]] / out.columns % 2 == 0 ? 2 : 1;
  out.elementType =
      cast<MemRefType>(first.getTarget().getType()).getElementType();
  ring.outBytes = consumers * out.buffers * out.getBytes();
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
  auto getFitting = [&] {
    return (capacity - ring.outBytes) /
           (ring.slotBytes + 2 * ring.barrierBytes);
  };
  if (getFitting() < fewestSlots) {
    out = OutPanels();
    ring.outBytes = 0;
  }
  int64_t fitting = getFitting();
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
  readStores();
  return readRing();
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

Value RoleLaunch::getDescriptor(StageOp stage) {
  auto target = cast<MemRefType>(stage.getTarget().getType());
  return makeHostDescriptor(builder, stage.getLoc(), getCopy(stage),
                            {stage.getSource(), *stage.getMerged(),
                             target.getShape().drop_front(),
                             *stage.getCopySymbols()});
}

/// The same for all stores, whose symbols differ in coordinates alone.
Value RoleLaunch::getDescriptor(StoreOp store) {
  int64_t box[] = {out.rows, out.columns};
  return makeHostDescriptor(builder, store.getLoc(), out.copy,
                            {store.getTarget(), *store.getMerged(), box,
                             *store.getCopySymbols()});
}

void RoleLaunch::emit() {
  for (StageOp stage : stages)
    descriptors.push_back(getDescriptor(stage));
  if (out.copy)
    loops.groups.walk([&](StoreOp store) {
      out.descriptor = out.descriptor ? out.descriptor : getDescriptor(store);
    });
  ScopeOp unitScope = loops.unitScope;
  int64_t lanes = countLanes(loops.machine, unitScope);
  Value one = createIndex(builder, loc, 1);
  Value bytes = arith::ConstantIntOp::create(builder, loc, ring.getBytes(), 32);
  auto launch = gpu::LaunchOp::create(
      builder, loc, createIndex(builder, loc, places), one, one,
      createIndex(builder, loc, (consumers + 1) * lanes), one, one, bytes);
  builder.setInsertionPointToStart(&launch.getBody().front());
  emitRing();
  Value number = emitUnitIndex(builder, loc, loops.groupScope, unitScope);
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
  auto roles = scf::IfOp::create(builder, loc, isProducer,
                                 /*withElseRegion=*/true);
  gpu::TerminatorOp::create(builder, loc);

  builder.setInsertionPointToStart(&roles.getThenRegion().front());
  unit = createIndex(builder, loc, 0);
  if (registers)
    emitBudget(budget.getShrink(), producerRegisters);
  onElected([&] {
    emitParts([&](IRMapping &map, Value chunk) {
      produce(*loops.units.getBody(), map, chunk);
    });
  });

  builder.setInsertionPointToStart(&roles.getElseRegion().front());
  if (registers)
    emitBudget(budget.getGrow(), *registers);
  unit =
      arith::SubIOp::create(builder, loc, number, createIndex(builder, loc, 1));
  emitParts([&](IRMapping &map, Value chunk) {
    consume(*loops.units.getBody(), map, chunk);
  });
  if (out.copy)
    onElected([&] {
      Value none = arith::ConstantIntOp::create(builder, loc, 0, 32);
      inlineRegion(out.group.getWait(), none, builder);
    });
  loops.groups.erase();
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
