//===- JoinLoops.cpp - Rows as long as they are in memory -----------------===//

#include "JoinLoops.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"

using namespace mlir;
using namespace amos;

FailureOr<linalg::GenericOp> amos::makeGeneric(IRRewriter &rewriter,
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

linalg::GenericOp amos::joinLoops(IRRewriter &rewriter, linalg::GenericOp op) {
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
