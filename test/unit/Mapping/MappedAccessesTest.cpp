//===- MappedAccessesTest.cpp - Mapped programs compute the operator ------===//

#include "Operators.h"
#include "Points.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static std::vector<std::string> getLoops(const MappedAccesses &mapped) {
  std::vector<std::string> loops;
  for (const OuterLoop &loop : mapped.outer)
    loops.push_back(loop.name + ":" + std::to_string(loop.extent) +
                    (loop.isParallel ? "" : " sequential"));
  return loops;
}

static std::string print(AffineExpr e) {
  std::string text;
  llvm::raw_string_ostream(text) << e;
  return text;
}

TEST_CASE("outer loops are numbered as documented") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  Contraction c2d = getConvolution({{2, 64, 64}, {28, 28}, {3, 1}});
  using Loops = std::vector<std::string>;

  SECTION("unmatched iterations, then one loop for each fused group") {
    CHECK(
        getLoops(fuse(c2d, unit, {{0, 2, 3}, {1}, {4}})) ==
        Loops{"r:3 sequential", "(n,p,q)/16:98", "k/8:8", "c/16:4 sequential"});
  }
  SECTION("a group that fits, or one of extent 1, has no loop") {
    CHECK(getLoops(fuse(c2d, unit, {{0}, {1}, {6}})) ==
          Loops{"p:28", "q:28", "c:64 sequential", "r:3 sequential", "k/8:8"});
  }
  SECTION("a box has one loop for each iteration, in the order given") {
    Schedule schedule;
    schedule.order = {{2, 0, 3}, {1}, {4, 5, 6}};
    schedule.tiles = {{4, 2, 2}, {8}, {4, 3, 1}};
    Matching matching{{0, 2, 3}, {1}, {4, 5, 6}};
    REQUIRE(!checkLayout(c2d, unit, matching, schedule));
    CHECK(getLoops(mapAccesses(c2d, unit, matching, schedule)) ==
          Loops{"p/4:7", "q/2:14", "k/8:8", "c/4:16 sequential"});
  }
  SECTION("the default schedule runs parallel loops outside") {
    Schedule schedule = getDefaultSchedule(c2d, unit, {{0, 2, 3}, {1}, {4}});
    std::vector<int64_t> nest;
    for (const Schedule::Loop &loop : schedule.nest)
      nest.push_back(loop.outer);
    CHECK(nest == std::vector<int64_t>{1, 2, 0, 3});
    CHECK(schedule.block == SmallVector<int64_t>{1, 1, 1, 1});
    CHECK(schedule.staging.size() == 2);
  }
}

TEST_CASE("fragments are written plainly") {
  Contraction gemm = parseContraction("i:64 j:40 +l:50", {"i,l", "l,j", "i,j"});
  MappedAccesses mapped = fuse(gemm, getMatrixUnit(16, 8, 16), {{0}, {1}, {2}});
  const Access &left = mapped.fragments[0];
  CHECK(print(left.index.getResult(0)) == "d0 * 16 + d3");
  CHECK(print(left.index.getResult(1)) == "d2 * 16 + d5");
  REQUIRE(left.guards.size() == 1);
  CHECK(print(left.guards[0]) == "d2 * -16 - d5 + 49");
  CHECK(mapped.fragments[2].guards.empty());
}

TEST_CASE("index arithmetic knows the extents") {
  Contraction op = getConvolution({{16, 64, 64}, {28, 28}, {3, 3}, 1, 1, 1});
  Contraction unit = getMatrixUnit(16, 8, 16);
  Matching matching{{0, 2, 3}, {1}, {4, 5, 6}};
  Schedule schedule = getDefaultSchedule(op, unit, matching);
  schedule.order = {{2, 3, 0}, {1}, {5, 6, 4}};
  MappedAccesses mapped = mapAccesses(op, unit, matching, schedule);
  const AffineMap &image = mapped.fragments[0].index;
  // 16 images and 16 of 64 channels: no lane wraps around.
  CHECK(print(image.getResult(0)) == "d3");
  CHECK(print(image.getResult(1)) == "d5 + (d2 mod 4) * 16");
  CHECK(print(image.getResult(2)) == "d0 floordiv 28 + d2 floordiv 12 - 1");
  CHECK(print(mapped.outer[2].position) == "d5 * 12 + d6 * 4 + d4 floordiv 16");
  CHECK(mapped.fragments[2].guards.empty());
}

TEST_CASE("every matching of small convolutions computes the convolution") {
  Contraction unit = getMatrixUnit(4, 2, 4);
  Convolution variants[] = {
      {{2, 3, 3}, {3, 5}, {2, 3}},
      {{2, 3, 2}, {3, 3}, {2, 3}, /*stride=*/2, /*dilation=*/1, /*pad=*/1},
      {{1, 3, 2}, {2, 5}, {3, 2}, /*stride=*/1, /*dilation=*/2, /*pad=*/2},
      {{2, 3, 2}, {3, 3}, {3, 3}, 1, 1, 1, /*isFlipped=*/true},
      {{1, 2, 1}, {1, 4}, {1, 3}}};
  for (const Convolution &variant : variants) {
    Contraction op = getConvolution(variant);
    auto matchings = enumerateMatchings(op, unit);
    CHECK(matchings.size() == 49);
    for (const Matching &matching : matchings)
      CHECK(computeTheSame(op, unit, fuse(op, unit, matching)));
  }
}

TEST_CASE("orders and boxes compute the convolution") {
  Contraction unit = getMatrixUnit(8, 2, 6);
  Contraction op =
      getConvolution({{2, 3, 3}, {3, 5}, {2, 3}, /*stride=*/1, 1, /*pad=*/1});
  Matching matching{{0, 2, 3}, {1}, {4, 5, 6}};
  Schedule schedule;
  schedule.order = {{3, 0, 2}, {1}, {6, 4, 5}};
  auto isRight = [&] {
    return !checkLayout(op, unit, matching, schedule) &&
           computeTheSame(op, unit, mapAccesses(op, unit, matching, schedule));
  };
  CHECK(isRight());
  for (IntLists tiles : {IntLists{{2, 1, 2}, {2}, {3, 1, 2}},
                         IntLists{{1, 2, 4}, {1}, {1, 6, 1}},
                         IntLists{{8, 1, 1}, {2}, {2, 3, 1}},
                         IntLists{{1, 1, 1}, {1}, {1, 1, 1}}}) {
    schedule.tiles = tiles;
    CHECK(isRight());
  }
}

TEST_CASE("proposals of every family compute the operator") {
  SmallVector<SmallVector<int64_t>> orders{{0, 1}, {1, 0}};
  const Contraction ops[] = {
      parseContraction("i:5 j:7 +l:6", {"i,l", "l,j", "i,j"}),
      parseContraction("i:9 +l:7", {"i,l", "l", "i"}),
      parseContraction("b:3 i:4 j:3 +l:5", {"b,i,l", "b,l,j", "b,i,j"}),
      getConvolution({{2, 3}, {3, 4}, {2, 3}, 1, 1, 1, false, true})};
  const Contraction units[] = {
      getMatrixUnit(4, 2, 4), parseContraction("i:4", {"i", "i", "i"}),
      parseContraction("i:4 +r:4", {"i,r", "i,r", "i"}),
      parseContraction("i:4 +r:1", {"r", "i,r", "i"})};
  unsigned numProposals = 0;
  for (const Contraction &op : ops)
    for (const Contraction &unit : units)
      for (const Proposal &p : enumerateProposals(op, unit, orders)) {
        Contraction permuted = permuteSources(op, p.operands);
        CHECK(computeTheSame(permuted, unit, fuse(permuted, unit, p.matching)));
        ++numProposals;
      }
  CHECK(numProposals > 30);
}

static std::string refuse(const Contraction &op, const Contraction &unit,
                          const Matching &matching, const Schedule &schedule) {
  auto reason = checkLayout(op, unit, matching, schedule);
  return reason ? spell(reason->code).str() + ": " + reason->message : "";
}

TEST_CASE("impossible layouts are refused") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  Contraction gemm = parseContraction("i:64 j:40 +l:50", {"i,l", "l,j", "i,j"});
  Schedule schedule;
  schedule.order = {{0}, {1}, {2}};
  auto refuseMatching = [&](const Matching &matching) {
    return refuse(gemm, unit, matching, schedule);
  };
  CHECK(refuseMatching({{0}, {1}, {2}}) == "");
  CHECK(refuseMatching({{0}, {1}}) ==
        "E-STRUCT: the matching has 2 groups, expected one for each of the "
        "intrinsic's 3 iterations");
  CHECK(refuseMatching({{0}, {1}, {3}}) ==
        "E-STRUCT: there is no iteration 3, the operator has 3");
  CHECK(refuseMatching({{0}, {1}, {1}}) ==
        "E-STRUCT: iteration 'j' is matched twice");
  CHECK(refuseMatching({{0}, {1}, {}}) ==
        "E-STRUCT: the schedule orders other iterations than are matched");
  schedule.tiles = {{16}, {9}, {16}};
  CHECK(refuseMatching({{0}, {1}, {2}}) ==
        "E-EXTENT: the tile of 'i2' exceeds the intrinsic's extent 8");
  schedule.tiles = {{16}, {0}, {16}};
  CHECK(refuseMatching({{0}, {1}, {2}}) ==
        "E-EXTENT: a tile of 'i2' has an extent below 1");
  schedule.tiles = {{16}, {8}};
  CHECK(refuseMatching({{0}, {1}, {2}}) ==
        "E-EXTENT: the schedule has tiles for 2 groups, expected 3");
  schedule.tiles.clear();
  gemm.iterations[0].extent = int64_t(1) << 41;
  CHECK(refuseMatching({{0}, {1}, {2}}) ==
        "E-EXTENT: the extents of a group multiply to more than "
        "1099511627776");
}

TEST_CASE("an unknown extent is the slowest of a fused group") {
  Contraction op =
      parseContraction("n:3 p:5 j:7 +l:6", {"n,p,l", "l,j", "n,p,j"});
  op.iterations[1].extent = ShapedType::kDynamic;
  Contraction unit = getMatrixUnit(4, 2, 4);
  Matching matching{{0, 1}, {2}, {3}};
  Schedule schedule;
  schedule.order = matching;
  std::optional<Reason> reason = checkLayout(op, unit, matching, schedule);
  REQUIRE(reason);
  CHECK((spell(reason->code) + ": " + reason->message).str() ==
        "E-DYNAMIC: the extent of 'p' is unknown and it is not the slowest of "
        "its fused group");
  schedule.order[0] = {1, 0};
  CHECK_FALSE(checkLayout(op, unit, matching, schedule));
  CHECK(getDefaultSchedule(op, unit, matching).order[0] ==
        SmallVector<int64_t>{1, 0});
  schedule.order[0] = {0, 1};
  schedule.tiles = {{2, 2}, {2}, {4}};
  CHECK_FALSE(checkLayout(op, unit, matching, schedule));
}
