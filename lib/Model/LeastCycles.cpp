//===- LeastCycles.cpp - What can be said before exploring ----------------===//
//
// A machine may have many intrinsics that differ in size and in how their
// operands lie. Most need not be explored: they are slower than others whatever
// the schedule.
//
//===----------------------------------------------------------------------===//

#include "Price.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Issues of the intrinsic if every group is fused, which pads least.
static double countLeastIssues(const MappedProblem &problem) {
  double issues = 1;
  SmallVector<bool> isMatched(problem.op.iterations.size(), false);
  for (auto [h, group] : llvm::enumerate(problem.matching)) {
    double points = 1;
    for (int64_t v : group) {
      points *= problem.op.iterations[v].extent;
      isMatched[v] = true;
    }
    issues *=
        std::ceil(points / problem.intrinsic.contraction.iterations[h].extent);
  }
  for (auto [v, iteration] : llvm::enumerate(problem.op.iterations))
    if (!isMatched[v])
      issues *= iteration.extent;
  return issues;
}

/// Bytes that each issue reads from the memory that its sources lie in.
static double countIssueBytes(const IntrinsicModel &intrinsic) {
  double bytes = 0;
  for (unsigned t = 0; t + 1 < intrinsic.tiles.size(); ++t) {
    if (intrinsic.tileBytes[t] > 0)
      continue;
    const Access &operand = intrinsic.contraction.operands[t];
    double elements = 1;
    for (int64_t extent : operand.shape)
      elements *= double(extent);
    bytes += elements * operand.elementType.getIntOrFloatBitWidth() / 8;
  }
  return bytes;
}

/// Bytes of operands that any program moves: each element that is used, once.
static double countLeastBytes(const Contraction &op) {
  double bytes = 0;
  for (unsigned t = 0; t < op.operands.size(); ++t) {
    const Access &operand = op.operands[t];
    double elements = 1, points = 1;
    for (int64_t extent : operand.shape)
      elements *= double(extent);
    for (auto [v, iteration] : llvm::enumerate(op.iterations))
      points *= op.dependsOn(t, v) ? double(iteration.extent) : 1;
    bytes += std::min(elements, points) *
             operand.elementType.getIntOrFloatBitWidth() / 8;
  }
  return bytes;
}

double amos::getLeastCycles(const MappedProblem &problem) {
  const IntrinsicModel &intrinsic = problem.intrinsic;
  if (!intrinsic.isSpread())
    return 0;
  double issues = countLeastIssues(problem);
  double cycles = issues * intrinsic.interval / double(intrinsic.units);
  const Level &stage = intrinsic.getStage(), &last = intrinsic.memories.back();
  double issuers = double(intrinsic.units) * double(intrinsic.issuersPerUnit);
  if (stage.bandwidth > 0)
    cycles =
        softMax(cycles, issues * countIssueBytes(intrinsic) / stage.bandwidth *
                            double(stage.issuers) / issuers);
  if (last.bandwidth > 0)
    cycles = softMax(cycles, countLeastBytes(problem.op) / last.bandwidth);
  return cycles;
}
