//===- TileOps.cpp - Verification of the mapped program -------------------===//

#include "Amos/AmosDialect.h"
#include "Amos/Verify.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IntegerSet.h"

using namespace mlir;
using namespace amos;

/// Both maps of an access take the coordinates as dimensions and those of what
/// is read or written, `rank` many, as symbols.
template <typename AccessOp>
static LogicalResult verifyAccess(AccessOp op, MemRefType memref, unsigned rank,
                                  Type elementType) {
  AffineMap index = op.getIndex();
  unsigned coordinates = op.getCoordinates().size();
  if (index.getNumDims() != coordinates || index.getNumSymbols() != rank)
    return op.emitOpError("expects an index map of ")
           << coordinates << " dimensions and " << rank << " symbols, got "
           << index.getNumDims() << " and " << index.getNumSymbols();
  if (index.getNumResults() != memref.getRank())
    return op.emitOpError("expects ")
           << memref.getRank() << " index results for " << memref << ", got "
           << index.getNumResults();
  if (std::optional<IntegerSet> guards = op.getGuards())
    if (guards->getNumDims() != coordinates || guards->getNumSymbols() != rank)
      return op.emitOpError("expects guards over ")
             << coordinates << " dimensions and " << rank << " symbols, got "
             << guards->getNumDims() << " and " << guards->getNumSymbols();
  if (elementType != memref.getElementType())
    return op.emitOpError("expects elements of type ")
           << memref.getElementType() << ", got "
           << (isa<StageOp>(op) ? "a buffer of " : "a tile of ") << elementType;
  return success();
}

LogicalResult LoadOp::verify() {
  TileType tile = getTile().getType();
  return verifyAccess(*this, cast<MemRefType>(getSource().getType()),
                      tile.getShape().size(), tile.getElementType());
}

LogicalResult StoreOp::verify() {
  TileType tile = getTile().getType();
  return verifyAccess(*this, cast<MemRefType>(getTarget().getType()),
                      tile.getShape().size(), tile.getElementType());
}

/// The copy of a stage: symbols over the coordinates and the step of the
/// target's first dimension, and a grouping of the source's dimensions.
static LogicalResult verifyCopy(StageOp op, MemRefType source,
                                MemRefType target) {
  if (!op.getCopy())
    return success();
  if (target.getRank() != 3)
    return op.emitOpError("expects a target of three dimensions, panels of "
                          "rows, for a copy, got ")
           << target;
  AffineMap symbols = *op.getCopySymbols();
  unsigned coordinates = op.getCoordinates().size();
  if (symbols.getNumDims() != coordinates || symbols.getNumSymbols() != 1)
    return op.emitOpError("expects symbols of the copy over ")
           << coordinates << " dimensions and 1 symbol, got "
           << symbols.getNumDims() << " and " << symbols.getNumSymbols();
  int64_t merged = 0;
  for (int64_t group : op.getMergedAttr().asArrayRef())
    merged += group > 0 ? group : source.getRank() + 1;
  if (merged != source.getRank())
    return op.emitOpError("expects 'merging' to group the ")
           << source.getRank() << " dimensions of " << source;
  return success();
}

LogicalResult StageOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto target = cast<MemRefType>(getTarget().getType());
  if (failed(verifyAccess(*this, source, target.getRank(),
                          target.getElementType())))
    return failure();
  return verifyCopy(*this, source, target);
}

/// A copy from a tensor of as many dimensions as `merging` makes, with a
/// symbol for each that the stage gives.
LogicalResult StageOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!getCopy())
    return success();
  auto copy = symbols.lookupNearestSymbolFrom<CopyOp>(*this, *getCopy());
  auto tensor = copy ? dyn_cast<TensorAttr>(copy.getFrom()) : TensorAttr();
  if (!tensor)
    return emitOpError("expects a copy from a tensor, found none named '")
           << *getCopy() << "'";
  AffineMap map = tensor.getMap();
  if (map.getNumDims() != 2 || map.getNumResults() != getMerged()->size() ||
      map.getNumSymbols() != getCopySymbols()->getNumResults())
    return emitOpError("expects of '")
           << *getCopy() << "' a tile of 2 dimensions, a tensor of "
           << getMerged()->size() << " and "
           << getCopySymbols()->getNumResults() << " symbols, got " << tensor;
  return success();
}

/// A tile is what the intrinsic takes or gives at `position`.
static LogicalResult verifyTile(InvokeOp op, IntrinsicOp intrinsic,
                                TileType tile, unsigned position) {
  RankedTensorType operand = intrinsic.getOperandType(position);
  auto expected =
      TileType::get(op.getContext(), operand.getShape(),
                    operand.getElementType(), op.getIntrinsicAttr(), position);
  if (tile != expected)
    return op.emitOpError("expects operand ")
           << position << " of '" << op.getIntrinsic() << "' to be a "
           << expected << ", got " << tile;
  return success();
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto intrinsic =
      symbols.lookupNearestSymbolFrom<IntrinsicOp>(*this, getIntrinsicAttr());
  if (!intrinsic)
    return emitOpError("expects an intrinsic, found none named '")
           << getIntrinsic() << "'";
  if (!isComplete(intrinsic))
    return emitOpError("expects an intrinsic of a machine that stands for "
                       "itself, the one of '")
           << getIntrinsic() << "' extends another";
  unsigned operands = intrinsic.getSemantics().getNumArguments();
  if (getOperandTiles().size() != operands)
    return emitOpError("expects ")
           << operands << " tiles, as many as '" << getIntrinsic()
           << "' has operands, got " << getOperandTiles().size();
  for (auto [position, tile] : llvm::enumerate(getOperandTiles().getTypes()))
    if (failed(verifyTile(*this, intrinsic, cast<TileType>(tile), position)))
      return failure();
  return verifyTile(*this, intrinsic, getResult().getType(), operands - 1);
}

#define GET_OP_CLASSES
#include "Amos/AmosOps.cpp.inc"
