//===- ForkThreads.cpp - Loops over threads become parallel regions -------===//

#include "amos/Transforms/Passes.h"
#include "amos/Transforms/Threads.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/OpenMP/OpenMPDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {
#define GEN_PASS_DEF_FORKTHREADS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct ForkThreads : amos::impl::ForkThreadsBase<ForkThreads> {
  void runOnOperation() override;
};
} // namespace

/// The runtime may start fewer threads than it is asked for, so each does every
/// so-manieth of the shares.
static void fork(scf::ParallelOp loop, ModuleOp module) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  Value shares = loop.getUpperBound().front();
  omp::ParallelOperands clauses;
  clauses.numThreads =
      arith::IndexCastOp::create(builder, loc, builder.getI32Type(), shares);
  auto region = omp::ParallelOp::create(builder, loc, clauses);
  builder.createBlock(&region.getRegion());
  Value thread = askRuntime(builder, loc, module, "omp_get_thread_num");
  Value count = askRuntime(builder, loc, module, "omp_get_num_threads");
  auto own = scf::ForOp::create(builder, loc, thread, shares, count);
  omp::TerminatorOp::create(builder, loc);
  Block *body = own.getBody();
  loop.getInductionVars().front().replaceAllUsesWith(own.getInductionVar());
  loop.getBody()->getTerminator()->erase();
  body->getOperations().splice(body->begin(), loop.getBody()->getOperations());
  loop.erase();
  // The stack holds one for all shares.
  for (auto buffer :
       llvm::make_early_inc_range(body->getOps<memref::AllocaOp>()))
    if (buffer.getType().hasStaticShape())
      buffer->moveBefore(own);
}

void ForkThreads::runOnOperation() {
  SmallVector<scf::ParallelOp> loops;
  getOperation().walk([&](scf::ParallelOp loop) {
    if (loop->hasAttr(threadLoopName) && loop.getNumLoops() == 1)
      loops.push_back(loop);
  });
  for (scf::ParallelOp loop : loops)
    fork(loop, getOperation());
}
