//===- ProtectArguments.cpp - What callers pass in stays as it is ---------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"

namespace amos {
#define GEN_PASS_DEF_PROTECTARGUMENTS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct ProtectArguments : impl::ProtectArgumentsBase<ProtectArguments> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto no = BoolAttr::get(&getContext(), false);
    for (unsigned n = 0; n < function.getNumArguments(); ++n)
      if (isa<TensorType>(function.getArgumentTypes()[n]))
        function.setArgAttr(
            n, bufferization::BufferizationDialect::kWritableAttrName, no);
  }
};
} // namespace
} // namespace amos
