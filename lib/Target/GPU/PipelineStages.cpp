//===- PipelineStages.cpp - Fill ahead of what is worked on ---------------===//
//
// A step of a chunk loop fills buffers, loads fragments from them and invokes
// intrinsics. Here its parts are dealt out over several steps of the loop, by
// upstream's pipeliner:
//
//   0       the buffers of the step begin to be filled
//   n - 2   they are waited for, and the first fragments are loaded
//   n - 1   the other fragments are loaded, one round before their invocations
//
// In the loop that comes out, one step waits at its last round for the buffers
// of the next and loads the next's first fragments before its own last
// invocations. A buffer is filled again when all units have passed a meeting
// behind their last load from it.
//
//===----------------------------------------------------------------------===//

#include "StageLoop.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/Transforms/Transforms.h"
#include "mlir/IR/IRMapping.h"

namespace amos {
#define GEN_PASS_DEF_PIPELINESTAGES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
/// An operation with the stage of the pipeline it belongs to.
using Placed = std::pair<Operation *, unsigned>;

/// One loop on its way into a pipeline.
class StagePipeline {
public:
  StagePipeline(StageLoop &loop, int64_t stages, IRRewriter &rewriter)
      : loop(loop), stages(stages), rewriter(rewriter) {}
  LogicalResult run();

private:
  void makeRings();
  Value emitSlot(OpBuilder &builder) const;
  void moveToRing(StageOp op);
  void moveToRing(LoadOp op);
  void commit();
  void wait();
  void isolate(ArrayRef<Operation *> ops, unsigned stage);
  void orderRounds();
  LogicalResult pipeline();

  StageLoop &loop;
  int64_t stages;
  IRRewriter &rewriter;
  /// By the buffer of one step: the ring's memory and all of it with the slot
  /// as first dimension.
  llvm::MapVector<Value, std::pair<Value, Value>> rings;
  SmallVector<Operation *> commits, waits; ///< at the end of the body
  std::vector<Placed> order;
};

struct PipelineStagesPass : amos::impl::PipelineStagesBase<PipelineStagesPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Rings
//===----------------------------------------------------------------------===//

/// Rings instead of buffers, one after the other in one allocation each.
void StagePipeline::makeRings() {
  for (StageOp op : loop.stages) {
    auto one = op.getTarget().getDefiningOp<memref::ReinterpretCastOp>();
    auto flat = one.getSource().getDefiningOp<memref::AllocOp>();
    rewriter.setInsertionPoint(one);
    MemRefType type = one.getType(), flatType = flat.getType();
    int64_t size = flatType.getNumElements();
    auto memory = memref::AllocOp::create(
        rewriter, flat.getLoc(),
        MemRefType::get(stages * size, type.getElementType()));
    memory->setAttr("amos.level", flat->getAttr("amos.level"));
    auto [strides, offset] = type.getStridesAndOffset();
    SmallVector<int64_t> shape(type.getShape());
    shape.insert(shape.begin(), stages);
    strides.insert(strides.begin(), size);
    auto layout = StridedLayoutAttr::get(type.getContext(), 0, strides);
    Value all = memref::ReinterpretCastOp::create(
        rewriter, flat.getLoc(),
        MemRefType::get(shape, type.getElementType(), layout), memory,
        /*offset=*/0, shape, strides);
    rings[op.getTarget()] = {memory, all};
  }
}

/// Which buffer of a ring the step has.
Value StagePipeline::emitSlot(OpBuilder &builder) const {
  scf::ForOp op = loop.loop;
  Location loc = op.getLoc();
  AffineExpr step =
      (builder.getAffineDimExpr(0) - loop.first).floorDiv(loop.step);
  Value number = affine::makeComposedAffineApply(
      builder, loc, step, {OpFoldResult(op.getInductionVar())});
  Value slot = arith::RemUIOp::create(
      builder, loc, number,
      arith::ConstantIndexOp::create(builder, loc, stages));
  slot.getDefiningOp()->setAttr(slotAttributeName, builder.getUnitAttr());
  return slot;
}

void StagePipeline::moveToRing(StageOp op) {
  auto one = op.getTarget().getDefiningOp<memref::ReinterpretCastOp>();
  Value memory = rings[op.getTarget()].first;
  rewriter.setInsertionPoint(op);
  MemRefType type = one.getType();
  auto [strides, offset] = type.getStridesAndOffset();
  int64_t size = cast<MemRefType>(memory.getType()).getNumElements() / stages;
  Value start = arith::MulIOp::create(
      rewriter, op.getLoc(), emitSlot(rewriter),
      arith::ConstantIndexOp::create(rewriter, op.getLoc(), size));
  auto layout =
      StridedLayoutAttr::get(type.getContext(), ShapedType::kDynamic, strides);
  auto toAttrs = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(rewriter.getContext(), values);
  };
  Value slot = memref::ReinterpretCastOp::create(
      rewriter, op.getLoc(),
      MemRefType::get(type.getShape(), type.getElementType(), layout), memory,
      OpFoldResult(start), toAttrs(type.getShape()), toAttrs(strides));
  op.getTargetMutable().assign(slot);
  op->removeAttr("amos.stages");
  op->setAttr("amos.begun", rewriter.getUnitAttr());
}

void StagePipeline::moveToRing(LoadOp op) {
  Value all = rings[op.getSource()].second;
  rewriter.setInsertionPoint(op);
  AffineMap map = op.getIndex();
  unsigned numDims = map.getNumDims();
  SmallVector<AffineExpr> index = {rewriter.getAffineDimExpr(numDims)};
  llvm::append_range(index, map.getResults());
  op.getCoordinatesMutable().append(emitSlot(rewriter));
  op.getSourceMutable().assign(all);
  op.setIndexAttr(AffineMapAttr::get(AffineMap::get(
      numDims + 1, map.getNumSymbols(), index, rewriter.getContext())));
}

//===----------------------------------------------------------------------===//
// Waiting
//===----------------------------------------------------------------------===//

/// The operations that `emit` puts at the end of the body.
static SmallVector<Operation *>
record(Block *body, IRRewriter &rewriter,
       llvm::function_ref<void(OpBuilder &)> emit) {
  rewriter.setInsertionPoint(body->getTerminator());
  Operation *before = body->getTerminator()->getPrevNode();
  emit(rewriter);
  SmallVector<Operation *> ops;
  for (Operation *op = before->getNextNode(); op != body->getTerminator();
       op = op->getNextNode())
    ops.push_back(op);
  return ops;
}

/// Each step closes a batch of copies, an empty one too.
void StagePipeline::commit() {
  commits = record(loop.loop.getBody(), rewriter, [&](OpBuilder &builder) {
    for (GroupOp group : loop.groups)
      inlineRegion(group.getCommit(), {}, builder);
  });
}

/// Until all but the last steps' copies are there, for all units.
void StagePipeline::wait() {
  Location loc = loop.loop.getLoc();
  waits = record(loop.loop.getBody(), rewriter, [&](OpBuilder &builder) {
    auto constant = [&](int64_t value) -> Value {
      return arith::ConstantIntOp::create(builder, loc, value, 32);
    };
    for (GroupOp group : loop.groups)
      inlineRegion(group.getWait(), constant(stages - 2), builder);
    SmallVector<Value> slot;
    if (loop.scope.getSync().getNumArguments() == 1)
      slot.push_back(constant(0));
    inlineRegion(loop.scope.getSync(), slot, builder);
  });
}

//===----------------------------------------------------------------------===//
// Order
//===----------------------------------------------------------------------===//

/// Gives `ops` copies of the pure operations of the body that they depend on,
/// and places those in `stage`: values that a later stage computes again need
/// not be carried to it.
void StagePipeline::isolate(ArrayRef<Operation *> ops, unsigned stage) {
  IRMapping copies;
  Block *body = loop.loop.getBody();
  Block::iterator next = body->begin();
  std::function<void(Operation *)> need = [&](Operation *op) {
    for (Value operand : op->getOperands()) {
      Operation *source = operand.getDefiningOp();
      if (!source || source->getBlock() != body || !isPure(source) ||
          isa<InvokeOp>(source) || copies.contains(operand))
        continue;
      need(source);
      rewriter.setInsertionPoint(body, next);
      order.push_back({rewriter.clone(*source, copies), stage});
    }
  };
  for (Operation *op : ops) {
    need(op);
    for (OpOperand &operand : op->getOpOperands())
      operand.set(copies.lookupOrDefault(operand.get()));
  }
}

/// Invocations with the same first tile follow each other, every second group
/// of them backwards, so that the next group begins with the tile just used.
static SmallVector<InvokeOp> serpentine(ArrayRef<InvokeOp> invocations) {
  SmallVector<InvokeOp> ordered;
  bool isBackwards = false;
  while (!invocations.empty()) {
    Value tile = InvokeOp(invocations.front()).getOperandTiles().front();
    auto group = invocations.take_while(
        [&](InvokeOp op) { return op.getOperandTiles().front() == tile; });
    size_t start = ordered.size();
    llvm::append_range(ordered, group);
    if (isBackwards)
      std::reverse(ordered.begin() + start, ordered.end());
    isBackwards = !isBackwards;
    invocations = invocations.drop_front(group.size());
  }
  return ordered;
}

/// Rounds of invocations, each behind the loads of the next.
void StagePipeline::orderRounds() {
  unsigned last = stages - 1, rounds = loop.rounds.size();
  auto place = [&](auto ops, unsigned stage) {
    for (Operation *op : ops)
      order.push_back({op, stage});
  };
  auto loadRound = [&](unsigned round) {
    if (round < rounds)
      place(loop.rounds[round].loads, last);
  };
  for (unsigned round = 0; round < rounds; ++round) {
    loadRound(round + 1);
    if (round == 0) {
      place(loop.stages, 0);
      place(commits, 0);
    }
    if (round + 1 == rounds) {
      place(waits, stages - 2);
      place(loop.rounds[0].loads, stages - 2);
    }
    place(serpentine(loop.rounds[round].invocations), last);
  }
}

/// What begins ahead does so only while there are steps left.
static Operation *predicate(RewriterBase &rewriter, Operation *op, Value when) {
  auto stage = dyn_cast<StageOp>(op);
  if (!stage)
    return op;
  rewriter.setInsertionPoint(op);
  auto inside = scf::IfOp::create(rewriter, op->getLoc(), when);
  rewriter.moveOpBefore(op, inside.thenBlock()->getTerminator());
  return inside;
}

LogicalResult StagePipeline::pipeline() {
  scf::PipeliningOption options;
  options.getScheduleFn = [&](scf::ForOp, std::vector<Placed> &schedule) {
    schedule = order;
  };
  options.peelEpilogue = false;
  options.predicateFn = predicate;
  rewriter.setInsertionPoint(loop.loop);
  FailureOr<scf::ForOp> piped =
      scf::pipelineForLoop(rewriter, loop.loop, options);
  if (succeeded(piped))
    countSlots(*piped, stages, rewriter);
  return piped;
}

LogicalResult StagePipeline::run() {
  makeRings();
  SmallVector<Operation *> fills, first, rest;
  for (StageOp op : loop.stages)
    fills.push_back(op);
  for (auto [number, round] : llvm::enumerate(loop.rounds))
    for (LoadOp op : round.loads)
      (number == 0 ? first : rest).push_back(op);
  SmallVector<Value> old;
  for (Operation *op : llvm::concat<Operation *>(first, rest))
    moveToRing(cast<LoadOp>(op));
  for (StageOp op : loop.stages) {
    old.push_back(op.getTarget());
    moveToRing(op);
  }
  commit();
  wait();
  isolate(fills, 0);
  isolate(first, stages - 2);
  isolate(rest, stages - 1);
  orderRounds();
  loop.dropUnused(order);
  for (Value buffer : old)
    if (buffer.use_empty()) {
      Operation *flat = buffer.getDefiningOp()->getOperand(0).getDefiningOp();
      rewriter.eraseOp(buffer.getDefiningOp());
      rewriter.eraseOp(flat);
    }
  return pipeline();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

void PipelineStagesPass::runOnOperation() {
  llvm::SetVector<Operation *> loops;
  getOperation().walk([&](StageOp op) {
    if (op->hasAttr("amos.stages") && isa<scf::ForOp>(op->getParentOp()))
      loops.insert(op->getParentOp());
  });
  IRRewriter rewriter(&getContext());
  for (Operation *op : loops) {
    std::optional<StageLoop> loop =
        StageLoop::get(cast<scf::ForOp>(op), rewriter);
    if (!loop)
      continue;
    int64_t stages =
        cast<IntegerAttr>(loop->stages.front()->getAttr("amos.stages"))
            .getInt();
    stages = std::min(stages, loop->trips);
    if (stages < 2)
      continue;
    if (failed(StagePipeline(*loop, stages, rewriter).run())) {
      getOperation().emitError("a loop that fills buffers ahead could not be "
                               "made a pipeline; ask for 'stages 1'");
      return signalPassFailure();
    }
  }
}
