//===- DropAccelerators.cpp - Descriptions leave the program --------------===//

#include "amos/Transforms/Passes.h"

namespace amos {
#define GEN_PASS_DEF_DROPACCELERATORS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct DropAcceleratorsPass
    : amos::impl::DropAcceleratorsBase<DropAcceleratorsPass> {
  void runOnOperation() override {
    for (auto accelerator :
         llvm::make_early_inc_range(getOperation().getOps<AcceleratorOp>()))
      accelerator.erase();
  }
};
} // namespace
