//===- Fallback.cpp - No contraction silently misses its unit -------------===//

#include "amos/Driver/Fallback.h"
#include "Amos/AmosDialect.h"
#include "amos/Mapping/Contraction.h"

using namespace amos;
using mlir::linalg::LinalgOp;

/// Element types of the sources, in any order, then of the destination.
static llvm::SmallVector<mlir::Type> getTypes(const Contraction &contraction) {
  llvm::SmallVector<mlir::Type> types;
  for (const Access &operand : contraction.operands)
    types.push_back(operand.elementType);
  std::sort(types.begin(), types.end() - 1, [](mlir::Type a, mlir::Type b) {
    return a.getAsOpaquePointer() < b.getAsOpaquePointer();
  });
  return types;
}

/// The intrinsic of the best class among those with the element types of `op`.
static IntrinsicOp findBest(mlir::ModuleOp module, const Contraction &op) {
  IntrinsicOp best;
  module.walk([&](IntrinsicOp intrinsic) {
    if (getTypes(readIntrinsic(intrinsic)) != getTypes(op))
      return;
    if (!best || intrinsic.getClass_() > best.getClass_())
      best = intrinsic;
  });
  return best;
}

/// The intrinsic `op` was mapped to, if any.
static IntrinsicOp getChosen(LinalgOp op) {
  auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping");
  if (!mapping)
    return {};
  return mlir::SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
}

static mlir::SymbolRefAttr getReference(IntrinsicOp intrinsic) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  return mlir::SymbolRefAttr::get(
      machine.getSymNameAttr(),
      {mlir::FlatSymbolRefAttr::get(intrinsic.getSymNameAttr())});
}

static void describeBest(mlir::InFlightDiagnostic &diagnostic, LinalgOp op,
                         IntrinsicOp best) {
  mlir::SymbolRefAttr reference = getReference(best);
  diagnostic << ", although the target has '" << reference << "' of class '"
             << stringifyIntrinsicClass(best.getClass_())
             << "' for its element types";
  auto rejections = op->getAttrOfType<mlir::ArrayAttr>("amos.rejected");
  for (mlir::Attribute attribute :
       rejections ? rejections.getValue() : llvm::ArrayRef<mlir::Attribute>{}) {
    auto rejection = mlir::dyn_cast<RejectionAttr>(attribute);
    if (!rejection || rejection.getIntrinsic() != reference)
      continue;
    diagnostic.attachNote(best.getLoc())
        << rejection.getCode().getValue() << ": "
        << rejection.getMessage().getValue();
    if (!rejection.getFix().empty())
      diagnostic.attachNote(op.getLoc())
          << "fix: " << rejection.getFix().getValue();
    return;
  }
}

/// " (x86_avx2, generic)", for objects that have several targets.
static std::string spellMachines(LinalgOp op) {
  std::string names;
  auto module = op->getParentOfType<mlir::ModuleOp>();
  for (auto machine : module.getOps<AcceleratorOp>())
    names += (names.empty() ? " (" : ", ") + machine.getSymName().str();
  return names.empty() ? names : names + ")";
}

/// Tells of a fallback of `op`; false if there is none.
static bool reportFallback(LinalgOp op, const Contraction &contraction,
                           bool isError) {
  IntrinsicOp chosen = getChosen(op);
  IntrinsicOp best =
      findBest(op->getParentOfType<mlir::ModuleOp>(), contraction);
  if (chosen && (!best || chosen.getClass_() >= best.getClass_()))
    return false;
  mlir::InFlightDiagnostic diagnostic =
      isError ? mlir::emitError(op.getLoc()) : mlir::emitWarning(op.getLoc());
  if (chosen)
    diagnostic << "this contraction runs on '" << getReference(chosen)
               << "' of class '" << stringifyIntrinsicClass(chosen.getClass_())
               << "'";
  else
    diagnostic << "this contraction runs on no intrinsic";
  if (best)
    describeBest(diagnostic, op, best);
  else
    diagnostic << ", the target" << spellMachines(op)
               << " has none for its element types";
  if (!isError)
    diagnostic << " [-Wfallback]";
  return true;
}

ExitCode amos::checkFallback(mlir::ModuleOp module,
                             const CompilerOptions &options) {
  bool isError =
      options.requireIntrinsic || options.fallback == Fallback::Error;
  if (!isError && options.fallback == Fallback::Allow)
    return ExitCode::Success;
  bool found = false;
  module.walk([&](LinalgOp op) {
    if (!op->hasAttr("amos.candidates") && !op->hasAttr("amos.rejected"))
      return;
    auto contraction = readContraction(op);
    if (auto *read = std::get_if<ReadContraction>(&contraction))
      found |= reportFallback(op, read->contraction, isError);
  });
  return found && isError ? ExitCode::NoIntrinsic : ExitCode::Success;
}
