//===- ProtectArguments.cpp - What callers own stays apart ----------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

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

/// A copy of a tensor or of a buffer without gaps; null for anything else.
static Value copy(OpBuilder &b, Location loc, Value value) {
  if (auto type = dyn_cast<RankedTensorType>(value.getType()))
    return bufferization::AllocTensorOp::create(b, loc, type, ValueRange(),
                                                value);
  auto type = dyn_cast<MemRefType>(value.getType());
  if (!type || !type.getLayout().isIdentity())
    return nullptr;
  Value buffer =
      memref::AllocOp::create(b, loc, memref::getMixedSizes(b, loc, value),
                              type.getElementType(), type.getMemorySpace());
  memref::CopyOp::create(b, loc, value, buffer);
  return buffer;
}

/// What is returned twice goes to two buffers of the caller's.
static void copyRepeated(func::ReturnOp op) {
  OpBuilder b(op);
  llvm::DenseSet<Value> returned;
  for (OpOperand &operand : op->getOpOperands()) {
    if (returned.insert(operand.get()).second)
      continue;
    if (Value own = copy(b, op.getLoc(), operand.get()))
      operand.set(own);
  }
}

void ProtectArguments::runOnOperation() {
  func::FuncOp function = getOperation();
  forbidWriting(function);
  function.walk(copyRepeated);
}

} // namespace amos
