//===- Utilisation.cpp - amosc target suite -------------------------------===//

#include "MachineSession.h"
#include "Suite.h"
#include "amos/Driver/TargetVerbs.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <map>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;

namespace {
/// Why an intrinsic was refused, with an example of what was said.
struct Refusals {
  unsigned count = 0;
  std::string message;
};

/// What a suite makes of one intrinsic.
struct IntrinsicUsage {
  unsigned chosen = 0; ///< operations
  double useful = 0;   ///< multiply-adds of those
  double performed = 0;
  double seconds = 0;
  std::map<std::string, unsigned> bounds;
  /// Where others were chosen: operations it was refused for, by code.
  std::map<std::string, Refusals> refusals;
  /// Operations on which another one was cheaper, and the least factor.
  unsigned costlier = 0;
  double factor = 0;
  std::string winner;
};

using Usages = std::map<std::string, IntrinsicUsage>;
} // namespace

//===----------------------------------------------------------------------===//
// Counting
//===----------------------------------------------------------------------===//

static void countChosen(const SuiteOperation &operation,
                        const SuiteCandidate &chosen, Usages &usages) {
  IntrinsicUsage &usage = usages[chosen.intrinsic];
  ++usage.chosen;
  usage.useful += operation.multiplyAdds;
  usage.performed += operation.multiplyAdds / std::max(chosen.useful, 0.001);
  usage.seconds += chosen.seconds;
  ++usage.bounds[chosen.bound];
}

/// The cheapest candidate of each intrinsic, else one of its refusals.
static std::map<std::string, const SuiteCandidate *>
findBest(const SuiteOperation &operation) {
  std::map<std::string, const SuiteCandidate *> best;
  for (const SuiteCandidate &candidate : operation.candidates) {
    const SuiteCandidate *&known = best[candidate.intrinsic];
    bool isBetter =
        candidate.seconds > 0 &&
        (!known || known->seconds == 0 || candidate.seconds < known->seconds);
    if (!known || isBetter)
      known = &candidate;
  }
  return best;
}

static void countOthers(const SuiteOperation &operation, Usages &usages) {
  const SuiteCandidate *chosen = operation.getChosen();
  for (const auto &[name, candidate] : findBest(operation)) {
    if (chosen && chosen->intrinsic == name)
      continue;
    IntrinsicUsage &usage = usages[name];
    if (!candidate->code.empty()) {
      Refusals &refusals = usage.refusals[candidate->code];
      ++refusals.count;
      if (refusals.message.empty())
        refusals.message = candidate->message;
    } else if (chosen && chosen->seconds > 0 && candidate->seconds > 0) {
      double factor = candidate->seconds / chosen->seconds;
      if (usage.costlier++ == 0 || factor < usage.factor) {
        usage.factor = factor;
        usage.winner = chosen->intrinsic;
      }
    }
  }
}

/// Every intrinsic of the machines, also those that no operation meets.
static ExitCode listIntrinsics(StringRef machine, Usages &usages) {
  MachineSession session;
  if (ExitCode code = session.read(machine); code != ExitCode::Success)
    return code;
  for (const MachineSession::Machine &part : session.getMachines())
    for (auto accelerator : part.module.get().getOps<AcceleratorOp>())
      for (auto intrinsic : accelerator.getOps<IntrinsicOp>())
        usages["@" + accelerator.getSymName().str() + "::@" +
               intrinsic.getSymName().str()];
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// Reports
//===----------------------------------------------------------------------===//

static double getSeconds(const Usages &usages) {
  double seconds = 0;
  for (const auto &[name, usage] : usages)
    seconds += usage.seconds;
  return seconds;
}

static double getPercent(double part, double whole) {
  return whole > 0 ? 100 * part / whole : 0;
}

static std::string spellBounds(const IntrinsicUsage &usage) {
  std::string text;
  for (const auto &[bound, count] : usage.bounds)
    text += (text.empty() ? "" : ", ") + bound + " " + std::to_string(count);
  return text;
}

static void printUsed(const Usages &usages) {
  const char *row = "{0,-40} {1,6} {2,7} {3,8}  {4}\n";
  llvm::outs() << formatv(row, "intrinsic", "chosen", "useful", "of time",
                          "bound by");
  double seconds = getSeconds(usages);
  for (const auto &[name, usage] : usages)
    if (usage.chosen)
      llvm::outs() << formatv(
          row, name, usage.chosen,
          formatv("{0:F0} %", getPercent(usage.useful, usage.performed)).str(),
          formatv("{0:F1} %", getPercent(usage.seconds, seconds)).str(),
          spellBounds(usage));
}

static void printUnused(const std::string &name, const IntrinsicUsage &usage) {
  llvm::outs() << "  " << name << '\n';
  if (usage.costlier)
    llvm::outs() << formatv(
        "    costlier on {0}: at best {1:F2} times the time of {2}\n",
        usage.costlier, usage.factor, usage.winner);
  for (const auto &[code, refusals] : usage.refusals)
    llvm::outs() << formatv("    {0} on {1}: {2}\n", code, refusals.count,
                            refusals.message);
}

static void printText(StringRef machine, const Suite &suite,
                      const Usages &usages, unsigned plain) {
  llvm::outs() << formatv(
      "{0}: {1} programs, {2} operations, predicted {3:F3} ms\n", machine,
      suite.programs, suite.operations.size(), getSeconds(usages) * 1e3);
  if (plain)
    llvm::outs() << plain << " operations on no intrinsic\n";
  printUsed(usages);
  auto isUnused = [](const auto &entry) { return entry.second.chosen == 0; };
  if (llvm::none_of(usages, isUnused))
    return;
  llvm::outs() << "never chosen, by the number of operations\n";
  for (const auto &[name, usage] : usages)
    if (!usage.chosen)
      printUnused(name, usage);
}

static llvm::json::Value toJson(const std::string &name,
                                const IntrinsicUsage &usage, double seconds) {
  llvm::json::Object bounds, refusals;
  for (const auto &[bound, count] : usage.bounds)
    bounds[bound] = count;
  for (const auto &[code, refused] : usage.refusals)
    refusals[code] = llvm::json::Object{{"operations", refused.count},
                                        {"example", refused.message}};
  return llvm::json::Object{
      {"intrinsic", name},
      {"chosen", usage.chosen},
      {"useful", usage.performed > 0 ? usage.useful / usage.performed : 0},
      {"share_of_time", getPercent(usage.seconds, seconds) / 100},
      {"bounds", std::move(bounds)},
      {"refused", std::move(refusals)},
      {"costlier", llvm::json::Object{{"operations", usage.costlier},
                                      {"least_factor", usage.factor},
                                      {"than", usage.winner}}}};
}

static void printJson(StringRef machine, const Suite &suite,
                      const Usages &usages, unsigned plain) {
  llvm::json::Array list;
  double seconds = getSeconds(usages);
  for (const auto &[name, usage] : usages)
    list.push_back(toJson(name, usage, seconds));
  llvm::outs() << formatv("{0:2}\n",
                          llvm::json::Value(llvm::json::Object{
                              {"version", 1},
                              {"machine", machine},
                              {"programs", suite.programs},
                              {"failed", llvm::json::Array(suite.failed)},
                              {"operations", suite.operations.size()},
                              {"plain_loops", plain},
                              {"seconds", seconds},
                              {"intrinsics", std::move(list)}}));
}

ExitCode amos::reportUtilisation(CompileRequest request, StringRef machine,
                                 StringRef folder) {
  Usages usages;
  if (ExitCode code = listIntrinsics(machine, usages);
      code != ExitCode::Success)
    return code;
  Suite suite;
  request.targets = {machine.str()};
  if (ExitCode code = rankSuite(request, folder, suite);
      code != ExitCode::Success)
    return code;
  unsigned plain = 0;
  for (const SuiteOperation &operation : suite.operations) {
    if (const SuiteCandidate *chosen = operation.getChosen())
      countChosen(operation, *chosen, usages);
    else
      ++plain;
    countOthers(operation, usages);
  }
  request.json ? printJson(machine, suite, usages, plain)
               : printText(machine, suite, usages, plain);
  return suite.failed.empty() ? ExitCode::Success : ExitCode::Input;
}
