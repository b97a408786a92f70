//===- TileOps.cpp - Verification of the mapped program -------------------===//

#include "Amos/AmosDialect.h"
#include "Amos/Verify.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IntegerSet.h"

using namespace mlir;
using namespace amos;

/// Both maps of a tile access take the coordinates as dimensions and the
/// tile's own coordinates as symbols.
template <typename AccessOp>
static LogicalResult verifyAccess(AccessOp op, MemRefType memref) {
  AffineMap index = op.getIndex();
  unsigned coordinates = op.getCoordinates().size();
  unsigned rank = cast<TileType>(op.getTile().getType()).getShape().size();
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
  if (cast<TileType>(op.getTile().getType()).getElementType() !=
      memref.getElementType())
    return op.emitOpError("expects elements of type ")
           << memref.getElementType() << ", got a tile of "
           << cast<TileType>(op.getTile().getType()).getElementType();
  return success();
}

LogicalResult LoadOp::verify() {
  return verifyAccess(*this, cast<MemRefType>(getSource().getType()));
}

LogicalResult StoreOp::verify() {
  return verifyAccess(*this, cast<MemRefType>(getTarget().getType()));
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
