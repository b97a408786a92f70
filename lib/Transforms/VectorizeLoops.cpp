//===- VectorizeLoops.cpp - What is no contraction, by vectors ------------===//

#include "JoinLoops.h"
#include "LaneNest.h"
#include "Processor.h"
#include "TransposeVectors.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/StringExtras.h"

namespace amos {
#define GEN_PASS_DEF_VECTORIZELOOPS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct VectorizeLoops : amos::impl::VectorizeLoopsBase<VectorizeLoops> {
  void runOnOperation() override;
};
} // namespace

/// What the function says, 0 if nothing.
static FailureOr<int64_t> readVectorBytes(func::FuncOp function) {
  auto bytes = function->getAttrOfType<IntegerAttr>("amos.vector_bytes");
  if (!bytes)
    return 0;
  const APInt &value = bytes.getValue();
  if (value.isStrictlyPositive() && value.sle(mostVectorBytes))
    return value.getSExtValue();
  return function.emitError()
         << "'amos.vector_bytes' is "
         << llvm::toString(value, 10, /*Signed=*/true) << ", expected 1 to "
         << mostVectorBytes << "; omit it to compute without vectors";
}

void VectorizeLoops::runOnOperation() {
  func::FuncOp function = getOperation();
  FailureOr<int64_t> bytes = readVectorBytes(function);
  if (failed(bytes))
    return signalPassFailure();
  if (*bytes == 0)
    return;
  transposeCopies(function);
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  IRRewriter rewriter(&getContext());
  for (linalg::LinalgOp op : ops) {
    FailureOr<linalg::GenericOp> generic = makeGeneric(rewriter, op);
    if (failed(generic))
      continue;
    linalg::GenericOp joined = joinLoops(rewriter, *generic);
    std::optional<LanePlan> plan = planLanes(joined, *bytes);
    if (!plan)
      continue;
    rewriter.setInsertionPoint(joined);
    emitLaneNest(rewriter, joined, *plan);
    rewriter.eraseOp(joined);
  }
}
