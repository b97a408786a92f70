//===- ExplanationText.cpp - The explanation for people -------------------===//

#include "Wording.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatAdapters.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;

/// As many candidates are worth a person's time; the JSON has all.
static constexpr size_t shownCandidates = 10;

static void printHead(const ExplainedOperation &operation,
                      llvm::raw_ostream &stream) {
  stream << formatv("{0}: {1} in '{2}'", operation.location,
                    operation.operation, operation.function);
  if (!operation.types.empty())
    stream << ", " << operation.types;
  stream << "\n  iterations";
  for (const ExplainedIteration &iteration : operation.iterations)
    stream << formatv("  {0} = {1}{2}", iteration.name,
                      spellExtent(iteration.extent),
                      iteration.kind == "parallel" ? "" : " " + iteration.kind);
  stream << '\n';
  if (!operation.epilogue.empty())
    stream << "  epilogue    " << llvm::join(operation.epilogue, ", ") << '\n';
}

static std::string spellOperands(const ExplainedCandidate &candidate) {
  if (candidate.family == "direct")
    return {};
  return " (" + candidate.family + ")";
}

static void printCandidate(const ExplainedOperation &operation,
                           const ExplainedCandidate &candidate, size_t rank,
                           size_t width, llvm::raw_ostream &stream) {
  stream << formatv("  {0}{1,2}  {2}  {3} ", candidate.isChosen ? "*" : " ",
                    rank, candidate.id,
                    llvm::fmt_pad(candidate.intrinsic, 0,
                                  width - candidate.intrinsic.size()));
  if (CostAttr cost = candidate.cost)
    stream << formatv(" {0,12} {1,12}  {2,-10} {3,6:F1}% {4,9}",
                      cost.getCycles(), cost.getLowerBound(),
                      cost.getBound().getValue(),
                      (1000 - cost.getUseful()) / 10.0, cost.getBytes());
  else
    stream << formatv(" {0,12} {1,12}  {2,-10} {3,7} {4,9}", "-", "-", "-", "-",
                      "-");
  stream << "  " << spellMatching(operation, candidate)
         << spellOperands(candidate) << '\n';
}

static void printCandidates(const ExplainedOperation &operation,
                            llvm::raw_ostream &stream) {
  llvm::ArrayRef<ExplainedCandidate> proved = getProved(operation);
  if (proved.empty()) {
    stream << "  no mapping was proved: this runs as scalar loops\n";
    return;
  }
  size_t width = 9;
  llvm::ArrayRef<ExplainedCandidate> shown = proved.take_front(shownCandidates);
  for (const ExplainedCandidate &candidate : shown)
    width = std::max(width, candidate.intrinsic.size());
  stream << formatv("   {0,2}  {1,-7}  {2} ", "#", "id",
                    llvm::fmt_pad("intrinsic", 0, width - 9))
         << formatv(" {0,12} {1,12}  {2,-10} {3,7} {4,9}  {5}\n", "cycles",
                    "lower bound", "bound", "padding", "on chip", "matching");
  for (auto [rank, candidate] : llvm::enumerate(shown))
    printCandidate(operation, candidate, rank + 1, width, stream);
  if (proved.size() > shown.size())
    stream << formatv("   .. and {0} more; --json lists all\n",
                      proved.size() - shown.size());
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

static void printRefusals(llvm::ArrayRef<ExplainedCandidate> refused,
                          llvm::raw_ostream &stream) {
  if (refused.empty())
    return;
  stream << "  refused, by reason\n";
  for (const Refusals &group : groupRefusals(refused)) {
    stream << formatv("    {0,3}  {1,-10}  {2}\n", group.count,
                      group.first.getCode().getValue(),
                      group.first.getMessage().getValue());
    for (const auto &[intrinsic, described] : group.intrinsics)
      stream << formatv("{0}by {1}{2}{3}\n", llvm::fmt_repeat(" ", 21),
                        intrinsic, described.empty() ? "" : ", ", described);
    if (!group.first.getFix().empty())
      stream << formatv("{0}fix: {1}\n", llvm::fmt_repeat(" ", 21),
                        group.first.getFix().getValue());
  }
}

void Explanation::printText(llvm::raw_ostream &stream) const {
  stream << "target " << (target.empty() ? "(none)" : target) << '\n';
  if (operations.empty())
    stream << "no contraction was found\n";
  for (const ExplainedOperation &operation : operations) {
    stream << '\n';
    printHead(operation, stream);
    llvm::ArrayRef<ExplainedCandidate> refused = getRefused(operation);
    size_t byRule =
        llvm::count_if(operation.candidates, [](const ExplainedCandidate &c) {
          return c.isAmosRule;
        });
    stream << formatv("  {0} proved ({1} by AMOS's rule), {2} refused\n",
                      getProved(operation).size(), byRule, refused.size());
    printCandidates(operation, stream);
    printRefusals(refused, stream);
  }
}
