//===- VerifyTosa.cpp - What upstream's conversion of TOSA dies of --------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace amos {
#define GEN_PASS_DEF_VERIFYTOSA
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace {
struct VerifyTosa : amos::impl::VerifyTosaBase<VerifyTosa> {
  void runOnOperation() override;
};
} // namespace

/// The conversion of a product knows no sum of truth values.
static LogicalResult verifyProduct(tosa::MatMulOp op) {
  Type element = getElementTypeOrSelf(op.getType());
  if (!element.isInteger(1))
    return success();
  return op.emitError() << "'tosa.matmul' adds up products in " << element
                        << ", expected a wider integer or a float; compare the "
                           "sums of 'i32' with zero";
}

void VerifyTosa::runOnOperation() {
  WalkResult result = getOperation().walk([](tosa::MatMulOp op) {
    return failed(verifyProduct(op)) ? WalkResult::interrupt()
                                     : WalkResult::advance();
  });
  if (result.wasInterrupted())
    signalPassFailure();
}
