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
        if (target && kernels)
          kernels.setTargetsAttr(ArrayAttr::get(&getContext(), target));
      });
    }
  }
};
} // namespace
