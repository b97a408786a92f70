//===- LowerStages.cpp - Threads fill shared buffers together -------------===//
//
// Stages that wait for their buffers: all pieces are read before anything is
// waited for. Stages that only begin (`amos.begun`) leave it to copies that
// complete a group, if the machine has one that fits; what waits for those is
// in the program already.
//
//===----------------------------------------------------------------------===//

#include "Filling.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace amos {
#define GEN_PASS_DEF_LOWERSTAGES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct LowerStagesPass : amos::impl::LowerStagesBase<LowerStagesPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

ThreadGroup ThreadGroup::get(gpu::LaunchOp launch) {
  ThreadGroup group;
  group.scope = SymbolTable::lookupNearestSymbolFrom<ScopeOp>(
      launch, launch->getAttrOfType<SymbolRefAttr>("amos.scope"));
  group.machine = cast<AcceleratorOp>(group.scope->getParentOp());
  group.threads = *getConstantIntValue(launch.getBlockSizeX());
  group.access = INT64_MAX;
  for (auto level : group.machine.getOps<LevelOp>())
    if (level.getAddress() && !level.getCache())
      group.access =
          std::min<int64_t>(group.access, level.getAccess().value_or(1));
  return group;
}

Value ThreadGroup::emitThread(OpBuilder &builder, Location loc) const {
  return emitLaneIndex(builder, loc, scope);
}

void ThreadGroup::emitSync(OpBuilder &builder, Location loc) const {
  Region &sync = const_cast<ScopeOp &>(scope).getSync();
  SmallVector<Value> slot;
  if (sync.getNumArguments() == 1)
    slot.push_back(arith::ConstantIntOp::create(builder, loc, 0, 32));
  inlineRegion(sync, slot, builder);
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

static bool isBegun(StageOp op) { return op->hasAttr("amos.begun"); }

/// The stages that directly follow each other, from `first` on.
static SmallVector<StageOp> getRun(StageOp first) {
  SmallVector<StageOp> run;
  for (Operation *op = first; op; op = op->getNextNode())
    if (auto stage = dyn_cast<StageOp>(op); stage && !isBegun(stage))
      run.push_back(stage);
    else if (!isPure(op))
      break;
  return run;
}

/// Reads all pieces before anything is waited for.
static void lowerRun(ArrayRef<StageOp> run, const ThreadGroup &group) {
  StageOp last = run.back();
  OpBuilder builder(last);
  Location loc = last.getLoc();
  Value thread = group.emitThread(builder, loc);
  std::vector<Filling> fillings;
  for (StageOp op : run) {
    fillings.emplace_back(op, group);
    fillings.back().load(builder, thread);
  }
  group.emitSync(builder, loc);
  for (Filling &filling : fillings)
    filling.store(builder);
  group.emitSync(builder, loc);
  for (StageOp op : run)
    op.erase();
}

/// Fills without waiting, by copies if one fits.
static void lowerBegun(StageOp op, const ThreadGroup &group) {
  OpBuilder builder(op);
  Value thread = group.emitThread(builder, op.getLoc());
  Filling filling(op, group);
  if (CopyOp copy = filling.findCopy()) {
    filling.emitCopies(builder, copy, thread);
  } else {
    filling.load(builder, thread);
    filling.store(builder);
  }
  op.erase();
}

void LowerStagesPass::runOnOperation() {
  SmallVector<gpu::LaunchOp> launches;
  getOperation().walk([&](gpu::LaunchOp launch) {
    if (launch->hasAttr("amos.scope"))
      launches.push_back(launch);
  });
  for (gpu::LaunchOp launch : launches) {
    ThreadGroup group = ThreadGroup::get(launch);
    if (group.scope.getSync().empty()) {
      launch.emitError("expected a 'sync' of scope '")
          << group.scope.getSymName() << "', whose parts share a buffer";
      return signalPassFailure();
    }
    SmallVector<SmallVector<StageOp>> runs;
    SmallVector<StageOp> begun;
    launch.walk([&](StageOp op) {
      if (isBegun(op))
        begun.push_back(op);
      else if (runs.empty() || !llvm::is_contained(runs.back(), op))
        runs.push_back(getRun(op));
    });
    for (ArrayRef<StageOp> run : runs)
      lowerRun(run, group);
    for (StageOp op : begun)
      lowerBegun(op, group);
  }
}
