//===- ProtectArguments.cpp - What callers own stays apart ----------------===//

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
  void runOnOperation() override;
};
} // namespace

static void forbidWriting(func::FuncOp function) {
  if (function.isExternal()) // bufferization refuses the attribute there
    return;
  auto no = BoolAttr::get(function.getContext(), false);
  for (unsigned n = 0; n < function.getNumArguments(); ++n)
    if (isa<TensorType>(function.getArgumentTypes()[n]))
      function.setArgAttr(
          n, bufferization::BufferizationDialect::kWritableAttrName, no);
}

/// A tensor that is returned twice goes to two buffers of the caller's.
static void copyRepeated(func::ReturnOp op) {
  OpBuilder b(op);
  llvm::DenseSet<Value> returned;
  for (OpOperand &operand : op->getOpOperands()) {
    auto type = dyn_cast<RankedTensorType>(operand.get().getType());
    if (!type || returned.insert(operand.get()).second)
      continue;
    operand.set(bufferization::AllocTensorOp::create(
        b, op.getLoc(), type, ValueRange(), operand.get()));
  }
}

void ProtectArguments::runOnOperation() {
  func::FuncOp function = getOperation();
  forbidWriting(function);
  function.walk(copyRepeated);
}

} // namespace amos
