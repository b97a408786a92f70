//===- MappedProblems.cpp - What the model is asked about -----------------===//

#include "amos/Transforms/MappedProblems.h"
#include "amos/Mapping/FindMappings.h"
#include "amos/Mapping/Shares.h"
#include "amos/Transforms/Threads.h"
#include <cmath>

using namespace mlir;
using namespace amos;

const IntrinsicModel *MappedProblems::getModel(linalg::LinalgOp op,
                                               SymbolRefAttr name) {
  std::shared_ptr<IntrinsicModel> &model = models[name];
  if (!model)
    if (auto intrinsic =
            SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(op, name))
      model = std::make_shared<IntrinsicModel>(readModel(intrinsic));
  return model.get();
}

const std::variant<ReadContraction, Reason> &
MappedProblems::read(linalg::LinalgOp op) {
  if (op != current)
    contraction = readContraction(op);
  current = op;
  return contraction;
}

FailureOr<MappedProblem> MappedProblems::get(linalg::LinalgOp op,
                                             MappingAttr mapping) {
  const IntrinsicModel *model = getModel(op, mapping.getIntrinsic());
  if (!model)
    return op.emitError("mapping names the intrinsic '")
           << mapping.getIntrinsic() << "', which no accelerator here has";
  const std::variant<ReadContraction, Reason> &found = read(op);
  if (auto *reason = std::get_if<Reason>(&found))
    return op.emitError("has a mapping but is no contraction: ")
           << reason->message;
  auto problem = getProblem(std::get<ReadContraction>(found), mapping, *model);
  if (!problem)
    return op.emitError("mapping '")
           << mapping.getId() << "' does not fit its iterations and sources";
  problem->solver = solver;
  problem->tileMemory = tileMemory;
  return std::move(*problem);
}

FailureOr<CandidateAttr> MappedProblems::shareNest(linalg::LinalgOp op,
                                                   CandidateAttr candidate) {
  auto function = op->getParentOfType<func::FuncOp>();
  int64_t threads = function ? getThreads(function) : 1;
  if (threads == 1)
    return candidate;
  FailureOr<MappedProblem> problem = get(op, candidate.getMapping());
  if (failed(problem))
    return failure();
  Schedule schedule =
      amos::shareNest(*problem, Schedule::get(candidate.getSchedule()),
                      threads == 0 ? assumedThreads : threads);
  auto cost = estimateCost(*problem, schedule);
  auto *known = std::get_if<Cost>(&cost);
  if (!known)
    return candidate;
  MLIRContext *context = op->getContext();
  auto shared = CandidateAttr::get(
      context, candidate.getMapping(), candidate.getAmosRule(),
      schedule.getAttr(context), getCostAttr(context, *known));
  Solver own;
  bool isRefused = shared.getSchedule() != candidate.getSchedule() &&
                   verifyMapping(op, problem->intrinsic.declaration,
                                 shared.getMapping(), shared.getSchedule(), own)
                       .has_value();
  return isRefused ? candidate : shared;
}

CostAttr amos::getCostAttr(MLIRContext *context, const Cost &cost) {
  auto round = [](double value) { return int64_t(std::llround(value)); };
  return CostAttr::get(context, round(cost.cycles), round(cost.lowerBound),
                       StringAttr::get(context, cost.bound),
                       round(cost.useful * 1000), cost.onChipBytes);
}
