//===- GatherStage.cpp - Chunks that lanes bring element by element -------===//
//
// What no copy of the machine fetches, plain accesses do: rows that are not
// aligned, tensors whose contiguous dimension is another one, windows that no
// engine knows. The panels are laid out as the intrinsic wants them.
//
//===----------------------------------------------------------------------===//

#include "Amos/Placement.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

/// What plain loads and stores are called among views.
static constexpr StringRef plainView = "generic";

bool amos::needsFence(IntrinsicOp intrinsic) {
  return intrinsic.getView().value_or(plainView) != plainView;
}

FenceOp amos::findFence(IntrinsicOp intrinsic, StringRef level) {
  auto machine = cast<AcceleratorOp>(intrinsic->getParentOp());
  for (auto fence : machine.getOps<FenceOp>())
    if (needsFence(intrinsic) && fence.getFrom() == plainView &&
        fence.getTo() == *intrinsic.getView() && fence.getLevel() == level)
      return fence;
  return nullptr;
}

/// Why lanes of the machine cannot hand over what they wrote to `level`.
static std::optional<Reason> refuteHandOver(IntrinsicOp intrinsic,
                                            StringRef level) {
  auto machine = cast<AcceleratorOp>(intrinsic->getParentOp());
  bool hasBarrier =
      llvm::any_of(machine.getOps<BarrierOp>(), [&](BarrierOp barrier) {
        return barrier.getLevel() == level;
      });
  if (!hasBarrier)
    return Reason{ReasonCode::Target,
                  "no barrier in level '" + level.str() +
                      "' tells that lanes have filled a chunk",
                  ""};
  if (needsFence(intrinsic) && !findFence(intrinsic, level))
    return Reason{ReasonCode::Target,
                  "no fence makes what lanes write to level '" + level.str() +
                      "' visible to '" + intrinsic.getSymName().str() + "'",
                  ""};
  return std::nullopt;
}

std::variant<StageCopy, Reason> amos::findGather(IntrinsicOp intrinsic,
                                                 const Contraction &op,
                                                 const MappedAccesses &mapped,
                                                 unsigned source,
                                                 ArrayRef<int64_t> spans) {
  auto place = cast<MemoryAttr>((*intrinsic.getPlacements())[source]);
  LayoutOp layout = findLayout(intrinsic, place);
  std::optional<unsigned> along =
      layout ? layout.getByteDimension() : std::optional<unsigned>();
  Contraction meaning = readIntrinsic(intrinsic);
  const Access &operand = meaning.operands[source];
  if (!along || operand.index.getNumResults() != 2)
    return Reason{ReasonCode::Layout,
                  "operand " + std::to_string(source) + " of '" +
                      intrinsic.getSymName().str() + "' lies in no panels",
                  ""};
  if (std::optional<Reason> reason =
          refuteHandOver(intrinsic, layout.getLevel()))
    return *reason;
  int64_t bytes = op.operands[source].elementType.getIntOrFloatBitWidth() / 8;
  unsigned fastest = place.getDims()[*along];
  auto made = makePanels(mapped, meaning, source,
                         operand.index.getDimPosition(1 - fastest),
                         operand.index.getDimPosition(fastest),
                         layout.getAtom()[*along] / bytes, spans);
  if (auto *reason = std::get_if<Reason>(&made))
    return *reason;
  const Panels &panels = std::get<Panels>(made);
  if (panels.rows * panels.columns * bytes % layout.getAlign().value_or(1))
    return Reason{ReasonCode::Layout,
                  "panels of " + std::to_string(panels.rows) +
                      " rows do not start where '" + layout.getSymName().str() +
                      "' does",
                  "make the steps of the nest larger"};
  auto strides = solveStrides(
      place, layout,
      getTileInPanels(meaning, source, panels, intrinsic.getContext()),
      operand.shape, {panels.count, panels.rows, panels.columns}, bytes);
  if (auto *reason = std::get_if<Reason>(&strides))
    return *reason;
  return StageCopy{CopyOp(), {}, panels};
}
