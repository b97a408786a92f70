//===- ConvertTosa.cpp - TOSA becomes linalg, tensor, arith and scf -------===//

#include "Normalize.h"
#include "mlir/Conversion/TosaToArith/TosaToArith.h"
#include "mlir/Conversion/TosaToLinalg/TosaToLinalg.h"
#include "mlir/Conversion/TosaToSCF/TosaToSCF.h"
#include "mlir/Conversion/TosaToTensor/TosaToTensor.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Tosa/Transforms/Passes.h"
#include "mlir/Transforms/DialectConversion.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace amos;

/// Tells our notes from the metadata that front ends write.
static constexpr StringLiteral prefix = "amos.operation:";

static bool isTosa(Operation *op) {
  return isa_and_nonnull<tosa::TosaDialect>(op->getDialect());
}

void amos::noteNames(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  function.walk([&](Operation *op) {
    if (!isTosa(op))
      return;
    auto note = StringAttr::get(context, prefix + op->getName().getStringRef());
    op->setLoc(FusedLoc::get({op->getLoc()}, note, context));
  });
}

StringAttr amos::getNotedName(Location location) {
  auto fused = dyn_cast<FusedLoc>(location);
  auto note =
      fused ? dyn_cast_if_present<StringAttr>(fused.getMetadata()) : nullptr;
  if (!note || !note.getValue().starts_with(prefix))
    return nullptr;
  return StringAttr::get(note.getContext(),
                         note.getValue().drop_front(prefix.size()));
}

void amos::dropNames(func::FuncOp function) {
  function.walk([](Operation *op) {
    while (getNotedName(op->getLoc()))
      op->setLoc(cast<FusedLoc>(op->getLoc()).getLocations().front());
  });
}

/// A transposed convolution is a convolution over what is spread with zeros.
static void decompose(func::FuncOp function) {
  RewritePatternSet patterns(function.getContext());
  tosa::populateTosaDecomposeTransposeConv(function.getContext(), patterns);
  (void)applyPatternsGreedily(function, std::move(patterns));
}

static void convert(func::FuncOp function) {
  MLIRContext *context = function.getContext();
  TypeConverter types;
  tosa::populateTosaTypeConversion(types);
  RewritePatternSet patterns(context);
  tosa::populateTosaToLinalgNamedConversionPatterns(types, &patterns, {});
  tosa::populateTosaToLinalgConversionPatterns(types, &patterns);
  tosa::populateTosaToTensorConversionPatterns(types, &patterns);
  tosa::populateTosaToArithConversionPatterns(&patterns);
  tosa::populateTosaRescaleToArithConversionPatterns(&patterns,
                                                     /*include32Bit=*/true);
  tosa::populateTosaToSCFConversionPatterns(&patterns);
  ConversionTarget target(*context);
  target.addLegalDialect<arith::ArithDialect, linalg::LinalgDialect,
                         math::MathDialect, scf::SCFDialect,
                         tensor::TensorDialect>();
  target.markUnknownOpDynamicallyLegal([](Operation *op) {
    return !isTosa(op) ? std::optional(true) : std::nullopt;
  });
  (void)applyPartialConversion(function, target, std::move(patterns));
}

bool amos::hasTosa(func::FuncOp function) {
  auto stopAtTosa = [](Operation *op) {
    return isTosa(op) ? WalkResult::interrupt() : WalkResult::advance();
  };
  return function.walk(stopAtTosa).wasInterrupted();
}

void amos::convertTosa(func::FuncOp function) {
  decompose(function);
  convert(function);
  // Shapes and zero points have become attributes of what used them.
  IRRewriter rewriter(function.getContext());
  (void)runRegionDCE(rewriter, function->getRegions());
  function.walk([](Operation *op) {
    if (isTosa(op))
      op->emitRemark() << "'" << op->getName()
                       << "' has no conversion and stays as it is";
  });
}
