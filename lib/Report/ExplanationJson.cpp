//===- ExplanationJson.cpp - The explanation for programs -----------------===//

#include "amos/Report/Explanation.h"
#include "mlir/IR/BuiltinTypes.h"
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
          {"chosen", candidate.isChosen}};
}

static Json toJson(const ExplainedOperation &operation) {
  Json iterations = Json::array();
  for (const ExplainedIteration &iteration : operation.iterations)
    iterations.push_back(toJson(iteration));
  Json candidates = Json::array();
  for (const ExplainedCandidate &candidate : operation.candidates)
    candidates.push_back(toJson(candidate));
  return {{"function", operation.function},
          {"operation", operation.operation},
          {"location", operation.location},
          {"iterations", iterations},
          {"candidates", candidates}};
}

void Explanation::printJson(llvm::raw_ostream &stream) const {
  Json list = Json::array();
  for (const ExplainedOperation &operation : operations)
    list.push_back(toJson(operation));
  Json root = {{"version", 1}, {"target", target}, {"operations", list}};
  // File names may hold bytes that are no UTF-8.
  stream << root.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}
