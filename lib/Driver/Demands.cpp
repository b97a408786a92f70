//===- Demands.cpp - Mappings that a person wrote -------------------------===//

#include "amos/Driver/Demands.h"
#include "amos/Driver/Diagnostics.h"
#include "amos/Driver/Suggest.h"
#include "amos/Mapping/FindMappings.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace amos;
using llvm::StringRef;
using mlir::linalg::LinalgOp;

std::vector<PlacedOperation> amos::listOperations(mlir::ModuleOp module) {
  std::vector<PlacedOperation> list;
  for (auto function : module.getOps<mlir::FunctionOpInterface>()) {
    unsigned number = 0;
    function.walk([&](LinalgOp op) {
      if (op->hasAttr("amos.mapping") || op->hasAttr("amos.candidates"))
        list.push_back({op, "@" + function.getName().str() + "#" +
                                std::to_string(number++)});
    });
  }
  return list;
}

/// The operations that a place "@function#number" names; all for an empty one.
static llvm::SmallVector<LinalgOp> findOperations(mlir::ModuleOp module,
                                                  StringRef place) {
  llvm::SmallVector<LinalgOp> found;
  for (const PlacedOperation &placed : listOperations(module))
    if (place.empty() || place == placed.place)
      found.push_back(placed.op);
  return found;
}

/// Proves `mapping` and puts it on `op`.
static ExitCode apply(LinalgOp op, MappingAttr mapping) {
  auto intrinsic = mlir::SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, mapping.getIntrinsic());
  if (!intrinsic) {
    op.emitError("the target has no intrinsic '")
        << mapping.getIntrinsic() << "', which '--mapping' names";
    return ExitCode::Usage;
  }
  Solver solver;
  auto reason = verifyMapping(op, intrinsic, mapping, ScheduleAttr(), solver);
  if (!reason) {
    op->setAttr("amos.mapping", mapping);
    return ExitCode::Success;
  }
  mlir::InFlightDiagnostic error = op.emitError("the mapping is wrong: ")
                                   << reason->message << " ("
                                   << spell(reason->code) << ")";
  error.attachNote(intrinsic.getLoc()) << "the intrinsic is described here";
  if (!reason->fix.empty())
    error.attachNote(op.getLoc()) << "fix: " << reason->fix;
  return ExitCode::Check;
}

/// Why `id`, which one of the refused mappings of `op` has, is no candidate.
static bool reportRefused(LinalgOp op, StringRef id) {
  auto rejections = op->getAttrOfType<mlir::ArrayAttr>("amos.rejected");
  if (!rejections)
    return false;
  for (auto rejection : rejections.getAsRange<RejectionAttr>()) {
    if (!rejection.getMapping() || rejection.getMapping().getId() != id)
      continue;
    op.emitError("the mapping '")
        << id << "' was refused: " << rejection.getCode().getValue() << ": "
        << rejection.getMessage().getValue();
    return true;
  }
  return false;
}

/// One of the operations has to have a candidate of that id.
static ExitCode checkId(llvm::ArrayRef<LinalgOp> operations, StringRef id) {
  std::vector<std::string> known;
  for (LinalgOp op : operations)
    if (auto candidates = op->getAttrOfType<mlir::ArrayAttr>("amos.candidates"))
      for (auto candidate : candidates.getAsRange<CandidateAttr>())
        known.push_back(candidate.getMapping().getId());
  if (known.empty() || llvm::is_contained(known, id))
    return ExitCode::Success;
  for (LinalgOp op : operations)
    if (reportRefused(op, id))
      return ExitCode::Input;
  LinalgOp first = operations.front();
  first.emitError("none of the candidates has the id '")
      << id << "'" << suggest(id, known);
  return ExitCode::Input;
}

static ExitCode applyDemand(mlir::ModuleOp module, StringRef demand) {
  StringRef place, text = demand;
  if (demand.starts_with("@"))
    std::tie(place, text) = demand.split('=');
  llvm::SmallVector<LinalgOp> operations = findOperations(module, place);
  if (operations.empty() && !place.empty()) {
    std::vector<std::string> known;
    for (const PlacedOperation &placed : listOperations(module))
      known.push_back(placed.place);
    reportError("there is no operation '" + place +
                "', which '--mapping' names" + suggest(place, known));
    return ExitCode::Usage;
  }
  if (!text.starts_with("#")) // an id: one of the candidates
    return checkId(operations, text);
  auto mapping = mlir::dyn_cast_or_null<MappingAttr>(
      mlir::parseAttribute(text, module.getContext()));
  if (!mapping) {
    reportError("'" + text + "' is no mapping, expected '#amos.mapping<..>'");
    return ExitCode::Usage;
  }
  if (operations.size() > 1) {
    reportError("there are several operations; say which is meant, as in "
                "'--mapping=@function#0=" +
                text + "'");
    return ExitCode::Usage;
  }
  return operations.empty() ? ExitCode::Success
                            : apply(operations.front(), mapping);
}

ExitCode amos::applyDemands(mlir::ModuleOp module,
                            llvm::ArrayRef<std::string> mappings) {
  for (const std::string &mapping : mappings)
    if (ExitCode code = applyDemand(module, mapping); code != ExitCode::Success)
      return code;
  return ExitCode::Success;
}

llvm::SmallVector<LinalgOp>
amos::findOpen(mlir::ModuleOp module, llvm::ArrayRef<std::string> mappings) {
  llvm::SmallVector<LinalgOp> open = findOperations(module, "");
  for (StringRef demand : mappings) {
    StringRef place = demand.starts_with("@") ? demand.split('=').first : "";
    for (LinalgOp demanded : findOperations(module, place))
      llvm::erase(open, demanded);
  }
  llvm::erase_if(open, [](LinalgOp op) { return op->hasAttr("amos.mapping"); });
  return open;
}
