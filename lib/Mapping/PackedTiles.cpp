//===- PackedTiles.cpp - Tiles stored in the order of their use -----------===//

#include "amos/Mapping/PackedTiles.h"
#include "Amos/Placement.h"
#include "amos/Mapping/TileAccess.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/DialectResourceBlobManager.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// What is packed before a call
//===----------------------------------------------------------------------===//

/// The bytes of a constant, of one element if all are equal; none where they
/// are not at hand or elements are no whole bytes.
static ArrayRef<char> getBytes(ElementsAttr constant) {
  Type element = constant.getElementType();
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8)
    return {};
  if (auto dense = dyn_cast<DenseElementsAttr>(constant))
    return dense.getRawData();
  auto resource = dyn_cast<DenseResourceElementsAttr>(constant);
  AsmResourceBlob *blob =
      resource ? resource.getRawHandle().getBlob() : nullptr;
  int64_t bytes =
      constant.getNumElements() * element.getIntOrFloatBitWidth() / 8;
  if (!blob || int64_t(blob->getData().size()) != bytes)
    return {};
  return blob->getData();
}

static bool isPrepackedArgument(BlockArgument argument) {
  Block *block = argument.getOwner();
  auto function = dyn_cast_or_null<FunctionOpInterface>(block->getParentOp());
  return function && block->isEntryBlock() &&
         function.getArgAttr(argument.getArgNumber(), prepackedAttributeName);
}

bool amos::isPrepacked(Value source) {
  if (auto argument = dyn_cast<BlockArgument>(source))
    return isPrepackedArgument(argument);
  ElementsAttr constant;
  return matchPattern(source, m_Constant(&constant)) &&
         !getBytes(constant).empty();
}

//===----------------------------------------------------------------------===//
// Layout
//===----------------------------------------------------------------------===//

AffineMap amos::getFragmentOf(IntrinsicOp intrinsic, unsigned t) {
  if (!intrinsic.getPlacements())
    return {};
  auto fragment = dyn_cast<FragmentAttr>((*intrinsic.getPlacements())[t]);
  return fragment && fragment.getMap().getNumDims() == 1 ? fragment.getMap()
                                                         : AffineMap();
}

/// Registers hold an element no more often than that.
static constexpr int64_t mostRepeats = 64;

/// Per element of a tile in row-major order, the number of those that
/// `fragment` holds before it; nothing unless it holds all soon.
static std::optional<SmallVector<int64_t>>
getFirstPlaces(AffineMap fragment, ArrayRef<int64_t> tile) {
  int64_t elements = computeProduct(tile), found = 0;
  SmallVector<int64_t> strides = computeSuffixProduct(tile);
  SmallVector<int64_t> places(elements, -1);
  for (int64_t e = 0; e < elements * mostRepeats && found < elements; ++e) {
    std::optional<SmallVector<int64_t>> at = evaluate(fragment, {e});
    int64_t element = at ? linearize(*at, strides) : -1;
    if (element < 0 || element >= elements)
      return std::nullopt;
    if (places[element] < 0)
      places[element] = found++;
  }
  if (found < elements)
    return std::nullopt;
  return places;
}

/// The linear function of a tile's coordinates that gives `places`.
static AffineExpr fitLinear(ArrayRef<int64_t> places, ArrayRef<int64_t> tile,
                            MLIRContext *context) {
  SmallVector<int64_t> strides = computeSuffixProduct(tile);
  AffineExpr sum = getAffineConstantExpr(places.front(), context);
  SmallVector<int64_t> steps;
  for (auto [d, extent] : llvm::enumerate(tile)) {
    steps.push_back(extent > 1 ? places[strides[d]] - places.front() : 0);
    sum = sum + getAffineSymbolExpr(d, context) * steps.back();
  }
  for (auto [element, place] : llvm::enumerate(places)) {
    SmallVector<int64_t> at = delinearize(element, strides);
    if (linearize(at, steps) + places.front() != place)
      return nullptr;
  }
  return sum;
}

AffineExpr amos::getPackedPosition(AffineMap fragment, ArrayRef<int64_t> tile,
                                   MLIRContext *context) {
  auto rowMajor = llvm::to_vector(llvm::seq<int64_t>(0, computeProduct(tile)));
  if (fragment)
    if (auto places = getFirstPlaces(fragment, tile))
      if (AffineExpr position = fitLinear(*places, tile, context))
        return position;
  return fitLinear(rowMajor, tile, context);
}

PackedLayout amos::getPackedLayout(const MappedAccesses &mapped,
                                   const Schedule &schedule,
                                   const Access &access, ArrayRef<int64_t> tile,
                                   AffineExpr position) {
  PackedLayout layout;
  layout.position = position;
  auto isUsed = [&](int64_t outer) {
    auto uses = [&](AffineExpr e) { return e.isFunctionOfDim(outer); };
    return llvm::any_of(access.index.getResults(), uses) ||
           llvm::any_of(access.guards, uses);
  };
  for (const Schedule::Loop &loop : schedule.nest)
    if (isUsed(loop.outer)) {
      llvm::erase(layout.loops, loop.outer); // its innermost appearance counts
      layout.loops.push_back(loop.outer);
    }
  for (int64_t o : layout.loops) {
    int64_t extent = mapped.outer[o].extent;
    layout.shape.push_back(
        ShapedType::isDynamic(extent)
            ? ShapedType::kDynamic
            : int64_t(llvm::divideCeil(extent, schedule.block[o])));
  }
  for (int64_t o : layout.loops)
    if (schedule.block[o] > 1)
      layout.shape.push_back(schedule.block[o]);
  layout.shape.push_back(computeProduct(tile));
  return layout;
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

namespace {
/// An expression over outer loops and lanes, told at every element of a tile.
/// One without divisions is the sum of what loops and lanes add.
class TileValues {
public:
  /// `elements`: the lanes at each, behind outer loops that are all 0.
  TileValues(AffineExpr expr, ArrayRef<SmallVector<int64_t>> elements)
      : map(AffineMap::get(elements.front().size(), 0, expr)),
        elements(elements) {
    expr.walk([&](AffineExpr e) {
      isLinear &= e.getKind() != AffineExprKind::FloorDiv &&
                  e.getKind() != AffineExprKind::CeilDiv &&
                  e.getKind() != AffineExprKind::Mod;
    });
    for (ArrayRef<int64_t> element : elements)
      own.push_back(get(element));
  }

  void moveTo(ArrayRef<int64_t> outerSteps) {
    outer = outerSteps;
    base = getAt(0) - own.front();
  }
  int64_t operator[](size_t element) const {
    return isLinear ? base + own[element] : getAt(element);
  }

private:
  int64_t get(ArrayRef<int64_t> at) const { return evaluate(map, at)->front(); }
  int64_t getAt(size_t element) const {
    SmallVector<int64_t> at(elements[element]);
    llvm::copy(outer, at.begin());
    return get(at);
  }

  AffineMap map;
  ArrayRef<SmallVector<int64_t>> elements;
  SmallVector<int64_t> own; ///< where all outer loops are at 0
  ArrayRef<int64_t> outer;
  int64_t base = 0;
  bool isLinear = true;
};

/// A constant on its way into a packed buffer.
class ConstantPacker {
public:
  ConstantPacker(ElementsAttr source, const Access &access,
                 const PackedLayout &layout, ArrayRef<unsigned> lanes,
                 ArrayRef<int64_t> tile);
  void packTile(ArrayRef<int64_t> outer, MutableArrayRef<char> packed);
  size_t getTileBytes() const { return places.size() * elementBytes; }

private:
  ArrayRef<char> bytes; ///< of the source
  size_t elementBytes;
  bool isSplat;
  std::vector<SmallVector<int64_t>> elements; ///< the lanes at each
  SmallVector<int64_t> places;                ///< of each in the packed tile
  SmallVector<TileValues> guards;
  std::optional<TileValues> address;
};
} // namespace

ConstantPacker::ConstantPacker(ElementsAttr source, const Access &access,
                               const PackedLayout &layout,
                               ArrayRef<unsigned> lanes, ArrayRef<int64_t> tile)
    : bytes(getBytes(source)),
      elementBytes(source.getElementType().getIntOrFloatBitWidth() / 8),
      isSplat(bytes.size() == elementBytes) {
  AffineMap position = AffineMap::get(0, tile.size(), layout.position);
  SmallVector<int64_t> strides = computeSuffixProduct(tile);
  for (int64_t e = 0, count = computeProduct(tile); e < count; ++e) {
    SmallVector<int64_t> at = delinearize(e, strides);
    places.push_back(evaluate(position, at)->front());
    elements.emplace_back(access.index.getNumDims(), 0);
    for (auto [lane, coordinate] : llvm::zip_equal(lanes, at))
      elements.back()[lane] = coordinate;
  }
  for (AffineExpr guard : access.guards)
    guards.emplace_back(guard, elements);
  address.emplace(*linearizeAccess(access), elements);
}

/// `packed` is zero before.
void ConstantPacker::packTile(ArrayRef<int64_t> outer,
                              MutableArrayRef<char> packed) {
  for (TileValues &guard : guards)
    guard.moveTo(outer);
  address->moveTo(outer);
  for (size_t e = 0; e < elements.size(); ++e) {
    if (llvm::any_of(guards, [e](auto &guard) { return guard[e] < 0; }))
      continue;
    size_t from = isSplat ? 0 : (*address)[e];
    std::memcpy(&packed[places[e] * elementBytes], &bytes[from * elementBytes],
                elementBytes);
  }
}

DenseElementsAttr
amos::packConstant(ElementsAttr source, const MappedAccesses &mapped,
                   const Schedule &schedule, const Access &access,
                   const PackedLayout &layout, ArrayRef<unsigned> lanes,
                   ArrayRef<int64_t> tile) {
  ConstantPacker packer(source, access, layout, lanes, tile);
  auto type = RankedTensorType::get(layout.shape, source.getElementType());
  size_t bytes = packer.getTileBytes();
  ArrayRef<int64_t> counts = ArrayRef(layout.shape).drop_back();
  SmallVector<int64_t> strides = computeSuffixProduct(counts);
  std::vector<char> packed(computeProduct(counts) * bytes, 0);
  SmallVector<int64_t> outer(mapped.outer.size(), 0);
  for (int64_t n = 0, count = computeProduct(counts); n < count; ++n) {
    SmallVector<int64_t> at = delinearize(n, strides);
    bool isThere = true;
    size_t step = layout.loops.size(); // where steps of blocks begin
    for (auto [i, o] : llvm::enumerate(layout.loops)) {
      int64_t block = schedule.block[o];
      outer[o] = at[i] * block + (block > 1 ? at[step++] : 0);
      isThere &= outer[o] < mapped.outer[o].extent;
    }
    if (isThere)
      packer.packTile(outer, MutableArrayRef(packed).slice(n * bytes, bytes));
  }
  return DenseElementsAttr::getFromRawBuffer(type, packed);
}
