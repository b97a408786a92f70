//===- Normalize.cpp - One form for every operator ------------------------===//

#include "Normalize.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Pass/PassManager.h"

namespace amos {
#define GEN_PASS_DEF_NORMALIZE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct Normalize : amos::impl::NormalizeBase<Normalize> {
  void runOnOperation() override;
  void normalizeTosa(func::FuncOp function);
};
} // namespace

/// What an op that someone annotated says about itself stays said.
static FailureOr<linalg::GenericOp> generalize(IRRewriter &rewriter,
                                               linalg::LinalgOp op) {
  SmallVector<NamedAttribute> annotations;
  for (NamedAttribute attribute : op->getDiscardableAttrs())
    // What linalg remembers about a named op does not hold for another.
    if (!isa_and_nonnull<linalg::LinalgDialect>(attribute.getNameDialect()))
      annotations.push_back(attribute);
  rewriter.setInsertionPoint(op);
  FailureOr<linalg::GenericOp> generic =
      linalg::generalizeNamedOp(rewriter, op);
  if (succeeded(generic))
    for (NamedAttribute annotation : annotations)
      (*generic)->setDiscardableAttr(annotation.getName(),
                                     annotation.getValue());
  return generic;
}

/// Named ops that accumulate become generic ones. What they were is kept for
/// reports.
static void generalizeReductions(func::FuncOp function) {
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) {
    if (op.getNumReductionLoops() > 0)
      ops.push_back(op);
  });
  IRRewriter rewriter(function.getContext());
  for (linalg::LinalgOp op : ops) {
    StringAttr name = getNotedName(op.getLoc());
    if (!isa<linalg::GenericOp>(op)) {
      if (!name)
        name = op->getName().getIdentifier();
      FailureOr<linalg::GenericOp> generic = generalize(rewriter, op);
      if (failed(generic))
        continue;
      op = *generic;
    }
    if (name)
      op->setAttr("amos.operation", name);
  }
}

/// Scalars that are known, such as zero points, become part of the body.
static void captureScalars(linalg::GenericOp op) {
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (unsigned t = op.getInputs().size(); t-- > 0;) {
    Value scalar = op.getInputs()[t];
    if (isa<ShapedType>(scalar.getType()) ||
        !matchPattern(scalar, m_Constant()))
      continue;
    Block &body = *op.getBlock();
    body.getArgument(t).replaceAllUsesWith(scalar);
    body.eraseArgument(t);
    op.getInputsMutable().erase(t);
    maps.erase(maps.begin() + t);
  }
  op.setIndexingMapsAttr(Builder(op.getContext()).getAffineMapArrayAttr(maps));
}

void Normalize::normalizeTosa(func::FuncOp function) {
  OpPassManager shapes(func::FuncOp::getOperationName());
  shapes.addPass(tosa::createTosaInferShapesPass());
  (void)runPipeline(shapes, function);
  noteNames(function);
  convertTosa(function);
}

void Normalize::runOnOperation() {
  inlineCalls(getOperation());
  // Descriptions of machines stay as their authors wrote them.
  for (auto function : getOperation().getOps<func::FuncOp>()) {
    if (hasTosa(function))
      normalizeTosa(function);
    generalizeReductions(function);
    function.walk(captureScalars);
    function.walk(splitZeroPoints);
    dropNames(function);
  }
}
