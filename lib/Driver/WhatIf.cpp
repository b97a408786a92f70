//===- WhatIf.cpp - amosc target what-if ----------------------------------===//

#include "MachineSession.h"
#include "Suite.h"
#include "amos/Driver/MachineChange.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;

/// Predictions nearer to each other than this are the same.
constexpr double noise = 0.01;

namespace {
/// An operation under the machine and under the changed one.
struct Pair {
  const SuiteOperation *before, *after;

  /// Predicted time after over that before; nothing when either has none.
  std::optional<double> getRatio() const;
  bool isOtherMapping() const;
  /// Whether mapping, bound or time differ.
  bool isChanged() const;
};

struct Summary {
  unsigned faster = 0, slower = 0, same = 0;
  double ratio = 1;         ///< of the times of all together
  double geometricMean = 1; ///< of the ratios
};
} // namespace

std::optional<double> Pair::getRatio() const {
  const SuiteCandidate *old = before->getChosen(), *now = after->getChosen();
  if (!old || !now || old->seconds <= 0 || now->seconds <= 0)
    return std::nullopt;
  return now->seconds / old->seconds;
}

bool Pair::isOtherMapping() const {
  const SuiteCandidate *old = before->getChosen(), *now = after->getChosen();
  if (!old || !now)
    return old != now;
  return old->intrinsic != now->intrinsic || old->matching != now->matching;
}

bool Pair::isChanged() const {
  if (isOtherMapping())
    return true;
  const SuiteCandidate *old = before->getChosen(), *now = after->getChosen();
  if (!old)
    return false;
  return old->bound != now->bound || std::abs(*getRatio() - 1) > noise;
}

static Summary summarize(llvm::ArrayRef<Pair> pairs) {
  Summary summary;
  double before = 0, after = 0, logarithms = 0;
  unsigned counted = 0;
  for (const Pair &pair : pairs) {
    auto ratio = pair.getRatio();
    if (!ratio)
      continue;
    ++(*ratio < 1 - noise   ? summary.faster
       : *ratio > 1 + noise ? summary.slower
                            : summary.same);
    before += pair.before->getChosen()->seconds;
    after += pair.after->getChosen()->seconds;
    logarithms += std::log(*ratio);
    ++counted;
  }
  if (counted) {
    summary.ratio = after / before;
    summary.geometricMean = std::exp(logarithms / counted);
  }
  return summary;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

/// "@dot [[1],[2]]", "plain loops".
static std::string spell(const SuiteCandidate *candidate) {
  if (!candidate)
    return "plain loops";
  StringRef name = StringRef(candidate->intrinsic).rsplit(':').second;
  return (name + " " + candidate->matching).str();
}

static std::string spellBound(const SuiteCandidate *candidate) {
  return candidate && !candidate->bound.empty() ? candidate->bound : "-";
}

static void printPair(const Pair &pair) {
  const SuiteCandidate *old = pair.before->getChosen();
  const SuiteCandidate *now = pair.after->getChosen();
  std::string ratio = "-";
  if (auto value = pair.getRatio())
    ratio = formatv("{0:F2}", *value);
  llvm::outs() << formatv("  {0,6}  {1} in '{2}' of {3}\n", ratio,
                          pair.before->operation, pair.before->function,
                          pair.before->program);
  if (pair.isOtherMapping())
    llvm::outs() << formatv("          {0}, was {1}\n", spell(now), spell(old));
  else
    llvm::outs() << formatv("          {0}\n", spell(now));
  if (spellBound(old) == spellBound(now))
    llvm::outs() << formatv("          bound by {0}\n", spellBound(now));
  else
    llvm::outs() << formatv("          bound by {0}, was {1}\n",
                            spellBound(now), spellBound(old));
}

static void printText(StringRef machine, llvm::ArrayRef<std::string> changes,
                      const Suite &suite, llvm::ArrayRef<Pair> pairs) {
  Summary summary = summarize(pairs);
  llvm::outs() << machine << " with " << llvm::join(changes, " ") << '\n';
  llvm::outs() << formatv(
      "{0} programs, {1} operations: {2} faster, {3} slower, {4} as before\n",
      suite.programs, pairs.size(), summary.faster, summary.slower,
      summary.same);
  llvm::outs() << formatv("predicted time {0:F2} of that before, geometric "
                          "mean {1:F2}\n",
                          summary.ratio, summary.geometricMean);
  if (llvm::none_of(pairs, [](const Pair &pair) { return pair.isChanged(); }))
    return;
  llvm::outs() << "what changes, by predicted time over that before\n";
  for (const Pair &pair : pairs)
    if (pair.isChanged())
      printPair(pair);
}

static llvm::json::Value toJson(const SuiteCandidate *candidate) {
  if (!candidate)
    return nullptr;
  return llvm::json::Object{{"intrinsic", candidate->intrinsic},
                            {"matching", candidate->matching},
                            {"cycles", candidate->cycles},
                            {"seconds", candidate->seconds},
                            {"bound", candidate->bound}};
}

static void printJson(StringRef machine, llvm::ArrayRef<std::string> changes,
                      const Suite &suite, llvm::ArrayRef<Pair> pairs) {
  Summary summary = summarize(pairs);
  llvm::json::Array operations;
  for (const Pair &pair : pairs) {
    auto ratio = pair.getRatio();
    operations.push_back(llvm::json::Object{
        {"program", pair.before->program},
        {"function", pair.before->function},
        {"operation", pair.before->operation},
        {"location", pair.before->location},
        {"changed", pair.isChanged()},
        {"ratio", ratio ? llvm::json::Value(*ratio) : nullptr},
        {"before", toJson(pair.before->getChosen())},
        {"after", toJson(pair.after->getChosen())}});
  }
  llvm::outs() << formatv("{0:2}\n",
                          llvm::json::Value(llvm::json::Object{
                              {"version", 1},
                              {"machine", machine},
                              {"changes", llvm::json::Array(changes)},
                              {"programs", suite.programs},
                              {"failed", llvm::json::Array(suite.failed)},
                              {"ratio", summary.ratio},
                              {"geometric_mean", summary.geometricMean},
                              {"operations", std::move(operations)}}));
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

/// Whether the machine exists and takes the changes; what is wrong is said once
/// instead of for every program.
static ExitCode tryChanges(StringRef machine,
                           llvm::ArrayRef<std::string> changes) {
  MachineSession session;
  if (ExitCode code = session.read(machine); code != ExitCode::Success)
    return code;
  mlir::OwningOpRef<mlir::ModuleOp> all =
      mlir::ModuleOp::create(mlir::UnknownLoc::get(session.getContext()));
  for (const MachineSession::Machine &part : session.getMachines())
    for (mlir::Operation &op : *part.module.get().getBody())
      all->getBody()->push_back(op.clone());
  for (const std::string &change : changes)
    if (failed(changeMachine(*all, change)))
      return ExitCode::Usage;
  return ExitCode::Success;
}

ExitCode amos::askWhatIf(CompileRequest request, StringRef machine,
                         llvm::ArrayRef<std::string> changes,
                         StringRef folder) {
  if (ExitCode code = tryChanges(machine, changes); code != ExitCode::Success)
    return code;
  Suite before, after;
  request.targets = {machine.str()};
  if (ExitCode code = rankSuite(request, folder, before);
      code != ExitCode::Success)
    return code;
  request.changes = changes;
  // What is wrong with a program was said the first time.
  request.diagnostics.quiet = true;
  if (ExitCode code = rankSuite(request, folder, after);
      code != ExitCode::Success)
    return code;
  std::vector<Pair> pairs;
  if (before.operations.size() != after.operations.size()) {
    reportError("a program was read in two ways; did it change meanwhile?");
    return ExitCode::Input;
  }
  for (auto [old, now] : llvm::zip_equal(before.operations, after.operations))
    pairs.push_back({&old, &now});
  request.json ? printJson(machine, changes, before, pairs)
               : printText(machine, changes, before, pairs);
  return before.failed.empty() ? ExitCode::Success : ExitCode::Input;
}
