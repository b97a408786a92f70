//===- RecordFeatures.cpp - What a CPU must have for a function -----------===//

#include "Processor.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace amos {
#define GEN_PASS_DEF_RECORDFEATURES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct RecordFeatures : amos::impl::RecordFeaturesBase<RecordFeatures> {
  using Base::Base;
  void runOnOperation() override;
};
} // namespace

using Machines = llvm::SetVector<AcceleratorOp>;

static Machines getInvoked(func::FuncOp function) {
  Machines machines;
  function.walk([&](InvokeOp op) {
    auto machine = SymbolTable::lookupNearestSymbolFrom<AcceleratorOp>(
        op, op.getIntrinsicAttr().getRootReference());
    if (isProcessor(machine))
      machines.insert(machine);
  });
  return machines;
}

static void record(func::FuncOp function, const Machines &machines) {
  llvm::SetVector<Attribute> features;
  int64_t bytes = 0;
  for (AcceleratorOp machine : machines) {
    features.insert_range(
        cast<LLVM::TargetFeaturesAttr>(machine.getTargetAttr()).getFeatures());
    bytes = std::max(bytes, getVectorBytes(machine));
  }
  Builder b(function.getContext());
  if (!features.empty())
    function->setAttr("amos.features", b.getArrayAttr(features.getArrayRef()));
  if (bytes)
    function->setAttr("amos.vector_bytes", b.getI64IntegerAttr(bytes));
}

void RecordFeatures::runOnOperation() {
  Machines widest;
  AcceleratorOp machine = getWidestProcessor(getOperation());
  if (plainLoops && machine)
    widest.insert(machine);
  getOperation().walk([&](func::FuncOp function) {
    Machines invoked = getInvoked(function);
    record(function, invoked.empty() ? widest : invoked);
  });
}
