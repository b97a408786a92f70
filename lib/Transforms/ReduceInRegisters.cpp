//===- ReduceInRegisters.cpp - Sums that are not stored at each step ------===//

#include "JoinLoops.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {
#define GEN_PASS_DEF_REDUCEINREGISTERS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct ReduceInRegisters
    : amos::impl::ReduceInRegistersBase<ReduceInRegisters> {
  void runOnOperation() override;
};

/// The loops of one op: parallel ones outside, its sums carried through the
/// others.
class ReductionNest {
public:
  ReductionNest(linalg::GenericOp op) : op(op), loc(op.getLoc()) {}
  bool isPossible();
  void emit();

private:
  void readRanges(OpBuilder &b);
  SmallVector<Value> emitReductions(OpBuilder &b, ArrayRef<unsigned> loops,
                                    ValueRange sums);
  SmallVector<Value> emitBody(OpBuilder &b, ValueRange sums);
  SmallVector<Value> getIndex(OpBuilder &b, OpOperand &operand);

  linalg::GenericOp op;
  Location loc;
  SmallVector<Value> lows, highs, steps, places; ///< of each loop
};
} // namespace

bool ReductionNest::isPossible() {
  return op.hasPureBufferSemantics() && op.getNumReductionLoops() > 0 &&
         op.getRegion().hasOneBlock() &&
         llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &result) {
           AffineMap map = op.getMatchingIndexingMap(&result);
           for (auto [d, kind] : llvm::enumerate(op.getIteratorTypesArray()))
             if (linalg::isReductionIterator(kind) && map.isFunctionOfDim(d))
               return false;
           return true;
         });
}

SmallVector<Value> ReductionNest::getIndex(OpBuilder &b, OpOperand &operand) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  return llvm::map_to_vector(
      llvm::seq(0u, map.getNumResults()), [&](unsigned r) -> Value {
        return getValueOrCreateConstantIndexOp(
            b, loc,
            affine::makeComposedFoldedAffineApply(b, loc, map.getSubMap({r}),
                                                  getAsOpFoldResult(places)));
      });
}

/// What the body makes of the sums at `places`.
SmallVector<Value> ReductionNest::emitBody(OpBuilder &b, ValueRange sums) {
  Block &body = op.getRegion().front();
  IRMapping mapping;
  for (OpOperand *source : op.getDpsInputOperands()) {
    BlockArgument argument = op.getMatchingBlockArgument(source);
    if (op.isScalar(source))
      mapping.map(argument, source->get());
    else if (!argument.use_empty())
      mapping.map(argument, memref::LoadOp::create(b, loc, source->get(),
                                                   getIndex(b, *source)));
  }
  for (auto [argument, sum] : llvm::zip_equal(op.getRegionOutputArgs(), sums))
    mapping.map(argument, sum);
  for (Operation &inner : body.without_terminator()) {
    if (auto index = dyn_cast<linalg::IndexOp>(inner))
      mapping.map(index.getResult(), places[index.getDim()]);
    else
      b.clone(inner, mapping);
  }
  return llvm::map_to_vector(
      body.getTerminator()->getOperands(),
      [&](Value value) { return mapping.lookupOrDefault(value); });
}

SmallVector<Value> ReductionNest::emitReductions(OpBuilder &b,
                                                 ArrayRef<unsigned> loops,
                                                 ValueRange sums) {
  if (loops.empty())
    return emitBody(b, sums);
  unsigned loop = loops.front();
  auto made = scf::ForOp::create(
      b, loc, lows[loop], highs[loop], steps[loop], sums,
      [&](OpBuilder &inner, Location, Value step, ValueRange carried) {
        places[loop] = step;
        scf::YieldOp::create(
            inner, loc, emitReductions(inner, loops.drop_front(), carried));
      });
  return made.getResults();
}

void ReductionNest::readRanges(OpBuilder &b) {
  for (const Range &range :
       cast<linalg::LinalgOp>(*op).createLoopRanges(b, loc)) {
    auto make = [&](OpFoldResult value) {
      return getValueOrCreateConstantIndexOp(b, loc, value);
    };
    lows.push_back(make(range.offset));
    highs.push_back(make(range.size));
    steps.push_back(make(range.stride));
  }
  places.resize(lows.size());
}

void ReductionNest::emit() {
  OpBuilder b(op);
  readRanges(b);
  SmallVector<unsigned> parallel, reductions;
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    (linalg::isReductionIterator(kind) ? reductions : parallel).push_back(loop);
  auto pick = [&](ArrayRef<Value> values) {
    return llvm::map_to_vector(parallel,
                               [&](unsigned loop) { return values[loop]; });
  };
  if (!parallel.empty()) {
    auto outside =
        scf::ParallelOp::create(b, loc, pick(lows), pick(highs), pick(steps));
    for (auto [loop, place] :
         llvm::zip_equal(parallel, outside.getInductionVars()))
      places[loop] = place;
    b.setInsertionPointToStart(outside.getBody());
  }
  SmallVector<Value> sums;
  for (OpOperand &result : op.getDpsInitsMutable())
    sums.push_back(
        memref::LoadOp::create(b, loc, result.get(), getIndex(b, result)));
  SmallVector<Value> done = emitReductions(b, reductions, sums);
  for (auto [sum, result] : llvm::zip_equal(done, op.getDpsInitsMutable()))
    memref::StoreOp::create(b, loc, sum, result.get(), getIndex(b, result));
  op.erase();
}

void ReduceInRegisters::runOnOperation() {
  if (!getOperation()->hasAttr("amos.target"))
    return;
  IRRewriter rewriter(&getContext());
  SmallVector<linalg::LinalgOp> ops;
  getOperation().walk([&](linalg::LinalgOp op) {
    if (op.hasPureBufferSemantics() && op.getNumReductionLoops() > 0)
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    FailureOr<linalg::GenericOp> generic = makeGeneric(rewriter, op);
    if (failed(generic))
      continue;
    if (ReductionNest nest(*generic); nest.isPossible())
      nest.emit();
  }
}
