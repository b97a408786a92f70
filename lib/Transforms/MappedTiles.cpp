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

void MappedNest::storeTile(Value tile, const OuterRanges &ranges,
                           ArrayRef<int64_t> offsets) {
  TileIndex at = indexTile(op.getDestination(), ranges, offsets);
  StoreOp::create(builder, loc, tile, buffers.back(), at.coordinates,
                  AffineMapAttr::get(at.map), getGuards(at));
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
  else if (init != destination)
    memref::CopyOp::create(builder, loc, init, destination);
}

Value MappedNest::loadSource(unsigned operand, const OuterRanges &ranges,
                             ArrayRef<int64_t> offsets) {
  if (chunks[operand])
    return loadFromChunk(operand, ranges, offsets);
  const std::optional<PackedTiles> &tiles = packed[operand];
  if (!tiles)
    return loadTile(operand, buffers[operand], ranges, offsets);
  return memref::LoadOp::create(builder, loc, tiles->buffer,
                                indexPacked(*tiles, ranges, offsets));
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
  for (int64_t outer : tiles.loops)
    indices.push_back(getPosition(ranges[outer], schedule.block[outer]));
  for (int64_t outer : tiles.loops)
    if (schedule.block[outer] > 1)
      indices.push_back(
          getPositionInBlock(ranges[outer], outer, offsets[outer]));
  return indices;
}

SmallVector<int64_t> MappedNest::getPackedLoops(unsigned operand) const {
  SmallVector<int64_t> loops;
  for (const Schedule::Loop &loop : schedule.nest)
    if (dependsOn(operand, loop.outer)) {
      llvm::erase(loops, loop.outer); // its innermost appearance counts
      loops.push_back(loop.outer);
    }
  return loops;
}

void MappedNest::packSource(unsigned operand) {
  PackedTiles tiles;
  tiles.loops = getPackedLoops(operand);
  SmallVector<OpFoldResult> shape;
  SmallVector<Schedule::Loop> loops;
  for (int64_t outer : tiles.loops) {
    int64_t block = schedule.block[outer];
    shape.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, builder.getAffineDimExpr(0).ceilDiv(block),
        getSteps(outer)));
    loops.push_back({outer, block});
  }
  for (int64_t outer : tiles.loops)
    if (schedule.block[outer] > 1)
      shape.push_back(builder.getIndexAttr(schedule.block[outer]));
  tiles.buffer = createBuffer(builder, loc, shape, tileTypes[operand]);
  emitLoops(loops, getFullRanges(), {},
            [&](const OuterRanges &ranges, ValueRange) -> SmallVector<Value> {
              forEachTile(operand, ranges, [&](ArrayRef<int64_t> offsets) {
                Value tile =
                    loadTile(operand, buffers[operand], ranges, offsets);
                memref::StoreOp::create(builder, loc, tile, tiles.buffer,
                                        indexPacked(tiles, ranges, offsets));
              });
              return {};
            });
  packed[operand] = std::move(tiles);
}
