//===- StageCopy.cpp - Sources that stay in a memory ----------------------===//

#include "amos/Mapping/StageCopy.h"
#include "Amos/Placement.h"
#include "amos/Mapping/TileAccess.h"

using namespace mlir;
using namespace amos;

static Reason refuse(ReasonCode code, const Twine &message,
                     const Twine &fix = "") {
  return {code, message.str(), fix.str()};
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
      return refuse(ReasonCode::Layout,
                    "loop '" + loop.name +
                        "' moves inside of the chunk but along neither "
                        "coordinate of the tile",
                    "advance it by single steps");
  int64_t lane = intrinsic.iterations[column].extent;
  if (lane % columns && columns % lane)
    return refuse(ReasonCode::Layout, "tiles of " + Twine(lane) +
                                          " elements straddle panels of " +
                                          Twine(columns));
  if (side.extent % columns)
    return refuse(ReasonCode::Layout,
                  Twine(side.extent) +
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
  Panels result{row,         column,  side.extent / columns,
                rows.extent, columns, fragment};
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
      : place(place), layout(layout), elementBytes(elementBytes) {}

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
};
} // namespace

SmallVector<int64_t> LayoutReader::locate(ArrayRef<int64_t> element) const {
  std::optional<unsigned> bytes = layout.getByteDimension();
  SmallVector<int64_t> position;
  for (auto [n, d] : llvm::enumerate(place.getDims().asArrayRef()))
    position.push_back(element[d] * (bytes == n ? elementBytes : 1));
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
  return refuse(ReasonCode::Layout,
                "the intrinsic seeks element (" + at +
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

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

static LayoutOp findLayout(Operation *part, Attribute placement) {
  auto memory = dyn_cast<MemoryAttr>(placement);
  return memory ? dyn_cast_or_null<LayoutOp>(SymbolTable::lookupSymbolIn(
                      part->getParentOp(), memory.getLayout().getAttr()))
                : LayoutOp();
}

/// Whether panels, rows one after the other, are what `writer` writes and
/// `reader` undoes.
static bool arePanels(LayoutOp writer, LayoutOp reader, const Panels &panels,
                      int64_t elementBytes) {
  int64_t width = panels.columns * elementBytes;
  std::optional<SmallVector<int64_t>> row = evaluate(writer.getMap(), {1, 0}),
                                      byte = evaluate(writer.getMap(), {0, 1});
  bool isRowMajor = row && byte && row->front() == width &&
                    byte->front() == 1 && writer.getAtom()[0] >= panels.rows &&
                    writer.getAtom()[1] >= width;
  int64_t align =
      std::max(writer.getAlign().value_or(1), reader.getAlign().value_or(1));
  return isRowMajor && writer.getLevel() == reader.getLevel() &&
         writer.getSwizzleAttr() == reader.getSwizzleAttr() &&
         panels.rows * width % align == 0;
}

/// Bytes that every dimension but the last of a dense tensor moves are
/// multiples of `align`.
static bool hasAlignedRows(const Access &access, ArrayRef<unsigned> merged,
                           int64_t align, int64_t elementBytes) {
  int64_t bytes = elementBytes;
  size_t d = access.shape.size();
  for (unsigned group : llvm::reverse(merged.drop_front())) {
    for (unsigned n = 0; n < group; ++n)
      bytes *= access.shape[--d];
    if (bytes % align)
      return false;
  }
  return true;
}

/// The tile of a copy over the panels' row and column.
static FragmentRead getPanelRead(const Contraction &op,
                                 const MappedAccesses &mapped,
                                 const Panels &panels) {
  FragmentRead read;
  unsigned numOuter = mapped.outer.size();
  read.access = panels.access;
  for (const OuterLoop &loop : mapped.outer)
    read.extents.push_back(loop.extent);
  read.extents.append({panels.count, panels.rows, panels.columns});
  read.numOuter = numOuter + 1;
  read.dims = {numOuter + 1, numOuter + 2};
  read.repeats.assign(2, std::nullopt);
  read.hints = op.getExtents();
  return read;
}

/// Whether `copy` moves boxes of such elements from tensors to a memory.
static bool isBoxCopy(CopyOp copy, int64_t elementBytes) {
  auto to = dyn_cast<MemoryAttr>(copy.getTo());
  return isa<TensorAttr>(copy.getFrom()) && to && copy.getCompletes() &&
         copy.getExtents().size() == 2 &&
         copy.getElement() == uint64_t(elementBytes) &&
         to.getDims().asArrayRef() == ArrayRef<int64_t>{0, 1};
}

static std::variant<StageCopy, Reason>
tryCopy(CopyOp copy, IntrinsicOp intrinsic, const Contraction &op,
        const Contraction &meaning, const MappedAccesses &mapped,
        unsigned source, unsigned row, unsigned column, ArrayRef<int64_t> spans,
        Solver &solver) {
  int64_t bytes = op.operands[source].elementType.getIntOrFloatBitWidth() / 8;
  auto made = makePanels(mapped, meaning, source, row, column,
                         copy.getExtents()[1], spans);
  if (auto *reason = std::get_if<Reason>(&made))
    return *reason;
  Panels &panels = std::get<Panels>(made);
  LayoutOp reader = findLayout(intrinsic, (*intrinsic.getPlacements())[source]);
  LayoutOp writer = findLayout(copy, copy.getTo());
  if (!reader || !writer || panels.rows > copy.getExtents()[0] ||
      !arePanels(writer, reader, panels, bytes))
    return refuse(ReasonCode::Layout, "'" + copy.getSymName() +
                                          "' writes no panels of " +
                                          Twine(panels.rows) + " rows that '" +
                                          intrinsic.getSymName() + "' reads");
  auto assigned = unifyCopy(
      getPanelRead(op, mapped, panels),
      CopyFunction{cast<TensorAttr>(copy.getFrom()).getMap(),
                   unsigned(cast<TensorAttr>(copy.getFrom()).getCoordinates())},
      solver);
  if (auto *reason = std::get_if<Reason>(&assigned))
    return *reason;
  CopyAssignment &assignment = std::get<CopyAssignment>(assigned);
  int64_t align = copy.getStrideAlign().value_or(1);
  if (!hasAlignedRows(panels.access, assignment.merged, align, bytes))
    return refuse(ReasonCode::Align,
                  "rows of source " + Twine(source) + " are not multiples of " +
                      Twine(align) + " bytes, which '" + copy.getSymName() +
                      "' needs",
                  "pad the rows in memory");
  return StageCopy{copy, assignment, panels};
}

/// The coordinates of a tile over (panel, row, column).
static AffineMap getTileInPanels(const Contraction &intrinsic, unsigned source,
                                 const Panels &panels, MLIRContext *context) {
  AffineExpr row, column;
  const Access &operand = intrinsic.operands[source];
  for (unsigned n = 0; n < operand.index.getNumResults(); ++n) {
    unsigned lane = operand.index.getDimPosition(n);
    AffineExpr e = getAffineDimExpr(n, context);
    (lane == panels.rowLane ? row : column) = e;
  }
  return AffineMap::get(
      2, 0, {column.floorDiv(panels.columns), row, column % panels.columns},
      context);
}

std::variant<StageCopy, Reason>
amos::findStageCopy(IntrinsicOp intrinsic, const Contraction &op,
                    const MappedAccesses &mapped, unsigned source, unsigned row,
                    unsigned column, ArrayRef<int64_t> spans, Solver &solver) {
  Contraction meaning = readIntrinsic(intrinsic);
  int64_t bytes = op.operands[source].elementType.getIntOrFloatBitWidth() / 8;
  std::optional<Reason> refusal;
  auto place = cast<MemoryAttr>((*intrinsic.getPlacements())[source]);
  for (auto copy :
       cast<AcceleratorOp>(intrinsic->getParentOp()).getOps<CopyOp>()) {
    if (!isBoxCopy(copy, bytes))
      continue;
    auto found = tryCopy(copy, intrinsic, op, meaning, mapped, source, row,
                         column, spans, solver);
    if (auto *stage = std::get_if<StageCopy>(&found)) {
      const Panels &panels = stage->panels;
      auto strides = solveStrides(
          place, findLayout(intrinsic, place),
          getTileInPanels(meaning, source, panels, intrinsic.getContext()),
          meaning.operands[source].shape,
          {panels.count, panels.rows, panels.columns}, bytes);
      if (!std::holds_alternative<Reason>(strides))
        return *stage;
      found = std::get<Reason>(strides);
    }
    refusal = refusal ? refusal : std::get<Reason>(found);
  }
  if (refusal)
    return *refusal;
  return refuse(ReasonCode::Layout, "no copy of the machine moves boxes of " +
                                        Twine(bytes) + " bytes an element");
}

//===----------------------------------------------------------------------===//
// All sources
//===----------------------------------------------------------------------===//

SmallVector<int64_t> amos::getChunkSpans(const MappedAccesses &mapped,
                                         const Schedule &schedule) {
  SmallVector<int64_t> spans = llvm::map_to_vector(
      mapped.outer, [](const OuterLoop &loop) { return loop.extent; });
  SmallVector<bool> isSeen(spans.size(), false);
  for (const Schedule::Loop &loop : schedule.nest) {
    // Steps of several groups at once are an order of groups.
    bool isOfGroup =
        !loop.scope.empty() && loop.scope == schedule.nest.front().scope;
    if (!std::exchange(isSeen[loop.outer], true) || isOfGroup)
      spans[loop.outer] = loop.step;
  }
  return spans;
}

/// Elements that `dim` moves an access in memory, at its first point.
static int64_t getStride(const Access &access, unsigned dim) {
  std::optional<AffineExpr> address = linearizeAccess(access);
  if (!address)
    return 0;
  AffineMap map = AffineMap::get(access.index.getNumDims(), 0, *address);
  SmallVector<int64_t> point(access.index.getNumDims(), 0);
  int64_t origin = map.compose(point).front();
  point[dim] = 1;
  return std::abs(map.compose(point).front() - origin);
}

SmallVector<unsigned> amos::orderLanes(const Access &access, unsigned numOuter,
                                       ArrayRef<unsigned> lanes) {
  // A lane that does not move is no direction to run along.
  auto getKey = [&](unsigned lane) {
    int64_t stride = getStride(access, numOuter + lane);
    return std::pair(stride == 0 ? 0.0 : -1.0 / double(stride), lane);
  };
  SmallVector<unsigned> order(lanes);
  llvm::sort(order, [&](unsigned a, unsigned b) {
    auto [farA, numberA] = getKey(a);
    auto [farB, numberB] = getKey(b);
    return std::pair(-farA, numberA) < std::pair(-farB, numberB);
  });
  return order;
}

std::variant<StageCopies, Reason> amos::planStages(IntrinsicOp intrinsic,
                                                   const Contraction &op,
                                                   const MappedAccesses &mapped,
                                                   const Schedule &schedule,
                                                   Solver &solver) {
  StageCopies copies(op.getDestination());
  if (!intrinsic.getPlacements())
    return copies;
  Contraction meaning = readIntrinsic(intrinsic);
  for (unsigned t = 0; t < copies.size(); ++t) {
    if (!isa<MemoryAttr>((*intrinsic.getPlacements())[t]) ||
        schedule.staging[t] != Staging::Chunk)
      continue;
    SmallVector<unsigned> lanes;
    for (unsigned n = 0; n < meaning.operands[t].index.getNumResults(); ++n)
      lanes.push_back(meaning.operands[t].index.getDimPosition(n));
    if (lanes.size() != 2)
      return refuse(ReasonCode::Layout,
                    "operand " + Twine(t) + " of '" + intrinsic.getSymName() +
                        "' is no matrix that copies of boxes could fill");
    lanes = orderLanes(mapped.fragments[t], mapped.outer.size(), lanes);
    auto found = findStageCopy(intrinsic, op, mapped, t, lanes[0], lanes[1],
                               getChunkSpans(mapped, schedule), solver);
    if (auto *reason = std::get_if<Reason>(&found))
      return *reason;
    copies[t] = std::get<StageCopy>(found);
  }
  return copies;
}
