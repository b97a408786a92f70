//===- CandidateData.cpp - A candidate as the page shows it ---------------===//

#include "PageData.h"
#include "Pictures.h"
#include "Wording.h"

using namespace amos;
using llvm::json::Array;
using llvm::json::Object;

//===----------------------------------------------------------------------===//
// Matrices
//===----------------------------------------------------------------------===//

static Array getNames(const std::vector<ExplainedIteration> &iterations) {
  Array names;
  for (const ExplainedIteration &iteration : iterations)
    names.push_back(toText(iteration.name));
  return names;
}

static Object getCell(bool value, llvm::StringRef style) {
  return Object{{"value", value ? "1" : "0"}, {"style", value ? style : ""}};
}

/// Names of the operands: those of the operation's sources when `sources` says
/// which one plays which.
static std::string getRowName(size_t row, size_t rows,
                              llvm::ArrayRef<int64_t> sources) {
  if (row + 1 == rows)
    return "result";
  int64_t source = row < sources.size() ? sources[row] : int64_t(row);
  return "source " + std::to_string(source);
}

/// The iterations that play one of the intrinsic's.
static std::vector<bool> findMatched(const ExplainedOperation &operation,
                                     const ExplainedCandidate &candidate) {
  std::vector<bool> matched(operation.iterations.size(), false);
  for (const std::vector<int64_t> &group : *candidate.matching)
    for (int64_t v : group)
      if (size_t(v) < matched.size())
        matched[v] = true;
  return matched;
}

/// Rows in the order in which the intrinsic takes the sources; what is outside
/// of the tile is paler.
static Object getOperationMatrix(const ExplainedOperation &operation,
                                 const ExplainedCandidate &candidate) {
  std::vector<bool> matched = findMatched(operation, candidate);
  Array rows;
  size_t count = operation.accesses.size();
  for (size_t t = 0; t < count; ++t) {
    size_t source = t < candidate.operands.size() ? candidate.operands[t] : t;
    if (source >= count)
      continue;
    Array cells;
    for (auto [v, cell] : llvm::enumerate(operation.accesses[source]))
      cells.push_back(getCell(cell, matched[v] ? "one" : "outer"));
    rows.push_back(Object{{"name", getRowName(t, count, candidate.operands)},
                          {"cells", std::move(cells)}});
  }
  return Object{{"name", "X"},
                {"words", "iterations that the operation's operands depend on; "
                          "pale columns are loops outside"},
                {"columns", getNames(operation.iterations)},
                {"rows", std::move(rows)}};
}

static Object getIntrinsicMatrix(const ExplainedIntrinsic &intrinsic) {
  Array rows;
  for (auto [t, row] : llvm::enumerate(intrinsic.accesses)) {
    Array cells;
    for (bool cell : row)
      cells.push_back(getCell(cell, "one"));
    rows.push_back(
        Object{{"name", getRowName(t, intrinsic.accesses.size(), {})},
               {"cells", std::move(cells)}});
  }
  return Object{{"name", "Z"},
                {"words", "the same of the intrinsic"},
                {"columns", getNames(intrinsic.iterations)},
                {"rows", std::move(rows)}};
}

static Object getMatching(const ExplainedOperation &operation,
                          const ExplainedCandidate &candidate) {
  Array rows;
  for (auto [h, group] : llvm::enumerate(*candidate.matching)) {
    Array cells;
    for (size_t v = 0; v < operation.iterations.size(); ++v)
      cells.push_back(getCell(llvm::is_contained(group, int64_t(v)), "one"));
    std::string name = h < candidate.iterations.size()
                           ? candidate.iterations[h]
                           : "i" + std::to_string(h);
    rows.push_back(Object{{"name", toText(name)}, {"cells", std::move(cells)}});
  }
  return Object{{"name", "Y"},
                {"words", "the matching: a column of X must be the column of Z "
                          "that it is matched to"},
                {"columns", getNames(operation.iterations)},
                {"rows", std::move(rows)}};
}

//===----------------------------------------------------------------------===//
// The candidate
//===----------------------------------------------------------------------===//

/// "copied, as it lies": where the tiles of each source come from.
static std::string spellStaging(ScheduleAttr schedule) {
  if (llvm::all_of(schedule.getStaging(),
                   [](Staging s) { return s == Staging::Direct; }))
    return "as they lie";
  std::string words;
  for (Staging staging : schedule.getStaging()) {
    words += words.empty() ? "" : ", ";
    words += staging == Staging::Direct  ? "as it lies"
             : staging == Staging::Copy  ? "copied"
             : staging == Staging::Pack  ? "packed"
             : staging == Staging::Chunk ? "in chunks"
                                         : "reordered, in chunks";
  }
  return words;
}

static std::string print(mlir::Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  return text;
}

Object amos::getCandidateData(const Explanation &explanation,
                              const ExplainedOperation &operation,
                              const ExplainedCandidate &candidate) {
  Object data{{"id", candidate.id},
              {"intrinsic", toText(candidate.intrinsic)},
              {"hasMatrices", false},
              {"idle", false}};
  for (llvm::StringRef key :
       {"matrices", "tile", "nest", "usage", "staging", "schedule"})
    data[key] = nullptr;
  auto found = explanation.intrinsics.find(candidate.intrinsic);
  if (found == explanation.intrinsics.end() || !candidate.matching)
    return data;
  data["hasMatrices"] = true;
  data["matrices"] = Array{getOperationMatrix(operation, candidate),
                           getMatching(operation, candidate),
                           getIntrinsicMatrix(found->second)};
  std::string tile = drawTile(operation, candidate, found->second);
  data["idle"] = llvm::StringRef(tile).contains("lane idle");
  data["tile"] = toText(tile);
  if (!candidate.schedule)
    return data;
  data["schedule"] = toText(print(candidate.schedule));
  if (candidate.loops.empty())
    return data;
  data["nest"] = toText(drawNest(candidate));
  data["usage"] = toText(drawUsage(candidate));
  data["staging"] = toText(spellStaging(candidate.schedule));
  return data;
}
