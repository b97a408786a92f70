//===- MappedTiles.cpp - Loading, storing and packing tiles ---------------===//

#include "MappedNest.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace amos;

void MappedNest::forEachOffset(
    const OuterRanges &ranges, llvm::function_ref<bool(unsigned)> isVaried,
    llvm::function_ref<void(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> extents, offsets(ranges.size(), 0);
  for (auto [outer, range] : llvm::enumerate(ranges))
    extents.push_back(isVaried(outer) ? range.steps : 1);
  while (true) {
    visit(offsets);
    int64_t outer = ranges.size() - 1;
    while (outer >= 0 && ++offsets[outer] == extents[outer])
      offsets[outer--] = 0;
    if (outer < 0)
      return;
  }
}

void MappedNest::forEachTile(
    unsigned operand, const OuterRanges &ranges,
    llvm::function_ref<void(ArrayRef<int64_t>)> visit) {
  forEachOffset(
      ranges, [&](unsigned outer) { return dependsOn(operand, outer); }, visit);
}

SmallVector<int64_t> MappedNest::project(unsigned operand,
                                         ArrayRef<int64_t> offsets) const {
  SmallVector<int64_t> own(offsets);
  for (auto [outer, offset] : llvm::enumerate(own))
    if (!dependsOn(operand, outer))
      offset = 0;
  return own;
}

/// Whether steps of `outer`, a reduction loop, read of some source what other
/// rows of a block read: a window over what lies side by side.
bool MappedNest::slidesOverBlock(unsigned outer) const {
  if (schedule.isSpread() || mapped.outer[outer].isParallel)
    return false;
  auto isBlocked = [&](AffineExpr coordinate) {
    return llvm::any_of(llvm::enumerate(mapped.outer), [&](auto pair) {
      auto [o, loop] = pair;
      return loop.isParallel && schedule.block[o] > 1 &&
             coordinate.isFunctionOfDim(o);
    });
  };
  for (unsigned t = 0; t < op.getDestination(); ++t)
    for (AffineExpr coordinate : mapped.fragments[t].index.getResults())
      if (!packed[t] && coordinate.isFunctionOfDim(outer) &&
          isBlocked(coordinate))
        return true;
  return false;
}

/// Whether a source is padding wherever the nest is, and absorbs the others.
bool MappedNest::addsNothing(const OuterRanges &ranges,
                             ArrayRef<int64_t> offsets) const {
  auto isAbsorbed = [&](const Access &access) {
    return isAbsorbedByZero(access);
  };
  if (!op.ignoresZeros || !llvm::all_of(op.operands, isAbsorbed))
    return false;
  SmallVector<Interval> box = getBox(ranges);
  for (auto [outer, offset] : llvm::enumerate(offsets)) {
    box[outer] = {ranges[outer].first + offset, ranges[outer].last};
    if (box[outer].last)
      *box[outer].last += offset;
  }
  auto fails = [&](const Access &access) {
    return llvm::any_of(access.guards, [&](AffineExpr guard) {
      auto most = getBoundIn(guard, box, access.index.getNumDims(),
                             /*isUpper=*/true);
      return most && *most < 0;
    });
  };
  for (unsigned t = 0; t < op.getDestination(); ++t)
    if (!packed[t] && !chunks[t] && fails(mapped.fragments[t]))
      return true;
  return false;
}

/// Whether the steps of `ranges` are the last ones of every reduction loop.
Value MappedNest::emitIsLast(const OuterRanges &ranges) {
  Value isLast = arith::ConstantIntOp::create(builder, loc, 1, 1);
  for (auto [outer, range] : llvm::zip_equal(mapped.outer, ranges)) {
    bool isAllInside = ShapedType::isDynamic(range.steps) ||
                       (range.isConstant() && range.steps == outer.extent);
    if (outer.isParallel || isAllInside)
      continue;
    Value end = advance(range, range.steps);
    Value ends = arith::CmpIOp::create(
        builder, loc, arith::CmpIPredicate::eq, end,
        arith::ConstantIndexOp::create(builder, loc, outer.extent));
    isLast = arith::AndIOp::create(builder, loc, isLast, ends);
  }
  return isLast;
}

TileIndex MappedNest::indexTile(unsigned operand, const OuterRanges &ranges,
                                ArrayRef<int64_t> offsets) const {
  Access access = mapped.fragments[operand];
  for (auto [loop, range] : llvm::zip_equal(mapped.outer, ranges))
    if (range.isWhole && loop.tail)
      llvm::erase(access.guards, loop.tail);
  return getTileIndex(access, ranges, offsets, lanes[operand], laneExtents,
                      parameters);
}

IntegerSetAttr amos::getGuards(const TileIndex &index) {
  return index.guards ? IntegerSetAttr::get(*index.guards) : IntegerSetAttr();
}

Value MappedNest::loadTile(unsigned operand, Value buffer,
                           const OuterRanges &ranges,
                           ArrayRef<int64_t> offsets) {
  TileIndex at = indexTile(operand, ranges, offsets);
  return LoadOp::create(builder, loc, tileTypes[operand], buffer,
                        at.coordinates, AffineMapAttr::get(at.map),
                        getGuards(at));
}

/// What a tile of the destination has before the reduction, or before this
/// part of it.
Value MappedNest::loadSums(const OuterRanges &ranges, ArrayRef<int64_t> offsets,
                           bool isReadBack) {
  unsigned destination = op.getDestination();
  if (isReadBack)
    return loadTile(destination, buffers.back(), ranges, offsets);
  if (!init || partials)
    return ZeroOp::create(builder, loc, tileTypes[destination]);
  TileIndex at = indexTile(destination, ranges, offsets);
  return LoadOp::create(
      builder, loc, tileTypes[destination], init->buffer, at.coordinates,
      AffineMapAttr::get(init->map.compose(at.map)), getGuards(at));
}

void MappedNest::storeTile(Value tile, const OuterRanges &ranges,
                           ArrayRef<int64_t> offsets) {
  if (partials)
    return storePartial(tile, ranges, offsets);
  TileIndex at = indexTile(op.getDestination(), ranges, offsets);
  auto store =
      StoreOp::create(builder, loc, tile, buffers.back(), at.coordinates,
                      AffineMapAttr::get(at.map), getGuards(at));
  if (storeCopy)
    nameCopy(store, ranges, offsets);
}

/// Where the epilogue has the element that the contraction has at `at.map`.
void MappedNest::storeFinished(Value tile, const OuterRanges &ranges,
                               ArrayRef<int64_t> offsets) {
  TileIndex at = indexTile(op.getDestination(), ranges, offsets);
  auto store = StoreOp::create(
      builder, loc, tile, epilogue->target, at.coordinates,
      AffineMapAttr::get(epilogue->epilogue.place.compose(at.map)),
      getGuards(at));
  SmallVector<AffineMap> maps;
  for (const Epilogue::Source &source : epilogue->epilogue.sources)
    maps.push_back(source.map);
  store.getSourcesMutable().assign(epilogue->sources);
  if (!maps.empty())
    store.setSourceMapsAttr(builder.getAffineMapArrayAttr(maps));
  epilogue->epilogue.buildBody(store.getBody());
  if (storeCopy)
    nameCopy(store, ranges, offsets);
}

/// Whether each element is stored: each dimension has a loop of its own.
bool MappedNest::isWrittenWhole() const {
  const Access &destination = op.operands.back();
  llvm::SmallDenseSet<unsigned> loops;
  return llvm::all_of_zip(destination.index.getResults(), destination.shape,
                          [&](AffineExpr index, int64_t extent) {
                            auto loop = dyn_cast<AffineDimExpr>(index);
                            return loop
                                       ? loops.insert(loop.getPosition()).second
                                       : extent == 1;
                          });
}

/// Fills the destination with what it starts from.
void MappedNest::copyInit() {
  Value destination = buffers.back();
  if (init->map.isIdentity()) {
    memref::CopyOp::create(builder, loc, init->buffer, destination);
    return;
  }
  unsigned rank = init->map.getNumDims();
  SmallVector<AffineMap> maps = {init->map,
                                 builder.getMultiDimIdentityMap(rank)};
  SmallVector<utils::IteratorType> kinds(rank, utils::IteratorType::parallel);
  linalg::GenericOp::create(
      builder, loc, init->buffer, destination, maps, kinds,
      [](OpBuilder &nested, Location at, ValueRange elements) {
        linalg::YieldOp::create(nested, at, elements[0]);
      });
}

/// Partial sums start from the initial value once, before everything. So does
/// what no sum is stored to.
void MappedNest::initializeDestination() {
  Value destination = buffers.back();
  Type type = op.operands.back().elementType;
  if (!init)
    linalg::FillOp::create(builder, loc,
                           Value(arith::ConstantOp::create(
                               builder, loc, builder.getZeroAttr(type))),
                           destination);
  else if (init->buffer != destination)
    copyInit();
}

Value MappedNest::loadSource(unsigned operand, const OuterRanges &ranges,
                             ArrayRef<int64_t> offsets) {
  if (chunks[operand])
    return loadFromChunk(operand, ranges, offsets);
  const std::optional<PackedTiles> &tiles = packed[operand];
  if (!tiles)
    return loadTile(operand, buffers[operand], ranges, offsets);
  return LoadOp::create(builder, loc, tileTypes[operand], tiles->buffer,
                        indexPacked(*tiles, ranges, offsets),
                        AffineMapAttr::get(getPackedIndex(*tiles, operand)),
                        IntegerSetAttr());
}

/// The value `range.base floordiv divisor`.
Value MappedNest::getPosition(const OuterRange &range, int64_t divisor) {
  if (range.isConstant())
    return arith::ConstantIndexOp::create(builder, loc, range.first / divisor);
  if (divisor == 1)
    return range.base;
  return affine::makeComposedAffineApply(
      builder, loc, builder.getAffineDimExpr(0).floorDiv(divisor),
      OpFoldResult(range.base));
}

/// Where the step `offset` beyond the base lies in its block.
Value MappedNest::getPositionInBlock(const OuterRange &range, int64_t outer,
                                     int64_t offset) {
  if (range.isAligned)
    return arith::ConstantIndexOp::create(builder, loc, offset);
  return affine::makeComposedAffineApply(
      builder, loc,
      (builder.getAffineDimExpr(0) + offset) % schedule.block[outer],
      OpFoldResult(range.base));
}

SmallVector<Value> MappedNest::indexPacked(const PackedTiles &tiles,
                                           const OuterRanges &ranges,
                                           ArrayRef<int64_t> offsets) {
  SmallVector<Value> indices;
  for (int64_t outer : tiles.layout.loops)
    indices.push_back(getPosition(ranges[outer], schedule.block[outer]));
  for (int64_t outer : tiles.layout.loops)
    if (schedule.block[outer] > 1)
      indices.push_back(
          getPositionInBlock(ranges[outer], outer, offsets[outer]));
  return indices;
}

/// From what `indexPacked` gives, and a tile's coordinates.
AffineMap MappedNest::getPackedIndex(const PackedTiles &tiles,
                                     unsigned operand) const {
  unsigned rank = tiles.layout.shape.size();
  SmallVector<AffineExpr> index;
  for (unsigned d = 0; d + 1 < rank; ++d)
    index.push_back(builder.getAffineDimExpr(d));
  index.push_back(tiles.layout.position);
  return AffineMap::get(rank - 1, lanes[operand].size(), index,
                        builder.getContext());
}

PackedLayout MappedNest::getLayout(unsigned operand) const {
  ArrayRef<int64_t> tile = tileTypes[operand].getShape();
  return getPackedLayout(mapped, schedule, mapped.fragments[operand], tile,
                         getPackedPosition(getFragmentOf(intrinsicOp, operand),
                                           tile, builder.getContext()));
}

bool MappedNest::canPrepack(unsigned operand) const {
  const Access &access = mapped.fragments[operand];
  auto hasSymbols = [](AffineExpr e) {
    bool found = false;
    e.walk([&](AffineExpr part) { found |= isa<AffineSymbolExpr>(part); });
    return found;
  };
  bool needsExtents = llvm::any_of(access.index.getResults(), hasSymbols) ||
                      llvm::any_of(access.guards, hasSymbols) ||
                      llvm::any_of(access.shape, ShapedType::isDynamic);
  return schedule.staging[operand] == Staging::Pack && !needsExtents &&
         llvm::none_of(getLayout(operand).shape, ShapedType::isDynamic);
}

MemRefType MappedNest::getPackedType(unsigned operand) const {
  return MemRefType::get(getLayout(operand).shape,
                         tileTypes[operand].getElementType());
}

DenseElementsAttr MappedNest::packConstant(unsigned operand,
                                           ElementsAttr value) const {
  SmallVector<unsigned> dims;
  for (unsigned lane : lanes[operand])
    dims.push_back(mapped.outer.size() + lane);
  return amos::packConstant(value, mapped, schedule, mapped.fragments[operand],
                            getLayout(operand), dims,
                            tileTypes[operand].getShape());
}

void MappedNest::setPacked(unsigned operand, Value buffer) {
  packed[operand] = PackedTiles{buffer, getLayout(operand)};
}

void MappedNest::emitPacking(unsigned operand, Value buffer) {
  PackedTiles tiles{buffer, getLayout(operand)};
  AffineMapAttr index = AffineMapAttr::get(getPackedIndex(tiles, operand));
  SmallVector<Schedule::Loop> loops;
  for (int64_t outer : tiles.layout.loops)
    loops.push_back({outer, schedule.block[outer]});
  emitShared(
      loops, countPoints(op.operands[operand].shape), /*sharesReductions=*/true,
      [&](const OuterRanges &ranges, ValueRange) -> SmallVector<Value> {
        forEachTile(operand, ranges, [&](ArrayRef<int64_t> offsets) {
          Value tile = loadTile(operand, buffers[operand], ranges, offsets);
          StoreOp::create(builder, loc, tile, tiles.buffer,
                          indexPacked(tiles, ranges, offsets), index,
                          IntegerSetAttr());
        });
        return {};
      });
}

void MappedNest::packSource(unsigned operand) {
  PackedLayout layout = getLayout(operand);
  SmallVector<OpFoldResult> shape =
      getAsIndexOpFoldResult(builder.getContext(), layout.shape);
  for (auto [n, outer] : llvm::enumerate(layout.loops))
    if (ShapedType::isDynamic(layout.shape[n]))
      shape[n] = affine::makeComposedFoldedAffineApply(
          builder, loc,
          builder.getAffineDimExpr(0).ceilDiv(schedule.block[outer]),
          getSteps(outer));
  Value buffer =
      createBuffer(builder, loc, shape, tileTypes[operand].getElementType());
  emitPacking(operand, buffer);
  setPacked(operand, buffer);
}
