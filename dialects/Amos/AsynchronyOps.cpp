//===- AsynchronyOps.cpp - Groups, barriers, fences, budgets, states ------===//

#include "Amos/Verify.h"

using namespace mlir;
using namespace amos;

static LogicalResult verifyPlainRegion(Operation *op, Region &region,
                                       StringRef name) {
  return region.empty() ? success() : verifyRegion(op, region, name, {}, {});
}

LogicalResult GroupOp::verifyUses(SymbolTableCollection &symbols) {
  if (failed(findPart<ScopeOp>(*this, getIssueAttr(), symbols)) ||
      failed(verifyPositive(*this, "outstanding", getOutstanding())) ||
      failed(verifyPlainRegion(*this, getBegin(), "begin")) ||
      failed(verifyPlainRegion(*this, getCommit(), "commit")))
    return failure();
  Expected pending{Expected::Integer, "the batches that may stay pending"};
  if (failed(verifyRegion(*this, getWait(), "wait", pending, {})))
    return failure();
  if (getWaitRead().empty())
    return success();
  return verifyRegion(*this, getWaitRead(), "wait_read", pending, {});
}

LogicalResult BarrierOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<LevelOp> level = findPart<LevelOp>(*this, getLevelAttr(), symbols);
  if (failed(level) || failed(verifyPositive(*this, "bytes", getBytes())) ||
      failed(verifyPositive(*this, "limit", getLimit())))
    return failure();
  if (!level->getAddress())
    return emitOpError("expects a level with an 'address', '")
           << getLevelAttr() << "' has none";
  Expected address{Expected::Address, "the address"};
  Expected arrivals{Expected::Integer, "the number of arrivals"};
  Expected bytes{Expected::Integer, "the number of bytes"};
  Expected phase{Expected::Integer, "the phase"};
  if (failed(verifyRegion(*this, getInit(), "init", {address, arrivals}, {})) ||
      failed(verifyRegion(*this, getArrive(), "arrive", address, {})))
    return failure();
  if (!getExpect().empty() &&
      failed(verifyRegion(*this, getExpect(), "expect", {address, bytes}, {})))
    return failure();
  if (failed(verifyRegion(*this, getWait(), "wait", {address, phase}, {})))
    return failure();
  if (getArriveAt().empty())
    return success();
  Expected other{Expected::Address, "the address in another part's memory"};
  return verifyRegion(*this, getArriveAt(), "arrive_at", other, {});
}

/// Whether plain loads and stores, a copy or an intrinsic have a view.
static bool hasView(Operation *accelerator, StringRef view) {
  if (view == "generic")
    return true;
  return llvm::any_of(accelerator->getRegion(0).front(), [&](Operation &part) {
    if (auto copy = dyn_cast<CopyOp>(part))
      return copy.getView() == view;
    auto intrinsic = dyn_cast<IntrinsicOp>(part);
    return intrinsic && intrinsic.getView() == view;
  });
}

LogicalResult FenceOp::verifyUses(SymbolTableCollection &symbols) {
  if (failed(findPart<LevelOp>(*this, getLevelAttr(), symbols)))
    return failure();
  for (StringRef view : {getFrom(), getTo()})
    if (!hasView((*this)->getParentOp(), view))
      return emitOpError("expects 'generic' or the 'view' of a copy or an "
                         "intrinsic, none has '")
             << view << "'";
  return verifyRegion(*this, getLowering(), "lowering", {}, {});
}

/// `range` is ascending, in whole granules, and fits one lane and the pool.
static LogicalResult verifyRange(BudgetOp op, LevelOp level, ScopeOp issue) {
  ArrayRef<int64_t> range = op.getRange();
  if (range.size() != 2 || range[0] <= 0 || range[0] > range[1])
    return op.emitOpError("expects 'range' to be [least, most]");
  for (int64_t count : range)
    if (count % op.getGranule() != 0)
      return op.emitOpError("expects 'range' in multiples of ")
             << op.getGranule() << ", got " << count;
  int64_t bytes = range[1] * level.getGranule().value_or(1);
  if (level.getCapacity() && bytes > int64_t(*level.getCapacity()))
    return op.emitOpError("expects 'range' to fit a capacity of ")
           << *level.getCapacity() << " bytes, " << range[1] << " takes "
           << bytes;
  if (level.getPool() && bytes * issue.getLanes() > int64_t(*level.getPool()))
    return op.emitOpError("expects 'range' to fit a pool of ")
           << *level.getPool() << " bytes, " << range[1] << " in "
           << issue.getLanes() << " lanes takes " << bytes * issue.getLanes();
  return success();
}

LogicalResult BudgetOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<LevelOp> level = findPart<LevelOp>(*this, getLevelAttr(), symbols);
  FailureOr<ScopeOp> issue = findPart<ScopeOp>(*this, getIssueAttr(), symbols);
  if (failed(level) || failed(issue) ||
      failed(verifyPositive(*this, "granule", getGranule())) ||
      failed(verifyRange(*this, *level, *issue)))
    return failure();
  Expected count{Expected::Integer, "the new count"};
  if (failed(verifyRegion(*this, getShrink(), "shrink", count, {})))
    return failure();
  return verifyRegion(*this, getGrow(), "grow", count, {});
}

LogicalResult OverlapOp::verifyUses(SymbolTableCollection &) {
  if (failed(verifyPlainRegion(*this, getAdmit(), "admit")))
    return failure();
  return verifyPlainRegion(*this, getAwait(), "await");
}

LogicalResult ClusterOp::verifyUses(SymbolTableCollection &symbols) {
  FailureOr<LevelOp> level = findPart<LevelOp>(*this, getLevelAttr(), symbols);
  if (failed(findPart<ScopeOp>(*this, getScopeAttr(), symbols)) ||
      failed(level) ||
      failed(verifyPositive(*this, "bandwidth", getBandwidth())))
    return failure();
  if (getAtOnce().size() < 2 ||
      llvm::any_of(getAtOnce(), [](int64_t count) { return count <= 0; }))
    return emitOpError("expects 'at_once' to be positive numbers of clusters "
                       "of one part, of two and so on, got [")
           << getAtOnce() << "]";
  if (level->getScopeAttr() != getScopeAttr() || !level->getAddress())
    return emitOpError("expects a level with an 'address' and one instance per "
                       "'")
           << getScopeAttr() << "', '" << getLevelAttr() << "' is another";
  Expected own{Expected::Address, "an address of one's own"};
  Expected part{Expected::Integer, "the number of a part"};
  Expected other{Expected::Address, "the address in that part's memory"};
  if (failed(verifyRegion(*this, getSync(), "sync", {}, {})))
    return failure();
  return verifyRegion(*this, getReach(), "reach", {own, part}, other);
}

LogicalResult StateOp::verifyUses(SymbolTableCollection &symbols) {
  if (failed(findPart<ScopeOp>(*this, getScopeAttr(), symbols)) ||
      failed(verifyPlainRegion(*this, getLeave(), "leave")))
    return failure();
  if (getEnter().empty())
    return success();
  SmallVector<Expected> arguments(getEnter().getNumArguments(),
                                  {Expected::Anything, "a parameter"});
  return verifyRegion(*this, getEnter(), "enter", arguments, {});
}
