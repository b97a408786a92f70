//===- CountSlots.cpp - Numbers of slots, carried from step to step -------===//
//
// Which slot of a ring a step has is a remainder, and what is loaded from there
// first waits for it. Carried by the loop it is an addition and a comparison,
// which the step before has time for.
//
//===----------------------------------------------------------------------===//

#include "StageLoop.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <map>

using namespace mlir;
using namespace amos;

/// `value` of the body at the loop's first step, if that is a constant.
static std::optional<int64_t> getFirst(Value value, scf::ForOp loop,
                                       IRMapping &known, IRRewriter &rewriter) {
  std::function<Value(Value)> evaluate = [&](Value asked) -> Value {
    Operation *op = asked.getDefiningOp();
    if (known.contains(asked) || !op || op->getBlock() != loop.getBody() ||
        !isPure(op) || op->getNumResults() != 1)
      return known.lookupOrDefault(asked);
    for (Value operand : op->getOperands())
      evaluate(operand);
    Operation *copy = rewriter.clone(*op, known);
    SmallVector<Value> folded;
    if (succeeded(rewriter.tryFold(copy, folded)) && folded.size() == 1) {
      rewriter.eraseOp(copy);
      known.map(asked, folded.front());
    }
    return known.lookup(asked);
  };
  return getConstantIntValue(evaluate(value));
}

scf::ForOp amos::countSlots(scf::ForOp loop, int64_t slots,
                            IRRewriter &rewriter) {
  IRMapping known;
  known.map(loop.getInductionVar(), loop.getLowerBound());
  std::map<int64_t, SmallVector<arith::RemUIOp>> numbers;
  rewriter.setInsertionPoint(loop);
  for (auto op : loop.getBody()->getOps<arith::RemUIOp>())
    if (op->hasAttr(slotAttributeName))
      if (auto first = getFirst(op.getResult(), loop, known, rewriter))
        numbers[*first].push_back(op);
  Location loc = loop.getLoc();
  SmallVector<Value> inits;
  for (auto &[first, ops] : numbers)
    inits.push_back(arith::ConstantIndexOp::create(rewriter, loc, first));
  auto count = [&](OpBuilder &builder, Location, ArrayRef<BlockArgument> own) {
    SmallVector<Value> next;
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    Value end = arith::ConstantIndexOp::create(builder, loc, slots);
    for (auto [number, pair] : llvm::zip_equal(own, numbers)) {
      for (arith::RemUIOp op : pair.second)
        rewriter.replaceOp(op, number);
      Value more = arith::AddIOp::create(builder, loc, number, one);
      Value isEnd = arith::CmpIOp::create(builder, loc,
                                          arith::CmpIPredicate::eq, more, end);
      next.push_back(arith::SelectOp::create(builder, loc, isEnd, zero, more));
    }
    return next;
  };
  auto counted = loop.replaceWithAdditionalYields(
      rewriter, inits, /*replaceInitOperandUsesInLoop=*/false, count);
  return succeeded(counted) ? cast<scf::ForOp>(counted->getOperation()) : loop;
}
