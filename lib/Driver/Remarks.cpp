//===- Remarks.cpp - What was decided, at the source line -----------------===//

#include "amos/Driver/Remarks.h"
#include "amos/Model/Machine.h"
#include "amos/Report/Explanation.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;
using mlir::linalg::LinalgOp;

namespace {
/// A contraction and what is known about it.
struct Decision {
  LinalgOp op;
  ExplainedOperation explained;
  /// Null when no mapping was chosen.
  const ExplainedCandidate *chosen = nullptr;
  /// Of the chosen intrinsic; null likewise.
  IntrinsicOp intrinsic;
};
} // namespace

/// The intrinsic that a candidate of `op` names as "@machine::@intrinsic".
static IntrinsicOp findIntrinsic(LinalgOp op, llvm::StringRef reference) {
  auto [machine, intrinsic] = reference.split("::");
  mlir::MLIRContext *context = op->getContext();
  auto symbol = mlir::SymbolRefAttr::get(
      context, machine.ltrim('@'),
      {mlir::FlatSymbolRefAttr::get(context, intrinsic.ltrim('@'))});
  return mlir::SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(op, symbol);
}

static Decision readDecision(LinalgOp op) {
  Decision decision{op, explainOperation(op), nullptr, {}};
  for (const ExplainedCandidate &candidate : decision.explained.candidates)
    if (candidate.isChosen)
      decision.chosen = &candidate;
  if (decision.chosen)
    decision.intrinsic = findIntrinsic(op, decision.chosen->intrinsic);
  return decision;
}

/// Multiply-adds of the whole machine in a second when nothing else limits it.
static double getPeak(IntrinsicOp intrinsic) {
  IntrinsicModel model = readModel(intrinsic);
  double peak = model.clock / model.interval * model.units;
  for (const Iteration &iteration : model.contraction.iterations)
    peak *= iteration.extent;
  return peak;
}

/// The share of the intrinsic's peak that the prediction reaches, 0 to 1;
/// nothing when an extent or the cost is unknown.
static std::optional<double> getUtilisation(const Decision &decision) {
  if (!decision.chosen->cost || !decision.intrinsic)
    return std::nullopt;
  double macs = 1;
  for (const ExplainedIteration &iteration : decision.explained.iterations) {
    if (mlir::ShapedType::isDynamic(iteration.extent))
      return std::nullopt;
    macs *= iteration.extent;
  }
  double clock = readModel(decision.intrinsic).clock;
  double seconds = decision.chosen->cost.getCycles() / clock;
  return macs / (getPeak(decision.intrinsic) * seconds);
}

//===----------------------------------------------------------------------===//
// The remarks
//===----------------------------------------------------------------------===//

static void remarkMapping(const Decision &decision) {
  auto remark = mlir::emitRemark(decision.op->getLoc());
  remark << "this " << decision.explained.operation << " runs on ";
  const ExplainedCandidate *chosen = decision.chosen;
  if (!chosen) {
    remark << "no intrinsic [-Rmap]";
    return;
  }
  remark << "'" << chosen->intrinsic << "' by mapping " << chosen->id;
  if (!chosen->matching->empty())
    remark << ", " << spellMatching(decision.explained, *chosen);
  if (chosen->family != "direct")
    remark << " (" << chosen->family << ")";
  if (!decision.explained.epilogue.empty())
    remark << "; " << llvm::join(decision.explained.epilogue, ", ")
           << " follow where sums are stored";
  if (chosen->cost)
    remark << formatv("; {0:F1}% of the multiply-adds are padding",
                      (1000 - chosen->cost.getUseful()) / 10.0);
  if (std::optional<double> utilisation = getUtilisation(decision))
    remark << formatv(", {0:F1}% of the intrinsic's peak is used",
                      100 * *utilisation);
  remark << " [-Rmap]";
}

static void remarkCost(const Decision &decision) {
  if (!decision.chosen || !decision.chosen->cost || !decision.intrinsic)
    return;
  CostAttr cost = decision.chosen->cost;
  double clock = readModel(decision.intrinsic).clock;
  mlir::emitRemark(decision.op->getLoc()) << formatv(
      "{0} cycles are predicted, {1:F2} us at {2:F2} GHz, limited "
      "by {3}; no schedule of this mapping takes fewer than {4}; "
      "{5} bytes are held on chip [-Rcost]",
      cost.getCycles(), cost.getCycles() / clock * 1e6, clock / 1e9,
      cost.getBound().getValue(), cost.getLowerBound(), cost.getBytes());
}

static void remarkPassedOver(const Decision &decision,
                             const ExplainedCandidate &candidate) {
  auto remark = mlir::emitRemark(decision.op->getLoc());
  remark << "'" << candidate.intrinsic
         << "' has a higher peak but was passed over: its mapping "
         << candidate.id;
  if (candidate.cost && decision.chosen && decision.chosen->cost)
    remark << formatv(" is predicted to take {0} cycles, the chosen one {1}",
                      candidate.cost.getCycles(),
                      decision.chosen->cost.getCycles());
  else
    remark << " was not chosen";
  remark << " [-Rmap-missed]";
}

/// One remark for all intrinsics that were refused for the same reason.
static void remarkRefusal(LinalgOp op, RejectionAttr rejection,
                          llvm::ArrayRef<const ExplainedCandidate *> refused) {
  auto remark = mlir::emitRemark(op.getLoc());
  for (auto [position, candidate] : llvm::enumerate(refused))
    remark << (position ? ", " : "") << "'" << candidate->intrinsic << "'";
  remark << (refused.size() == 1 ? " was" : " were")
         << " refused: " << rejection.getCode().getValue() << ": "
         << rejection.getMessage().getValue();
  if (!rejection.getFix().empty())
    remark << "; fix: " << rejection.getFix().getValue();
  remark << " [-Rmap-missed]";
  for (const ExplainedCandidate *candidate : refused)
    if (IntrinsicOp intrinsic = findIntrinsic(op, candidate->intrinsic))
      remark.attachNote(intrinsic.getLoc())
          << "'" << candidate->intrinsic << "' is described here";
}

static void remarkMissed(const Decision &decision) {
  double peak = decision.intrinsic ? getPeak(decision.intrinsic) : 0;
  llvm::StringSet<> seen;
  llvm::MapVector<std::pair<mlir::Attribute, mlir::Attribute>,
                  llvm::SmallVector<const ExplainedCandidate *>>
      refusals;
  // Proved candidates come first, so that an intrinsic with one is not refused.
  for (const ExplainedCandidate &candidate : decision.explained.candidates) {
    IntrinsicOp intrinsic = findIntrinsic(decision.op, candidate.intrinsic);
    if (!intrinsic || getPeak(intrinsic) <= peak ||
        !seen.insert(candidate.intrinsic).second)
      continue;
    if (RejectionAttr rejection = candidate.rejection)
      refusals[{rejection.getCode(), rejection.getMessage()}].push_back(
          &candidate);
    else
      remarkPassedOver(decision, candidate);
  }
  for (const auto &[reason, refused] : refusals)
    remarkRefusal(decision.op, refused.front()->rejection, refused);
}

void amos::remarkMappings(mlir::ModuleOp module,
                          const DiagnosticOptions &options) {
  bool wantsMapping = options.wantsRemark("map");
  bool wantsCost = options.wantsRemark("cost");
  bool wantsMissed = options.wantsRemark("map-missed");
  if (!wantsMapping && !wantsCost && !wantsMissed)
    return;
  module.walk([&](LinalgOp op) {
    if (op->getParentOfType<AcceleratorOp>() || !isContraction(op))
      return;
    Decision decision = readDecision(op);
    if (wantsMapping)
      remarkMapping(decision);
    if (wantsCost)
      remarkCost(decision);
    if (wantsMissed)
      remarkMissed(decision);
  });
}
