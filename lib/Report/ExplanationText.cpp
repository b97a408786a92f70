//===- ExplanationText.cpp - The explanation for people -------------------===//

#include "amos/Report/Explanation.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatAdapters.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;

/// As many candidates are worth a person's time; the JSON has all.
static constexpr size_t shownCandidates = 10;

static std::string spellExtent(int64_t extent) {
  return mlir::ShapedType::isDynamic(extent) ? "?" : std::to_string(extent);
}

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
}

std::string amos::spellMatching(const ExplainedOperation &operation,
                                const ExplainedCandidate &candidate) {
  std::vector<std::string> groups;
  for (auto [h, group] : llvm::enumerate(*candidate.matching)) {
    std::string text = h < candidate.iterations.size()
                           ? candidate.iterations[h]
                           : "i" + std::to_string(h);
    text += " =";
    if (group.empty())
      text += " 1";
    for (int64_t v : group)
      text += " " + (size_t(v) < operation.iterations.size()
                         ? operation.iterations[v].name
                         : "d" + std::to_string(v));
    groups.push_back(text);
  }
  return groups.empty() ? "nothing" : llvm::join(groups, ", ");
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
                            llvm::ArrayRef<ExplainedCandidate> proved,
                            llvm::raw_ostream &stream) {
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

namespace {
/// Refusals with one code and one message.
struct Refusals {
  RejectionAttr first;
  /// Intrinsics, with where they are described.
  llvm::MapVector<llvm::StringRef, llvm::StringRef> intrinsics;
  unsigned count = 0;
  size_t position = 0;
};
} // namespace

static bool isBefore(const Refusals &a, const Refusals &b) {
  return std::make_pair(a.first.getCode().getValue(), a.position) <
         std::make_pair(b.first.getCode().getValue(), b.position);
}

static std::vector<Refusals>
groupRefusals(llvm::ArrayRef<ExplainedCandidate> refused) {
  llvm::MapVector<std::pair<mlir::Attribute, mlir::Attribute>, Refusals> groups;
  for (const ExplainedCandidate &candidate : refused) {
    RejectionAttr rejection = candidate.rejection;
    Refusals &group = groups[{rejection.getCode(), rejection.getMessage()}];
    if (!group.first) {
      group.first = rejection;
      group.position = groups.size();
    }
    group.intrinsics.insert({candidate.intrinsic, candidate.described});
    ++group.count;
  }
  std::vector<Refusals> list;
  for (auto &[key, group] : groups)
    list.push_back(group);
  llvm::sort(list, isBefore);
  return list;
}

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
    llvm::ArrayRef<ExplainedCandidate> all = operation.candidates;
    size_t proved = llvm::count_if(
        all, [](const ExplainedCandidate &c) { return !c.rejection; });
    size_t byRule = llvm::count_if(
        all, [](const ExplainedCandidate &c) { return c.isAmosRule; });
    stream << formatv("  {0} proved ({1} by AMOS's rule), {2} refused\n",
                      proved, byRule, all.size() - proved);
    printCandidates(operation, all.take_front(proved), stream);
    printRefusals(all.drop_front(proved), stream);
  }
}
