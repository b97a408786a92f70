//===- CostModelTest.cpp - Predictions follow what was measured -----------===//
//
// The shares of the ceiling in the comments were measured on a CPU with 32
// vector registers; see docs/CostModel.md.
//
//===----------------------------------------------------------------------===//

#include "amos/Model/CostModel.h"
#include "Mapping/Operators.h"
#include "mlir/IR/Builders.h"
#include <catch2/catch.hpp>
#include <cmath>
#include <set>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static AffineExpr e() { return getAffineDimExpr(0, getContext()); }

static void setTypes(Contraction &op, Type source, Type destination) {
  for (Access &access : op.operands)
    access.elementType = source;
  op.operands.back().elementType = destination;
}

static Level getLevel(StringRef name, int64_t capacity, double bandwidth) {
  Level level;
  level.name = name;
  level.capacity = capacity;
  level.bandwidth = bandwidth;
  level.isCache = capacity > 0;
  level.isAddressed = !level.isCache;
  level.access = level.isAddressed ? 64 : 1;
  return level;
}

/// dst[j] += src1 * src2[j] on 16 lanes, one a cycle, ready after four.
static IntrinsicModel getVectorUnit() {
  Type f32 = Builder(getContext()).getF32Type();
  IntrinsicModel unit;
  unit.name = "fma";
  unit.contraction = parseContraction("j:16", {"", "j", "j"});
  unit.contraction.operands[0].index = AffineMap::get(1, 0, getContext());
  unit.contraction.operands[0].shape.clear();
  setTypes(unit.contraction, f32, f32);
  unit.latency = 4;
  unit.tileBytes = {64, 64, 64};
  AffineMap lanes = AffineMap::get(1, 0, e());
  unit.tiles = {{AffineMap::get(1, 0, getContext()), "", 16, 1},
                {lanes, "", 16, 1},
                {lanes, "", 16, 1}};
  unit.registers = getLevel("register", 2048, 0);
  unit.registers.granule = 64;
  unit.memories = {getLevel("l1", 32768, 64), getLevel("l2", 1048576, 32),
                   getLevel("memory", 0, 8)};
  return unit;
}

static MappedProblem getMatmul(StringRef iterations) {
  MappedProblem problem;
  problem.op = parseContraction(iterations, {"i,l", "l,j", "i,j"});
  Type f32 = Builder(getContext()).getF32Type();
  setTypes(problem.op, f32, f32);
  problem.intrinsic = getVectorUnit();
  problem.matching = {{1}};
  problem.startsAtZero = true;
  return problem;
}

/// Loops: 0 rows, 1 the reduction, 2 vectors of columns.
static std::variant<Cost, Reason> price(const MappedProblem &problem,
                                        int64_t rows, int64_t columns) {
  Schedule schedule;
  schedule.order = {{1}};
  schedule.nest = {{2, columns}, {0, rows}, {1, 1}};
  schedule.block = {rows, 1, columns};
  schedule.staging = {Staging::Direct, Staging::Pack};
  return estimateCost(problem, schedule);
}

static double getShare(const MappedProblem &problem, int64_t rows,
                       int64_t columns) {
  auto cost = price(problem, rows, columns);
  REQUIRE(std::holds_alternative<Cost>(cost));
  double points = 1;
  for (const Iteration &iteration : problem.op.iterations)
    points *= iteration.extent;
  return points / 16 / std::get<Cost>(cost).cycles;
}

TEST_CASE("blocks that need more registers than there are do not run") {
  MappedProblem problem = getMatmul("i:840 j:4096 +l:520");
  auto fits = [&](int64_t rows, int64_t columns) {
    return std::holds_alternative<Cost>(price(problem, rows, columns));
  };
  CHECK(fits(6, 4));
  CHECK(fits(5, 5));
  CHECK(fits(14, 2));
  CHECK_FALSE(fits(7, 4)); // measured: 35 %
  CHECK_FALSE(fits(15, 2));
  CHECK_FALSE(fits(2, 15));
  auto refused = price(problem, 7, 4);
  CHECK(std::get<Reason>(refused).code == ReasonCode::Capacity);
}

TEST_CASE("few accumulators wait for their own results") {
  MappedProblem problem = getMatmul("i:840 j:4096 +l:520");
  CHECK(getShare(problem, 1, 1) < 0.4); // measured: 27 to 37 %
  CHECK(getShare(problem, 2, 1) < 0.55);
  double four = getShare(problem, 2, 2); // measured: 77 to 92 %
  CHECK(four > 0.7);
  CHECK(four < 0.92);
  CHECK(getShare(problem, 4, 4) > 0.93);
}

TEST_CASE("rows a power of two apart fall into the same sets") {
  MappedProblem aligned = getMatmul("i:840 j:1024 +l:1024");
  MappedProblem ragged = getMatmul("i:840 j:1024 +l:1040");
  CHECK(getShare(aligned, 6, 4) > 0.9); // measured: 97 % and 63 %
  CHECK(getShare(aligned, 14, 2) < 0.9);
  CHECK(getShare(ragged, 14, 2) > getShare(aligned, 14, 2) + 0.05);
}

/// Of blocks of 2 x 7 rows, loops being the rows, the reduction and columns.
static double getCyclesOfRows(StringRef iterations) {
  MappedProblem problem = getMatmul("i:8 j:16 +l:8");
  problem.op = parseContraction(iterations, {"h,i,l", "l,j", "h,i,j"});
  setTypes(problem.op, Builder(getContext()).getF32Type(),
           Builder(getContext()).getF32Type());
  problem.matching = {{2}};
  Schedule schedule;
  schedule.order = {{2}};
  schedule.nest = {{3, 2}, {0, 2}, {1, 7}, {2, 1}};
  schedule.block = {2, 7, 1, 2};
  schedule.staging = {Staging::Direct, Staging::Pack};
  return std::get<Cost>(estimateCost(problem, schedule)).cycles;
}

TEST_CASE("rows of several loops meet in the ways of a cache") {
  // Seven rows fit eight ways, twice seven do not.
  double aligned = getCyclesOfRows("h:28 i:28 j:1024 +l:1024");
  double ragged = getCyclesOfRows("h:28 i:28 j:1024 +l:1040");
  CHECK(aligned > 1.05 * ragged);
}

/// Bytes that come from behind the second cache when nothing is packed.
static double getBytesFromMemory(StringRef iterations) {
  MappedProblem problem = getMatmul(iterations);
  problem.intrinsic.memories.front().capacity = 49152;
  Schedule schedule;
  schedule.order = {{1}};
  schedule.nest = {{2, 4}, {0, 6}, {1, 1}};
  schedule.block = {6, 1, 4};
  schedule.staging = {Staging::Direct, Staging::Direct};
  std::vector<Usage> usages;
  estimateCost(problem, schedule, &usages);
  auto memory = llvm::find_if(
      usages, [](const Usage &usage) { return usage.name == "memory"; });
  return memory == usages.end() ? 0 : memory->bytes;
}

TEST_CASE("rows a power of two apart leave caches of any number of ways") {
  // Panels of 512 KiB would fit; 2048 rows fall into an eighth of the sets.
  double aligned = getBytesFromMemory("i:1920 j:2048 +l:2048");
  double ragged = getBytesFromMemory("i:1920 j:2064 +l:2048");
  CHECK(aligned > 10 * ragged);
}

TEST_CASE("no schedule beats the lower bound and padding is in the cost") {
  for (StringRef text : {"i:64 j:64 +l:64", "i:67 j:75 +l:131",
                         "i:2 j:4096 +l:4096", "i:5 j:17 +l:3"}) {
    MappedProblem problem = getMatmul(text);
    auto found = exploreSchedules(problem, 0);
    REQUIRE(std::holds_alternative<Explored>(found));
    const Cost &cost = std::get<Explored>(found).cost;
    CHECK(cost.cycles >= cost.lowerBound);
    CHECK(cost.useful <= 1);
    CHECK(cost.useful > 0);
  }
  auto ragged = exploreSchedules(getMatmul("i:4 j:17 +l:4"), 0);
  CHECK(std::get<Explored>(ragged).cost.useful == Approx(17.0 / 32));
}

TEST_CASE("a cost is the sum of its bill") {
  MappedProblem problem = getMatmul("i:67 j:75 +l:131");
  Schedule schedule = std::get<Explored>(exploreSchedules(problem, 0)).schedule;
  std::vector<Usage> usages;
  auto cost = estimateCost(problem, schedule, &usages);
  double together = 0, alone = 0, fetched = 0;
  for (const Usage &usage : usages) {
    together += usage.overlaps ? std::pow(usage.cycles, 4) : 0;
    alone += usage.overlaps ? 0 : usage.cycles;
    if (usage.name == "l2")
      fetched = usage.bytes;
  }
  CHECK(std::get<Cost>(cost).cycles ==
        Approx(std::pow(together, 0.25) + alone));
  // Every source comes into the first cache once, from the second, which holds
  // all of them.
  CHECK(fetched >= 4 * (67 * 131 + 131 * 75));
  CHECK(llvm::none_of(usages, [](const Usage &usage) {
    return usage.name == "memory" && usage.bytes > 0;
  }));
  CHECK(usages[1].name == "l1");
  CHECK(usages[1].holds.has_value());
}

TEST_CASE("exploring is the same for the same seed and can be run") {
  MappedProblem problem = getMatmul("i:200 j:333 +l:77");
  auto first = exploreSchedules(problem, 3);
  auto second = exploreSchedules(problem, 3);
  const Schedule &schedule = std::get<Explored>(first).schedule;
  CHECK(schedule.nest == std::get<Explored>(second).schedule.nest);
  CHECK(schedule.block == std::get<Explored>(second).schedule.block);
  MappedAccesses mapped = mapAccesses(problem.op, problem.intrinsic.contraction,
                                      problem.matching, schedule);
  CHECK_FALSE(checkSchedule(mapped, schedule));
}

TEST_CASE("schedules that cannot be run are refused, not priced") {
  MappedProblem problem = getMatmul("i:64 j:64 +l:64");
  Schedule schedule;
  schedule.order = {{1}};
  schedule.nest = {{7, 1}};
  schedule.block = {1, 1, 1};
  schedule.staging = {Staging::Direct, Staging::Direct};
  CHECK(std::holds_alternative<Reason>(estimateCost(problem, schedule)));
  schedule.order = {{5}};
  CHECK(std::holds_alternative<Reason>(estimateCost(problem, schedule)));
}

TEST_CASE("drawn schedules can run and depend on the seed alone") {
  MappedProblem problem = getMatmul("i:64 j:64 +l:64");
  std::set<SmallVector<int64_t>> blocks;
  for (uint64_t seed = 0; seed < 32; ++seed) {
    std::optional<Explored> drawn = drawSchedule(problem, seed);
    std::optional<Explored> again = drawSchedule(problem, seed);
    REQUIRE(drawn);
    REQUIRE(again);
    CHECK(drawn->schedule.block == again->schedule.block);
    CHECK(drawn->schedule.nest == again->schedule.nest);
    CHECK(std::holds_alternative<Cost>(estimateCost(problem, drawn->schedule)));
    blocks.insert(drawn->schedule.block);
  }
  CHECK(blocks.size() > 8);
}

TEST_CASE("what must pad is what every schedule pads") {
  for (int64_t extent = 1; extent <= 48; ++extent) {
    MappedProblem problem =
        getMatmul("i:2 j:" + std::to_string(extent) + " +l:2");
    auto found = exploreSchedules(problem, 0);
    REQUIRE(std::holds_alternative<Explored>(found));
    CHECK(mustPad(problem) == (std::get<Explored>(found).cost.useful < 1));
  }
}
