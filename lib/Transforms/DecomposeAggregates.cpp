//===- DecomposeAggregates.cpp - Softmax and its like ---------------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace amos {
#define GEN_PASS_DEF_DECOMPOSEAGGREGATES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
/// Upstream's decomposition does not survive other numbers.
static LogicalResult checkType(Operation *op) {
  auto softmax = dyn_cast<linalg::SoftmaxOp>(op);
  if (!softmax ||
      isa<FloatType>(softmax.getInputOperandType().getElementType()))
    return success();
  return op->emitError() << "expected a softmax of floats, found "
                         << softmax.getInputOperandType();
}

namespace {
struct DecomposeAggregates
    : impl::DecomposeAggregatesBase<DecomposeAggregates> {
  void runOnOperation() override {
    SmallVector<linalg::AggregatedOpInterface> found;
    getOperation().walk(
        [&](linalg::AggregatedOpInterface op) { found.push_back(op); });
    IRRewriter rewriter(&getContext());
    for (linalg::AggregatedOpInterface op : found) {
      if (failed(checkType(op)))
        return signalPassFailure();
      rewriter.setInsertionPoint(op);
      FailureOr<SmallVector<Value>> parts = op.decomposeOperation(rewriter);
      if (succeeded(parts))
        rewriter.replaceOp(op, *parts);
    }
  }
};
} // namespace
} // namespace amos
