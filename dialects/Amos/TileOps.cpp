//===- TileOps.cpp - Verification of the mapped program -------------------===//

#include "Amos/AmosDialect.h"
#include "Amos/HeldType.h"
#include "Amos/Verify.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace amos;

/// Both maps of an access take the coordinates as dimensions and those of what
/// is read or written, `rank` many, as symbols.
template <typename AccessOp>
static LogicalResult verifyIndex(AccessOp op, MemRefType memref,
                                 unsigned rank) {
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
  return success();
}

template <typename AccessOp>
static LogicalResult verifyAccess(AccessOp op, MemRefType memref, unsigned rank,
                                  Type elementType) {
  if (failed(verifyIndex(op, memref, rank)))
    return failure();
  bool isWidened =
      isa<LoadOp>(op) && isWidening(elementType, memref.getElementType());
  if (elementType != memref.getElementType() && !isWidened)
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

void StoreOp::build(OpBuilder &, OperationState &state, Value tile,
                    Value target, ValueRange coordinates, AffineMapAttr index,
                    IntegerSetAttr guards) {
  state.addOperands({tile, target});
  state.addOperands(coordinates);
  Properties &properties = state.getOrAddProperties<Properties>();
  properties.index = index;
  properties.guards = guards;
  properties.operandSegmentSizes = {1, 1, int32_t(coordinates.size()), 0, 0,
                                    0, 0};
  state.addRegion();
}

/// Each source has a map from indices of the target to its own.
static LogicalResult verifySources(StoreOp op, MemRefType target) {
  ArrayAttr maps = op.getSourceMapsAttr();
  if ((maps ? maps.size() : 0) != op.getSources().size())
    return op.emitOpError("expects a map for each of ")
           << op.getSources().size() << " sources, got "
           << (maps ? maps.size() : 0);
  for (auto [number, source] : llvm::enumerate(op.getSources())) {
    AffineMap map = cast<AffineMapAttr>(maps[number]).getValue();
    auto type = cast<MemRefType>(source.getType());
    if (map.getNumDims() != target.getRank() || map.getNumSymbols() != 0 ||
        map.getNumResults() != type.getRank())
      return op.emitOpError("expects a map of ")
             << target.getRank() << " dimensions to " << type.getRank()
             << " results for source " << number << ", got " << maps[number];
  }
  return success();
}

/// The body makes an element of the target of one of the tile and one of each
/// source, and does nothing else.
static LogicalResult verifyBody(StoreOp op, TileType tile, MemRefType target) {
  if (!op.getBody().hasOneBlock())
    return op.emitOpError("expects a body of one block");
  Block &body = op.getBody().front();
  SmallVector<Type> expected = {tile.getElementType()};
  for (Value source : op.getSources())
    expected.push_back(cast<MemRefType>(source.getType()).getElementType());
  if (body.getArgumentTypes() != TypeRange(expected))
    return op.emitOpError("expects a body that takes ")
           << expected << ", got " << body.getArgumentTypes();
  auto yield = dyn_cast<YieldOp>(body.getTerminator());
  Type stored = target.getElementType();
  if (!yield || yield.getOperandTypes() != TypeRange(stored))
    return op.emitOpError("expects a body that yields ") << stored;
  for (Operation &inner : body.without_terminator())
    if (!isMemoryEffectFree(&inner))
      return inner.emitOpError("has an effect, which a body of a store may "
                               "not have");
  return success();
}

/// The copy of a stage or store: symbols over the coordinates and a step of the
/// panels, and a grouping of the dimensions of the tensor `whole`.
template <typename AccessOp>
static LogicalResult verifyCopy(AccessOp op, MemRefType whole) {
  AffineMap symbols = *op.getCopySymbols();
  unsigned coordinates = op.getCoordinates().size();
  if (symbols.getNumDims() != coordinates || symbols.getNumSymbols() != 1)
    return op.emitOpError("expects symbols of the copy over ")
           << coordinates << " dimensions and 1 symbol, got "
           << symbols.getNumDims() << " and " << symbols.getNumSymbols();
  int64_t merged = 0;
  for (int64_t group : op.getMergedAttr().asArrayRef())
    merged += group > 0 ? group : whole.getRank() + 1;
  if (merged != whole.getRank())
    return op.emitOpError("expects 'merging' to group the ")
           << whole.getRank() << " dimensions of " << whole;
  return success();
}

LogicalResult StoreOp::verify() {
  TileType tile = getTile().getType();
  auto target = cast<MemRefType>(getTarget().getType());
  unsigned rank = tile.getShape().size();
  if (failed(verifySources(*this, target)) ||
      (getCopy() && failed(verifyCopy(*this, target))))
    return failure();
  if (getCopy() && (rank != 2 || getPanels()->size() != 2 ||
                    !isPermutationVector(*getPanels())))
    return emitOpError("expects a tile of two coordinates and 'panels' to be "
                       "an order of them");
  if (getBuffer() && (!getCopy() || !getDescriptor() || !getUnit()))
    return emitOpError("expects a copy, a descriptor and a unit for a buffer");
  if (!getBody().empty())
    return failed(verifyIndex(*this, target, rank))
               ? failure()
               : verifyBody(*this, tile, target);
  if (!getSources().empty())
    return emitOpError("expects a body for its sources");
  return verifyAccess(*this, target, rank, tile.getElementType());
}

LogicalResult StageOp::verify() {
  auto source = cast<MemRefType>(getSource().getType());
  auto target = cast<MemRefType>(getTarget().getType());
  if (failed(verifyAccess(*this, source, target.getRank(),
                          target.getElementType())))
    return failure();
  if (!getCopy())
    return success();
  if (target.getRank() != 3)
    return emitOpError("expects a target of three dimensions, panels of "
                       "rows, for a copy, got ")
           << target;
  return verifyCopy(*this, source);
}

/// The tensor side of a copy has as many dimensions as `merging` makes, and a
/// symbol for each that the op gives.
template <typename AccessOp>
static LogicalResult verifyTensor(AccessOp op, SymbolTableCollection &symbols,
                                  StringRef side) {
  if (!op.getCopy())
    return success();
  auto copy = symbols.lookupNearestSymbolFrom<CopyOp>(op, *op.getCopy());
  Attribute place;
  if (copy)
    place = side == "from" ? copy.getFrom() : copy.getTo();
  auto tensor = dyn_cast_or_null<TensorAttr>(place);
  if (!tensor)
    return op.emitOpError("expects a copy ")
           << side << " a tensor, found none named '" << *op.getCopy() << "'";
  AffineMap map = tensor.getMap();
  if (map.getNumDims() != 2 || map.getNumResults() != op.getMerged()->size() ||
      map.getNumSymbols() != op.getCopySymbols()->getNumResults())
    return op.emitOpError("expects of '")
           << *op.getCopy() << "' a tile of 2 dimensions, a tensor of "
           << op.getMerged()->size() << " and "
           << op.getCopySymbols()->getNumResults() << " symbols, got "
           << tensor;
  return success();
}

LogicalResult StageOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyTensor(*this, symbols, "from");
}

LogicalResult StoreOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return verifyTensor(*this, symbols, "to");
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
