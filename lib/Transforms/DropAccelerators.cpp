//===- DropAccelerators.cpp - Descriptions leave the program --------------===//

#include "amos/Transforms/Passes.h"

namespace amos {
#define GEN_PASS_DEF_DROPACCELERATORS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Leaves what is said of kernels and their order, which passes behind the
/// bufferization read; tensors and what refers to other parts go.
static void reduceToOverlap(AcceleratorOp machine) {
  for (Operation &part :
       llvm::make_early_inc_range(machine.getParts().getOps()))
    if (!isa<ScopeOp, OverlapOp>(part))
      part.erase();
}

namespace {
struct DropAcceleratorsPass
    : amos::impl::DropAcceleratorsBase<DropAcceleratorsPass> {
  using DropAcceleratorsBase::DropAcceleratorsBase;
  void runOnOperation() override {
    for (auto accelerator :
         llvm::make_early_inc_range(getOperation().getOps<AcceleratorOp>()))
      if (keepsOverlap && !accelerator.getOps<OverlapOp>().empty())
        reduceToOverlap(accelerator);
      else
        accelerator.erase();
  }
};
} // namespace
