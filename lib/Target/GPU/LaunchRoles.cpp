//===- LaunchRoles.cpp - Producers and consumers of chunks ----------------===//
//
// Where invocations read chunks in a memory, the units of a group take roles:
// the first ones bring chunks, the others compute. An engine that completes
// barriers is asked by one lane; what it cannot fetch the lanes of a unit
// gather. Buffers become a ring of slots, each with a barrier that says it is
// full and one that says it is empty. Groups stay: each does every so-manieth
// of the parts that a loop over groups has, and the ring runs on from part to
// part, so that the engine is ahead while results are stored. docs/Rationale.md
// has the order of waits.
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

namespace {
struct LaunchRolesPass : amos::impl::LaunchRolesBase<LaunchRolesPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Reading the nest
//===----------------------------------------------------------------------===//

/// Whether invocations read every chunk of the nest where it is.
static bool isReadInPlace(scf::ParallelOp nest) {
  bool isInPlace = false, isLoaded = false;
  nest.walk([&](StageOp stage) {
    (getReadLayout(stage) ? isInPlace : isLoaded) = true;
  });
  return isInPlace && !isLoaded;
}

/// The barrier that an engine completes, else one that lanes can arrive at.
LogicalResult RoleLaunch::readBarrier(StageOp stage) {
  CopyOp copy = getCopy(stage);
  BarrierOp own;
  if (copy) {
    own = findPart<BarrierOp>(loops.machine,
                              copy.getCompletes().value_or(StringRef()));
    if (!own || own.getExpect().empty() || (asks && barrier != own))
      return stage.emitError("expected every copy to complete one barrier "
                             "that can expect bytes, '")
             << copy.getSymName() << "' does not";
  } else {
    LayoutOp layout = getReadLayout(stage);
    for (auto candidate : loops.machine.getOps<BarrierOp>())
      if (candidate.getLevel() == layout.getLevel())
        own = candidate;
    if (!own)
      return stage.emitError("expected a barrier in level '")
             << layout.getLevel() << "', that tells that lanes filled a chunk";
  }
  barrier = barrier && !copy ? barrier : own;
  (copy ? asks : gathers) = true;
  return success();
}

LogicalResult RoleLaunch::readStages() {
  loops.groups.walk([&](StageOp stage) { stages.push_back(stage); });
  for (StageOp stage : stages) {
    if (failed(readBarrier(stage)))
      return failure();
    if (stage->getBlock() != stages.front()->getBlock())
      return stage.emitError("expected all chunks to be brought in one place");
  }
  for (Operation *op = stages.front()->getParentOp();
       op != loops.units.getOperation(); op = op->getParentOp())
    if (auto loop = dyn_cast<scf::ForOp>(op); loop && !getTrips(loop))
      return loop.emitError("expected a constant number of chunks");
  return success();
}

/// What invocations ask for: a group that they end in, a fence, registers.
void RoleLaunch::readInvocations() {
  llvm::SmallDenseSet<Value> sums;
  loops.groups.walk([&](InvokeOp invoke) {
    auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
        invoke, invoke.getIntrinsicAttr());
    if (!intrinsic)
      return;
    if (intrinsic.getGroup())
      group = findPart<GroupOp>(loops.machine, *intrinsic.getGroup());
    if (gathers)
      fence = findFence(intrinsic, barrier.getLevel());
    TileType tile = invoke.getResult().getType();
    Value sum = invoke.getOperandTiles().back();
    if (!sum.getDefiningOp<InvokeOp>() && sums.insert(sum).second)
      accumulators += llvm::product_of(tile.getShape()) / lanes;
  });
}

/// Chunks of one part, at most.
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

LogicalResult RoleLaunch::read() {
  if (loops.groupScope.getSync().empty())
    return loops.groups.emitError("expected a 'sync' of scope '")
           << loops.groupScope.getSymName() << "', whose parts share a buffer";
  consumers = loops.numUnits;
  lanes = countLanes(loops.machine, loops.unitScope);
  registers = RoleRegisters(loops.machine, lanes);
  AcceleratorOp machine = loops.machine;
  for (auto whole : machine.getOps<ScopeOp>())
    if (whole.getPart() == loops.groupScope.getSymName())
      places = whole.getCount().value_or(1);
  places = std::min(places, loops.numGroups);
  if (failed(readStages()))
    return failure();
  readSlots();
  readShared();
  if (!readSums())
    readStores();
  limitPlaces();
  readInvocations();
  if (failed(readRing()))
    return failure();
  if (gathers)
    producers = registers.chooseGatherers(consumers, accumulators, ring.slots);
  return success();
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

Value RoleLaunch::getDescriptor(StageOp stage) {
  auto target = cast<MemRefType>(stage.getTarget().getType());
  SmallVector<int64_t> box(target.getShape().drop_front());
  if (shared.rows[llvm::find(stages, stage) - stages.begin()])
    box.front() /= shared.groups;
  return makeHostDescriptor(
      builder, stage.getLoc(), getCopy(stage),
      {stage.getSource(), *stage.getMerged(), box, *stage.getCopySymbols()});
}

/// The same for all stores, whose symbols differ in coordinates alone.
Value RoleLaunch::getDescriptor(StoreOp store) {
  int64_t box[] = {out.rows, out.columns};
  return makeHostDescriptor(
      builder, store.getLoc(), out.copy,
      {store.getTarget(), *store.getMerged(), box, *store.getCopySymbols()});
}

void RoleLaunch::emitProducer(Value number) {
  auto bring = [&] {
    emitParts([&](IRMapping &map, Value chunks) {
      return produce(*loops.units.getBody(), map, chunks);
    });
  };
  producer = number;
  unit = createIndex(builder, loc, 0);
  if (gathers)
    bring();
  else
    onElected(bring);
  if (!sums.cluster)
    return;
  meetGroup();
  meetCluster();
}

gpu::LaunchOp RoleLaunch::createLaunch() {
  Value one = createIndex(builder, loc, 1);
  Value bytes = createWord(ring.getBytes());
  Value together;
  if (int64_t size = getClusterSize(); size > 1)
    together = createIndex(builder, loc, size);
  auto launch = gpu::LaunchOp::create(
      builder, loc, createIndex(builder, loc, places), one, one,
      createIndex(builder, loc, (consumers + producers) * lanes), one, one,
      bytes, /*asyncTokenType=*/Type(), /*asyncDependencies=*/ValueRange(),
      /*workgroupAttributions=*/TypeRange(),
      /*privateAttributions=*/TypeRange(), together, together ? one : Value(),
      together ? one : Value());
  // Upstream's builder leaves out what stands for clusters in the body.
  constexpr int numClusterArguments = 6;
  for (int n = 0; together && n < numClusterArguments; ++n)
    launch.getBody().addArgument(builder.getIndexType(), loc);
  return launch;
}

void RoleLaunch::emitConsumer(Value number) {
  unit = arith::SubIOp::create(builder, loc, number,
                               createIndex(builder, loc, producers));
  emitParts([&](IRMapping &map, Value chunks) {
    Value all = consume(*loops.units.getBody(), map, chunks);
    if (sums.cluster)
      finishSums();
    return all;
  });
  if (out.copy)
    onElected([&] {
      Value none = createWord(0);
      inlineRegion(out.group.getWait(), none, builder);
    });
}

void RoleLaunch::emitRoles(Value number) {
  Value isProducer =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, number,
                            createIndex(builder, loc, producers));
  std::optional<int64_t> dealt = registers.deal(consumers, producers, gathers);
  auto roles = scf::IfOp::create(builder, loc, isProducer,
                                 /*withElseRegion=*/true);
  // Nobody leaves whose memory others read or write.
  if (getClusterSize() > 1)
    meetCluster();
  gpu::TerminatorOp::create(builder, loc);

  builder.setInsertionPointToStart(&roles.getThenRegion().front());
  if (dealt)
    emitBudget(registers.getBudget().getShrink(),
               RoleRegisters::getKept(gathers));
  emitProducer(number);

  builder.setInsertionPointToStart(&roles.getElseRegion().front());
  if (dealt)
    emitBudget(registers.getBudget().getGrow(), *dealt);
  emitConsumer(number);
}

void RoleLaunch::emit() {
  for (StageOp stage : stages)
    descriptors.push_back(stage.getCopy() ? getDescriptor(stage) : Value());
  if (out.copy)
    loops.groups.walk([&](StoreOp store) {
      out.descriptor = out.descriptor ? out.descriptor : getDescriptor(store);
    });
  gpu::LaunchOp launch = createLaunch();
  builder.setInsertionPointToStart(&launch.getBody().front());
  emitRing();
  ScopeOp unitScope = loops.unitScope;
  Value number = emitUnitIndex(builder, loc, loops.groupScope, unitScope);
  ScopeOp part = findScope(loops.machine, *unitScope.getPart());
  isFirstPart = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq,
                                      emitPartIndex(builder, loc, part),
                                      createIndex(builder, loc, 0));
  emitBarriers(number);
  emitOverlap(builder, loc, loops.machine);
  emitRoles(number);
  loops.groups.erase();
  if (!sums.cluster)
    return;
  sums.adding.erase();
  sums.partials.erase();
}

void LaunchRolesPass::runOnOperation() {
  SmallVector<scf::ParallelOp> nests;
  getOperation().walk<WalkOrder::PreOrder>([&](scf::ParallelOp nest) {
    if (!getScope(nest))
      return WalkResult::advance();
    if (isReadInPlace(nest))
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
