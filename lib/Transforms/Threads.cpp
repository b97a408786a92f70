//===- Threads.cpp - Loops that threads share -----------------------------===//

#include "amos/Transforms/Threads.h"
#include "amos/Mapping/Shares.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include <cmath>

using namespace mlir;
using namespace amos;

int64_t amos::getThreads(func::FuncOp function) {
  auto threads = function->getAttrOfType<IntegerAttr>(threadsAttributeName);
  return threads ? threads.getValue().getLimitedValue(mostThreads) : 1;
}

LogicalResult amos::verifyThreads(func::FuncOp function) {
  Attribute attribute = function->getAttr(threadsAttributeName);
  auto threads = dyn_cast_if_present<IntegerAttr>(attribute);
  if (!attribute || (threads && threads.getValue().ule(mostThreads)))
    return success();
  return function.emitError() << "'" << threadsAttributeName << "' is "
                              << attribute << ", expected 1 to " << mostThreads
                              << ", or 0 for what OpenMP's runtime says";
}

Value amos::askRuntime(OpBuilder &builder, Location loc, ModuleOp module,
                       StringRef name) {
  auto type = builder.getFunctionType({}, {builder.getI32Type()});
  if (!module.lookupSymbol(name)) {
    auto function = func::FuncOp::create(loc, name, type);
    function.setPrivate();
    module.push_back(function);
  }
  Value answer =
      func::CallOp::create(builder, loc, name, type.getResults()).getResult(0);
  return arith::IndexCastOp::create(builder, loc, builder.getIndexType(),
                                    answer);
}

ThreadShare amos::openThreads(OpBuilder &builder, Location loc, int64_t threads,
                              Value steps, double work) {
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value one = index(1);
  Operation *around = builder.getInsertionBlock()->getParentOp();
  Value most = threads == 0 ? askRuntime(builder, loc,
                                         around->getParentOfType<ModuleOp>(),
                                         "omp_get_max_threads")
                            : index(threads);
  // As many as have enough to do.
  Value leastSteps = index(std::max<int64_t>(std::ceil(leastWork / work), 1));
  Value parts = builder.createOrFold<arith::DivUIOp>(loc, steps, leastSteps);
  parts = builder.createOrFold<arith::MinSIOp>(loc, parts, most);
  parts = builder.createOrFold<arith::MaxSIOp>(loc, parts, one);
  auto loop = scf::ParallelOp::create(builder, loc, index(0), parts, one);
  loop->setAttr(threadLoopName, builder.getUnitAttr());
  builder.setInsertionPointToStart(loop.getBody());
  Value thread = loop.getInductionVars().front();
  auto getStart = [&](Value number) -> Value {
    Value product = arith::MulIOp::create(builder, loc, number, steps);
    return arith::DivUIOp::create(builder, loc, product, parts);
  };
  Value low = getStart(thread);
  Value high =
      getStart(arith::AddIOp::create(builder, loc, thread, one).getResult());
  return {low, high};
}
