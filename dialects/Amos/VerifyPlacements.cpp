//===- VerifyPlacements.cpp - An operand against where it is said to be ---===//

#include "Amos/HeldType.h"
#include "Amos/Placement.h"
#include "Amos/Verify.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace amos;

static std::string spellShape(ArrayRef<int64_t> shape) {
  if (shape.empty())
    return "one element";
  return "'" +
         llvm::join(
             llvm::map_range(
                 shape, [](int64_t extent) { return std::to_string(extent); }),
             "x") +
         "'";
}

static int64_t countElements(ArrayRef<int64_t> shape) {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  return size;
}

static LogicalResult reportGap(Operation *op, const PlacedOperand &operand,
                               const Gap &gap) {
  InFlightDiagnostic report = op->emitOpError("expects the map of ")
                              << operand.name << " to cover "
                              << spellShape(operand.shape) << ", ";
  if (gap.isOutside)
    report << "lane " << gap.lane << ", element " << gap.element
           << " lies outside, at (";
  else
    report << "none holds (";
  llvm::interleaveComma(gap.at, report);
  return report << ")";
}

/// A map of registers or rows: one lane or as many as the issue scope has.
static LogicalResult verifyMapShape(Operation *op, const PlacedOperand &operand,
                                    AffineMap map, unsigned otherDims) {
  int64_t lanes = ScopeOp(operand.issue).getLanes();
  unsigned dims = otherDims + (lanes > 1);
  if (map.getNumDims() != dims || map.getNumSymbols() != 0)
    return op->emitOpError("expects the map of ")
           << operand.name << " to take " << dims << " dimensions, as '@"
           << ScopeOp(operand.issue).getSymName() << "' has " << lanes
           << " lanes, got " << map.getNumInputs();
  if (map.getNumResults() != operand.shape.size())
    return op->emitOpError("expects the map of ")
           << operand.name << " to give " << operand.shape.size()
           << " coordinates, got " << map.getNumResults();
  return success();
}

static LogicalResult verifyPlaces(Operation *op, const PlacedOperand &operand,
                                  AffineMap map, int64_t elements,
                                  int64_t contiguous) {
  int64_t lanes = ScopeOp(operand.issue).getLanes();
  if (lanes > mostPlaces / std::max<int64_t>(elements * contiguous, 1))
    return op->emitOpError("expects at most ")
           << mostPlaces << " places of " << operand.name << ", got " << lanes
           << " lanes of " << elements * contiguous << " elements";
  Builder builder(op->getContext());
  auto key = builder.getArrayAttr(
      {AffineMapAttr::get(map),
       builder.getDenseI64ArrayAttr({lanes, elements, contiguous}),
       builder.getDenseI64ArrayAttr(operand.shape)});
  std::optional<Gap> gap;
  auto hasNone = [&] {
    gap = findGap(map, lanes, elements, operand.shape, contiguous);
    return !gap;
  };
  if (KnownFacts::holds(key, hasNone))
    return success();
  return reportGap(op, operand, *gap);
}

/// What a lane holds of one operand is no more than the largest register file.
static LogicalResult verifyFits(Operation *op, const PlacedOperand &operand,
                                Type held, int64_t bytes) {
  LevelOp largest;
  for (auto level : op->getParentOfType<AcceleratorOp>().getOps<LevelOp>())
    if (level.getCapacity() && !level.getCache() && !level.getAddress() &&
        (!largest || *level.getCapacity() > *largest.getCapacity()))
      largest = level;
  if (!largest || bytes <= int64_t(*largest.getCapacity()))
    return success();
  return op->emitOpError("expects registers of ")
         << operand.name << " to fit level '@" << largest.getSymName()
         << "' of " << *largest.getCapacity() << " bytes, got " << held
         << " of " << bytes << " bytes";
}

LogicalResult amos::verifyFragment(Operation *op, const PlacedOperand &operand,
                                   Type held) {
  AffineMap map = cast<FragmentAttr>(operand.placement).getMap();
  std::optional<Scalars> scalars = getScalars(held);
  int64_t lanes = ScopeOp(operand.issue).getLanes();
  if (!scalars) // Only the machine can look inside: nothing is held twice then.
    return verifyPlaces(op, operand, map,
                        countElements(operand.shape) / std::max(lanes, 1l), 1);
  bool isWidened = operand.canBeWider && lanes == 1 &&
                   isWidening(operand.elementType, scalars->type);
  bool isWrongType =
      operand.elementType
          ? scalars->type != operand.elementType && !isWidened
          : scalars->type.getIntOrFloatBitWidth() != operand.elementBytes * 8;
  if (isWrongType)
    return op->emitOpError("expects registers of ")
           << operand.name << " to hold elements of " << operand.elementBytes
           << " bytes as the tile does, got " << held;
  int64_t bits = scalars->type.getIntOrFloatBitWidth();
  if (failed(verifyFits(op, operand, held,
                        llvm::divideCeil(scalars->count * bits, 8))))
    return failure();
  return verifyPlaces(op, operand, map, scalars->count, 1);
}

static LogicalResult verifyLevel(Operation *op, const PlacedOperand &operand,
                                 FlatSymbolRefAttr ref,
                                 SymbolTableCollection &symbols) {
  FailureOr<LevelOp> level = findPart<LevelOp>(op, ref, symbols);
  if (failed(level))
    return failure();
  if (level->getCache())
    return op->emitOpError("expects ")
           << operand.name << " in a level that code places data in, '" << ref
           << "' is a cache";
  if (!level->getAddress())
    return op->emitOpError("expects ")
           << operand.name << " in a level with an 'address', '" << ref
           << "' has none";
  return success();
}

/// Atoms of the layout fill the tile along free dimensions, one atom holds it
/// along the others.
static LogicalResult verifyExtents(Operation *op, const PlacedOperand &operand,
                                   LayoutOp layout, ArrayRef<int64_t> dims) {
  std::optional<unsigned> byteDim = layout.getByteDimension();
  for (auto [n, dim] : llvm::enumerate(dims)) {
    int64_t extent = operand.shape[dim];
    if (byteDim == n)
      extent *= operand.elementBytes;
    int64_t atom = layout.getAtom()[n];
    bool fits = layout.isFree(n) ? extent % atom == 0 || atom % extent == 0
                                 : extent <= atom;
    if (!fits)
      return op->emitOpError("expects ")
             << operand.name << " to fit the atom of '@" << layout.getSymName()
             << "' along dimension " << n << ", " << atom << ", got " << extent;
  }
  return success();
}

static LogicalResult verifyDims(Operation *op, const PlacedOperand &operand,
                                MemoryAttr memory, LayoutOp layout) {
  ArrayRef<int64_t> dims = memory.getDims();
  SmallVector<int64_t> sorted(dims);
  llvm::sort(sorted);
  bool isPermutation = dims.size() == operand.shape.size();
  for (auto [position, dim] : llvm::enumerate(sorted))
    isPermutation &= dim == int64_t(position);
  if (!isPermutation)
    return op->emitOpError("expects '")
           << memory << "' to name each of the " << operand.shape.size()
           << " dimensions of " << operand.name << " once";
  if (layout.getAtom().size() != dims.size())
    return op->emitOpError("expects a layout of ")
           << dims.size() << " dimensions for " << operand.name << ", '@"
           << layout.getSymName() << "' has " << layout.getAtom().size();
  return verifyExtents(op, operand, layout, dims);
}

static LogicalResult verifyMemory(Operation *op, const PlacedOperand &operand,
                                  MemoryAttr memory,
                                  SymbolTableCollection &symbols,
                                  ArrayRef<Type> received, bool stridesInState,
                                  SmallVectorImpl<Expected> &arguments,
                                  int64_t &strides) {
  FailureOr<LayoutOp> layout =
      findPart<LayoutOp>(op, memory.getLayout(), symbols);
  if (failed(layout) ||
      failed(verifyLevel(op, operand, layout->getLevelAttr(), symbols)) ||
      failed(verifyDims(op, operand, memory, *layout)))
    return failure();
  if (!layout->getHandle().empty()) {
    // The layout may come later and may not have been looked at yet.
    auto yield = dyn_cast<YieldOp>(layout->getHandle().back().back());
    if (!yield || yield.getNumOperands() != 1)
      return layout->emitOpError("expects 'handle' to yield one value");
    arguments.push_back({Expected::Exactly, "the handle of " + operand.name,
                         yield.getOperand(0).getType()});
    return success();
  }
  bool isMemRef = arguments.size() < received.size() &&
                  isa<MemRefType>(received[arguments.size()]);
  arguments.push_back({Expected::Address, "the address of " + operand.name});
  for (int64_t dim : layout->getStrides().value_or(ArrayRef<int64_t>())) {
    ++strides;
    if (!isMemRef && !stridesInState)
      arguments.push_back({Expected::Integer, "stride " + std::to_string(dim) +
                                                  " of " + operand.name});
  }
  return success();
}

static LogicalResult verifyRows(Operation *op, const PlacedOperand &operand,
                                RowsAttr rows, SymbolTableCollection &symbols,
                                SmallVectorImpl<Expected> &arguments) {
  if (failed(verifyLevel(op, operand, rows.getLevel(), symbols)) ||
      failed(verifyMapShape(op, operand, rows.getMap(), /*otherDims=*/0)))
    return failure();
  if (rows.getBytes() <= 0 || rows.getBytes() > mostPlaces ||
      rows.getBytes() % operand.elementBytes != 0 || operand.shape.empty())
    return op->emitOpError("expects rows of ")
           << operand.name << " to be whole elements of "
           << operand.elementBytes << " bytes, got " << rows.getBytes();
  AffineMap map =
      AffineMap::get(ScopeOp(operand.issue).getLanes() > 1 ? 2 : 1, 0,
                     rows.getMap().getResults(), op->getContext());
  arguments.push_back({Expected::Address, "the address of " + operand.name});
  return verifyPlaces(op, operand, map, 1,
                      rows.getBytes() / operand.elementBytes);
}

static LogicalResult verifyTensor(Operation *op, const PlacedOperand &operand,
                                  TensorAttr tensor,
                                  SymbolTableCollection &symbols,
                                  SmallVectorImpl<Expected> &arguments) {
  if (failed(verifyLevel(op, operand, tensor.getLevel(), symbols)))
    return failure();
  AffineMap map = tensor.getMap();
  if (map.getNumDims() != operand.shape.size())
    return op->emitOpError("expects the map of ")
           << operand.name << " to take " << operand.shape.size()
           << " dimensions, got " << map.getNumDims();
  if (tensor.getCoordinates() < 0 ||
      tensor.getCoordinates() > map.getNumSymbols())
    return op->emitOpError("expects at most ")
           << map.getNumSymbols() << " coordinates of " << operand.name
           << ", as many as symbols, got " << tensor.getCoordinates();
  arguments.push_back({Expected::Address, "the descriptor of " + operand.name});
  for (unsigned symbol = 0; symbol < map.getNumSymbols(); ++symbol)
    arguments.push_back({Expected::Integer, "symbol " + std::to_string(symbol) +
                                                " of " + operand.name});
  return success();
}

LogicalResult amos::verifyPlacement(Operation *op, const PlacedOperand &operand,
                                    SymbolTableCollection &symbols,
                                    ArrayRef<Type> received,
                                    bool stridesInState,
                                    SmallVectorImpl<Expected> &arguments,
                                    int64_t &strides) {
  if (auto memory = dyn_cast<MemoryAttr>(operand.placement))
    return verifyMemory(op, operand, memory, symbols, received, stridesInState,
                        arguments, strides);
  if (auto rows = dyn_cast<RowsAttr>(operand.placement))
    return verifyRows(op, operand, rows, symbols, arguments);
  if (auto tensor = dyn_cast<TensorAttr>(operand.placement))
    return verifyTensor(op, operand, tensor, symbols, arguments);
  auto fragment = dyn_cast<FragmentAttr>(operand.placement);
  if (!fragment)
    return op->emitOpError("expects a placement of ")
           << operand.name << ", such as '#amos.fragment<(e) -> (e)>', got '"
           << operand.placement << "'";
  if (failed(verifyMapShape(op, operand, fragment.getMap(), /*otherDims=*/1)))
    return failure();
  size_t position = arguments.size();
  arguments.push_back({Expected::Anything, operand.name + " in registers"});
  if (position >= received.size())
    return success();
  return verifyFragment(op, operand, received[position]);
}
