//===- PanelNest.cpp - Chunks that stay in memory -------------------------===//
//
// An intrinsic that reads a source where it is has no tile in registers: the
// chunk is laid out in panels that the machine's copy writes, and a load of a
// tile only says where in them it is.
//
//===----------------------------------------------------------------------===//

#include "MappedNest.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace amos;

void MappedNest::allocatePanels(unsigned operand) {
  const Panels &panels = copies[operand]->panels;
  auto machine = cast<AcceleratorOp>(intrinsicOp->getParentOp());
  auto place = cast<MemoryAttr>((*intrinsicOp.getPlacements())[operand]);
  auto layout = cast<LayoutOp>(
      SymbolTable::lookupSymbolIn(machine, place.getLayout().getAttr()));
  auto buffer = memref::AllocOp::create(
      builder, loc,
      MemRefType::get({panels.count, panels.rows, panels.columns},
                      op.operands[operand].elementType));
  buffer->setAttr(
      "amos.level",
      SymbolRefAttr::get(
          machine.getSymNameAttr(),
          {FlatSymbolRefAttr::get(builder.getContext(), layout.getLevel())}));
  chunks[operand] = SharedChunk{buffer, {}, {}};
}

/// The stage says both what is read and what its copy, if one brings it, is
/// told.
void MappedNest::fillPanels(unsigned operand) {
  const auto &[copy, assignment, panels] = *copies[operand];
  SharedChunk &chunk = *chunks[operand];
  unsigned numOuter = mapped.outer.size();
  unsigned rank = panels.access.index.getNumResults();
  Access access = panels.access;
  if (panels.used < panels.columns)
    access.guards.push_back(panels.used - 1 -
                            builder.getAffineDimExpr(numOuter + 2));
  SmallVector<AffineExpr> results(access.index.getResults());
  llvm::append_range(results, assignment.symbols);
  access.index = AffineMap::get(numOuter + 3, 0, results, builder.getContext());
  TileIndex at = getTileIndex(
      access, chunk.bases, SmallVector<int64_t>(numOuter, 0), {0, 1, 2},
      {panels.count, panels.rows, panels.columns}, parameters);
  auto take = [&](ArrayRef<AffineExpr> exprs, unsigned symbols) {
    return AffineMapAttr::get(AffineMap::get(at.map.getNumDims(), symbols,
                                             exprs, builder.getContext()));
  };
  ArrayRef<AffineExpr> exprs = at.map.getResults();
  auto stage = StageOp::create(builder, loc, buffers[operand], at.coordinates,
                               take(exprs.take_front(rank), 3), getGuards(at),
                               chunk.buffer, SymbolRefAttr(), AffineMapAttr(),
                               DenseI64ArrayAttr());
  if (schedule.stages > 1)
    stage->setAttr("amos.stages", builder.getI64IntegerAttr(schedule.stages));
  if (panels.used < panels.columns)
    stage->setAttr(usedColumnsName, builder.getI64IntegerAttr(panels.used));
  if (!copy)
    return;
  CopyOp engine = copy;
  auto machine = cast<AcceleratorOp>(intrinsicOp->getParentOp());
  stage.setCopyAttr(
      SymbolRefAttr::get(machine.getSymNameAttr(),
                         {FlatSymbolRefAttr::get(engine.getSymNameAttr())}));
  stage.setCopySymbolsAttr(take(exprs.drop_front(rank), 1));
  stage.setMergedAttr(builder.getDenseI64ArrayAttr(
      llvm::to_vector_of<int64_t>(assignment.merged)));
}

/// Says which copy stores the tile, and adds the coordinates of its symbols.
void MappedNest::nameCopy(StoreOp store, const OuterRanges &ranges,
                          ArrayRef<int64_t> offsets) {
  const auto &[copy, assignment, panels] = *storeCopy;
  Access symbols;
  symbols.index = AffineMap::get(mapped.outer.size() + 1, 0, assignment.symbols,
                                 builder.getContext());
  TileIndex at =
      getTileIndex(symbols, ranges, offsets, {0}, {panels.count}, parameters);
  unsigned own = store.getCoordinates().size(),
           all = own + at.coordinates.size();
  AffineMap index = store.getIndex();
  unsigned rank = index.getNumSymbols();
  store.getCoordinatesMutable().append(at.coordinates);
  store.setIndex(
      AffineMap::get(all, rank, index.getResults(), builder.getContext()));
  if (std::optional<IntegerSet> guards = store.getGuards())
    store.setGuards(IntegerSet::get(all, rank, guards->getConstraints(),
                                    guards->getEqFlags()));
  CopyOp engine = copy;
  auto machine = cast<AcceleratorOp>(intrinsicOp->getParentOp());
  store.setCopyAttr(
      SymbolRefAttr::get(machine.getSymNameAttr(),
                         {FlatSymbolRefAttr::get(engine.getSymNameAttr())}));
  store.setCopySymbolsAttr(AffineMapAttr::get(at.map.shiftDims(own)));
  store.setMergedAttr(builder.getDenseI64ArrayAttr(
      llvm::to_vector_of<int64_t>(assignment.merged)));
  auto getCoordinate = [&](unsigned lane) {
    const SmallVector<unsigned> &tile = lanes[op.getDestination()];
    return int64_t(llvm::find(tile, lane) - tile.begin());
  };
  store.setPanelsAttr(builder.getDenseI64ArrayAttr(
      {getCoordinate(panels.rowLane), getCoordinate(panels.columnLane)}));
}

/// The tile at `offsets`: which row it starts in, and which panel and column.
Value MappedNest::loadFromPanels(unsigned operand, const OuterRanges &ranges,
                                 ArrayRef<int64_t> offsets) {
  const Panels &panels = copies[operand]->panels;
  const SharedChunk &chunk = *chunks[operand];
  SmallVector<Value> steps;
  auto getStart = [&](unsigned lane) {
    AffineExpr start = builder.getAffineConstantExpr(0);
    for (auto [o, loop] : llvm::enumerate(mapped.outer)) {
      if (chunkSpans[o] == 1 || loop.group != int64_t(lane))
        continue;
      OpFoldResult step = getStepInChunk(chunk, ranges, o);
      AffineExpr done;
      if (std::optional<int64_t> constant = getConstantIntValue(step)) {
        done = builder.getAffineConstantExpr(*constant);
      } else {
        done = builder.getAffineDimExpr(steps.size());
        steps.push_back(cast<Value>(step));
      }
      start = start * chunkSpans[o] + (done + offsets[o]);
    }
    return start * laneExtents[lane];
  };
  auto getLane = [&](unsigned lane) {
    return builder.getAffineSymbolExpr(llvm::find(lanes[operand], lane) -
                                       lanes[operand].begin());
  };
  AffineExpr row = getStart(panels.rowLane) + getLane(panels.rowLane);
  AffineExpr start = getStart(panels.columnLane),
             column = getLane(panels.columnLane);
  AffineExpr panel = start.floorDiv(panels.columns);
  // A tile lies in one panel or begins one.
  if (panels.columns % laneExtents[panels.columnLane] == 0) {
    column = start % panels.columns + column;
  } else {
    panel = panel + column.floorDiv(panels.columns);
    column = column % panels.columns;
  }
  AffineMap map = AffineMap::get(steps.size(), lanes[operand].size(),
                                 {panel, row, column}, builder.getContext());
  return LoadOp::create(builder, loc, tileTypes[operand], chunk.buffer, steps,
                        AffineMapAttr::get(map), IntegerSetAttr());
}
