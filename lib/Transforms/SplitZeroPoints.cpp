//===- SplitZeroPoints.cpp - Zero points leave the contraction ------------===//
//
// With zero points za and zb and N products per element,
//
//   sum (a - za) (b - zb) = sum a b - za sum b - zb sum a + N za zb
//
// modulo the width of the accumulator. The first sum is a contraction as
// intrinsics compute it; the others are small beside it and nothing at all for
// a zero point of zero. A source that is padded is padded with its zero point,
// so that what is padded cancels here as it does there.
//
//===----------------------------------------------------------------------===//

#include "Normalize.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace amos;

namespace {
/// `ext(source) - zero`, the subtraction being optional.
struct Factor {
  arith::SubIOp subtraction;
  Operation *extension = nullptr;
  unsigned source = 0;
  APInt zero;
};

class ZeroPointSplitting {
public:
  ZeroPointSplitting(linalg::GenericOp op, ArrayRef<Factor> factors)
      : op(op), factors(factors), builder(op.getLoc(), op.getContext()),
        extents(op.getStaticLoopRanges()) {
    builder.setInsertionPointAfter(op);
  }
  void run();

private:
  /// What a term of the right-hand side is multiplied by.
  struct Term {
    Value sum;
    APInt coefficient;
    AffineMap index; ///< of `sum`, over the destination's dimensions
  };

  APInt multiply(APInt value, llvm::function_ref<bool(unsigned)> isCounted);
  Value makeConstant(const APInt &value);
  Value makeEmpty(ArrayRef<unsigned> loops, Type elementType);
  Value sumSource(const Factor &factor, ArrayRef<unsigned> parallel,
                  ArrayRef<unsigned> reductions);
  Term makeTerm(const Factor &summed, const Factor &other);
  Value correct(ArrayRef<Term> terms, const APInt &constant);

  bool isReduction(unsigned v) {
    return op.getIteratorTypesArray()[v] == utils::IteratorType::reduction;
  }

  linalg::GenericOp op;
  ArrayRef<Factor> factors;
  ImplicitLocOpBuilder builder;
  SmallVector<int64_t> extents;
};
} // namespace

//===----------------------------------------------------------------------===//
// Recognising
//===----------------------------------------------------------------------===//

static std::optional<Factor> readFactor(linalg::GenericOp op, Value value) {
  Factor factor;
  factor.zero = APInt(value.getType().getIntOrFloatBitWidth(), 0);
  factor.subtraction = value.getDefiningOp<arith::SubIOp>();
  if (factor.subtraction) {
    if (!matchPattern(factor.subtraction.getRhs(), m_ConstantInt(&factor.zero)))
      return std::nullopt;
    value = factor.subtraction.getLhs();
  }
  factor.extension = value.getDefiningOp();
  if (!isa_and_nonnull<arith::ExtSIOp, arith::ExtUIOp>(factor.extension))
    return std::nullopt;
  auto source = dyn_cast<BlockArgument>(factor.extension->getOperand(0));
  if (!source || source.getOwner() != op.getBlock() ||
      source.getArgNumber() >= op.getNumDpsInputs())
    return std::nullopt;
  factor.source = source.getArgNumber();
  return factor;
}

/// The two factors of `acc + (a - za) * (b - zb)`, or nothing.
static SmallVector<Factor> readFactors(linalg::GenericOp op) {
  Block &body = *op.getBlock();
  auto add = body.getTerminator()->getOperand(0).getDefiningOp<arith::AddIOp>();
  if (!add || op.getNumDpsInputs() != 2)
    return {};
  Value accumulator = body.getArguments().back();
  Value rest = add.getLhs() == accumulator   ? add.getRhs()
               : add.getRhs() == accumulator ? add.getLhs()
                                             : Value();
  auto product = rest ? rest.getDefiningOp<arith::MulIOp>() : nullptr;
  if (!product)
    return {};
  auto left = readFactor(op, product.getLhs());
  auto right = readFactor(op, product.getRhs());
  if (!left || !right || left->source == right->source ||
      (!left->subtraction && !right->subtraction))
    return {};
  return {*left, *right};
}

/// Whether the parallel loops are the destination's dimensions in some order.
static bool isStoredInOrder(linalg::GenericOp op) {
  AffineMap stored = op.getIndexingMapsArray().back();
  return stored.isProjectedPermutation() &&
         stored.getNumResults() == op.getNumParallelLoops() &&
         llvm::all_of(
             llvm::enumerate(op.getIteratorTypesArray()), [&](auto loop) {
               return (loop.value() == utils::IteratorType::parallel) ==
                      stored.isFunctionOfDim(loop.index());
             });
}

void amos::splitZeroPoints(linalg::GenericOp op) {
  if (!op.hasPureTensorSemantics() || op.getNumDpsInits() != 1 ||
      op.hasDynamicShape() || !isStoredInOrder(op) ||
      !op.getRegionOutputArgs().front().getType().isSignlessInteger())
    return;
  SmallVector<Factor> factors = readFactors(op);
  if (!factors.empty())
    ZeroPointSplitting(op, factors).run();
}

//===----------------------------------------------------------------------===//
// Splitting
//===----------------------------------------------------------------------===//

void ZeroPointSplitting::run() {
  for (Factor factor : factors)
    if (factor.subtraction) {
      factor.subtraction.replaceAllUsesWith(factor.extension->getResult(0));
      factor.subtraction.erase();
    }
  SmallVector<Term> terms;
  for (unsigned f : {0, 1})
    if (!factors[1 - f].zero.isZero())
      terms.push_back(makeTerm(factors[f], factors[1 - f]));
  if (terms.empty())
    return;
  APInt constant = multiply(factors[0].zero * factors[1].zero,
                            [&](unsigned v) { return isReduction(v); });
  Value corrected = correct(terms, constant);
  op.getResult(0).replaceAllUsesExcept(corrected, corrected.getDefiningOp());
}

/// `value` times the extents of the loops that count.
APInt ZeroPointSplitting::multiply(
    APInt value, llvm::function_ref<bool(unsigned)> isCounted) {
  for (unsigned v = 0; v < extents.size(); ++v)
    if (isCounted(v))
      value *= APInt(value.getBitWidth(), extents[v], /*isSigned=*/false,
                     /*implicitTrunc=*/true);
  return value;
}

Value ZeroPointSplitting::makeConstant(const APInt &value) {
  Type type = builder.getIntegerType(value.getBitWidth());
  return arith::ConstantOp::create(builder, builder.getIntegerAttr(type, value))
      .getResult();
}

Value ZeroPointSplitting::makeEmpty(ArrayRef<unsigned> loops,
                                    Type elementType) {
  auto shape =
      llvm::map_to_vector(loops, [&](unsigned v) { return extents[v]; });
  return tensor::EmptyOp::create(builder, shape, elementType).getResult();
}

/// Sums one source over the reductions, for each of the parallel loops that it
/// depends on. The loops keep their order, those it does not have are left out.
Value ZeroPointSplitting::sumSource(const Factor &factor,
                                    ArrayRef<unsigned> parallel,
                                    ArrayRef<unsigned> reductions) {
  llvm::SmallBitVector unused(extents.size(), true);
  for (unsigned v : llvm::concat<const unsigned>(parallel, reductions))
    unused.reset(v);
  auto makeMap = [&](ArrayRef<unsigned> loops) {
    auto map = AffineMap::getMultiDimMapWithTargets(extents.size(), loops,
                                                    op.getContext());
    return compressDims(map, unused);
  };
  AffineMap index =
      compressDims(op.getIndexingMapsArray()[factor.source], unused);
  SmallVector<utils::IteratorType> kinds;
  for (auto [v, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (!unused[v])
      kinds.push_back(kind);
  Type type = factor.extension->getResult(0).getType();
  Value zero = makeConstant(APInt(type.getIntOrFloatBitWidth(), 0));
  Value init = linalg::FillOp::create(builder, zero, makeEmpty(parallel, type))
                   .getResult(0);
  // The empty tensor tells the extents of a window.
  SmallVector<Value> inputs{op.getInputs()[factor.source],
                            makeEmpty(reductions, type)};
  auto addExtended = [&](OpBuilder &body, Location loc, ValueRange values) {
    Operation *extended = body.clone(*factor.extension);
    extended->setOperand(0, values[0]);
    Value total =
        arith::AddIOp::create(body, loc, values[2], extended->getResult(0));
    linalg::YieldOp::create(body, loc, total);
  };
  return linalg::GenericOp::create(
             builder, init.getType(), inputs, init,
             ArrayRef{index, makeMap(reductions), makeMap(parallel)}, kinds,
             addExtended)
      .getResult(0);
}

ZeroPointSplitting::Term ZeroPointSplitting::makeTerm(const Factor &summed,
                                                      const Factor &other) {
  AffineMap index = op.getIndexingMapsArray()[summed.source];
  AffineMap stored = op.getIndexingMapsArray().back();
  SmallVector<unsigned> parallel, reductions, positions;
  for (unsigned v = 0; v < extents.size(); ++v) {
    if (!index.isFunctionOfDim(v))
      continue;
    (isReduction(v) ? reductions : parallel).push_back(v);
    if (!isReduction(v))
      positions.push_back(
          *stored.getResultPosition(builder.getAffineDimExpr(v)));
  }
  APInt coefficient = multiply(other.zero, [&](unsigned v) {
    return isReduction(v) && !index.isFunctionOfDim(v);
  });
  return {sumSource(summed, parallel, reductions), coefficient,
          AffineMap::getMultiDimMapWithTargets(stored.getNumResults(),
                                               positions, op.getContext())};
}

/// The contraction's result minus all terms plus the constant.
Value ZeroPointSplitting::correct(ArrayRef<Term> terms, const APInt &constant) {
  auto type = cast<RankedTensorType>(op.getResult(0).getType());
  AffineMap identity = builder.getMultiDimIdentityMap(type.getRank());
  SmallVector<Value> inputs{op.getResult(0)};
  SmallVector<AffineMap> maps{identity};
  SmallVector<Value> coefficients;
  for (const Term &term : terms) {
    inputs.push_back(term.sum);
    maps.push_back(term.index);
    coefficients.push_back(makeConstant(term.coefficient));
  }
  maps.push_back(identity);
  Value offset = makeConstant(constant);
  Value init =
      tensor::EmptyOp::create(builder, type.getShape(), type.getElementType());
  SmallVector<utils::IteratorType> kinds(type.getRank(),
                                         utils::IteratorType::parallel);
  return linalg::GenericOp::create(
             builder, TypeRange{type}, inputs, init, maps, kinds,
             [&](OpBuilder &body, Location loc, ValueRange values) {
               Value result =
                   arith::AddIOp::create(body, loc, values[0], offset);
               for (auto [n, coefficient] : llvm::enumerate(coefficients)) {
                 Value product = arith::MulIOp::create(body, loc, values[1 + n],
                                                       coefficient);
                 result = arith::SubIOp::create(body, loc, result, product);
               }
               linalg::YieldOp::create(body, loc, result);
             })
      .getResult(0);
}
