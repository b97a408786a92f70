//===- RecordFeatures.cpp - What a CPU must have for a function -----------===//

#include "Amos/AmosDialect.h"
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

/// What a register holds that is no vector, in bytes.
static constexpr int64_t numberBytes = 8;

/// Bytes of the widest register of a thread.
static int64_t getRegisterBytes(AcceleratorOp machine) {
  int64_t widest = numberBytes;
  for (auto level : machine.getOps<LevelOp>())
    if (!level.getAddress())
      widest = std::max<int64_t>(widest, level.getGranule().value_or(0));
  return widest;
}

static bool isProcessor(AcceleratorOp machine) {
  return isa_and_nonnull<LLVM::TargetFeaturesAttr>(machine.getTargetAttr());
}

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

static Machines getWidest(ModuleOp module) {
  AcceleratorOp widest;
  for (auto machine : module.getOps<AcceleratorOp>())
    if (isProcessor(machine) &&
        (!widest || getRegisterBytes(machine) > getRegisterBytes(widest)))
      widest = machine;
  Machines machines;
  if (widest)
    machines.insert(widest);
  return machines;
}

static void record(func::FuncOp function, const Machines &machines) {
  llvm::SetVector<Attribute> features;
  int64_t bytes = numberBytes;
  for (AcceleratorOp machine : machines) {
    features.insert_range(
        cast<LLVM::TargetFeaturesAttr>(machine.getTargetAttr()).getFeatures());
    bytes = std::max(bytes, getRegisterBytes(machine));
  }
  Builder b(function.getContext());
  if (!features.empty())
    function->setAttr("amos.features", b.getArrayAttr(features.getArrayRef()));
  if (bytes > numberBytes)
    function->setAttr("amos.vector_bytes", b.getI64IntegerAttr(bytes));
}

void RecordFeatures::runOnOperation() {
  Machines widest;
  if (plainLoops)
    widest = getWidest(getOperation());
  getOperation().walk([&](func::FuncOp function) {
    Machines invoked = getInvoked(function);
    record(function, invoked.empty() ? widest : invoked);
  });
}
