//===- Known.cpp - Choices that were measured -----------------------------===//

#include "amos/Driver/Known.h"
#include "amos/Driver/DatabaseVerbs.h"
#include "amos/Driver/Demands.h"
#include "amos/Tuning/Recall.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
using mlir::linalg::LinalgOp;

static std::string spellTime(double seconds) {
  return formatv("{0:F2} us", seconds * 1e6);
}

static void warnStale(LinalgOp op, const TunedOperator &described,
                      const Recollection &recollection) {
  for (const auto &[reason, count] : recollection.stale)
    op.emitWarning() << count << " measurement" << (count == 1 ? "" : "s")
                     << " of this " << described.name << " ("
                     << described.fingerprint << ") do"
                     << (count == 1 ? "es" : "") << " not count: " << reason
                     << " [-Wstale]";
}

static void remarkChoice(LinalgOp op, const TunedOperator &described,
                         const KnownChoice &choice, size_t known) {
  mlir::emitRemark(op.getLoc())
      << "this " << described.name << " (" << described.fingerprint
      << ") runs by mapping " << choice.mapping.getId() << ", the fastest of "
      << known
      << " that were measured: " << spellTime(choice.measurement.seconds)
      << " on '" << choice.measurement.environment.device << "' [-Rknown]";
}

/// The fastest choice that is proved for `op`.
static const KnownChoice *
findProved(LinalgOp op, const Recollection &recollection, bool neverPad) {
  for (const KnownChoice &choice : recollection.choices) {
    auto reason = refuteChoice(op, choice.mapping, choice.schedule, neverPad);
    if (!reason)
      return &choice;
    op.emitWarning() << "the measured mapping " << choice.mapping.getId()
                     << " does not count: " << reason->message << " ("
                     << spell(reason->code) << ") [-Wstale]";
  }
  return nullptr;
}

static ExitCode applyTo(LinalgOp op, const CompilerOptions &options,
                        const Environment &here) {
  TunedOperator described = describeOperator(op);
  MeasurementSet set;
  if (ExitCode code =
          readDatabase(options.database, described.fingerprint, set);
      code != ExitCode::Success)
    return code;
  Recollection recollection = recall(op, set.measurements, here);
  bool isShown = options.diagnostics.wantsRemark("known");
  warnStale(op, described, recollection);
  if (const KnownChoice *choice =
          findProved(op, recollection, options.pipeline.neverPad)) {
    op->setAttr("amos.mapping", choice->mapping);
    op->setAttr("amos.schedule", choice->schedule);
    if (isShown)
      remarkChoice(op, described, *choice, recollection.choices.size());
  } else if (isShown) {
    mlir::emitRemark(op.getLoc())
        << "nothing that was measured counts for this " << described.name
        << " (" << described.fingerprint << "); the model chooses [-Rknown]";
  }
  return ExitCode::Success;
}

ExitCode amos::applyKnown(mlir::ModuleOp module,
                          const CompilerOptions &options) {
  Environment here = getEnvironment(isDevice(module));
  for (LinalgOp op : findOpen(module, options.pipeline.mappings))
    if (ExitCode code = applyTo(op, options, here); code != ExitCode::Success)
      return code;
  return ExitCode::Success;
}
