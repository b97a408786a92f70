//===- BordersTest.cpp ----------------------------------------------------===//

#include "amos/Mapping/Borders.h"
#include "mlir/IR/MLIRContext.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;

static std::pair<int64_t, int64_t> find(AffineExpr guard,
                                        llvm::ArrayRef<Interval> box,
                                        int64_t step, int64_t count) {
  auto whole = findWholeSteps(guard, box, box.size(), 0, step, count);
  return whole ? std::pair(whole->first, whole->end) : std::pair(-1L, -1L);
}

TEST_CASE("steps at which a guard of two loops holds") {
  MLIRContext context;
  AffineExpr p = getAffineDimExpr(0, &context);
  AffineExpr r = getAffineDimExpr(1, &context);
  Interval window = {0, 2};
  // Padding of one row above and below, 56 rows.
  CHECK(find(p + r - 1, {{0, 55}, window}, 1, 56) == std::pair(1L, 56L));
  CHECK(find(-p - r + 56, {{0, 55}, window}, 1, 56) == std::pair(0L, 55L));
  // Blocks of seven pixels.
  CHECK(find(p + r - 1, {{0, 55}, window}, 7, 8) == std::pair(1L, 8L));
  // A loop that starts elsewhere.
  CHECK(find(p + r - 1, {{8, 55}, window}, 1, 48) == std::pair(0L, 48L));
  // In the first row the window's first row falls outside.
  CHECK(find(p - 1, {{0, 2}}, 1, 3) == std::pair(1L, 3L));
}

TEST_CASE("guards whose steps are not split off") {
  MLIRContext context;
  AffineExpr p = getAffineDimExpr(0, &context);
  // More steps than code is made for; they are not when a block holds them.
  CHECK(find(p - 5, {{0, 99}}, 1, 100) == std::pair(-1L, -1L));
  CHECK(find(p - 5, {{0, 99}}, 5, 20) == std::pair(1L, 20L));
  // Nowhere, and at every second step.
  CHECK(find(p - 100, {{0, 99}}, 1, 100) == std::pair(-1L, -1L));
  CHECK(find(p % 2 - 1, {{0, 99}}, 1, 100) == std::pair(-1L, -1L));
}
