//===- StageLoop.cpp - A chunk loop, taken apart --------------------------===//

#include "StageLoop.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// The loops from the outermost one that only leads to `loop`, to that.
static SmallVector<scf::ForOp> getNest(scf::ForOp loop) {
  SmallVector<scf::ForOp> nest = {loop};
  while (auto outer = dyn_cast<scf::ForOp>(nest.front()->getParentOp())) {
    bool leads =
        llvm::all_of(outer.getBody()->without_terminator(), [&](Operation &op) {
          return &op == nest.front() || op.hasTrait<OpTrait::ConstantLike>();
        });
    if (!leads)
      break;
    nest.insert(nest.begin(), outer);
  }
  return nest;
}

/// Constants in between would keep loops from being perfectly nested.
static scf::ForOp flatten(SmallVector<scf::ForOp> nest) {
  for (scf::ForOp outer : ArrayRef(nest).drop_back())
    for (Operation &op :
         llvm::make_early_inc_range(outer.getBody()->without_terminator()))
      if (op.hasTrait<OpTrait::ConstantLike>())
        op.moveBefore(nest.front());
  if (nest.size() > 1 && failed(coalesceLoops(nest)))
    return nest.back();
  return nest.front();
}

/// Lets a loop that is a constant number of steps long begin at 0.
static bool beginAtZero(scf::ForOp loop, IRRewriter &rewriter) {
  Location loc = loop.getLoc();
  rewriter.setInsertionPoint(loop);
  Value low = loop.getLowerBound();
  AffineExpr d0 = rewriter.getAffineDimExpr(0),
             d1 = rewriter.getAffineDimExpr(1);
  OpFoldResult length = affine::makeComposedFoldedAffineApply(
      rewriter, loc, d1 - d0,
      {OpFoldResult(low), OpFoldResult(loop.getUpperBound())});
  if (!getConstantIntValue(length))
    return false;
  loop.setLowerBound(arith::ConstantIndexOp::create(rewriter, loc, 0));
  loop.setUpperBound(getValueOrCreateConstantIndexOp(rewriter, loc, length));
  rewriter.setInsertionPointToStart(loop.getBody());
  Value iv = loop.getInductionVar();
  auto shifted = affine::makeComposedAffineApply(
      rewriter, loc, d0 + d1, {OpFoldResult(iv), OpFoldResult(low)});
  rewriter.replaceAllUsesExcept(iv, shifted, shifted);
  return true;
}

/// Unrolls all loops inside, the innermost first.
static bool unroll(scf::ForOp loop, IRRewriter &rewriter) {
  SmallVector<scf::ForOp> inner;
  loop.getBody()->walk([&](scf::ForOp op) { inner.push_back(op); });
  for (scf::ForOp op : inner)
    if (!beginAtZero(op, rewriter) || failed(loopUnrollFull(op)))
      return false;
  return true;
}

/// Puts indices in their simplest form, equal ones in one value.
static void simplify(scf::ForOp loop, IRRewriter &rewriter) {
  MLIRContext *context = loop.getContext();
  RewritePatternSet patterns(context);
  affine::AffineApplyOp::getCanonicalizationPatterns(patterns, context);
  SmallVector<Operation *> ops;
  loop->walk([&](Operation *op) {
    if (isa<affine::AffineApplyOp>(op))
      ops.push_back(op);
  });
  (void)applyOpPatternsGreedily(ops, std::move(patterns));
  DominanceInfo dominance(loop->getParentOp());
  eliminateCommonSubExpressions(rewriter, dominance, loop);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

bool StageLoop::readBounds() {
  auto low = getConstantIntValue(loop.getLowerBound()),
       high = getConstantIntValue(loop.getUpperBound()),
       by = getConstantIntValue(loop.getStep());
  if (!low || !high || !by || *by <= 0)
    return false;
  first = *low;
  step = *by;
  trips = llvm::divideCeil(*high - *low, *by);
  return true;
}

/// Sorts invocations by how many of the step add to their sums before.
bool StageLoop::readBody() {
  llvm::DenseMap<Value, unsigned> numbers;
  llvm::MapVector<Operation *, unsigned> loads;
  for (Operation &op : loop.getBody()->without_terminator()) {
    if (auto stage = dyn_cast<StageOp>(op)) {
      stages.push_back(stage);
    } else if (isa<LoadOp>(op)) {
      loads[&op] = 0;
    } else if (auto invoke = dyn_cast<InvokeOp>(op)) {
      unsigned number = numbers.lookup(invoke.getOperandTiles().back());
      numbers[invoke.getResult()] = number + 1;
      if (rounds.size() <= number)
        rounds.resize(number + 1);
      rounds[number].invocations.push_back(invoke);
    } else if (!isPure(&op) || op.getNumRegions()) {
      return false;
    }
  }
  llvm::DenseMap<Operation *, unsigned> needed;
  for (auto [number, round] : llvm::enumerate(rounds))
    for (InvokeOp op : round.invocations)
      for (Value tile : op.getOperandTiles().drop_back())
        if (Operation *load = tile.getDefiningOp(); load && loads.count(load))
          needed.try_emplace(load, number);
  for (auto [load, unused] : loads)
    if (auto number = needed.find(load); number != needed.end())
      rounds[number->second].loads.push_back(cast<LoadOp>(load));
    else
      return false;
  return !rounds.empty() && !stages.empty();
}

/// Buffers are allocations of this loop alone, and all that is loaded from.
bool StageLoop::ownBuffers() {
  llvm::SmallPtrSet<Value, 4> buffers;
  for (StageOp op : stages) {
    auto cast = op.getTarget().getDefiningOp<memref::ReinterpretCastOp>();
    if (!cast || op.getCopy() ||
        !cast.getSource().getDefiningOp<memref::AllocOp>() ||
        !cast.getSource().hasOneUse() || !op->hasAttr("amos.stages"))
      return false;
    buffers.insert(op.getTarget());
    for (Operation *user : op.getTarget().getUsers())
      if (user->getParentOp() != loop)
        return false;
  }
  for (Round &round : rounds)
    for (LoadOp op : round.loads)
      if (!buffers.contains(op.getSource()) || op.getGuards())
        return false;
  return true;
}

/// Whether a copy of the machine ends with the group and goes to the level.
static bool isCompleted(GroupOp group, StringRef level) {
  auto machine = cast<AcceleratorOp>(group->getParentOp());
  return llvm::any_of(machine.getOps<CopyOp>(), [&](CopyOp copy) {
    auto to = dyn_cast<RowsAttr>(copy.getTo());
    return to && to.getLevel().getValue() == level &&
           copy.getCompletes() == group.getSymName();
  });
}

bool StageLoop::readMachine() {
  auto alloc = stages.front().getTarget().getDefiningOp()->getOperand(0);
  auto level =
      alloc.getDefiningOp()->getAttrOfType<SymbolRefAttr>("amos.level");
  Operation *outermost = nullptr;
  for (Operation *op = loop; op; op = op->getParentOp())
    if (op->hasAttr("amos.scope"))
      outermost = op;
  if (!level || !outermost)
    return false;
  scope = SymbolTable::lookupNearestSymbolFrom<ScopeOp>(
      outermost, outermost->getAttrOfType<SymbolRefAttr>("amos.scope"));
  if (!scope || scope.getSync().empty())
    return false;
  for (auto group : scope->getParentOp()->getRegion(0).getOps<GroupOp>())
    if (isCompleted(group, level.getLeafReference()) &&
        !group.getCommit().empty())
      groups.push_back(group);
  return true;
}

std::optional<StageLoop> StageLoop::get(scf::ForOp loop, IRRewriter &rewriter) {
  StageLoop read;
  if (!unroll(loop, rewriter))
    return std::nullopt;
  read.loop = flatten(getNest(loop));
  simplify(read.loop, rewriter);
  bool fits = read.readBounds() && read.readBody() && read.ownBuffers() &&
              read.readMachine();
  return fits ? std::optional(std::move(read)) : std::nullopt;
}

void StageLoop::dropUnused(
    std::vector<std::pair<Operation *, unsigned>> &order) {
  llvm::SmallPtrSet<Operation *, 32> placed;
  for (auto &[op, stage] : order)
    placed.insert(op);
  SmallVector<Operation *> body;
  for (Operation &op : loop.getBody()->without_terminator())
    body.push_back(&op);
  for (Operation *op : llvm::reverse(body))
    if (!placed.contains(op) && isOpTriviallyDead(op))
      op->erase();
}
