//===- Schedule.cpp - Between the attribute and its plain form ------------===//

#include "amos/Mapping/Schedule.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace amos;

static IntLists toLists(ArrayRef<DenseI64ArrayAttr> attrs) {
  return llvm::map_to_vector(
      attrs, [](auto attr) { return SmallVector<int64_t>(attr.asArrayRef()); });
}

bool Schedule::isSpread() const {
  return (!nest.empty() && !nest.front().scope.empty()) ||
         llvm::any_of(staging, isInChunks);
}

Schedule Schedule::get(ScheduleAttr attr) {
  Schedule schedule;
  schedule.order = toLists(attr.getOrder());
  schedule.tiles = toLists(attr.getTiles());
  ArrayRef<StringAttr> scopes = attr.getScopes();
  for (auto [n, loop] : llvm::enumerate(attr.getNest()))
    schedule.nest.push_back(
        {loop[0], loop[1], scopes.empty() ? "" : scopes[n].str()});
  schedule.block = llvm::to_vector(attr.getBlock().asArrayRef());
  schedule.staging = llvm::to_vector(attr.getStaging());
  schedule.stages = attr.getStages();
  schedule.cluster = attr.getCluster();
  return schedule;
}

ScheduleAttr Schedule::getAttr(MLIRContext *context) const {
  auto toAttrs = [&](const IntLists &lists) {
    return llvm::map_to_vector(lists, [&](ArrayRef<int64_t> list) {
      return DenseI64ArrayAttr::get(context, list);
    });
  };
  SmallVector<DenseI64ArrayAttr> loops;
  SmallVector<StringAttr> scopes;
  for (const Loop &loop : nest) {
    loops.push_back(DenseI64ArrayAttr::get(context, {loop.outer, loop.step}));
    if (!nest.front().scope.empty())
      scopes.push_back(StringAttr::get(context, loop.scope));
  }
  return ScheduleAttr::get(context, toAttrs(order), toAttrs(tiles), loops,
                           scopes, DenseI64ArrayAttr::get(context, block),
                           staging, stages, cluster);
}
