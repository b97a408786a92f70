//===- Processor.cpp - What a description says of a processor -------------===//

#include "Processor.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace amos;

bool amos::isProcessor(AcceleratorOp machine) {
  return isa_and_nonnull<LLVM::TargetFeaturesAttr>(machine.getTargetAttr());
}

int64_t amos::getVectorBytes(AcceleratorOp machine) {
  constexpr int64_t numberBytes = 8;
  int64_t widest = numberBytes;
  for (auto level : machine.getOps<LevelOp>())
    if (!level.getAddress())
      widest = std::max<int64_t>(widest, level.getGranule().value_or(0));
  return widest > numberBytes ? std::min(widest, mostVectorBytes) : 0;
}

AcceleratorOp amos::getWidestProcessor(ModuleOp module) {
  AcceleratorOp widest;
  for (auto machine : module.getOps<AcceleratorOp>())
    if (isProcessor(machine) &&
        (!widest || getVectorBytes(machine) > getVectorBytes(widest)))
      widest = machine;
  return widest;
}
