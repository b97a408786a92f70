//===- StageCopy.cpp - Sources that stay in a memory ----------------------===//

#include "amos/Mapping/StageCopy.h"
#include "Amos/Placement.h"
#include "CopyPanels.h"
#include "amos/Mapping/Reorder.h"
#include "amos/Mapping/TileAccess.h"

using namespace mlir;
using namespace amos;

static Reason refuse(ReasonCode code, const Twine &message,
                     const Twine &fix = "") {
  return {code, message.str(), fix.str()};
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

LayoutOp amos::findLayout(Operation *part, Attribute placement) {
  auto memory = dyn_cast<MemoryAttr>(placement);
  return memory ? dyn_cast_or_null<LayoutOp>(SymbolTable::lookupSymbolIn(
                      part->getParentOp(), memory.getLayout().getAttr()))
                : LayoutOp();
}

/// Whether `copy` moves boxes of such elements from tensors to a memory.
static bool isBoxCopy(CopyOp copy, int64_t elementBytes) {
  auto to = dyn_cast<MemoryAttr>(copy.getTo());
  return isa<TensorAttr>(copy.getFrom()) && to && copy.getCompletes() &&
         copy.getExtents().size() == 2 &&
         copy.getElement() == uint64_t(elementBytes) &&
         to.getDims().asArrayRef() == ArrayRef<int64_t>{0, 1};
}

/// Whether every row of every panel starts where the copy's rows can, which is
/// told without knowing what its symbols are.
static bool startsAligned(CopyOp copy, const Panels &panels,
                          int64_t elementBytes) {
  std::optional<AffineExpr> address = linearizeAccess(panels.access);
  if (!address)
    return true; // to be found out
  unsigned numDims = panels.access.index.getNumDims();
  MLIRContext *context = panels.access.index.getContext();
  AffineExpr start = address->replace(getAffineDimExpr(numDims - 1, context),
                                      getAffineConstantExpr(0, context));
  int64_t bytes =
      simplifyAffineExpr(start, numDims, 0).getLargestKnownDivisor() *
      elementBytes;
  return bytes == 0 || bytes % copy.getStrideAlign().value_or(1) == 0;
}

/// Whether columns of a panel lie side by side as the copy's do. What is sought
/// for long in vain otherwise is refused at once.
static bool runsAlong(CopyOp copy, const Panels &panels) {
  AffineMap from = cast<TensorAttr>(copy.getFrom()).getMap();
  AffineExpr last = from.getResults().back();
  AffineExpr column = getAffineDimExpr(1, from.getContext());
  AffineExpr start =
      last.replace(column, getAffineConstantExpr(0, from.getContext()));
  std::optional<AffineExpr> address = linearizeAccess(panels.access);
  if (!address || simplifyAffineExpr(last - start - column, from.getNumDims(),
                                     from.getNumSymbols()) != 0)
    return true; // to be found out
  unsigned numDims = panels.access.index.getNumDims();
  AffineMap map = AffineMap::get(numDims, 0, *address);
  SmallVector<int64_t> point(numDims, 0);
  std::optional<SmallVector<int64_t>> first = evaluate(map, point);
  for (int64_t &n = point.back(); first && n < panels.used; ++n)
    if (std::optional<SmallVector<int64_t>> at = evaluate(map, point);
        !at || at->front() - first->front() != n)
      return false;
  return true;
}

static Reason refuseRows(CopyOp copy, unsigned source) {
  return refuse(ReasonCode::Align,
                "rows of source " + Twine(source) + " are not multiples of " +
                    Twine(copy.getStrideAlign().value_or(1)) +
                    " bytes, which '" + copy.getSymName() + "' needs",
                "pad the rows in memory");
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
  if (!runsAlong(copy, panels))
    return refuse(ReasonCode::Layout,
                  "what lies side by side for '" + intrinsic.getSymName() +
                      "' does not in source " + Twine(source),
                  "another order of the tensor's dimensions");
  if (!startsAligned(copy, panels, bytes))
    return refuseRows(copy, source);
  const FragmentRead read = getPanelRead(op, mapped, panels);
  auto assigned = unifyCopy(
      read,
      CopyFunction{cast<TensorAttr>(copy.getFrom()).getMap(),
                   unsigned(cast<TensorAttr>(copy.getFrom()).getCoordinates())},
      solver);
  if (auto *reason = std::get_if<Reason>(&assigned))
    return *reason;
  CopyAssignment &assignment = std::get<CopyAssignment>(assigned);
  AffineMap map = cast<TensorAttr>(copy.getFrom()).getMap();
  if (!isWithinLimits(copy, panels.access, assignment, read.extents) ||
      !isBoxWithin(copy, map, assignment, read, panels.rows))
    return refuse(ReasonCode::Layout,
                  "the descriptor of '" + copy.getSymName() +
                      "' has no room for the window of source " + Twine(source),
                  "a smaller stride, padding or filter");
  int64_t align = copy.getStrideAlign().value_or(1);
  if (!hasAlignedRows(panels.access, assignment.merged, align, bytes))
    return refuseRows(copy, source);
  return StageCopy{copy, assignment, panels};
}

AffineMap amos::getTileInPanels(const Contraction &intrinsic, unsigned source,
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
    if (isOfGroup && !mapped.outer[loop.outer].isParallel)
      continue; // a part of the reduction, brought in several chunks
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

/// The lanes of a source's tile, the one that runs along its memory last.
static std::variant<SmallVector<unsigned>, Reason>
getLanes(IntrinsicOp intrinsic, const Contraction &meaning,
         const MappedAccesses &mapped, unsigned source) {
  SmallVector<unsigned> lanes;
  const Access &operand = meaning.operands[source];
  for (unsigned n = 0; n < operand.index.getNumResults(); ++n)
    lanes.push_back(operand.index.getDimPosition(n));
  if (lanes.size() != 2)
    return refuse(ReasonCode::Layout,
                  "operand " + Twine(source) + " of '" +
                      intrinsic.getSymName() +
                      "' is no matrix that could be brought in panels");
  return orderLanes(mapped.fragments[source], mapped.outer.size(), lanes);
}

static std::variant<StageCopy, Reason>
planStage(IntrinsicOp intrinsic, const Contraction &op,
          const MappedAccesses &mapped, unsigned source,
          ArrayRef<int64_t> spans, Solver &solver) {
  auto lanes = getLanes(intrinsic, readIntrinsic(intrinsic), mapped, source);
  if (auto *reason = std::get_if<Reason>(&lanes))
    return *reason;
  ArrayRef<unsigned> order = std::get<0>(lanes);
  auto found = findStageCopy(intrinsic, op, mapped, source, order[0], order[1],
                             spans, solver);
  if (std::holds_alternative<StageCopy>(found))
    return found;
  auto gathered = findGather(intrinsic, op, mapped, source, spans);
  return std::holds_alternative<StageCopy>(gathered) ? gathered : found;
}

std::variant<StageCopies, Reason> amos::planStages(IntrinsicOp intrinsic,
                                                   const Contraction &op,
                                                   const MappedAccesses &mapped,
                                                   const Schedule &schedule,
                                                   Solver &solver) {
  StageCopies copies(op.getDestination());
  if (!intrinsic.getPlacements())
    return copies;
  auto reordered = reorderSources(intrinsic, mapped, schedule);
  if (auto *reason = std::get_if<Reason>(&reordered))
    return *reason;
  MappedAccesses guarded = std::get<MappedAccesses>(reordered);
  if (schedule.isSpread())
    guardOverruns(guarded, readIntrinsic(intrinsic).getExtents(), schedule);
  for (unsigned t = 0; t < copies.size(); ++t) {
    if (!isa<MemoryAttr>((*intrinsic.getPlacements())[t]) ||
        !isInChunks(schedule.staging[t]))
      continue;
    auto found = planStage(intrinsic, op, guarded, t,
                           getChunkSpans(mapped, schedule), solver);
    if (auto *reason = std::get_if<Reason>(&found))
      return *reason;
    copies[t] = std::get<StageCopy>(found);
  }
  return copies;
}
