//===- Panels.cpp - Chunks laid out as boxes ------------------------------===//

#include "Amos/Placement.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

static Reason refuse(const Twine &message, const Twine &fix = "") {
  return {ReasonCode::Layout, message.str(), fix.str()};
}

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

namespace {
/// One coordinate of a chunk: a lane of the intrinsic and the loops that repeat
/// it, slowest first.
struct Run {
  unsigned lane;
  SmallVector<unsigned> loops;
  int64_t extent;

  Run(unsigned lane, const MappedAccesses &mapped, const Contraction &intrinsic,
      ArrayRef<int64_t> spans)
      : lane(lane), extent(intrinsic.iterations[lane].extent) {
    for (auto [o, loop] : llvm::enumerate(mapped.outer))
      if (spans[o] > 1 && loop.group == int64_t(lane)) {
        loops.push_back(o);
        extent *= spans[o];
      }
  }

  /// Adds to `places` what loops and lane are at `position` of the run.
  void place(AffineExpr position, int64_t laneExtent, ArrayRef<int64_t> spans,
             unsigned numOuter, SmallVectorImpl<AffineExpr> &places) const {
    places[numOuter + lane] =
        extent == laneExtent ? position : position % laneExtent;
    AffineExpr rest = position.floorDiv(laneExtent);
    for (unsigned o : llvm::reverse(loops)) {
      places[o] =
          places[o] + (o == loops.front() ? rest : AffineExpr(rest % spans[o]));
      rest = rest.floorDiv(spans[o]);
    }
  }
};
} // namespace

std::variant<Panels, Reason> amos::makePanels(const MappedAccesses &mapped,
                                              const Contraction &intrinsic,
                                              unsigned source, unsigned row,
                                              unsigned column, int64_t columns,
                                              ArrayRef<int64_t> spans) {
  const Access &fragment = mapped.fragments[source];
  MLIRContext *context = fragment.index.getContext();
  unsigned numOuter = mapped.outer.size();
  Run rows(row, mapped, intrinsic, spans),
      side(column, mapped, intrinsic, spans);
  for (auto [o, loop] : llvm::enumerate(mapped.outer))
    if (spans[o] > 1 && !llvm::is_contained(rows.loops, o) &&
        !llvm::is_contained(side.loops, o) && fragment.index.isFunctionOfDim(o))
      return refuse("loop '" + loop.name +
                        "' moves inside of the chunk but along neither "
                        "coordinate of the tile",
                    "advance it by single steps");
  int64_t lane = intrinsic.iterations[column].extent;
  if (lane % columns && columns % lane)
    return refuse("tiles of " + Twine(lane) + " elements straddle panels of " +
                  Twine(columns));
  if (side.extent > columns && side.extent % columns)
    return refuse(Twine(side.extent) +
                      " elements side by side fill no whole panels of " +
                      Twine(columns),
                  "bring a multiple of " + Twine(columns) + " at once");
  SmallVector<AffineExpr> places;
  for (unsigned d = 0; d < numOuter + intrinsic.iterations.size(); ++d)
    places.push_back(d < numOuter ? getAffineDimExpr(d, context)
                                  : getAffineConstantExpr(0, context));
  AffineExpr panel = getAffineDimExpr(numOuter, context),
             r = getAffineDimExpr(numOuter + 1, context),
             c = getAffineDimExpr(numOuter + 2, context);
  rows.place(r, intrinsic.iterations[row].extent, spans, numOuter, places);
  side.place(panel * columns + c, intrinsic.iterations[column].extent, spans,
             numOuter, places);
  Panels result{
      row,         column,  int64_t(llvm::divideCeil(side.extent, columns)),
      rows.extent, columns, std::min(columns, side.extent),
      fragment};
  auto simplify = [&](AffineExpr e) {
    return simplifyAffineExpr(e.replaceDims(places), numOuter + 3, 0);
  };
  result.access.index = AffineMap::get(
      numOuter + 3, 0,
      llvm::map_to_vector(fragment.index.getResults(), simplify), context);
  for (AffineExpr &guard : result.access.guards)
    guard = simplify(guard);
  return result;
}

//===----------------------------------------------------------------------===//
// Reading panels
//===----------------------------------------------------------------------===//

namespace {
/// Where a layout seeks the elements of a tile, as bytes from its first one.
class LayoutReader {
public:
  LayoutReader(MemoryAttr place, LayoutOp layout, int64_t elementBytes)
      : place(place), layout(layout), elementBytes(elementBytes),
        byteDimension(layout.getByteDimension()) {}

  /// The position along each dimension of the layout.
  SmallVector<int64_t> locate(ArrayRef<int64_t> element) const;
  /// The number of the atom along each dimension, or nothing beyond the only
  /// one of a dimension that is not free.
  std::optional<SmallVector<int64_t>>
  getAtoms(ArrayRef<int64_t> position) const;
  std::optional<int64_t> getOffset(ArrayRef<int64_t> position,
                                   ArrayRef<int64_t> strides) const;

private:
  MemoryAttr place;
  mutable LayoutOp layout; ///< its accessors are not const
  int64_t elementBytes;
  std::optional<unsigned> byteDimension;
};
} // namespace

SmallVector<int64_t> LayoutReader::locate(ArrayRef<int64_t> element) const {
  SmallVector<int64_t> position;
  for (auto [n, d] : llvm::enumerate(place.getDims().asArrayRef()))
    position.push_back(element[d] * (byteDimension == n ? elementBytes : 1));
  return position;
}

std::optional<SmallVector<int64_t>>
LayoutReader::getAtoms(ArrayRef<int64_t> position) const {
  SmallVector<int64_t> atoms;
  for (auto [n, at] : llvm::enumerate(position)) {
    atoms.push_back(at / layout.getAtom()[n]);
    if (atoms.back() > 0 && !layout.isFree(n))
      return std::nullopt;
  }
  return atoms;
}

std::optional<int64_t>
LayoutReader::getOffset(ArrayRef<int64_t> position,
                        ArrayRef<int64_t> strides) const {
  std::optional<SmallVector<int64_t>> atoms = getAtoms(position);
  if (!atoms)
    return std::nullopt;
  SmallVector<int64_t> inside;
  for (auto [at, extent] : llvm::zip_equal(position, layout.getAtom()))
    inside.push_back(at % extent);
  std::optional<SmallVector<int64_t>> offset =
      evaluate(layout.getMap(), inside);
  if (!offset)
    return std::nullopt;
  int64_t sum = offset->front();
  for (auto [n, d] :
       llvm::enumerate(layout.getStrides().value_or(ArrayRef<int64_t>())))
    sum += (*atoms)[d] * strides[n];
  return sum;
}

/// Bytes from the first element of the panels to `element` of the tile.
static std::optional<int64_t> getPanelOffset(AffineMap index,
                                             ArrayRef<int64_t> element,
                                             ArrayRef<int64_t> shape,
                                             int64_t elementBytes) {
  std::optional<SmallVector<int64_t>> at = evaluate(index, element);
  if (!at)
    return std::nullopt;
  int64_t offset = 0;
  for (auto [position, extent] : llvm::zip_equal(*at, shape))
    offset = offset * extent + position;
  return offset * elementBytes;
}

/// Calls `visit` with every element of a tile until it returns false.
static bool forEachElement(ArrayRef<int64_t> tile,
                           llvm::function_ref<bool(ArrayRef<int64_t>)> visit) {
  SmallVector<int64_t> element(tile.size(), 0);
  while (true) {
    if (!visit(element))
      return false;
    size_t d = tile.size();
    while (d > 0 && ++element[d - 1] == tile[d - 1])
      element[--d] = 0;
    if (d == 0)
      return true;
  }
}

static Reason describeGap(ArrayRef<int64_t> element) {
  std::string at = llvm::join(
      llvm::map_range(element, [](int64_t e) { return std::to_string(e); }),
      ", ");
  return refuse("the intrinsic seeks element (" + at +
                    ") of its tile elsewhere than the copy puts it",
                "another order of the tensor's dimensions");
}

std::variant<SmallVector<int64_t>, Reason>
amos::solveStrides(MemoryAttr place, LayoutOp layout, AffineMap index,
                   ArrayRef<int64_t> tile, ArrayRef<int64_t> shape,
                   int64_t elementBytes) {
  LayoutReader reader(place, layout, elementBytes);
  ArrayRef<int64_t> free = layout.getStrides().value_or(ArrayRef<int64_t>());
  SmallVector<int64_t> strides(free.size(), 0);
  SmallVector<int64_t> origin(tile.size(), 0);
  std::optional<int64_t> start =
      getPanelOffset(index, origin, shape, elementBytes);
  if (!start)
    return describeGap(origin);
  SmallVector<int64_t> wrong;
  bool isRead = forEachElement(tile, [&](ArrayRef<int64_t> element) {
    SmallVector<int64_t> position = reader.locate(element);
    std::optional<SmallVector<int64_t>> atoms = reader.getAtoms(position);
    std::optional<int64_t> there =
        getPanelOffset(index, element, shape, elementBytes);
    wrong.assign(element.begin(), element.end());
    if (!atoms || !there)
      return false;
    // The first element of the second atom tells how far it is.
    for (auto [n, d] : llvm::enumerate(free)) {
      SmallVector<int64_t> next(atoms->size(), 0);
      next[d] = 1;
      if (*atoms == next && strides[n] == 0)
        strides[n] =
            *there - *start -
            *reader.getOffset(position, SmallVector<int64_t>(free.size(), 0));
    }
    return reader.getOffset(position, strides) == *there - *start;
  });
  if (!isRead)
    return describeGap(wrong);
  return strides;
}
