//===- LaunchLoops.cpp - Everything else becomes kernels too --------------===//
//
// Buffers are memory of the device, so what touches them runs there: parallel
// loops with one thread for each of their points, anything else with a single
// thread.
//
//===----------------------------------------------------------------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/StringExtras.h"

namespace amos {
#define GEN_PASS_DEF_LAUNCHLOOPS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Threads of a block: enough to hide latencies, few enough for any kernel.
static constexpr int64_t blockSize = 256;

static Value createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

/// An empty kernel of that many threads.
static gpu::LaunchOp createLaunch(OpBuilder &builder, Location loc,
                                  int64_t blocks, int64_t threads) {
  Value one = createIndex(builder, loc, 1);
  auto launch = gpu::LaunchOp::create(
      builder, loc, createIndex(builder, loc, blocks), one, one,
      createIndex(builder, loc, threads), one, one);
  OpBuilder body = OpBuilder::atBlockEnd(&launch.getBody().front());
  gpu::TerminatorOp::create(body, loc);
  return launch;
}

//===----------------------------------------------------------------------===//
// Parallel loops
//===----------------------------------------------------------------------===//

/// Steps of every loop; nothing when they are not known or values are reduced.
static std::optional<SmallVector<int64_t>> getTrips(scf::ParallelOp loops) {
  if (loops.getNumResults())
    return std::nullopt;
  SmallVector<int64_t> trips;
  for (auto [low, high, step] : llvm::zip_equal(
           loops.getLowerBound(), loops.getUpperBound(), loops.getStep())) {
    auto first = getConstantIntValue(low), end = getConstantIntValue(high),
         by = getConstantIntValue(step);
    if (!first || !end || !by || *by <= 0)
      return std::nullopt;
    trips.push_back(std::max<int64_t>(llvm::divideCeil(*end - *first, *by), 0));
  }
  return trips;
}

/// Runs the body at the point numbered `number`, the last loop fastest.
static void inlineBody(OpBuilder &builder, scf::ParallelOp loops,
                       ArrayRef<int64_t> trips, Value number) {
  Location loc = loops.getLoc();
  for (size_t n = trips.size(); n-- > 0;) {
    Value trip = createIndex(builder, loc, trips[n]);
    Value step =
        n == 0 ? number : arith::RemUIOp::create(builder, loc, number, trip);
    if (n > 0)
      number = arith::DivUIOp::create(builder, loc, number, trip);
    Value moved = arith::MulIOp::create(builder, loc, step, loops.getStep()[n]);
    loops.getInductionVars()[n].replaceAllUsesWith(
        arith::AddIOp::create(builder, loc, loops.getLowerBound()[n], moved));
  }
  loops.getBody()->getTerminator()->erase();
  builder.getInsertionBlock()->getOperations().splice(
      builder.getInsertionPoint(), loops.getBody()->getOperations());
}

static void launchParallel(scf::ParallelOp loops, ArrayRef<int64_t> trips) {
  int64_t points = 1;
  for (int64_t trip : trips)
    points *= trip;
  if (points == 0)
    return loops.erase();
  OpBuilder builder(loops);
  Location loc = loops.getLoc();
  auto launch = createLaunch(builder, loc, llvm::divideCeil(points, blockSize),
                             std::min(points, blockSize));
  builder.setInsertionPointToStart(&launch.getBody().front());
  Value block = arith::MulIOp::create(builder, loc, launch.getBlockIds().x,
                                      createIndex(builder, loc, blockSize));
  Value number =
      arith::AddIOp::create(builder, loc, block, launch.getThreadIds().x);
  if (points > blockSize && points % blockSize) {
    Value isInside =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, number,
                              createIndex(builder, loc, points));
    auto inside = scf::IfOp::create(builder, loc, isInside);
    builder.setInsertionPointToStart(&inside.getThenRegion().front());
  }
  inlineBody(builder, loops, trips, number);
  loops.erase();
}

//===----------------------------------------------------------------------===//
// The rest
//===----------------------------------------------------------------------===//

/// Whether `op`, or one inside of it that is in no kernel, touches memory.
static bool touchesMemory(Operation &op) {
  return op
      .walk<WalkOrder::PreOrder>([](Operation *inner) {
        if (isa<gpu::LaunchOp>(inner))
          return WalkResult::skip();
        bool touches = isa<memref::LoadOp, memref::StoreOp>(inner);
        return touches ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

static bool launches(Operation &op) {
  return op.walk([](gpu::LaunchOp) { return WalkResult::interrupt(); })
      .wasInterrupted();
}

/// Moves what touches memory on the host, with all up to the last such op
/// before a kernel, into a kernel of one thread.
static LogicalResult launchRest(Block &block) {
  for (auto it = block.begin(); it != block.end();) {
    if (!touchesMemory(*it) || launches(*it)) {
      for (Region &region : it->getRegions())
        for (Block &inner : region)
          if (!isa<gpu::LaunchOp>(*it) && launches(*it) &&
              failed(launchRest(inner)))
            return failure();
      ++it;
      continue;
    }
    auto last = it, next = std::next(it);
    for (; next != block.end() && !launches(*next) &&
           !next->hasTrait<OpTrait::IsTerminator>();
         ++next)
      if (touchesMemory(*next))
        last = next;
    ++last;
    OpBuilder builder(&block, it);
    auto launch = createLaunch(builder, it->getLoc(), 1, 1);
    Block &body = launch.getBody().front();
    body.getOperations().splice(body.begin(), block.getOperations(), it, last);
    for (Operation &op : body)
      for (Operation *user : op.getUsers())
        if (!launch->isAncestor(user))
          return user->emitError("needs a value on the host that is computed "
                                 "from the contents of a buffer, which lies on "
                                 "the device");
    it = last;
  }
  return success();
}

/// Constants and global buffers are made anew inside of each kernel.
static void sinkConstants(gpu::LaunchOp launch) {
  Region &body = launch.getBody();
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(body, used);
  OpBuilder builder = OpBuilder::atBlockBegin(&body.front());
  for (Value value : used) {
    Operation *op = value.getDefiningOp();
    if (!op || !(op->hasTrait<OpTrait::ConstantLike>() ||
                 isa<memref::GetGlobalOp>(op)))
      continue;
    Value inside = builder.clone(*op)->getResult(0);
    replaceAllUsesInRegionWith(value, inside, body);
  }
}

/// `name` as assemblers of kernels take it: what is no letter, digit or
/// underscore becomes a dollar sign and its code.
static std::string spellKernel(StringRef name) {
  std::string spelled;
  for (char c : name)
    spelled += llvm::isAlnum(c) || c == '_'
                   ? std::string(1, c)
                   : "$" + llvm::toHex(StringRef(&c, 1), /*LowerCase=*/true);
  return spelled;
}

namespace {
struct LaunchLoopsPass : amos::impl::LaunchLoopsBase<LaunchLoopsPass> {
  void runOnOperation() override;
};
} // namespace

void LaunchLoopsPass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (!function->hasAttr("amos.target") || function.isExternal())
    return;
  SmallVector<scf::ParallelOp> outermost;
  function.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<gpu::LaunchOp>(op))
      return WalkResult::skip();
    auto loops = dyn_cast<scf::ParallelOp>(op);
    if (!loops || !getTrips(loops))
      return WalkResult::advance();
    outermost.push_back(loops);
    return WalkResult::skip();
  });
  for (scf::ParallelOp loops : outermost)
    launchParallel(loops, *getTrips(loops));
  if (failed(launchRest(function.getBody().front())))
    return signalPassFailure();
  StringRef name = function.getSymName();
  std::string kernel = spellKernel(name) + "_kernel";
  MLIRContext *context = &getContext();
  unsigned number = 0;
  function.walk([&](gpu::LaunchOp launch) {
    sinkConstants(launch);
    launch.setModuleAttr(
        FlatSymbolRefAttr::get(context, (name + "_kernels").str()));
    launch.setFunctionAttr(FlatSymbolRefAttr::get(
        context, (Twine(kernel) + Twine(number++)).str()));
    launch->removeAttr("amos.scope");
    launch.walk([](Operation *op) { op->removeAttr("amos.level"); });
  });
}
