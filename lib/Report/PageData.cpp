//===- PageData.cpp - What the page's template is filled with -------------===//

#include "PageData.h"
#include "Pictures.h"
#include "Svg.h"
#include "Wording.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

/// As many candidates are seen at once; the others can be unfolded.
constexpr size_t shownCandidates = 10;
/// As many have pictures of their own: a page should stay below a few MB.
constexpr size_t detailedCandidates = 100;

llvm::json::Value amos::toText(StringRef text) {
  if (text.empty())
    return nullptr;
  return llvm::json::isUTF8(text) ? text.str() : llvm::json::fixUTF8(text);
}

//===----------------------------------------------------------------------===//
// The ranking
//===----------------------------------------------------------------------===//

static Object getRow(const ExplainedOperation &operation,
                     const ExplainedCandidate &candidate, size_t rank,
                     StringRef anchor) {
  Object row{{"rank", rank + 1},
             {"id", candidate.id},
             {"anchor", formatv("{0}-{1}", anchor, rank + 1).str()},
             {"hasDetails", rank < detailedCandidates},
             {"isChosen", candidate.isChosen},
             {"intrinsic", toText(candidate.intrinsic)},
             {"matching", toText(spellMatching(operation, candidate))},
             {"family", nullptr}};
  if (candidate.family != "direct")
    row["family"] = candidate.family;
  for (StringRef key : {"cycles", "lowerBound", "bound", "padding", "onChip"})
    row[key] = "–";
  if (CostAttr cost = candidate.cost) {
    row["cycles"] = spellCount(cost.getCycles());
    row["lowerBound"] = spellCount(cost.getLowerBound());
    row["bound"] = toText(cost.getBound());
    row["padding"] =
        formatv("{0:F1} %", (1000 - cost.getUseful()) / 10.0).str();
    row["onChip"] = spellBytes(cost.getBytes());
  }
  return row;
}

static Array getRows(const ExplainedOperation &operation, size_t first,
                     size_t last, StringRef anchor) {
  llvm::ArrayRef<ExplainedCandidate> proved = getProved(operation);
  Array rows;
  for (size_t rank = first; rank < std::min(last, proved.size()); ++rank)
    rows.push_back(getRow(operation, proved[rank], rank, anchor));
  return rows;
}

//===----------------------------------------------------------------------===//
// The verdict
//===----------------------------------------------------------------------===//

static Object getFact(StringRef name, StringRef value, StringRef style = "") {
  return Object{
      {"name", name.str()}, {"value", toText(value)}, {"style", style.str()}};
}

static const ExplainedCandidate *
findChosen(const ExplainedOperation &operation) {
  for (const ExplainedCandidate &candidate : operation.candidates)
    if (candidate.isChosen)
      return &candidate;
  return nullptr;
}

static Array getFacts(const Explanation &explanation,
                      const ExplainedOperation &operation,
                      const ExplainedCandidate &chosen) {
  Array facts{getFact("runs on", chosen.intrinsic, "mono")};
  auto intrinsic = explanation.intrinsics.find(chosen.intrinsic);
  if (!chosen.cost || intrinsic == explanation.intrinsics.end())
    return facts;
  double cycles = chosen.cost.getCycles();
  double peak = cycles * intrinsic->second.rate;
  facts.push_back(
      getFact("predicted", spellSeconds(cycles / intrinsic->second.clock)));
  facts.push_back(getFact("cycles", spellCount(cycles)));
  if (peak > 0)
    facts.push_back(getFact(
        "of its peak",
        formatv("{0:F1} %", 100 * operation.multiplyAdds / peak).str()));
  facts.push_back(getFact("bound by", chosen.cost.getBound().getValue()));
  facts.push_back(getFact(
      "padding",
      formatv("{0:F1} %", (1000 - chosen.cost.getUseful()) / 10.0).str()));
  return facts;
}

static std::string summarize(const ExplainedOperation &operation) {
  const ExplainedCandidate *chosen = findChosen(operation);
  if (!chosen)
    return "runs as scalar loops";
  if (!chosen->cost)
    return chosen->intrinsic;
  return chosen->intrinsic + ", " + spellCount(chosen->cost.getCycles()) +
         " cycles";
}

//===----------------------------------------------------------------------===//
// Source, iterations, roofs
//===----------------------------------------------------------------------===//

static llvm::json::Value getSource(const ExplainedOperation &operation) {
  if (operation.source.empty())
    return nullptr;
  Array lines;
  llvm::SmallVector<StringRef> texts;
  StringRef(operation.source).split(texts, '\n');
  for (auto [n, text] : llvm::enumerate(texts))
    lines.push_back(
        Object{{"number", operation.line + n}, {"text", toText(text)}});
  return Object{{"lines", std::move(lines)}};
}

static Array getIterations(const ExplainedOperation &operation) {
  Array iterations;
  for (const ExplainedIteration &iteration : operation.iterations)
    iterations.push_back(Object{{"name", toText(iteration.name)},
                                {"extent", spellExtent(iteration.extent)},
                                {"kind", iteration.kind}});
  return iterations;
}

/// Roofs of the intrinsics with a proved mapping, levels of the first one's
/// machine: what the picture has.
static Array getRates(const Explanation &explanation,
                      const ExplainedOperation &operation) {
  Array rates, levels;
  llvm::StringSet<> seen;
  for (const ExplainedCandidate &candidate : getProved(operation)) {
    auto found = explanation.intrinsics.find(candidate.intrinsic);
    if (found == explanation.intrinsics.end() ||
        !seen.insert(candidate.intrinsic).second)
      continue;
    const ExplainedIntrinsic &intrinsic = found->second;
    rates.push_back(Object{
        {"name", toText(candidate.intrinsic)},
        {"rate", formatv("{0} G multiply-adds/s",
                         spellCount(intrinsic.rate * intrinsic.clock / 1e9))
                     .str()}});
    for (const ExplainedLevel &level : intrinsic.levels)
      if (seen.size() == 1 && level.bandwidth > 0)
        levels.push_back(Object{
            {"name", toText(level.name)},
            {"rate", formatv("{0} GB/s", spellCount(level.bandwidth *
                                                    intrinsic.clock / 1e9))
                         .str()}});
  }
  for (llvm::json::Value &level : levels)
    rates.push_back(std::move(level));
  return rates;
}

//===----------------------------------------------------------------------===//
// Refusals
//===----------------------------------------------------------------------===//

/// docs/CommandLine.md has the same table.
static StringRef getMeaning(StringRef code) {
  static const std::pair<StringRef, StringRef> meanings[] = {
      {"E-BODY", "the operation computes something else"},
      {"E-DTYPE", "element types differ"},
      {"E-STRUCT", "no loop has the access pattern that an iteration of the "
                   "intrinsic needs"},
      {"E-EXTENT", "an extent does not fit, and padding is forbidden"},
      {"E-LAYOUT", "no load or copy of the machine reaches an operand as it "
                   "lies"},
      {"E-ALIGN", "an alignment that the hardware needs is not given"},
      {"E-CAPACITY", "the tiles do not fit a level"},
      {"E-RANGE", "the intrinsic may saturate where the operation wraps"},
      {"E-FINITE", "padding with zero would meet an infinity or NaN"},
      {"E-DYNAMIC", "an extent is unknown at compile time"},
      {"E-TARGET", "the machine has no code for it"},
      {"E-PROOF", "one of the obligations does not hold"}};
  for (const auto &[known, meaning] : meanings)
    if (known == code)
      return meaning;
  return "";
}

static Array getRefusals(llvm::ArrayRef<ExplainedCandidate> refused) {
  Array refusals;
  for (const Refusals &group : groupRefusals(refused)) {
    Array intrinsics;
    for (const auto &[name, described] : group.intrinsics)
      intrinsics.push_back(
          Object{{"name", toText(name)}, {"described", toText(described)}});
    refusals.push_back(
        Object{{"code", toText(group.first.getCode())},
               {"count", group.count},
               {"message", toText(group.first.getMessage())},
               {"meaning", toText(getMeaning(group.first.getCode()))},
               {"fix", toText(group.first.getFix())},
               {"intrinsics", std::move(intrinsics)}});
  }
  return refusals;
}

//===----------------------------------------------------------------------===//
// The operation and the page
//===----------------------------------------------------------------------===//

static Array getOthers(const Explanation &explanation,
                       const ExplainedOperation &operation, StringRef anchor) {
  Array others;
  for (auto [rank, candidate] :
       llvm::enumerate(getProved(operation).take_front(detailedCandidates))) {
    if (candidate.isChosen)
      continue;
    Object data = getCandidateData(explanation, operation, candidate);
    Object row = getRow(operation, candidate, rank, anchor);
    data["anchor"] = std::move(row["anchor"]);
    data["matching"] = std::move(row["matching"]);
    data["cycles"] = nullptr;
    if (candidate.cost)
      data["cycles"] = spellCount(candidate.cost.getCycles()) + " cycles";
    others.push_back(std::move(data));
  }
  return others;
}

static void addProved(const Explanation &explanation,
                      const ExplainedOperation &operation, StringRef anchor,
                      Object &data) {
  size_t proved = getProved(operation).size();
  size_t byRule =
      llvm::count_if(operation.candidates,
                     [](const ExplainedCandidate &c) { return c.isAmosRule; });
  data["verdict"] = proved > 0;
  data["provedCount"] = proved;
  data["ruleCount"] = byRule;
  data["best"] =
      Object{{"rows", getRows(operation, 0, shownCandidates, anchor)}};
  data["hasMore"] = proved > shownCandidates;
  data["moreCount"] = int64_t(proved) - int64_t(shownCandidates);
  data["more"] =
      Object{{"rows", getRows(operation, shownCandidates, proved, anchor)}};
  data["facts"] = nullptr;
  data["chosen"] = nullptr;
  if (const ExplainedCandidate *chosen = findChosen(operation)) {
    data["facts"] = getFacts(explanation, operation, *chosen);
    Object details = getCandidateData(explanation, operation, *chosen);
    details["anchor"] = formatv("{0}-1", anchor).str();
    data["chosen"] = std::move(details);
  }
  data["roofline"] = toText(drawRoofline(explanation, operation));
  data["rates"] = getRates(explanation, operation);
  Array others = getOthers(explanation, operation, anchor);
  data["hasOthers"] = !others.empty();
  data["othersCount"] =
      others.size() + 1 < proved
          ? formatv("the best {0}; --json has all", others.size()).str()
          : std::to_string(others.size());
  data["others"] = std::move(others);
}

static Object getOperation(const Explanation &explanation,
                           const ExplainedOperation &operation, size_t number) {
  std::string anchor = formatv("operation-{0}", number + 1);
  llvm::ArrayRef<ExplainedCandidate> refused = getRefused(operation);
  Object data{{"anchor", anchor},
              {"operation", toText(operation.operation)},
              {"function", toText(operation.function)},
              {"location", toText(operation.location)},
              {"types", toText(operation.types)},
              {"multiplyAdds", spellCount(operation.multiplyAdds)},
              {"summary", toText(summarize(operation))},
              {"source", getSource(operation)},
              {"hasIterations", !operation.iterations.empty()},
              {"iterations", getIterations(operation)},
              {"hasRefusals", !refused.empty()},
              {"refusedCount", refused.size()},
              {"refusals", getRefusals(refused)}};
  addProved(explanation, operation, anchor, data);
  return data;
}

Object amos::getPageData(const Explanation &explanation) {
  Array operations;
  for (auto [number, operation] : llvm::enumerate(explanation.operations))
    operations.push_back(getOperation(explanation, operation, number));
  return Object{
      {"target",
       toText(explanation.target.empty() ? "(none)" : explanation.target)},
      {"hasOperations", !operations.empty()},
      {"operations", std::move(operations)}};
}
