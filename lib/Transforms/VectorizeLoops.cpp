//===- VectorizeLoops.cpp - What is no contraction, by vectors ------------===//

#include "LaneNest.h"
#include "Processor.h"
#include "TransposeVectors.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
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

static FailureOr<linalg::GenericOp> makeGeneric(IRRewriter &rewriter,
                                                linalg::LinalgOp op) {
  if (auto generic = dyn_cast<linalg::GenericOp>(*op))
    return generic;
  rewriter.setInsertionPoint(op);
  return linalg::generalizeNamedOp(rewriter, op);
}

/// Neighbouring loops that are one loop over every operand.
static SmallVector<ReassociationIndices> findRows(linalg::GenericOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  SmallVector<ReassociationIndices> rows;
  for (int64_t loop = 0, count = op.getNumLoops(); loop < count; ++loop) {
    if (rows.empty()) {
      rows.push_back({loop});
      continue;
    }
    ReassociationIndices longer = rows.back();
    longer.push_back(loop);
    bool isOne = kinds[loop] == kinds[longer.front()] &&
                 linalg::areDimSequencesPreserved(maps, {longer});
    if (isOne)
      rows.back() = longer;
    else
      rows.push_back({loop});
  }
  return rows;
}

/// Makes rows as long as they are in memory.
static linalg::GenericOp joinLoops(IRRewriter &rewriter, linalg::GenericOp op) {
  auto isDense = [](Value operand) {
    auto type = dyn_cast<MemRefType>(operand.getType());
    return !type || (type.getLayout().isIdentity() && type.hasStaticShape());
  };
  if (!llvm::all_of(op->getOperands(), isDense) || op.hasIndexSemantics() ||
      !llvm::all_of(op.getIndexingMapsArray(),
                    [](AffineMap map) { return map.isProjectedPermutation(); }))
    return op;
  SmallVector<ReassociationIndices> rows = findRows(op);
  if (rows.size() == op.getNumLoops())
    return op;
  rewriter.setInsertionPoint(op);
  FailureOr<linalg::CollapseResult> joined =
      linalg::collapseOpIterationDims(op, rows, rewriter);
  if (failed(joined))
    return op;
  rewriter.eraseOp(op);
  return cast<linalg::GenericOp>(*joined->collapsedOp);
}

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
