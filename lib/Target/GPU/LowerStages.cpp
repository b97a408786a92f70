//===- LowerStages.cpp - Threads fill shared buffers together -------------===//
//
// The elements of a buffer are dealt out to the threads of a group, as many
// side by side at once as lie side by side in the source too, with conditions
// that hold for all of them or none.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/TileAccess.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace amos {
#define GEN_PASS_DEF_LOWERSTAGES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
/// The group of threads that run a kernel.
struct Group {
  ScopeOp scope, unit;
  AcceleratorOp machine;
  int64_t threads = 1;
  int64_t access = 1; ///< bytes of the widest access to its memories

  static Group get(gpu::LaunchOp launch);
  Value emitThread(OpBuilder &builder, Location loc) const;
  void emitSync(OpBuilder &builder, Location loc) const;
};

/// One buffer being filled.
class Filling {
public:
  Filling(StageOp op, const Group &group);

  /// Reads what comes to this thread; values in the order `store` takes them.
  void load(OpBuilder &builder, Value thread);
  void store(OpBuilder &builder);

private:
  bool movesTogether(int64_t width) const;
  AffineExpr place(AffineExpr expr, int64_t lane, int64_t width) const;
  Value loadPiece(OpBuilder &builder, ValueRange at);
  Value emitApply(OpBuilder &builder, AffineExpr expr, ValueRange at) const;

  struct Piece {
    Value value;
    SmallVector<Value> at; ///< in the buffer
    Value isMine;          ///< null: always
  };
  mutable StageOp op; ///< its accessors are not const
  const Group &group;
  Location loc;
  MemRefType source, target;
  int64_t width = 1; ///< elements of a piece
  SmallVector<Piece> pieces;
};

struct LowerStagesPass : amos::impl::LowerStagesBase<LowerStagesPass> {
  void runOnOperation() override;
};
} // namespace

//===----------------------------------------------------------------------===//
// Groups
//===----------------------------------------------------------------------===//

Group Group::get(gpu::LaunchOp launch) {
  auto lookup = [&](StringRef name) {
    return SymbolTable::lookupNearestSymbolFrom<ScopeOp>(
        launch, launch->getAttrOfType<SymbolRefAttr>(name));
  };
  Group group;
  group.scope = lookup("amos.scope");
  group.unit = lookup("amos.unit");
  group.machine = cast<AcceleratorOp>(group.scope->getParentOp());
  group.threads = *getConstantIntValue(launch.getBlockSizeX());
  group.access = INT64_MAX;
  for (auto level : group.machine.getOps<LevelOp>())
    if (level.getAddress() && !level.getCache())
      group.access =
          std::min<int64_t>(group.access, level.getAccess().value_or(1));
  return group;
}

/// The number of this thread in the group.
Value Group::emitThread(OpBuilder &builder, Location loc) const {
  Value number = emitPartIndex(builder, loc, unit);
  for (ScopeOp whole = unit; whole.getPart();) {
    ScopeOp part = findScope(machine, *whole.getPart());
    Value count = arith::ConstantIndexOp::create(builder, loc,
                                                 whole.getCount().value_or(1));
    number = arith::MulIOp::create(builder, loc, number, count);
    number = arith::AddIOp::create(builder, loc, number,
                                   emitPartIndex(builder, loc, part));
    whole = part;
  }
  return number;
}

void Group::emitSync(OpBuilder &builder, Location loc) const {
  Region &sync = const_cast<ScopeOp &>(scope).getSync();
  SmallVector<Value> slot;
  if (sync.getNumArguments() == 1)
    slot.push_back(arith::ConstantIntOp::create(builder, loc, 0, 32));
  inlineRegion(sync, slot, builder);
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

Filling::Filling(StageOp op, const Group &group)
    : op(op), group(group), loc(op.getLoc()),
      source(cast<MemRefType>(op.getSource().getType())),
      target(cast<MemRefType>(op.getTarget().getType())) {
  int64_t bytes = llvm::divideCeil(target.getElementTypeBitWidth(), 8);
  int64_t row = target.getRank() ? target.getShape().back() : 1;
  for (int64_t w = group.access / bytes; w > 1 && width == 1; w /= 2)
    if (row % w == 0 && movesTogether(w))
      width = w;
}

/// `expr` of the access at element `lane` of a piece, whose number replaces the
/// last symbol.
AffineExpr Filling::place(AffineExpr expr, int64_t lane, int64_t width) const {
  unsigned last = target.getRank() - 1;
  SmallVector<AffineExpr> symbols;
  for (unsigned s = 0; s <= last; ++s)
    symbols.push_back(getAffineSymbolExpr(s, op.getContext()));
  symbols[last] = symbols[last] * width + lane;
  return simplifyAffineExpr(pullConstants(expr.replaceSymbols(symbols)),
                            op.getIndex().getNumDims(), last + 1);
}

/// Whether pieces of `width` elements lie side by side and aligned in both
/// memories, and are there as a whole or not at all.
bool Filling::movesTogether(int64_t width) const {
  SmallVector<int64_t> from, to;
  int64_t base;
  if (failed(source.getStridesAndOffset(from, base)) || base % width ||
      llvm::any_of(from, ShapedType::isDynamic) ||
      failed(target.getStridesAndOffset(to, base)) || to.back() != 1)
    return false;
  for (int64_t stride : ArrayRef(to).drop_back())
    if (stride % width)
      return false;
  AffineExpr address = getAffineConstantExpr(0, op.getContext());
  for (auto [e, stride] : llvm::zip_equal(op.getIndex().getResults(), from))
    address = address + e * stride;
  unsigned dims = op.getIndex().getNumDims(), symbols = target.getRank();
  auto getAdvance = [&](AffineExpr expr, int64_t lane) {
    return dyn_cast<AffineConstantExpr>(simplifyAffineExpr(
        place(expr, lane, width) - place(expr, 0, width), dims, symbols));
  };
  if (place(address, 0, width).getLargestKnownDivisor() % width)
    return false;
  ArrayRef<AffineExpr> guards;
  if (std::optional<IntegerSet> set = op.getGuards())
    guards = set->getConstraints();
  for (int64_t lane = 1; lane < width; ++lane) {
    AffineConstantExpr advance = getAdvance(address, lane);
    if (!advance || advance.getValue() != lane)
      return false;
    for (AffineExpr guard : guards) {
      AffineConstantExpr step = getAdvance(guard, lane);
      // Falling guards change sign between pieces when they are one below a
      // multiple of the width, rising ones at a multiple.
      bool isSame =
          step &&
          (step.getValue() == 0 ||
           (step.getValue() == lane &&
            place(guard, 0, width).getLargestKnownDivisor() % width == 0) ||
           (step.getValue() == -lane &&
            simplifyAffineExpr(place(guard, 0, width) + 1, dims, symbols)
                        .getLargestKnownDivisor() %
                    width ==
                0));
      if (!isSame)
        return false;
    }
  }
  return true;
}

Value Filling::emitApply(OpBuilder &builder, AffineExpr expr,
                         ValueRange at) const {
  unsigned dims = op.getIndex().getNumDims();
  // Affine symbols must not change in loops; a plain dimension may.
  SmallVector<AffineExpr> symbols;
  for (unsigned s = 0; s < at.size(); ++s)
    symbols.push_back(builder.getAffineDimExpr(dims + s));
  AffineMap map = AffineMap::get(dims + at.size(), 0,
                                 expr.replaceSymbols(symbols), op.getContext());
  SmallVector<OpFoldResult> operands = getAsOpFoldResult(op.getCoordinates());
  llvm::append_range(operands, getAsOpFoldResult(at));
  return getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(builder, loc, map, operands));
}

/// The piece at `at`, the last coordinate counting pieces; zero where it is not
/// there.
Value Filling::loadPiece(OpBuilder &builder, ValueRange at) {
  Type element = target.getElementType();
  Type type = width == 1 ? element : VectorType::get(width, element);
  auto load = [&](OpBuilder &nested) -> Value {
    SmallVector<Value> index;
    for (AffineExpr e : op.getIndex().getResults())
      index.push_back(emitApply(nested, place(e, 0, width), at));
    if (width == 1)
      return memref::LoadOp::create(nested, loc, op.getSource(), index);
    int64_t bytes = width * target.getElementTypeBitWidth() / 8;
    return vector::LoadOp::create(
        nested, loc, cast<VectorType>(type), op.getSource(), index,
        /*nontemporal=*/false, llvm::MaybeAlign(bytes));
  };
  Value isThere;
  if (std::optional<IntegerSet> guards = op.getGuards())
    for (AffineExpr guard : guards->getConstraints()) {
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
      Value holds = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::sge,
          emitApply(builder, place(guard, 0, width), at), zero);
      isThere =
          isThere ? arith::AndIOp::create(builder, loc, isThere, holds) : holds;
    }
  if (!isThere)
    return load(builder);
  return scf::IfOp::create(
             builder, loc, isThere,
             [&](OpBuilder &nested, Location) {
               scf::YieldOp::create(nested, loc, load(nested));
             },
             [&](OpBuilder &nested, Location) {
               Value zero = arith::ConstantOp::create(
                   nested, loc, cast<TypedAttr>(nested.getZeroAttr(type)));
               scf::YieldOp::create(nested, loc, zero);
             })
      .getResult(0);
}

/// The coordinates of piece `number`.
static SmallVector<Value> split(OpBuilder &builder, Location loc, Value number,
                                ArrayRef<int64_t> extents) {
  SmallVector<Value> at(extents.size());
  for (size_t d = extents.size(); d-- > 0;) {
    Value extent = arith::ConstantIndexOp::create(builder, loc, extents[d]);
    at[d] =
        d == 0 ? number : arith::RemUIOp::create(builder, loc, number, extent);
    if (d > 0)
      number = arith::DivUIOp::create(builder, loc, number, extent);
  }
  return at;
}

void Filling::load(OpBuilder &builder, Value thread) {
  SmallVector<int64_t> extents(target.getShape());
  if (!extents.empty())
    extents.back() /= width;
  int64_t count = 1;
  for (int64_t extent : extents)
    count *= extent;
  for (int64_t first = 0; first < count; first += group.threads) {
    Value offset = arith::ConstantIndexOp::create(builder, loc, first);
    Value number = arith::AddIOp::create(builder, loc, thread, offset);
    Piece &piece = pieces.emplace_back();
    if (first + group.threads > count) {
      Value end = arith::ConstantIndexOp::create(builder, loc, count);
      piece.isMine = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::ult, number, end);
      // Threads without a piece read the first one and drop it.
      Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
      number =
          arith::SelectOp::create(builder, loc, piece.isMine, number, zero);
    }
    piece.at = split(builder, loc, number, extents);
    piece.value = loadPiece(builder, piece.at);
  }
}

void Filling::store(OpBuilder &builder) {
  for (Piece &piece : pieces) {
    auto store = [&](OpBuilder &nested) {
      SmallVector<Value> at = piece.at;
      if (width == 1) {
        memref::StoreOp::create(nested, loc, piece.value, op.getTarget(), at);
        return;
      }
      Value elements = arith::ConstantIndexOp::create(nested, loc, width);
      at.back() = arith::MulIOp::create(nested, loc, at.back(), elements);
      vector::StoreOp::create(
          nested, loc, piece.value, op.getTarget(), at, /*nontemporal=*/false,
          llvm::MaybeAlign(width * target.getElementTypeBitWidth() / 8));
    };
    if (!piece.isMine) {
      store(builder);
      continue;
    }
    scf::IfOp::create(builder, loc, piece.isMine,
                      [&](OpBuilder &nested, Location) {
                        store(nested);
                        scf::YieldOp::create(nested, loc);
                      });
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// The stages that directly follow each other, from `first` on.
static SmallVector<StageOp> getRun(StageOp first) {
  SmallVector<StageOp> run;
  for (Operation *op = first; op; op = op->getNextNode())
    if (auto stage = dyn_cast<StageOp>(op))
      run.push_back(stage);
    else if (!isPure(op))
      break;
  return run;
}

/// Reads all pieces before anything is waited for.
static void lowerRun(ArrayRef<StageOp> run, const Group &group) {
  StageOp last = run.back();
  OpBuilder builder(last);
  Location loc = last.getLoc();
  Value thread = group.emitThread(builder, loc);
  std::vector<Filling> fillings;
  for (StageOp op : run) {
    fillings.emplace_back(op, group);
    fillings.back().load(builder, thread);
  }
  group.emitSync(builder, loc);
  for (Filling &filling : fillings)
    filling.store(builder);
  group.emitSync(builder, loc);
  for (StageOp op : run)
    op.erase();
}

void LowerStagesPass::runOnOperation() {
  SmallVector<gpu::LaunchOp> launches;
  getOperation().walk([&](gpu::LaunchOp launch) {
    if (launch->hasAttr("amos.scope"))
      launches.push_back(launch);
  });
  for (gpu::LaunchOp launch : launches) {
    Group group = Group::get(launch);
    if (group.scope.getSync().empty()) {
      launch.emitError("expected a 'sync' of scope '")
          << group.scope.getSymName() << "', whose parts share a buffer";
      return signalPassFailure();
    }
    SmallVector<SmallVector<StageOp>> runs;
    launch.walk([&](StageOp op) {
      if (runs.empty() || !llvm::is_contained(runs.back(), op))
        runs.push_back(getRun(op));
    });
    for (ArrayRef<StageOp> run : runs)
      lowerRun(run, group);
  }
}
