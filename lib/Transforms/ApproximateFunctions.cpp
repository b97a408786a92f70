//===- ApproximateFunctions.cpp - exp, tanh, .. without a library ---------===//

#include "FunctionsByExp2.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Math/Transforms/Passes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace amos {
#define GEN_PASS_DEF_APPROXIMATEFUNCTIONS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// LLVM's name of what processors compute by an instruction, or the back end by
/// a few; empty for other functions.
static StringRef getIntrinsic(StringRef name) {
  static constexpr std::pair<StringLiteral, StringLiteral> intrinsics[] = {
      {math::AbsFOp::getOperationName(), "llvm.fabs"},
      {math::CeilOp::getOperationName(), "llvm.ceil"},
      {math::CopySignOp::getOperationName(), "llvm.copysign"},
      {math::FloorOp::getOperationName(), "llvm.floor"},
      {math::FmaOp::getOperationName(), "llvm.fma"},
      {math::RoundEvenOp::getOperationName(), "llvm.roundeven"},
      {math::RoundOp::getOperationName(), "llvm.round"},
      {math::SqrtOp::getOperationName(), "llvm.sqrt"},
      {math::TruncOp::getOperationName(), "llvm.trunc"}};
  for (auto [own, intrinsic] : intrinsics)
    if (own == name)
      return intrinsic;
  return "";
}

namespace {
struct ApproximateFunctions
    : amos::impl::ApproximateFunctionsBase<ApproximateFunctions> {
  void runOnOperation() override;

private:
  bool isKernel() { return isa<gpu::GPUModuleOp>(getOperation()); }
  bool isFunction(StringRef name);
  bool isWanted(Operation *op);
  void callIntrinsics();
  void apply(llvm::function_ref<bool(Operation *)> isMeant,
             RewritePatternSet patterns);
};
} // namespace

/// What neither the processor nor, in a kernel, an instruction computes.
bool ApproximateFunctions::isFunction(StringRef name) {
  bool isPower = name == math::Exp2Op::getOperationName();
  return getIntrinsic(name).empty() && !(isKernel() && isPower);
}

/// In a kernel every function, on a host what would be a call for each lane.
bool ApproximateFunctions::isWanted(Operation *op) {
  return isa_and_nonnull<math::MathDialect>(op->getDialect()) &&
         isa<FloatType>(getElementTypeOrSelf(op->getResult(0).getType())) &&
         isFunction(op->getName().getStringRef()) &&
         (isKernel() || isa<VectorType>(op->getResult(0).getType()));
}

/// Upstream would call a library for them.
void ApproximateFunctions::callIntrinsics() {
  getOperation()->walk([&](Operation *op) {
    StringRef name = op->getName().getStringRef();
    StringRef intrinsic =
        isa<math::Exp2Op>(op) ? "llvm.exp2" : getIntrinsic(name);
    if (intrinsic.empty())
      return;
    OpBuilder builder(op);
    auto call = LLVM::CallIntrinsicOp::create(
        builder, op->getLoc(), op->getResult(0).getType(),
        builder.getStringAttr(intrinsic), op->getOperands());
    op->replaceAllUsesWith(call->getResults());
    op->erase();
  });
}

void ApproximateFunctions::apply(llvm::function_ref<bool(Operation *)> isMeant,
                                 RewritePatternSet patterns) {
  SmallVector<Operation *> ops;
  getOperation()->walk([&](Operation *op) {
    if (isMeant(op))
      ops.push_back(op);
  });
  GreedyRewriteConfig config;
  config.setStrictness(GreedyRewriteStrictness::ExistingAndNewOps);
  (void)applyOpPatternsGreedily(ops, std::move(patterns), config);
}

void ApproximateFunctions::runOnOperation() {
  MLIRContext *context = &getContext();
  SmallVector<StringRef> expanded = {"sinh",  "cosh",  "tan",  "asinh",
                                     "acosh", "atanh", "powf", "fpowi",
                                     "ipowi", "rsqrt"};
  RewritePatternSet sums(context), functions(context);
  if (isKernel()) {
    populateSumsByExp2(sums);
    populateFunctionsByExp2(functions);
  } else {
    expanded.push_back("exp2");
  }
  // Upstream's form of a root for AVX2 dies of vectors of other lengths.
  auto isOne = [&](StringRef name) {
    return isFunction(name) && name != math::RsqrtOp::getOperationName();
  };
  populateMathF32ExpansionPatterns(functions, isOne);
  populateMathPolynomialApproximationPatterns(functions, isOne);
  math::populateExpansionPatterns(functions, expanded);
  apply([](Operation *op) { return isa<arith::AddFOp>(op); }, std::move(sums));
  apply([&](Operation *op) { return isWanted(op); }, std::move(functions));
  if (isKernel())
    callIntrinsics();
}
