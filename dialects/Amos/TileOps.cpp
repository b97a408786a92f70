//===- TileOps.cpp - Verification of the mapped program -------------------===//

#include "Amos/AmosDialect.h"
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
           << memref.getRank() << " index results for '" << memref << "', got "
           << index.getNumResults();
  if (std::optional<IntegerSet> guards = op.getGuards())
    if (guards->getNumDims() != coordinates || guards->getNumSymbols() != rank)
      return op.emitOpError("expects guards over ")
             << coordinates << " dimensions and " << rank << " symbols, got "
             << guards->getNumDims() << " and " << guards->getNumSymbols();
  if (cast<TileType>(op.getTile().getType()).getElementType() !=
      memref.getElementType())
    return op.emitOpError("expects elements of type '")
           << memref.getElementType() << "', got a tile of '"
           << cast<TileType>(op.getTile().getType()).getElementType() << "'";
  return success();
}

LogicalResult LoadOp::verify() {
  return verifyAccess(*this, cast<MemRefType>(getSource().getType()));
}

LogicalResult StoreOp::verify() {
  return verifyAccess(*this, cast<MemRefType>(getTarget().getType()));
}

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (!symbols.lookupNearestSymbolFrom<IntrinsicOp>(*this, getIntrinsicAttr()))
    return emitOpError("expects an intrinsic, found none named '")
           << getIntrinsic() << "'";
  return success();
}

#define GET_OP_CLASSES
#include "Amos/AmosOps.cpp.inc"
