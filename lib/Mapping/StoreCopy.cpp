//===- StoreCopy.cpp - Results that an engine stores ----------------------===//

#include "Amos/Placement.h"
#include "CopyPanels.h"
#include "amos/Mapping/TileAccess.h"

using namespace mlir;
using namespace amos;

/// Whether `copy` moves boxes of such elements from a memory to tensors, what
/// lies outside of which it drops, and tells when the memory is read.
static bool isBoxStore(CopyOp copy, int64_t elementBytes) {
  auto from = dyn_cast<MemoryAttr>(copy.getFrom());
  auto group = dyn_cast_or_null<GroupOp>(SymbolTable::lookupSymbolIn(
      copy->getParentOp(), copy.getCompletes().value_or("")));
  return isa<TensorAttr>(copy.getTo()) && from && group &&
         !group.getWaitRead().empty() && copy.getExtents().size() == 2 &&
         copy.getElement() == uint64_t(elementBytes) &&
         copy.getBounds() == StringRef("clip") &&
         from.getDims().asArrayRef() == ArrayRef<int64_t>{0, 1};
}

CopyOp amos::findBoxStore(IntrinsicOp intrinsic, int64_t elementBytes) {
  auto machine = intrinsic ? cast<AcceleratorOp>(intrinsic->getParentOp())
                           : AcceleratorOp();
  if (machine)
    for (auto copy : machine.getOps<CopyOp>())
      if (isBoxStore(copy, elementBytes))
        return copy;
  return nullptr;
}

/// Whether each register of the destination belongs to one panel in all lanes,
/// coordinate `side` of the tile going along rows of `columns`.
static bool isSeparable(IntrinsicOp intrinsic, unsigned side, int64_t columns) {
  auto fragment =
      dyn_cast<FragmentAttr>(intrinsic.getPlacementsAttr().getValue().back());
  auto issue = dyn_cast_or_null<ScopeOp>(SymbolTable::lookupSymbolIn(
      intrinsic->getParentOp(), intrinsic.getIssue()));
  if (!fragment || fragment.getMap().getNumDims() != 2 || !issue ||
      intrinsic.getLowering().empty())
    return false;
  std::optional<Scalars> scalars = getScalars(
      intrinsic.getLowering().front().getArguments().back().getType());
  auto getPanel = [&](int64_t lane, int64_t element) {
    auto place = evaluate(fragment.getMap(), {lane, element});
    return place ? (*place)[side] / columns : -1;
  };
  for (int64_t e = 0; scalars && e < scalars->count; ++e)
    for (int64_t lane = 0; lane < issue.getLanes(); ++lane)
      if (getPanel(lane, e) != getPanel(0, e))
        return false;
  return scalars.has_value();
}

static std::optional<StageCopy> tryStore(CopyOp copy, const Contraction &op,
                                         const Contraction &meaning,
                                         const MappedAccesses &mapped,
                                         ArrayRef<unsigned> lanes,
                                         Solver &solver) {
  unsigned destination = op.getDestination();
  const Access &target = mapped.fragments[destination];
  int64_t bytes = target.elementType.getIntOrFloatBitWidth() / 8;
  auto made = makePanels(mapped, meaning, destination, lanes[0], lanes[1],
                         copy.getExtents()[1],
                         SmallVector<int64_t>(mapped.outer.size(), 1));
  auto *panels = std::get_if<Panels>(&made);
  LayoutOp layout = findLayout(copy, copy.getFrom());
  // What is in no column of a tile would be stored, too.
  if (!panels || !layout || panels->used < panels->columns ||
      panels->rows > copy.getExtents()[0] ||
      !arePanels(layout, layout, *panels, bytes))
    return std::nullopt;
  auto place = cast<TensorAttr>(copy.getTo());
  const FragmentRead read = getPanelRead(op, mapped, *panels);
  auto assigned = unifyCopy(
      read, CopyFunction{place.getMap(), unsigned(place.getCoordinates())},
      solver);
  auto *assignment = std::get_if<CopyAssignment>(&assigned);
  if (!assignment || !isWithinLimits(copy, target, *assignment, read.extents) ||
      !isBoxWithin(copy, place.getMap(), *assignment, read, panels->rows) ||
      !hasAlignedRows(target, assignment->merged,
                      copy.getStrideAlign().value_or(1), bytes))
    return std::nullopt;
  return StageCopy{copy, *assignment, *panels};
}

std::optional<StageCopy> amos::findStoreCopy(IntrinsicOp intrinsic,
                                             const Contraction &op,
                                             const MappedAccesses &mapped,
                                             const Access &target,
                                             Solver &solver) {
  Contraction meaning = readIntrinsic(intrinsic);
  int64_t bits = target.elementType.getIntOrFloatBitWidth();
  SmallVector<unsigned> lanes;
  const AffineMap &index = meaning.operands.back().index;
  for (unsigned n = 0; n < index.getNumResults(); ++n)
    lanes.push_back(index.getDimPosition(n));
  if (lanes.size() != 2 || bits % 8 || !target.strides.empty())
    return std::nullopt;
  MappedAccesses stored = mapped;
  stored.fragments.back() = target;
  lanes = orderLanes(target, mapped.outer.size(), lanes);
  for (auto copy :
       cast<AcceleratorOp>(intrinsic->getParentOp()).getOps<CopyOp>())
    if (isBoxStore(copy, bits / 8) &&
        isSeparable(intrinsic, lanes[1] == index.getDimPosition(1),
                    copy.getExtents()[1]))
      if (auto found = tryStore(copy, op, meaning, stored, lanes, solver))
        return found;
  return std::nullopt;
}
