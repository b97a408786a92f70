//===- FuseElementwise.cpp - One op of a chain of elementwise ops ---------===//

#include "amos/Mapping/Epilogue.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/IR/Matchers.h"

namespace amos {
#define GEN_PASS_DEF_FUSEELEMENTWISE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct FuseElementwise : amos::impl::FuseElementwiseBase<FuseElementwise> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// The form that can be fused
//===----------------------------------------------------------------------===//

/// The scalar that every element of `tensor` is, null if there is none.
static Value getSplat(OpBuilder &builder, Value tensor) {
  if (auto fill = tensor.getDefiningOp<linalg::FillOp>())
    return fill.getInputs()[0];
  DenseElementsAttr elements;
  if (!matchPattern(tensor, m_Constant(&elements)) || !elements.isSplat())
    return nullptr;
  return arith::ConstantOp::create(
      builder, tensor.getLoc(),
      cast<TypedAttr>(elements.getSplatValue<Attribute>()));
}

/// Sources that are one scalar everywhere become part of the body.
static void captureSplats(linalg::GenericOp op) {
  OpBuilder builder(op);
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  for (unsigned t = op.getInputs().size(); t-- > 0;) {
    Value splat = getSplat(builder, op.getInputs()[t]);
    // The op's loops have their extents from what is left.
    SmallVector<AffineMap> others = maps;
    others.erase(others.begin() + t);
    if (!splat ||
        !inversePermutation(concatAffineMaps(others, op.getContext())))
      continue;
    op.getBlock()->getArgument(t).replaceAllUsesWith(splat);
    op.getBlock()->eraseArgument(t);
    op.getInputsMutable().erase(t);
    maps = std::move(others);
  }
  op.setIndexingMapsAttr(builder.getAffineMapArrayAttr(maps));
}

/// A generic op that reads each tensor in each way once.
static FailureOr<linalg::GenericOp> tidy(IRRewriter &rewriter,
                                         linalg::GenericOp op) {
  captureSplats(op);
  return linalg::deduplicateOperandsAndRemoveDeadResults(
      rewriter, op, /*removeOutputs=*/false);
}

static FailureOr<linalg::GenericOp> makeGeneric(IRRewriter &rewriter,
                                                linalg::LinalgOp op) {
  rewriter.setInsertionPoint(op);
  if (auto generic = dyn_cast<linalg::GenericOp>(*op))
    return tidy(rewriter, generic);
  FailureOr<linalg::GenericOp> generic =
      linalg::generalizeNamedOp(rewriter, op);
  return failed(generic) ? generic : tidy(rewriter, *generic);
}

/// Whether an elementwise op makes a source of `op` or takes its result.
static bool isChained(linalg::LinalgOp op) {
  auto isFusibleOp = [](Operation *other) {
    auto linalgOp = dyn_cast_or_null<linalg::LinalgOp>(other);
    return linalgOp && amos::isElementwise(linalgOp) &&
           !isa<linalg::FillOp>(other);
  };
  return llvm::any_of(op->getUsers(), isFusibleOp) ||
         llvm::any_of(op.getDpsInputs(), [&](Value source) {
           return isFusibleOp(source.getDefiningOp());
         });
}

//===----------------------------------------------------------------------===//
// Fusing
//===----------------------------------------------------------------------===//

/// Whether the op hands on an element of a source as it is.
static bool isMove(linalg::LinalgOp op) {
  auto yielded =
      dyn_cast<BlockArgument>(op.getBlock()->getTerminator()->getOperand(0));
  return yielded && yielded.getOwner() == op.getBlock();
}

/// Whether a result is made of what was there before: fused, such an op would
/// have to keep that tensor beside the consumer's.
static bool readsInit(linalg::GenericOp op) {
  return op.payloadUsesValueFromOperand(op.getDpsInitOperand(0));
}

/// Nothing is computed twice, and a result that is needed elsewhere stays.
static bool isFusible(OpOperand &operand) {
  auto producer = operand.get().getDefiningOp<linalg::GenericOp>();
  auto consumer = cast<linalg::GenericOp>(operand.getOwner());
  if (!producer || !producer->hasOneUse() || !amos::isElementwise(producer) ||
      !consumer.isDpsInput(&operand) || readsInit(producer) ||
      producer->getBlock() != consumer->getBlock())
    return false;
  bool isOnce = consumer.getMatchingIndexingMap(&operand).isPermutation();
  return (isOnce || isMove(producer)) &&
         linalg::areElementwiseOpsFusable(&operand);
}

/// Puts the producer of one source into `consumer`; nothing if none fits.
static FailureOr<linalg::GenericOp> fuseOne(IRRewriter &rewriter,
                                            linalg::GenericOp consumer) {
  for (OpOperand &operand : consumer->getOpOperands()) {
    if (!isFusible(operand))
      continue;
    Operation *producer = operand.get().getDefiningOp();
    rewriter.setInsertionPoint(consumer);
    FailureOr<linalg::ElementwiseOpFusionResult> fused =
        linalg::fuseElementwiseOps(rewriter, &operand);
    if (failed(fused))
      continue;
    // The producer's result may stay, in front of the consumer's.
    for (auto [from, to] : fused->replacements)
      rewriter.replaceAllUsesWith(from, to);
    rewriter.eraseOp(consumer);
    rewriter.eraseOp(producer);
    return tidy(rewriter, cast<linalg::GenericOp>(fused->fusedOp));
  }
  return failure();
}

/// From producers to consumers, so that each finds its producers fused.
void FuseElementwise::runOnOperation() {
  SmallVector<linalg::LinalgOp> ops;
  getOperation().walk([&](linalg::LinalgOp op) {
    if (amos::isElementwise(op) && !isa<linalg::FillOp>(op) && isChained(op))
      ops.push_back(op);
  });
  IRRewriter rewriter(&getContext());
  for (linalg::LinalgOp op : ops) {
    FailureOr<linalg::GenericOp> generic = makeGeneric(rewriter, op);
    while (succeeded(generic))
      generic = fuseOne(rewriter, *generic);
  }
}
