//===- LevelCostTest.cpp - Machines with staging memories -----------------===//

#include "Mapping/Operators.h"
#include "amos/Model/CostModel.h"
#include "mlir/IR/Builders.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;
using namespace amos::test;

/// Four units around each of eighty staging memories, as AMOS's virtual
/// machines have them.
static IntrinsicModel getMatrixMachine(int64_t stageBytes) {
  Type f16 = Builder(getContext()).getF16Type();
  IntrinsicModel unit;
  unit.name = "gemm";
  unit.contraction = getMatrixUnit(16, 16, 16);
  for (Access &access : unit.contraction.operands)
    access.elementType = f16;
  unit.interval = unit.latency = 64;
  unit.units = 320;
  unit.tileBytes = {512, 512, 512};
  unit.tiles.resize(3);
  unit.registers.name = "local";
  unit.registers.capacity = 8192;
  Level stage, memory;
  stage.name = "shared";
  stage.capacity = stageBytes;
  stage.bandwidth = 256;
  stage.issuers = 4;
  memory.name = "global";
  memory.issuers = 320;
  unit.memories = {stage, memory};
  return unit;
}

static MappedProblem getProblem(const Contraction &op, const Matching &matching,
                                int64_t stageBytes) {
  MappedProblem problem;
  problem.op = op;
  for (Access &access : problem.op.operands)
    access.elementType = Builder(getContext()).getF16Type();
  problem.intrinsic = getMatrixMachine(stageBytes);
  problem.matching = matching;
  problem.startsAtZero = true;
  return problem;
}

TEST_CASE("every evaluated operator gets a schedule that fits") {
  for (const Evaluated &evaluated : getEvaluatedOperators()) {
    std::vector<Matching> matchings =
        enumerateMatchings(evaluated.op, getMatrixUnit(16, 16, 16));
    for (size_t i = 0; i < matchings.size(); i += 7) {
      MappedProblem problem = getProblem(evaluated.op, matchings[i], 65536);
      auto found = exploreSchedules(problem, 0);
      INFO(evaluated.name.str());
      REQUIRE(std::holds_alternative<Explored>(found));
      const Explored &explored = std::get<Explored>(found);
      CHECK(explored.cost.cycles >= explored.cost.lowerBound);
      CHECK(explored.cost.onChipBytes <= 65536);
      MappedAccesses mapped =
          mapAccesses(problem.op, problem.intrinsic.contraction,
                      problem.matching, explored.schedule);
      CHECK_FALSE(checkSchedule(mapped, explored.schedule));
    }
  }
}

TEST_CASE("nothing fits a memory smaller than two tiles of each source") {
  Contraction op = parseContraction("i:64 j:64 +l:64", {"i,l", "l,j", "i,j"});
  auto refused = exploreSchedules(getProblem(op, {{0}, {1}, {2}}, 1024), 0);
  REQUIRE(std::holds_alternative<Reason>(refused));
  CHECK(std::get<Reason>(refused).code == ReasonCode::Capacity);
  auto found = exploreSchedules(getProblem(op, {{0}, {1}, {2}}, 2048), 0);
  CHECK(std::holds_alternative<Explored>(found));
}

TEST_CASE("work spreads over all units") {
  Contraction op =
      parseContraction("i:4096 j:4096 +l:256", {"i,l", "l,j", "i,j"});
  auto found = exploreSchedules(getProblem(op, {{0}, {1}, {2}}, 65536), 0);
  const Cost &cost = std::get<Explored>(found).cost;
  CHECK(cost.cycles < 1.5 * cost.lowerBound);
  CHECK(cost.bound == "compute");
}
