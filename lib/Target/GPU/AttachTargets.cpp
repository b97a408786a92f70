//===- AttachTargets.cpp - Kernels know what they are for -----------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"

namespace amos {
#define GEN_PASS_DEF_ATTACHTARGETS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Devices have no arithmetic of more than 64 bits.
static LogicalResult checkTypes(gpu::GPUModuleOp kernels) {
  WalkResult result = kernels.walk([](Operation *op) {
    for (Type type : op->getResultTypes())
      if (auto number = dyn_cast<FloatType>(getElementTypeOrSelf(type));
          number && number.getWidth() > 64) {
        op->emitError() << "a device cannot compute in " << number
                        << "; convert to f64, or compile this for a processor";
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

namespace {
struct AttachTargetsPass : amos::impl::AttachTargetsBase<AttachTargetsPass> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      Attribute target = function->getAttr("amos.target");
      function->removeAttr("amos.target");
      function.walk([&](gpu::LaunchFuncOp launch) {
        auto kernels =
            symbols.lookup<gpu::GPUModuleOp>(launch.getKernelModuleName());
        if (!target || !kernels)
          return;
        kernels.setTargetsAttr(ArrayAttr::get(&getContext(), target));
        if (failed(checkTypes(kernels)))
          signalPassFailure();
      });
    }
  }
};
} // namespace
