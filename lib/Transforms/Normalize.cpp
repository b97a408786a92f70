//===- Normalize.cpp - One form for every operator ------------------------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/PatternMatch.h"

namespace amos {
#define GEN_PASS_DEF_NORMALIZE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct Normalize : amos::impl::NormalizeBase<Normalize> {
  void runOnOperation() override;
  void generalizeReductions();
};
} // namespace

void Normalize::runOnOperation() { generalizeReductions(); }

/// Named ops that accumulate become generic ones; a description's semantics
/// stay as their author wrote them.
void Normalize::generalizeReductions() {
  SmallVector<linalg::LinalgOp> named;
  getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (isa<AcceleratorOp>(op))
      return WalkResult::skip();
    auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
    if (linalgOp && !isa<linalg::GenericOp>(op) &&
        linalgOp.getNumReductionLoops() > 0)
      named.push_back(linalgOp);
    return WalkResult::advance();
  });
  IRRewriter rewriter(&getContext());
  for (linalg::LinalgOp op : named) {
    rewriter.setInsertionPoint(op);
    StringAttr name = op->getName().getIdentifier();
    FailureOr<linalg::GenericOp> generic =
        linalg::generalizeNamedOp(rewriter, op);
    if (succeeded(generic))
      (*generic)->setAttr("amos.operation", name);
  }
}
