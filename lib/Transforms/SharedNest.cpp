//===- SharedNest.cpp - A nest that threads share -------------------------===//
//
// The steps of the outermost parallel loops, numbered as they are done in
// sequence, are dealt out in one piece to each thread. Every thread runs the
// same loops between bounds of its own, wherever they are in the nest and
// whatever is split off their ends, so that a nest around a loop that is not
// shared stays as it is.
//
//===----------------------------------------------------------------------===//

#include "MappedNest.h"
#include "amos/Transforms/Threads.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

/// How often `loop` is stepped through.
Value MappedNest::countSteps(const SharedLoop &loop) {
  const OuterLoop &outer = mapped.outer[loop.outer];
  if (!ShapedType::isDynamic(outer.extent))
    return arith::ConstantIndexOp::create(builder, loc, loop.trips);
  AffineExpr whole = outer.tail ? outer.wholeTrips : outer.trips;
  return evaluate(whole.floorDiv(loop.step) + 1);
}

/// Whether something around runs parts side by side already.
static bool isInParallel(Operation *op) {
  return op && (isa<scf::ForallOp, scf::ParallelOp>(op) ||
                isInParallel(op->getParentOp()));
}

void MappedNest::emitShared(Loops loops, double work, bool sharesReductions,
                            Body body) {
  auto isFree = [&](unsigned outer) {
    return sharesReductions || mapped.outer[outer].isParallel;
  };
  SmallVector<SharedLoop> shared;
  if (threads != 1 && !isInParallel(builder.getInsertionBlock()->getParentOp()))
    shared = findShared(mapped, loops, isFree,
                        threads == 0 ? assumedThreads : threads);
  if (shared.empty() || work < 2 * leastWork) {
    emitLoops(loops, getFullRanges(), {}, body);
    return;
  }
  OpBuilder::InsertionGuard guard(builder);
  SharedSteps &steps = own.emplace();
  Value all = arith::ConstantIndexOp::create(builder, loc, 1);
  for (const SharedLoop &loop : shared) {
    Value count = countSteps(loop);
    all = builder.createOrFold<arith::MulIOp>(loc, all, count);
    steps.loops.push_back({loop, count});
    work /= double(loop.trips);
  }
  steps.share = openThreads(builder, loc, threads, all, work);
  emitLoops(loops, getFullRanges(), {}, body);
  own.reset();
}

/// The steps of `loop` that are this thread's, from the first to before the
/// second; nothing if it does all. Those of the shared loops around are at
/// `ranges`, so they need not be the thread's.
std::optional<ThreadShare> MappedNest::getOwnSteps(const Schedule::Loop &loop,
                                                   const OuterRanges &ranges) {
  if (!own)
    return std::nullopt;
  auto *found = llvm::find_if(own->loops, [&](const auto &shared) {
    return shared.first.outer == unsigned(loop.outer) &&
           shared.first.step == loop.step;
  });
  const OuterRange &range = ranges[loop.outer];
  bool isWhole = range.isConstant() && range.first == 0 &&
                 range.steps == mapped.outer[loop.outer].extent;
  if (found == own->loops.end() || !isWhole)
    return std::nullopt;
  Value before = arith::ConstantIndexOp::create(builder, loc, 0);
  for (auto *around = own->loops.begin(); around != found; ++around) {
    Value step = getPosition(ranges[around->first.outer], around->first.step);
    Value sum = builder.createOrFold<arith::AddIOp>(loc, before, step);
    before = builder.createOrFold<arith::MulIOp>(loc, sum,
                                                 std::next(around)->second);
  }
  Value inside = arith::ConstantIndexOp::create(builder, loc, 1);
  for (const auto &shared :
       llvm::make_range(std::next(found), own->loops.end()))
    inside = builder.createOrFold<arith::MulIOp>(loc, inside, shared.second);
  auto low = builder.createOrFold<arith::DivUIOp>(loc, own->share.low, inside);
  auto high =
      builder.createOrFold<arith::CeilDivUIOp>(loc, own->share.high, inside);
  return ThreadShare{builder.createOrFold<arith::SubIOp>(loc, low, before),
                     builder.createOrFold<arith::SubIOp>(loc, high, before)};
}

/// Leaves the builder where `step` of `loop` is this thread's.
void MappedNest::enterOwnStep(const Schedule::Loop &loop,
                              const OuterRanges &ranges, OpFoldResult step) {
  std::optional<ThreadShare> steps = getOwnSteps(loop, ranges);
  if (!steps)
    return;
  Value number = getValueOrCreateConstantIndexOp(builder, loc, step);
  Value isBehind = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::sge, number, steps->low);
  Value isBefore = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::slt, number, steps->high);
  Value isOwn = arith::AndIOp::create(builder, loc, isBehind, isBefore);
  auto branch = scf::IfOp::create(builder, loc, isOwn, /*withElse=*/false);
  builder.setInsertionPointToStart(branch.thenBlock());
}

/// What of `loop` from `low` to `high` is this thread's.
std::pair<Value, Value> MappedNest::clip(const Schedule::Loop &loop,
                                         const OuterRanges &ranges, Value low,
                                         Value high) {
  std::optional<ThreadShare> steps = getOwnSteps(loop, ranges);
  if (!steps)
    return {low, high};
  Value step = arith::ConstantIndexOp::create(builder, loc, loop.step);
  auto scale = [&](Value number) {
    return builder.createOrFold<arith::MulIOp>(loc, number, step);
  };
  return {
      arith::MaxSIOp::create(builder, loc, low, scale(steps->low)),
      arith::MinSIOp::create(builder, loc, high, scale(steps->high)),
  };
}
