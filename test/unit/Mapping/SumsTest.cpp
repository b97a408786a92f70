//===- SumsTest.cpp - Canonical sums are the functions they stand for -----===//

#include "Sums.h"
#include "Operators.h"
#include "Points.h"
#include <catch2/catch.hpp>
#include <random>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static AffineExpr dim(unsigned v) { return getAffineDimExpr(v, getContext()); }

/// The sum of a plain expression.
static Sum get(Sums &sums, AffineExpr e) {
  SmallVector<Sum> dims;
  for (unsigned v = 0; v < sums.getNumVariables(); ++v)
    dims.push_back(sums.getVariable(v));
  return sums.evaluate(e, dims);
}

static int64_t getValue(const Sums &sums, const Sum &sum, const Point &at) {
  int64_t value = sum.constant;
  for (auto [atom, coefficient] : sum.terms) {
    const Sums::Division *division = sums.getDivision(atom);
    value +=
        coefficient *
        (division
             ? llvm::divideFloorSigned(getValue(sums, division->dividend, at),
                                       division->divisor)
             : at[atom]);
  }
  return value;
}

TEST_CASE("digits of a fused index give back its iterations") {
  Sums sums({5, 12, 7});
  AffineExpr fused = (dim(0) * 12 + dim(1)) * 7 + dim(2);
  for (int64_t width : {4, 6, 7, 16, 21, 500}) {
    AffineExpr again = fused.floorDiv(width) * width + fused % width;
    CHECK(get(sums, again.floorDiv(84)) == get(sums, dim(0)));
    CHECK(get(sums, again.floorDiv(7) % 12) == get(sums, dim(1)));
    CHECK(get(sums, again % 7) == get(sums, dim(2)));
  }
}

TEST_CASE("a step and a lane give back their fused index") {
  for (int64_t width : {2, 3, 4, 7, 16, 84}) {
    Sums sums({llvm::divideCeilSigned(420, width), width});
    AffineExpr place = dim(0) * width + dim(1);
    AffineExpr fused =
        (place.floorDiv(84) * 12 + place.floorDiv(7) % 12) * 7 + place % 7;
    CHECK(get(sums, fused.floorDiv(width)) == get(sums, dim(0)));
    CHECK(get(sums, fused % width) == get(sums, dim(1)));
  }
}

TEST_CASE("remainders have tight bounds") {
  Sums sums({100, 100});
  auto getHigh = [&](AffineExpr e) { return sums.getRange(get(sums, e)).high; };
  CHECK(getHigh(dim(0) % 8) == 7);
  CHECK(getHigh((dim(0) % 8) * 4 + dim(1) % 4) == 31);
  CHECK(getHigh((dim(0) + dim(1)).floorDiv(10) % 8) == 7);
  CHECK(get(sums, ((dim(0) % 8) * 4 + dim(1) % 4).floorDiv(4)) ==
        get(sums, dim(0) % 8));
}

TEST_CASE("numbers too large and symbols are noticed") {
  Sums sums({10, ShapedType::kDynamic});
  CHECK(sums.getRange(get(sums, dim(1) * -3)).low == -Sums::infinity);
  sums.plus(0, get(sums, dim(0) * (int64_t(1) << 40)), int64_t(1) << 30);
  CHECK(!sums.areExact());
  Sums other({10});
  get(other, getAffineSymbolExpr(0, getContext()));
  CHECK(!other.areExact());
}

TEST_CASE("random expressions keep their values and their bounds") {
  std::mt19937_64 engine(3);
  auto upTo = [&](int64_t last) { return int64_t(engine() % (last + 1)); };
  for (int run = 0; run < 3000; ++run) {
    Point box;
    for (int v = 0; v < 3; ++v)
      box.push_back(1 + upTo(5));
    SmallVector<AffineExpr> pool{dim(0), dim(1), dim(2)};
    for (int step = 0; step < 6; ++step) {
      AffineExpr a = pool[upTo(pool.size() - 1)];
      AffineExpr b = pool[upTo(pool.size() - 1)];
      switch (upTo(4)) {
      case 0:
        pool.push_back(a.floorDiv(1 + upTo(7)));
        break;
      case 1:
        pool.push_back(a % (1 + upTo(7)));
        break;
      case 2:
        pool.push_back(a.ceilDiv(1 + upTo(3)));
        break;
      default:
        pool.push_back(a * (upTo(8) - 4) + b + (upTo(6) - 3));
      }
    }
    Sums sums(box);
    AffineExpr e = pool.back();
    Sum sum = get(sums, e);
    auto [low, high] = sums.getRange(sum);
    AffineExpr again = sums.getExpr(sum, getContext());
    CHECK(forAll(box, [&, low = low, high = high](const Point &at) {
      int64_t value = evaluate(e, at);
      return value == getValue(sums, sum, at) && value == evaluate(again, at) &&
             low <= value && value <= high;
    }));
  }
}
