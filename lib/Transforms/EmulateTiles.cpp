//===- EmulateTiles.cpp - Tiles become tensors, intrinsics their meaning --===//

#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/DialectConversion.h"

namespace amos {
#define GEN_PASS_DEF_EMULATETILES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {

/// A tile is a tensor.
class TensorConverter : public TypeConverter {
public:
  TensorConverter() {
    addConversion([](Type type) { return type; });
    addConversion([](TileType tile) -> Type {
      return RankedTensorType::get(tile.getShape(), tile.getElementType());
    });
  }
};

/// The memory a tile is read from or written to, element by element.
struct TileMemory {
  Value memref;
  SmallVector<Value> coordinates;
  AffineMap index;
  std::optional<IntegerSet> guards;

  SmallVector<OpFoldResult> getOperands(ValueRange at) const {
    SmallVector<OpFoldResult> operands = getAsOpFoldResult(coordinates);
    llvm::append_range(operands, getAsOpFoldResult(at));
    return operands;
  }
  Value apply(OpBuilder &builder, Location loc, AffineExpr expr,
              ValueRange at) const {
    AffineMap map =
        AffineMap::get(index.getNumDims(), index.getNumSymbols(), expr);
    // Affine symbols must be loop invariant; a plain dimension need not.
    SmallVector<AffineExpr> dims;
    for (unsigned d = 0; d < at.size(); ++d)
      dims.push_back(builder.getAffineDimExpr(index.getNumDims() + d));
    map =
        map.replaceDimsAndSymbols({}, dims, index.getNumDims() + at.size(), 0);
    return affine::makeComposedAffineApply(builder, loc, map, getOperands(at));
  }
  SmallVector<Value> emitIndex(OpBuilder &builder, Location loc,
                               ValueRange at) const {
    return llvm::map_to_vector(index.getResults(), [&](AffineExpr expr) {
      return apply(builder, loc, expr, at);
    });
  }
  /// Whether element `at` is there; null when all always are.
  Value emitCondition(OpBuilder &builder, Location loc, ValueRange at) const {
    Value all;
    for (AffineExpr guard :
         guards ? guards->getConstraints() : ArrayRef<AffineExpr>()) {
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value holds =
          arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                                apply(builder, loc, guard, at), zero);
      all =
          all ? Value(arith::AndIOp::create(builder, loc, all, holds)) : holds;
    }
    return all;
  }
};

/// Element `at`, zero where it is not there. What was widened on its way to the
/// memory becomes what it was.
Value readElement(OpBuilder &builder, Location loc, const TileMemory &memory,
                  ValueRange at, Type type) {
  auto load = [&](OpBuilder &inner) -> Value {
    Value value = memref::LoadOp::create(inner, loc, memory.memref,
                                         memory.emitIndex(inner, loc, at));
    return value.getType() == type
               ? value
               : arith::TruncFOp::create(inner, loc, type, value);
  };
  Value isThere = memory.emitCondition(builder, loc, at);
  if (!isThere)
    return load(builder);
  auto value = scf::IfOp::create(
      builder, loc, isThere,
      [&](OpBuilder &inner, Location) {
        scf::YieldOp::create(inner, loc, load(inner));
      },
      [&](OpBuilder &inner, Location) {
        Value zero =
            arith::ConstantOp::create(inner, loc, inner.getZeroAttr(type));
        scf::YieldOp::create(inner, loc, zero);
      });
  return value.getResult(0);
}

Value readTile(OpBuilder &builder, Location loc, const TileMemory &memory,
               RankedTensorType type) {
  auto element = [&](OpBuilder &nested, Location, ValueRange at) {
    tensor::YieldOp::create(
        nested, loc,
        readElement(nested, loc, memory, at, type.getElementType()));
  };
  return tensor::GenerateOp::create(builder, loc, type, ValueRange(), element);
}

/// Calls `body` at every place of a box.
void forEachPlace(OpBuilder &builder, Location loc, ArrayRef<int64_t> shape,
                  llvm::function_ref<void(OpBuilder &, ValueRange)> body) {
  SmallVector<Value> low, high, step;
  for (int64_t extent : shape) {
    low.push_back(arith::ConstantIndexOp::create(builder, loc, 0));
    high.push_back(arith::ConstantIndexOp::create(builder, loc, extent));
    step.push_back(arith::ConstantIndexOp::create(builder, loc, 1));
  }
  scf::buildLoopNest(
      builder, loc, low, high, step,
      [&](OpBuilder &nested, Location, ValueRange at) { body(nested, at); });
}

/// What is stored of an element that goes to `index`.
using Finish = llvm::function_ref<Value(OpBuilder &, Value, ValueRange index)>;

void writeTile(OpBuilder &builder, Location loc, const TileMemory &memory,
               Value tile, Finish finish) {
  auto shape = cast<RankedTensorType>(tile.getType()).getShape();
  forEachPlace(builder, loc, shape, [&](OpBuilder &nested, ValueRange at) {
    auto store = [&](OpBuilder &inner) {
      Value value = tensor::ExtractOp::create(inner, loc, tile, at);
      SmallVector<Value> index = memory.emitIndex(inner, loc, at);
      memref::StoreOp::create(inner, loc, finish(inner, value, index),
                              memory.memref, index);
    };
    Value isThere = memory.emitCondition(nested, loc, at);
    if (!isThere)
      return store(nested);
    scf::IfOp::create(nested, loc, isThere, [&](OpBuilder &inner, Location) {
      store(inner);
      scf::YieldOp::create(inner, loc);
    });
  });
}

struct EmulateLoad : OpConversionPattern<LoadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto type = cast<RankedTensorType>(
        getTypeConverter()->convertType(op.getTile().getType()));
    TileMemory memory{adaptor.getSource(), adaptor.getCoordinates(),
                      op.getIndex(), op.getGuards()};
    rewriter.replaceOp(op, readTile(rewriter, op.getLoc(), memory, type));
    return success();
  }
};

/// What the body of `op`, if it has one, makes of an element for `index`.
Value finishElement(OpBuilder &builder, StoreOp op, Value element,
                    ValueRange sources, ValueRange index) {
  if (op.getBody().empty())
    return element;
  SmallVector<Value> values = {element};
  for (auto [number, source] : llvm::enumerate(sources)) {
    auto map = cast<AffineMapAttr>((*op.getSourceMaps())[number]).getValue();
    auto at = llvm::map_to_vector(map.getResults(), [&](AffineExpr e) -> Value {
      return affine::makeComposedAffineApply(
          builder, op.getLoc(), AffineMap::get(map.getNumDims(), 0, e),
          getAsOpFoldResult(index));
    });
    values.push_back(memref::LoadOp::create(builder, op.getLoc(), source, at));
  }
  return inlineRegion(op.getBody(), values, builder).front();
}

struct EmulateStore : OpConversionPattern<StoreOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    TileMemory memory{adaptor.getTarget(), adaptor.getCoordinates(),
                      op.getIndex(), op.getGuards()};
    auto finish = [&](OpBuilder &builder, Value element, ValueRange index) {
      return finishElement(builder, op, element, adaptor.getSources(), index);
    };
    writeTile(rewriter, op.getLoc(), memory, adaptor.getTile(), finish);
    rewriter.eraseOp(op);
    return success();
  }
};

struct EmulateStage : OpConversionPattern<StageOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(StageOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto target = cast<MemRefType>(op.getTarget().getType());
    TileMemory memory{adaptor.getSource(), adaptor.getCoordinates(),
                      op.getIndex(), op.getGuards()};
    forEachPlace(rewriter, op.getLoc(), target.getShape(),
                 [&](OpBuilder &nested, ValueRange at) {
                   Value value = readElement(nested, op.getLoc(), memory, at,
                                             target.getElementType());
                   memref::StoreOp::create(nested, op.getLoc(), value,
                                           adaptor.getTarget(), at);
                 });
    rewriter.eraseOp(op);
    return success();
  }
};

struct EmulateZero : OpConversionPattern<ZeroOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(ZeroOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Type type = getTypeConverter()->convertType(op.getTile().getType());
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(
        op, cast<TypedAttr>(rewriter.getZeroAttr(type)));
    return success();
  }
};

/// Emulated intrinsics are done on return.
struct EmulateSettle : OpConversionPattern<SettleOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(SettleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    rewriter.replaceOp(op, adaptor.getTile());
    return success();
  }
};

struct EmulateInvoke : OpConversionPattern<InvokeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult
  matchAndRewrite(InvokeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
        op, op.getIntrinsicAttr());
    Block &semantics = intrinsic.getSemantics().front();
    IRMapping map;
    map.map(semantics.getArguments(), adaptor.getOperandTiles());
    for (Operation &inner : semantics.without_terminator())
      rewriter.clone(inner, map);
    rewriter.replaceOp(op,
                       map.lookup(semantics.getTerminator()->getOperand(0)));
    return success();
  }
};

struct EmulateTilesPass : amos::impl::EmulateTilesBase<EmulateTilesPass> {
  void runOnOperation() override {
    if (failed(verifyPlain(getOperation())))
      return signalPassFailure();
    MLIRContext *context = &getContext();
    TensorConverter converter;
    ConversionTarget target(*context);
    RewritePatternSet patterns(context);
    patterns.add<EmulateLoad, EmulateStore, EmulateStage, EmulateZero,
                 EmulateSettle, EmulateInvoke>(converter, context);
    scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                         target);
    target.addIllegalOp<LoadOp, StoreOp, StageOp, ZeroOp, SettleOp, InvokeOp>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(applyPartialConversion(getOperation(), target,
                                      std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
