//===- LowerTiles.cpp - Tiles become values of the machine ----------------===//

#include "CopyFragments.h"
#include "FragmentAccess.h"
#include "MappedNest.h"
#include "StorePanels.h"
#include "StoreTransposed.h"
#include "TileHandle.h"
#include "TransposeVectors.h"
#include "amos/Report/Device.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/Patterns.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Transforms/DialectConversion.h"

namespace amos {
#define GEN_PASS_DEF_LOWERTILES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {

/// The type a tile has in the registers of the machine: what the lowering of
/// its intrinsic takes.
class FragmentConverter : public TypeConverter {
public:
  explicit FragmentConverter(Operation *root) : root(root) {
    addConversion([](Type type) { return type; });
    addConversion([this](TileType tile) { return convertTile(tile); });
    // Of what takes fragments of tiles already, until both casts meet.
    addSourceMaterialization(
        [](OpBuilder &builder, Type type, ValueRange inputs, Location loc) {
          return UnrealizedConversionCastOp::create(builder, loc, type, inputs)
              .getResult(0);
        });
  }

  IntrinsicOp lookup(SymbolRefAttr intrinsic) const {
    return SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(root, intrinsic);
  }

private:
  Type convertTile(TileType tile) const {
    IntrinsicOp intrinsic = lookup(tile.getIntrinsic());
    if (!intrinsic || intrinsic.getLowering().empty())
      return nullptr;
    return intrinsic.getLowering().getArgument(tile.getOperand()).getType();
  }

  Operation *root;
};

/// The scope whose smallest parts a fragment is spread over.
ScopeOp getIssue(IntrinsicOp intrinsic) {
  return findScope(cast<AcceleratorOp>(intrinsic->getParentOp()),
                   intrinsic.getIssue());
}

template <typename OpTy>
struct TilePattern : OpConversionPattern<OpTy> {
  TilePattern(const FragmentConverter &converter, MLIRContext *context)
      : OpConversionPattern<OpTy>(converter, context), fragments(converter) {}

  /// Where the elements of a fragment lie in `memref`, at `index` of the op's
  /// coordinates.
  FragmentAccess getAccess(OpTy op, TileType tile, Type fragment, Value memref,
                           ValueRange coordinates, AffineMap index,
                           OpBuilder &builder) const {
    IntrinsicOp intrinsic = fragments.lookup(tile.getIntrinsic());
    AffineMap map =
        cast<FragmentAttr>((*intrinsic.getPlacements())[tile.getOperand()])
            .getMap();
    SmallVector<Value> all(coordinates);
    if (map.getNumDims() == 2)
      all.push_back(emitLaneIndex(builder, op.getLoc(), getIssue(intrinsic)));
    auto vector = dyn_cast<VectorType>(getVectorType(fragment));
    auto access = FragmentAccess::get(
        memref, all, index, op.getGuards().value_or(IntegerSet()), map,
        vector ? vector.getNumElements() : 1);
    if (op->template getParentOfType<gpu::LaunchOp>())
      access.alignment = deviceAlignment;
    return access;
  }

  const FragmentConverter &fragments;
};

struct LowerLoad : TilePattern<LoadOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(LoadOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    TileType tile = op.getTile().getType();
    Type fragment = getTypeConverter()->convertType(tile);
    IntrinsicOp intrinsic = fragments.lookup(tile.getIntrinsic());
    if (isa<MemoryAttr>((*intrinsic.getPlacements())[tile.getOperand()])) {
      FailureOr<Value> handle =
          emitHandle(rewriter, op, intrinsic, adaptor.getSource(),
                     adaptor.getCoordinates());
      if (failed(handle))
        return failure();
      rewriter.replaceOp(op, *handle);
      return success();
    }
    FragmentAccess access =
        getAccess(op, tile, fragment, adaptor.getSource(),
                  adaptor.getCoordinates(), op.getIndex(), rewriter);
    Value loaded =
        loadFragment(rewriter, op.getLoc(), access, getVectorType(fragment));
    rewriter.replaceOp(op, fromVector(rewriter, op.getLoc(), loaded, fragment));
    return success();
  }
};

/// A source that was widened when loaded, as it is packed.
Value narrow(OpBuilder &builder, Location loc, Value elements, Type element) {
  Type type = elements.getType();
  if (getElementTypeOrSelf(type) == element)
    return elements;
  auto vector = dyn_cast<VectorType>(type);
  return arith::TruncFOp::create(
      builder, loc,
      vector ? Type(vector.cloneWith(std::nullopt, element)) : element,
      elements);
}

struct LowerStore : TilePattern<StoreOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(StoreOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    TileType tile = op.getTile().getType();
    Type fragment = adaptor.getTile().getType();
    auto getAccessOf = [&](Value memref, AffineMap index) {
      return getAccess(op, tile, fragment, memref, adaptor.getCoordinates(),
                       index, rewriter);
    };
    FragmentAccess target = getAccessOf(adaptor.getTarget(), op.getIndex());
    StoreBody body{op.getBody(), {}};
    for (auto [number, source] : llvm::enumerate(adaptor.getSources())) {
      auto map = cast<AffineMapAttr>((*op.getSourceMaps())[number]).getValue();
      body.sources.push_back(getAccessOf(source, map.compose(op.getIndex())));
    }
    Value elements = toVector(rewriter, op.getLoc(), adaptor.getTile());
    if (op.getBody().empty())
      elements = narrow(rewriter, op.getLoc(), elements, target.elementType);
    if (!op.getBuffer())
      storeFragment(rewriter, op.getLoc(), target, elements, body);
    else if (failed(storePanels(
                 rewriter, op, fragments.lookup(tile.getIntrinsic()),
                 finishFragment(rewriter, op.getLoc(), elements, body))))
      return failure();
    rewriter.eraseOp(op);
    return success();
  }
};

struct LowerZero : TilePattern<ZeroOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(ZeroOp op, OpAdaptor,
                  ConversionPatternRewriter &rewriter) const override {
    IntrinsicOp intrinsic =
        fragments.lookup(op.getTile().getType().getIntrinsic());
    if (!intrinsic.getInit().empty()) {
      rewriter.replaceOp(op, inlineRegion(intrinsic.getInit(), {}, rewriter));
      return success();
    }
    Type fragment = getTypeConverter()->convertType(op.getTile().getType());
    auto zero = dyn_cast_or_null<TypedAttr>(rewriter.getZeroAttr(fragment));
    if (!zero)
      return op.emitError("expected an 'init' region in '")
             << intrinsic.getSymName() << "', as '" << fragment
             << "' has no constant zero";
    rewriter.replaceOpWithNewOp<arith::ConstantOp>(op, zero);
    return success();
  }
};

struct LowerSettle : TilePattern<SettleOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(SettleOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    Value settled = emitSettled(rewriter, op.getLoc(), adaptor.getTile());
    if (!settled)
      return op.emitError("cannot keep '")
             << adaptor.getTile().getType()
             << "' behind a wait; expected scalars of 32 or 64 bits";
    rewriter.replaceOp(op, settled);
    return success();
  }
};

struct LowerInvoke : TilePattern<InvokeOp> {
  using TilePattern::TilePattern;
  LogicalResult
  matchAndRewrite(InvokeOp op, OpAdaptor adaptor,
                  ConversionPatternRewriter &rewriter) const override {
    IntrinsicOp intrinsic = fragments.lookup(op.getIntrinsic());
    rewriter.replaceOp(op, inlineRegion(intrinsic.getLowering(),
                                        adaptor.getOperandTiles(), rewriter));
    return success();
  }
};

struct LowerTilesPass : amos::impl::LowerTilesBase<LowerTilesPass> {
  void runOnOperation() override;
  LogicalResult checkLowerings();
  LogicalResult checkTiles();
};

} // namespace

/// Refuses, at the op that asks for it, what registers cannot hold.
LogicalResult LowerTilesPass::checkLowerings() {
  WalkResult result = getOperation().walk([&](InvokeOp op) {
    auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
        op, op.getIntrinsicAttr());
    auto refuse = [&](StringRef why) {
      op.emitError("cannot emit code for '")
          << op.getIntrinsic() << "': " << why;
      return WalkResult::interrupt();
    };
    if (intrinsic.getLowering().empty())
      return refuse("it has no 'lowering'; run it with --emulate");
    if (!intrinsic.getPlacements())
      return refuse("its operands have no placements");
    ArrayAttr placements = intrinsic.getPlacementsAttr();
    for (Attribute placement : placements) {
      auto fragment = dyn_cast<FragmentAttr>(placement);
      if (!fragment && (!isa<MemoryAttr>(placement) ||
                        !op->getParentOfType<gpu::LaunchOp>()))
        return refuse("it reads tiles in a memory, which only loops that are "
                      "spread over scopes fill");
      if (!fragment)
        continue;
      if (fragment.getMap().getNumDims() == 1)
        continue;
      ScopeOp issue = getIssue(intrinsic);
      if (!issue || !hasLaneIndex(issue))
        return refuse("no 'index' tells the lanes of its tiles apart");
      if (!op->getParentOfType<gpu::LaunchOp>())
        return refuse("its tiles are spread over lanes, the loops around it "
                      "over no scope; give none of 'amos.schedule' by hand");
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

static bool hasFragment(TileType tile, Operation *op) {
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, tile.getIntrinsic());
  return intrinsic && intrinsic.getPlacements() &&
         !intrinsic.getLowering().empty() &&
         tile.getOperand() < intrinsic.getLowering().getNumArguments() &&
         tile.getOperand() < intrinsic.getPlacementsAttr().size();
}

/// Refuses tiles that no intrinsic here has, which only a program written by
/// hand holds.
LogicalResult LowerTilesPass::checkTiles() {
  WalkResult result = getOperation().walk([&](Operation *op) {
    SmallVector<Type> types(op->getOperandTypes());
    types.append(op->result_type_begin(), op->result_type_end());
    for (Type type : types)
      if (auto tile = dyn_cast<TileType>(type);
          tile && !hasFragment(tile, op)) {
        op->emitError("no intrinsic here emits code for ") << tile;
        return WalkResult::interrupt();
      }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// Fragments that became tiles before the others meet what takes fragments.
static void reconcileCasts(ModuleOp module) {
  SmallVector<UnrealizedConversionCastOp> casts;
  module.walk([&](UnrealizedConversionCastOp op) { casts.push_back(op); });
  reconcileUnrealizedCasts(casts);
}

/// LLVM merges equal loads of an unrolled loop's steps and keeps them in
/// registers, and spills what it took those from.
static void keepRolled(scf::ForOp loop) {
  if (!loop->removeAttr(rolledName))
    return;
  MLIRContext *context = loop.getContext();
  auto isDisabled = BoolAttr::get(context, true);
  auto unroll =
      LLVM::LoopUnrollAttr::get(context, isDisabled, {}, {}, {}, {}, {}, {});
  loop->setAttr("llvm.loop_annotation",
                LLVM::LoopAnnotationAttr::get(context, {}, {}, {}, unroll, {},
                                              {}, {}, {}, {}, {}, {}, {}, {},
                                              {}, {}));
}

void LowerTilesPass::runOnOperation() {
  getOperation().walk(keepRolled);
  if (failed(verifyPlain(getOperation())))
    return signalPassFailure();
  if (failed(checkLowerings()) || failed(checkTiles()))
    return signalPassFailure();
  getOperation().walk([&](func::FuncOp function) {
    if (function->hasAttr("amos.features"))
      transposeCopies(function);
  });
  copyFragments(getOperation());
  storeTransposed(getOperation());
  MLIRContext *context = &getContext();
  FragmentConverter converter(getOperation());
  ConversionTarget target(*context);
  RewritePatternSet patterns(context);
  patterns.add<LowerLoad, LowerStore, LowerZero, LowerSettle, LowerInvoke>(
      converter, context);
  scf::populateSCFStructuralTypeConversionsAndLegality(converter, patterns,
                                                       target);
  target.addIllegalOp<LoadOp, StoreOp, ZeroOp, SettleOp, InvokeOp>();
  target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
  if (failed(
          applyPartialConversion(getOperation(), target, std::move(patterns))))
    return signalPassFailure();
  reconcileCasts(getOperation());
  copyDeclarations(getOperation());
}
