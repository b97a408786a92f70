//===- CopyFragments.cpp - Fragments by declared copies -------------------===//
//
// Tiles of a buffer in a shared memory are brought by the machine's copies from
// rows to fragments, where the rows that a copy wants lie in the buffer: the
// elements that one lane points at side by side and aligned. Addresses are a
// part that depends on the lane and on coordinates, which tiles have in common,
// and a constant.
//
//===----------------------------------------------------------------------===//

#include "CopyFragments.h"
#include "amos/Mapping/FragmentCopy.h"
#include "amos/Mapping/TileAccess.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Transforms/CSE.h"

using namespace mlir;
using namespace amos;

namespace {
/// Loads of one operand from one buffer that nothing is written between.
struct LoadRun {
  SmallVector<LoadOp> loads;
  bool matches(LoadOp op) const;
};

/// The loads of a run with the copies that may bring them.
class RunCopier {
public:
  RunCopier(IntrinsicOp intrinsic, LoadRun run);
  void copy();

private:
  bool isBrought(const FragmentCopy &fit, LoadOp first) const;
  LoadOp findNeighbour(const FragmentCopy &fit, LoadOp first,
                       unsigned number) const;
  bool copyFrom(const FragmentCopy &fit, LoadOp first);
  void emit(const FragmentCopy &fit, SmallVector<LoadOp> tiles);
  Value emitAddress(OpBuilder &builder, const FragmentCopy &fit, LoadOp first);
  AffineExpr getPosition(LoadOp op) const;
  AffineExpr getLanePosition(const FragmentCopy &fit, LoadOp first) const;

  IntrinsicOp intrinsic;
  AcceleratorOp machine;
  LoadRun run;
  WantedFragment wanted;
  Type fragment;
  llvm::SmallPtrSet<Operation *, 16> done;
};
} // namespace

//===----------------------------------------------------------------------===//
// What is wanted
//===----------------------------------------------------------------------===//

/// The level that a buffer was marked with.
static SymbolRefAttr getLevel(Value buffer) {
  while (Operation *op = buffer.getDefiningOp()) {
    if (auto level = op->getAttrOfType<SymbolRefAttr>("amos.level"))
      return level;
    if (op->getNumOperands() == 0)
      return nullptr;
    buffer = op->getOperand(0);
  }
  return nullptr;
}

static ScopeOp getIssue(IntrinsicOp intrinsic) {
  return findScope(cast<AcceleratorOp>(intrinsic->getParentOp()),
                   intrinsic.getIssue());
}

bool LoadRun::matches(LoadOp op) const {
  LoadOp first = loads.front();
  return op.getSource() == first.getSource() &&
         op.getTile().getType() == first.getTile().getType() &&
         llvm::equal(op.getCoordinates(), first.getCoordinates());
}

RunCopier::RunCopier(IntrinsicOp intrinsic, LoadRun run)
    : intrinsic(intrinsic),
      machine(cast<AcceleratorOp>(intrinsic->getParentOp())),
      run(std::move(run)) {
  TileType tile = this->run.loads.front().getTile().getType();
  unsigned operand = tile.getOperand();
  fragment = intrinsic.getLowering().getArgument(operand).getType();
  wanted.map =
      cast<FragmentAttr>((*intrinsic.getPlacements())[operand]).getMap();
  wanted.shape = llvm::to_vector(tile.getShape());
  auto vector = dyn_cast<VectorType>(fragment);
  wanted.elements = vector ? vector.getNumElements() : 1;
  wanted.elementBytes = tile.getElementType().getIntOrFloatBitWidth() / 8;
  wanted.lanes = countLanes(machine, findScope(machine, intrinsic.getIssue()));
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

/// The element of the buffer that tile coordinates, its symbols, stand for;
/// null when a stride is not constant.
AffineExpr RunCopier::getPosition(LoadOp op) const {
  SmallVector<int64_t> strides;
  int64_t base;
  auto type = cast<MemRefType>(op.getSource().getType());
  if (failed(type.getStridesAndOffset(strides, base)) ||
      ShapedType::isDynamic(base) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AffineMap index = op.getIndex();
  AffineExpr position = getAffineConstantExpr(base, op.getContext());
  for (auto [e, stride] : llvm::zip_equal(index.getResults(), strides))
    position = position + e * stride;
  return simplifyAffineExpr(position, index.getNumDims(),
                            index.getNumSymbols());
}

/// `position` with tile coordinate `side` further by `steps`.
static AffineExpr shift(AffineExpr position, unsigned side, int64_t steps) {
  AffineExpr symbol = getAffineSymbolExpr(side, position.getContext());
  return position.replace(symbol, symbol + steps);
}

/// What lane, the dimension after the coordinates, points at.
AffineExpr RunCopier::getLanePosition(const FragmentCopy &fit,
                                      LoadOp first) const {
  unsigned numDims = first.getIndex().getNumDims();
  AffineExpr lane = getAffineDimExpr(numDims, first.getContext());
  SmallVector<AffineExpr> place =
      llvm::map_to_vector(fit.rows.getResults(), [&](AffineExpr e) {
        return e.replaceDims(ArrayRef<AffineExpr>(lane));
      });
  return simplifyAffineExpr(
      pullConstants(getPosition(first).replaceSymbols(place)), numDims + 1, 0);
}

static std::optional<int64_t> getConstant(AffineExpr expr, LoadOp op) {
  auto constant = dyn_cast<AffineConstantExpr>(simplifyAffineExpr(
      expr, op.getIndex().getNumDims(), op.getIndex().getNumSymbols()));
  return constant ? std::optional(constant.getValue()) : std::nullopt;
}

/// Whether all that a lane points at lies side by side, and aligned.
bool RunCopier::isBrought(const FragmentCopy &fit, LoadOp first) const {
  AffineExpr position = getPosition(first);
  if (!position || first.getGuards() ||
      getConstant(shift(position, fit.runSide, 1) - position, first) != 1)
    return false;
  AffineExpr start = getLanePosition(fit, first);
  return start.getLargestKnownDivisor() % fit.run == 0;
}

/// The load of the tile `number` tiles beside that of `first`.
LoadOp RunCopier::findNeighbour(const FragmentCopy &fit, LoadOp first,
                                unsigned number) const {
  AffineExpr place = shift(getPosition(first), fit.side,
                           int64_t(number) * wanted.shape[fit.side]);
  for (LoadOp op : run.loads)
    if (!done.contains(op) && !op.getGuards() &&
        getConstant(getPosition(op) - place, first) == 0)
      return op;
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static Value advance(OpBuilder &builder, Location loc, Value pointer,
                     LLVM::GEPArg bytes) {
  return LLVM::GEPOp::create(builder, loc, pointer.getType(),
                             builder.getI8Type(), pointer, bytes);
}

/// The address that the lane hands to the copy.
Value RunCopier::emitAddress(OpBuilder &builder, const FragmentCopy &fit,
                             LoadOp first) {
  Location loc = first.getLoc();
  auto [lanePart, constant] = splitConstant(getLanePosition(fit, first));
  SmallVector<OpFoldResult> operands =
      getAsOpFoldResult(first.getCoordinates());
  operands.push_back(emitLaneIndex(builder, loc, getIssue(intrinsic)));
  Value bytes = getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(
          builder, loc, lanePart * wanted.elementBytes, operands));
  Type word = builder.getI64Type();
  CopyOp copy = fit.copy;
  Type pointerType = copy.getLowering().getArgument(0).getType();
  Value base = memref::ExtractAlignedPointerAsIndexOp::create(
      builder, loc, first.getSource());
  base = arith::IndexCastOp::create(builder, loc, word, base);
  base = LLVM::IntToPtrOp::create(builder, loc, pointerType, base);
  bytes = arith::IndexCastOp::create(builder, loc, word, bytes);
  return advance(builder, loc, advance(builder, loc, base, bytes),
                 int32_t(constant * wanted.elementBytes));
}

/// What the copy yields, in units of the operand that move together: machine
/// words where the tiles take it in words.
static Value toVector(OpBuilder &builder, Location loc, Value brought,
                      Type unit) {
  auto type = cast<VectorType>(brought.getType());
  int64_t bits = type.getNumElements() * type.getElementTypeBitWidth();
  return vector::BitCastOp::create(
      builder, loc, VectorType::get(bits / unit.getIntOrFloatBitWidth(), unit),
      brought);
}

/// Whether elements are taken in runs of `length` that start at multiples of
/// it.
static bool isTakenInRuns(ArrayRef<int64_t> order, int64_t length) {
  if (order.size() % length)
    return false;
  for (auto [e, number] : llvm::enumerate(order)) {
    int64_t place = int64_t(e) % length;
    if (number % length != place || number != order[e - place] + place)
      return false;
  }
  return true;
}

void RunCopier::emit(const FragmentCopy &fit, SmallVector<LoadOp> tiles) {
  LoadOp first = *llvm::min_element(
      tiles, [](LoadOp a, LoadOp b) { return a->isBeforeInBlock(b); });
  OpBuilder builder(first);
  Location loc = first.getLoc();
  CopyOp copy = fit.copy;
  Value brought =
      inlineRegion(copy.getLowering(), emitAddress(builder, fit, tiles.front()),
                   builder)
          .front();
  Type element = tiles.front().getTile().getType().getElementType();
  int64_t perWord = std::max<int64_t>(4 / wanted.elementBytes, 1);
  Type unit = element;
  if (perWord > 1 && wanted.elements % perWord == 0 &&
      isTakenInRuns(fit.order, perWord))
    unit = builder.getI32Type();
  else
    perWord = 1;
  brought = toVector(builder, loc, brought, unit);
  for (auto [t, tile] : llvm::enumerate(tiles)) {
    SmallVector<int64_t> order;
    for (int64_t e = 0; e < wanted.elements; e += perWord)
      order.push_back(fit.order[t * wanted.elements + e] / perWord);
    Value own =
        vector::ShuffleOp::create(builder, loc, brought, brought, order);
    own = toVector(builder, loc, own, element);
    if (!isa<VectorType>(fragment))
      own = vector::ExtractOp::create(builder, loc, own, 0);
    auto cast = UnrealizedConversionCastOp::create(
        builder, loc, tile.getTile().getType(), own);
    tile.getTile().replaceAllUsesWith(cast.getResult(0));
  }
}

/// Brings `first` and its neighbours, if they are all loaded here.
bool RunCopier::copyFrom(const FragmentCopy &fit, LoadOp first) {
  SmallVector<LoadOp> tiles = {first};
  for (unsigned number = 1; number < fit.count; ++number) {
    LoadOp next = findNeighbour(fit, first, number);
    if (!next)
      return false;
    tiles.push_back(next);
  }
  if (!isBrought(fit, first))
    return false;
  emit(fit, tiles);
  done.insert(tiles.begin(), tiles.end());
  return true;
}

void RunCopier::copy() {
  SymbolRefAttr level = getLevel(run.loads.front().getSource());
  for (const FragmentCopy &fit :
       findFragmentCopies(machine, level.getLeafReference().getValue(), wanted))
    for (LoadOp op : run.loads)
      if (!done.contains(op) && getPosition(op))
        copyFrom(fit, op);
  for (LoadOp op : run.loads)
    if (done.contains(op))
      op.erase();
}

//===----------------------------------------------------------------------===//
// Runs
//===----------------------------------------------------------------------===//

/// The intrinsic whose operand a load reads from a marked buffer; null when no
/// copy could bring it.
static IntrinsicOp getIntrinsic(LoadOp op) {
  TileType tile = op.getTile().getType();
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, tile.getIntrinsic());
  ScopeOp issue = intrinsic ? getIssue(intrinsic) : ScopeOp();
  auto placement = dyn_cast_or_null<FragmentAttr>(
      intrinsic && intrinsic.getPlacements()
          ? (*intrinsic.getPlacements())[tile.getOperand()]
          : Attribute());
  bool isSpread = placement && placement.getMap().getNumDims() == 2 && issue &&
                  hasLaneIndex(issue);
  int64_t bits = tile.getElementType().getIntOrFloatBitWidth();
  return isSpread && bits % 8 == 0 && getLevel(op.getSource()) ? intrinsic
                                                               : IntrinsicOp();
}

/// The runs of a block, cut where something may be written.
static SmallVector<LoadRun> getRuns(Block &block) {
  SmallVector<LoadRun> runs;
  size_t open = 0;
  for (Operation &op : block) {
    auto load = dyn_cast<LoadOp>(op);
    if (!load && !isMemoryEffectFree(&op))
      open = runs.size();
    if (!load || !getIntrinsic(load))
      continue;
    auto run = llvm::find_if(llvm::drop_begin(runs, open), [&](LoadRun &known) {
      return known.matches(load);
    });
    if (run == runs.end())
      runs.push_back({{load}});
    else
      run->loads.push_back(load);
  }
  return runs;
}

void amos::copyFragments(ModuleOp module) {
  // Neighbours are known by having the same coordinates.
  IRRewriter rewriter(module.getContext());
  DominanceInfo dominance(module);
  module.walk([&](gpu::LaunchOp launch) {
    eliminateCommonSubExpressions(rewriter, dominance, launch);
  });
  SmallVector<LoadRun> runs;
  module.walk([&](Block *block) { llvm::append_range(runs, getRuns(*block)); });
  for (LoadRun &run : runs)
    RunCopier(getIntrinsic(run.loads.front()), run).copy();
}
