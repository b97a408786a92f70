//===- SampleReference.cpp - Compute some rows instead of all -------------===//

#include "SampledLoops.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {
#define GEN_PASS_DEF_SAMPLEREFERENCE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {

static constexpr StringLiteral sampledLoopName = "amos.sampled_loop";
static constexpr StringLiteral samplesName = "amos.samples";

//===----------------------------------------------------------------------===//
// Marking, on tensors
//===----------------------------------------------------------------------===//

/// The generic op that makes `value` for a single reader; null if there is
/// none.
static linalg::GenericOp getOnlyProducer(Value value) {
  auto op = value.getDefiningOp<linalg::GenericOp>();
  return op && op->getNumResults() == 1 && value.hasOneUse() ? op : nullptr;
}

/// The dimension of an operand that `loop` alone runs along.
static std::optional<unsigned> findDimension(AffineMap map, unsigned loop) {
  std::optional<unsigned> found;
  for (auto [dimension, index] : llvm::enumerate(map.getResults())) {
    if (!index.isFunctionOfDim(loop))
      continue;
    if (found || index != getAffineDimExpr(loop, map.getContext()))
      return std::nullopt;
    found = dimension;
  }
  return found;
}

/// Only every so many slices of `value` along `dimension` are read: marks the
/// loops that make the others, here and in what it is made from.
static void markSlices(Value value, unsigned dimension) {
  linalg::GenericOp op = getOnlyProducer(value);
  if (!op)
    return;
  AffineMap output = op.getIndexingMapsArray().back();
  auto loop = dyn_cast<AffineDimExpr>(output.getResult(dimension));
  if (!loop)
    return;
  Builder builder(op.getContext());
  op->setAttr(sampledLoopName, builder.getI64IntegerAttr(loop.getPosition()));
  for (OpOperand &operand : op->getOpOperands()) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    if (auto read = findDimension(map, loop.getPosition()))
      markSlices(operand.get(), *read);
  }
}

void addSampling(func::FuncOp function) {
  Builder builder(function.getContext());
  for (unsigned n = 0; n < 2; ++n)
    (void)function.insertArgument(function.getNumArguments(),
                                  builder.getIndexType(), {},
                                  function.getLoc());
  function->setAttr(samplesName,
                    builder.getI64IntegerAttr(function.getNumArguments() - 2));
  for (Value result :
       function.getBody().back().getTerminator()->getOperands()) {
    auto type = dyn_cast<RankedTensorType>(result.getType());
    if (!type || type.getRank() == 0)
      continue;
    auto largest = llvm::max_element(type.getShape());
    markSlices(result, largest - type.getShape().begin());
  }
}

//===----------------------------------------------------------------------===//
// Sampling, on buffers
//===----------------------------------------------------------------------===//

namespace {
struct SampleReference : impl::SampleReferenceBase<SampleReference> {
  void runOnOperation() override;
  LogicalResult sample(linalg::GenericOp op, Value first, Value step);
};
} // namespace

LogicalResult SampleReference::sample(linalg::GenericOp op, Value first,
                                      Value step) {
  auto loop = op->getAttrOfType<IntegerAttr>(sampledLoopName).getInt();
  IRRewriter rewriter(op);
  FailureOr<linalg::LinalgLoops> loops = linalg::linalgOpToLoops(rewriter, op);
  if (failed(loops))
    return failure();
  auto sampled = cast<scf::ForOp>((*loops)[loop]);
  sampled.setLowerBound(first);
  sampled.setStep(step);
  rewriter.eraseOp(op);
  return success();
}

void SampleReference::runOnOperation() {
  func::FuncOp function = getOperation();
  auto place = function->getAttrOfType<IntegerAttr>(samplesName);
  if (!place)
    return;
  auto b = OpBuilder::atBlockBegin(&function.getBody().front());
  Location loc = function.getLoc();
  auto atLeast = [&](int64_t least, Value value) -> Value {
    Value bound = arith::ConstantIndexOp::create(b, loc, least);
    return arith::MaxSIOp::create(b, loc, bound, value);
  };
  Value first = atLeast(0, function.getArgument(place.getInt()));
  Value step = atLeast(1, function.getArgument(place.getInt() + 1));
  SmallVector<linalg::GenericOp> marked;
  function.walk([&](linalg::GenericOp op) {
    if (op->hasAttr(sampledLoopName))
      marked.push_back(op);
  });
  for (linalg::GenericOp op : marked)
    if (failed(sample(op, first, step)))
      return signalPassFailure();
}

} // namespace amos
