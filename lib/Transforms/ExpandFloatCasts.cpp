//===- ExpandFloatCasts.cpp - Formats that LLVM does not know -------------===//
//
// Formats of eight bits are parts of f16, and tf32 is what is left of an f32
// without its last bits: extending them takes integer operations only.
//
//===----------------------------------------------------------------------===//

#include "amos/Transforms/ExpandFloatCasts.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/WalkPatternRewriteDriver.h"

using namespace mlir;
using namespace amos;

namespace {
/// Emits scalar operations, element by element where values are vectors.
class Arithmetic {
public:
  Arithmetic(PatternRewriter &rewriter, Location loc, Type shape)
      : rewriter(rewriter), loc(loc), shape(shape) {}

  /// `element`, or as many of it as the shape has.
  Type get(Type element) const {
    auto shaped = dyn_cast<ShapedType>(shape);
    return shaped ? shaped.clone(element) : element;
  }
  Value constant(Attribute value) {
    auto typed = cast<TypedAttr>(value);
    if (auto shaped = dyn_cast<ShapedType>(get(typed.getType())))
      typed = DenseElementsAttr::get(shaped, value);
    return arith::ConstantOp::create(rewriter, loc, typed);
  }
  Value integer(unsigned width, int64_t value) {
    return constant(
        rewriter.getIntegerAttr(rewriter.getIntegerType(width), value));
  }
  Value bitcast(Value value, Type element) {
    return arith::BitcastOp::create(rewriter, loc, get(element), value);
  }
  template <typename OpTy>
  Value binary(Value a, Value b) {
    return OpTy::create(rewriter, loc, a, b);
  }

  PatternRewriter &rewriter;
  Location loc;

private:
  Type shape;
};

/// The bits of a format of eight bits as those of wider integers.
Value widenBits(Arithmetic &emit, Value value) {
  Value bits = emit.bitcast(value, emit.rewriter.getI8Type());
  return arith::ExtUIOp::create(emit.rewriter, emit.loc,
                                emit.get(emit.rewriter.getI16Type()), bits);
}

/// f8E5M2 is the upper half of an f16.
Value extendE5M2(Arithmetic &emit, Value value) {
  Value bits =
      emit.binary<arith::ShLIOp>(widenBits(emit, value), emit.integer(16, 8));
  return emit.bitcast(bits, emit.rewriter.getF16Type());
}

/// f8E4M3FN has one bit less of exponent, whose bias is 8 less, and no
/// infinity: all ones are no number.
Value extendE4M3(Arithmetic &emit, Value value) {
  Type f16 = emit.rewriter.getF16Type();
  Value bits = widenBits(emit, value);
  Value sign = emit.binary<arith::AndIOp>(bits, emit.integer(16, 0x80));
  Value rest = emit.binary<arith::AndIOp>(bits, emit.integer(16, 0x7f));
  Value placed = emit.binary<arith::OrIOp>(
      emit.binary<arith::ShLIOp>(sign, emit.integer(16, 8)),
      emit.binary<arith::ShLIOp>(rest, emit.integer(16, 7)));
  Value scale = emit.constant(emit.rewriter.getFloatAttr(f16, 256.0));
  Value number = emit.binary<arith::MulFOp>(emit.bitcast(placed, f16), scale);
  Value isNumber =
      arith::CmpIOp::create(emit.rewriter, emit.loc, arith::CmpIPredicate::ne,
                            rest, emit.integer(16, 0x7f));
  Value none = emit.bitcast(emit.integer(16, 0x7e00), f16);
  return arith::SelectOp::create(emit.rewriter, emit.loc, isNumber, number,
                                 none);
}

struct ExtendByte : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    Arithmetic emit(rewriter, op.getLoc(), op.getType());
    Type from = getElementTypeOrSelf(op.getIn());
    Value half;
    if (isa<Float8E5M2Type>(from))
      half = extendE5M2(emit, op.getIn());
    else if (isa<Float8E4M3FNType>(from))
      half = extendE4M3(emit, op.getIn());
    else
      return failure();
    if (half.getType() != op.getType())
      half = arith::ExtFOp::create(rewriter, op.getLoc(), op.getType(), half);
    rewriter.replaceOp(op, half);
    return success();
  }
};

/// Rounding an f32 to tf32 toward zero and extending it again.
struct CutToTF32 : OpRewritePattern<arith::ExtFOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(arith::ExtFOp op,
                                PatternRewriter &rewriter) const override {
    auto cut = op.getIn().getDefiningOp<arith::TruncFOp>();
    bool isCut = cut &&
                 isa<FloatTF32Type>(getElementTypeOrSelf(cut.getType())) &&
                 cut.getRoundingmode() == arith::RoundingMode::toward_zero &&
                 getElementTypeOrSelf(cut.getIn()).isF32() &&
                 cut.getIn().getType() == op.getType();
    if (!isCut)
      return failure();
    Arithmetic emit(rewriter, op.getLoc(), op.getType());
    Value bits = emit.bitcast(cut.getIn(), rewriter.getI32Type());
    bits = emit.binary<arith::AndIOp>(bits, emit.integer(32, -8192));
    rewriter.replaceOp(op, emit.bitcast(bits, rewriter.getF32Type()));
    if (cut->use_empty())
      rewriter.eraseOp(cut);
    return success();
  }
};

struct ExpandFloatCastsPass
    : PassWrapper<ExpandFloatCastsPass, OperationPass<>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ExpandFloatCastsPass)

  StringRef getArgument() const final { return "amos-expand-float-casts"; }
  StringRef getDescription() const final {
    return "extend formats that LLVM does not know by integer operations";
  }
  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<arith::ArithDialect>();
  }
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ExtendByte, CutToTF32>(&getContext());
    walkAndApplyPatterns(getOperation(), std::move(patterns));
  }
};
} // namespace

std::unique_ptr<Pass> amos::createExpandFloatCasts() {
  return std::make_unique<ExpandFloatCastsPass>();
}

void amos::registerExpandFloatCasts() {
  PassRegistration<ExpandFloatCastsPass>();
}
