//===- ExplanationJson.cpp - The explanation for programs -----------------===//

#include "amos/Report/Explanation.h"
#include "mlir/IR/BuiltinTypes.h"
#include <cmath>
#include <nlohmann/json.hpp>

using namespace amos;
using Json = nlohmann::ordered_json;

static Json toJson(const ExplainedIteration &iteration) {
  Json extent = nullptr;
  if (!mlir::ShapedType::isDynamic(iteration.extent))
    extent = iteration.extent;
  return {
      {"name", iteration.name}, {"extent", extent}, {"kind", iteration.kind}};
}

static Json toJson(RejectionAttr rejection) {
  if (!rejection)
    return nullptr;
  return {{"code", rejection.getCode().str()},
          {"message", rejection.getMessage().str()},
          {"fix", rejection.getFix().str()}};
}

static Json toJson(CostAttr cost) {
  if (!cost)
    return nullptr;
  return {{"cycles", cost.getCycles()},
          {"lower_bound", cost.getLowerBound()},
          {"bound", cost.getBound().str()},
          {"padding", (1000 - cost.getUseful()) / 1000.0},
          {"on_chip_bytes", cost.getBytes()}};
}

/// Numbers that are whole are printed so.
static Json toJson(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15)
    return static_cast<int64_t>(value);
  return value;
}

static Json toJson(const std::vector<Usage> &usages) {
  Json list = Json::array();
  for (const Usage &usage : usages) {
    Json holds = nullptr;
    if (usage.holds)
      holds = *usage.holds;
    list.push_back({{"name", usage.name},
                    {"cycles", toJson(std::round(usage.cycles))},
                    {"bytes", toJson(std::round(usage.bytes))},
                    {"overlaps", usage.overlaps},
                    {"holds_from", holds}});
  }
  return list;
}

static Json toJson(const ExplainedLoop &loop) {
  Json json = toJson(ExplainedIteration{loop.name, loop.extent, loop.kind});
  json["block"] = loop.block;
  return json;
}

/// What follows from the schedule; null without one.
static Json toJsonSchedule(const ExplainedCandidate &candidate) {
  if (!candidate.schedule)
    return nullptr;
  std::string text;
  llvm::raw_string_ostream(text) << candidate.schedule;
  Json loops = Json::array(), nest = Json::array(), staging = Json::array();
  for (const ExplainedLoop &loop : candidate.loops)
    loops.push_back(toJson(loop));
  for (const Schedule::Loop &loop : Schedule::get(candidate.schedule).nest)
    nest.push_back({loop.outer, loop.step});
  for (Staging source : candidate.schedule.getStaging())
    staging.push_back(stringifyStaging(source).str());
  return {{"text", text},       {"loops", loops},
          {"nest", nest},       {"lanes", candidate.lanes},
          {"staging", staging}, {"usage", toJson(candidate.usages)}};
}

static Json toJson(const ExplainedCandidate &candidate) {
  Json matching = nullptr;
  if (candidate.matching)
    matching = *candidate.matching;
  return {{"id", candidate.id},
          {"intrinsic", candidate.intrinsic},
          {"matching", matching},
          {"operands", candidate.operands},
          {"family", candidate.family},
          {"amos_rule", candidate.isAmosRule},
          {"status", candidate.rejection ? "rejected" : "proved"},
          {"reason", toJson(candidate.rejection)},
          {"cost", toJson(candidate.cost)},
          {"schedule", toJsonSchedule(candidate)},
          {"chosen", candidate.isChosen}};
}

static Json toJson(const std::vector<ExplainedIteration> &iterations) {
  Json list = Json::array();
  for (const ExplainedIteration &iteration : iterations)
    list.push_back(toJson(iteration));
  return list;
}

static Json toJson(const AccessMatrix &matrix) {
  Json rows = Json::array();
  for (const std::vector<bool> &row : matrix) {
    Json cells = Json::array();
    for (bool cell : row)
      cells.push_back(int(cell));
    rows.push_back(cells);
  }
  return rows;
}

static Json toJson(const ExplainedIntrinsic &intrinsic) {
  Json levels = Json::array();
  for (const ExplainedLevel &level : intrinsic.levels)
    levels.push_back({{"name", level.name},
                      {"capacity", level.capacity},
                      {"bytes_per_cycle", toJson(level.bandwidth)}});
  return {{"class", intrinsic.kind},
          {"described", intrinsic.described},
          {"iterations", toJson(intrinsic.iterations)},
          {"types", intrinsic.types},
          {"accesses", toJson(intrinsic.accesses)},
          {"clock", toJson(intrinsic.clock)},
          {"multiply_adds_per_cycle", toJson(intrinsic.rate)},
          {"levels", levels}};
}

static Json toJson(const ExplainedOperation &operation) {
  Json source = nullptr;
  if (!operation.source.empty())
    source = {{"line", operation.line}, {"text", operation.source}};
  Json candidates = Json::array();
  for (const ExplainedCandidate &candidate : operation.candidates)
    candidates.push_back(toJson(candidate));
  return {{"function", operation.function},
          {"operation", operation.operation},
          {"location", operation.location},
          {"source", source},
          {"multiply_adds", toJson(operation.multiplyAdds)},
          {"iterations", toJson(operation.iterations)},
          {"accesses", toJson(operation.accesses)},
          {"epilogue", operation.epilogue},
          {"candidates", candidates}};
}

void Explanation::printJson(llvm::raw_ostream &stream) const {
  Json list = Json::array();
  for (const ExplainedOperation &operation : operations)
    list.push_back(toJson(operation));
  Json used = Json::object();
  for (const auto &[name, intrinsic] : intrinsics)
    used[name] = toJson(intrinsic);
  Json root = {{"version", 1},
               {"target", target},
               {"intrinsics", used},
               {"operations", list}};
  // File names may hold bytes that are no UTF-8.
  stream << root.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
