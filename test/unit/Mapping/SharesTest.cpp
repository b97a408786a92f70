//===- SharesTest.cpp - Which loops threads share -------------------------===//

#include "amos/Mapping/Shares.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;

TEST_CASE("as few loops are shared as make shares even") {
  CHECK(countShared({8, 64, 3}, 2) == 1);
  CHECK(countShared({7, 64, 3}, 2) == 2);
  CHECK(countShared({7, 3, 5}, 2) == 3);
  CHECK(countShared({1024}, 64) == 1);
  CHECK(countShared({1, 1}, 2) == 0);
  CHECK(countShared({}, 2) == 0);
  // 9 of 2 are nearer to even than 3, and as near as 9 of 1.
  CHECK(countShared({3, 3, 1}, 2) == 2);
}

TEST_CASE("the largest share decides") {
  CHECK(getLargestShare({8, 64}, 2) == Approx(0.5));
  CHECK(getLargestShare({3}, 2) == Approx(2.0 / 3));
  CHECK(getLargestShare({}, 2) == Approx(1));
  CHECK(getLargestShare({3}, 64) == Approx(1.0 / 3));
}

TEST_CASE("points of unknown extents are guessed") {
  CHECK(countPoints({3, 4}) == 12);
  CHECK(countPoints({}) == 1);
  CHECK(countPoints({2, ShapedType::kDynamic}) == 2048);
}

TEST_CASE("loops are shared where they are first stepped through") {
  MappedAccesses mapped;
  auto add = [&](int64_t extent, bool isParallel) {
    OuterLoop loop{};
    loop.extent = extent;
    loop.isParallel = isParallel;
    mapped.outer.push_back(loop);
  };
  add(100, true);
  add(9, true);
  add(50, false);
  auto isFree = [&](unsigned outer) { return mapped.outer[outer].isParallel; };
  // Groups of rows, a reduction that is not shared, columns, rows.
  Schedule::Loop nest[] = {{0, 40}, {2, 10}, {1, 4}, {0, 5}, {2, 1}};
  auto shared = findShared(mapped, nest, isFree, 2);
  REQUIRE(shared.size() == 2);
  CHECK(shared[0].outer == 0);
  CHECK(shared[0].step == 40);
  CHECK(shared[0].trips == 3);
  CHECK(shared[1].outer == 1);
  CHECK(shared[1].trips == 3);
  // What is one step cannot be shared there, but further inside.
  Schedule::Loop whole[] = {{0, 100}, {0, 5}, {1, 9}, {2, 1}};
  shared = findShared(mapped, whole, isFree, 2);
  REQUIRE(shared.size() == 1);
  CHECK(shared[0].step == 5);
  CHECK(shared[0].trips == 20);
}
