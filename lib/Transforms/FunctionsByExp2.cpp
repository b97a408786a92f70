//===- FunctionsByExp2.cpp - exp, tanh, .. where 2^x is quick -------------===//

#include "FunctionsByExp2.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using namespace amos;

namespace {
/// Writes formulas on f32 numbers or vectors of them.
class Formula {
public:
  Formula(OpBuilder &builder, Location loc, Type type)
      : builder(builder), loc(loc), type(type) {}

  Value number(double value) {
    TypedAttr attribute = builder.getF32FloatAttr(value);
    if (auto vector = dyn_cast<VectorType>(type))
      attribute = DenseElementsAttr::get(vector, cast<FloatAttr>(attribute));
    return arith::ConstantOp::create(builder, loc, attribute);
  }
  Value add(Value a, Value b) {
    return arith::AddFOp::create(builder, loc, a, b);
  }
  Value subtract(Value a, Value b) {
    return arith::SubFOp::create(builder, loc, a, b);
  }
  Value multiply(Value a, Value b) {
    return arith::MulFOp::create(builder, loc, a, b);
  }
  Value multiplyAdd(Value a, Value b, Value c) {
    return math::FmaOp::create(builder, loc, a, b, c);
  }
  Value negate(Value a) { return arith::NegFOp::create(builder, loc, a); }
  Value absolute(Value a) { return math::AbsFOp::create(builder, loc, a); }
  Value exp2(Value a) { return math::Exp2Op::create(builder, loc, a); }
  /// Approximately.
  Value invert(Value a) {
    return arith::DivFOp::create(builder, loc, number(1), a,
                                 arith::FastMathFlags::afn);
  }
  Value select(arith::CmpFPredicate predicate, Value a, Value b, Value yes,
               Value no) {
    Value holds = arith::CmpFOp::create(builder, loc, predicate, a, b);
    return arith::SelectOp::create(builder, loc, holds, yes, no);
  }
  /// Coefficients of the highest power first.
  Value polynomial(Value x, ArrayRef<double> coefficients) {
    Value sum = number(coefficients.front());
    for (double coefficient : coefficients.drop_front())
      sum = multiplyAdd(sum, x, number(coefficient));
    return sum;
  }

  OpBuilder &builder;
  Location loc;
  Type type;
};

constexpr double log2e = 1.4426950408889634;

bool isSingle(Type type) { return getElementTypeOrSelf(type).isF32(); }

/// 2^n * 2^f, n whole, so that the product with log2 e keeps its digits.
struct ExpByExp2 : OpRewritePattern<math::ExpOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::ExpOp op,
                                PatternRewriter &rewriter) const override {
    if (!isSingle(op.getType()))
      return failure();
    Formula f(rewriter, op.getLoc(), op.getType());
    const auto high = float(log2e);
    Value x = op.getOperand();
    Value whole = math::RoundEvenOp::create(rewriter, op.getLoc(),
                                            f.multiply(x, f.number(high)));
    Value rest = f.multiplyAdd(x, f.number(high), f.negate(whole));
    rest = f.multiplyAdd(x, f.number(log2e - high), rest);
    // Far from zero the parts are no numbers: there the sum is exact enough.
    Value product = f.multiply(f.exp2(rest), f.exp2(whole));
    Value isNear =
        f.select(arith::CmpFPredicate::OLT, f.absolute(x), f.number(80),
                 product, f.exp2(f.multiply(x, f.number(high))));
    rewriter.replaceOp(op, isNear);
    return success();
  }
};

/// 1 - 2 / (1 + e^2x) loses digits near zero, where a series has few terms.
struct TanhByExp2 : OpRewritePattern<math::TanhOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(math::TanhOp op,
                                PatternRewriter &rewriter) const override {
    if (!isSingle(op.getType()))
      return failure();
    Formula f(rewriter, op.getLoc(), op.getType());
    Value x = op.getOperand(), size = f.absolute(x);
    Value power = f.exp2(f.multiply(size, f.number(2 * log2e)));
    Value far = f.multiplyAdd(f.invert(f.add(power, f.number(1))), f.number(-2),
                              f.number(1));
    far = math::CopySignOp::create(rewriter, op.getLoc(), far, x);
    Value square = f.multiply(x, x);
    Value series = f.polynomial(square, {-1382.0 / 155925, 62.0 / 2835,
                                         -17.0 / 315, 2.0 / 15, -1.0 / 3});
    Value near = f.multiplyAdd(f.multiply(series, square), x, x);
    rewriter.replaceOp(op, f.select(arith::CmpFPredicate::OLT, size,
                                    f.number(0.3), near, far));
    return success();
  }
};

/// 2 / (1 + e^-2x).
Value emitTanhPlusOne(Formula &f, Value x) {
  Value power = f.exp2(f.multiply(x, f.number(-2 * log2e)));
  return f.multiply(f.invert(f.add(power, f.number(1))), f.number(2));
}

/// Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: erfc of
/// |x| to 1.5e-7.
Value emitErfPlusOne(Formula &f, Value x) {
  Value size = f.absolute(x);
  Value t = f.invert(f.multiplyAdd(size, f.number(0.3275911), f.number(1)));
  Value sum = f.polynomial(
      t, {1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592});
  Value power = f.exp2(f.multiply(f.multiply(size, size), f.number(-log2e)));
  Value rest = f.multiply(f.multiply(sum, t), power);
  return f.select(arith::CmpFPredicate::OLT, x, f.number(0), rest,
                  f.subtract(f.number(2), rest));
}

/// `tanh(x) + 1` and `erf(x) + 1`, as activations have them.
struct FunctionPlusOne : OpRewritePattern<arith::AddFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::AddFOp op,
                                PatternRewriter &rewriter) const override {
    if (!isSingle(op.getType()))
      return failure();
    Value function = op.getLhs(), one = op.getRhs();
    if (!matchPattern(one, m_OneFloat()))
      std::swap(function, one);
    Operation *inner = function.getDefiningOp();
    if (!matchPattern(one, m_OneFloat()) ||
        !isa_and_nonnull<math::TanhOp, math::ErfOp>(inner))
      return failure();
    Formula f(rewriter, op.getLoc(), op.getType());
    Value x = inner->getOperand(0);
    rewriter.replaceOp(op, isa<math::TanhOp>(inner) ? emitTanhPlusOne(f, x)
                                                    : emitErfPlusOne(f, x));
    return success();
  }
};
} // namespace

void amos::populateFunctionsByExp2(RewritePatternSet &patterns) {
  patterns.add<ExpByExp2, TanhByExp2>(patterns.getContext(), /*benefit=*/10);
}

void amos::populateSumsByExp2(RewritePatternSet &patterns) {
  patterns.add<FunctionPlusOne>(patterns.getContext());
}
