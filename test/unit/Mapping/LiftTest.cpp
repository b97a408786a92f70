//===- LiftTest.cpp - Phases against every point --------------------------===//

#include "amos/Mapping/Lift.h"
#include "Operators.h"
#include "Points.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>
#include <random>

using namespace mlir;
using namespace amos;
using namespace amos::test;

/// Puts `stride - 1` zeros between the elements of dimension `d` of the first
/// source, and `before` in front: there are `extent` elements.
static void space(Contraction &op, unsigned d, int64_t extent, int64_t stride,
                  int64_t before) {
  Access &image = op.operands.front();
  SmallVector<AffineExpr> index(image.index.getResults());
  AffineExpr place = index[d] - before;
  index[d] = place.floorDiv(stride);
  image.index = AffineMap::get(op.iterations.size(), 0, index, getContext());
  image.shape[d] = extent;
  image.guards.append(
      {place, (extent - 1) * stride - place, -(place % stride)});
}

/// The intrinsic of a lift: it has no lanes.
static Contraction getScalar(const Contraction &op) {
  Contraction scalar;
  scalar.operands.resize(op.operands.size());
  return scalar;
}

static int64_t countPlaces(const Contraction &op) {
  int64_t count = 1;
  for (int64_t extent : op.getExtents())
    count *= extent;
  return count;
}

TEST_CASE("phases of a transposed convolution multiply no zeros") {
  Contraction op = parseContraction("n:2 k:3 p:7 q:5 +c:2 +r:3 +s:3",
                                    {"n,c,p+1-r,q+1-s", "c,k,r,s", "n,k,p,q"});
  space(op, 2, /*extent=*/4, /*stride=*/2, /*before=*/0);
  space(op, 3, /*extent=*/3, /*stride=*/2, /*before=*/0);
  std::optional<Lift> lift = liftPhases(op);
  REQUIRE(lift);
  auto names = llvm::map_to_vector(lift->lifted.iterations,
                                   [](const auto &i) { return i.name; });
  CHECK(llvm::join(names, " ") == "n k p/2 p%2 q/2 q%2 c r/2 s/2");
  CHECK(countPlaces(lift->lifted) == 2 * 3 * 8 * 6 * 2 * 2 * 2);
  // One source has phases and the other images, as a product wants it.
  CHECK(lift->lifted.getSignature(2) == 0b101);
  CHECK(lift->lifted.getSignature(3) == 0b110);
  CHECK(lift->lifted.getSignature(7) == 0b011);
  CHECK(getRefuted(op, getScalar(op), lift->places).empty());
  CHECK(computeTheSame(op, getScalar(op), lift->places));
}

TEST_CASE("without a window a single phase is there") {
  Contraction op = parseContraction("k:3 p:6 +c:2", {"c,p", "c,k", "k,p"});
  space(op, 1, /*extent=*/2, /*stride=*/3, /*before=*/1);
  std::optional<Lift> lift = liftPhases(op);
  REQUIRE(lift);
  CHECK(getRefuted(op, getScalar(op), lift->places).empty());
  CHECK(computeTheSame(op, getScalar(op), lift->places));
}

TEST_CASE("random spaced windows agree with enumeration") {
  std::mt19937 random(7);
  auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  unsigned numLifted = 0;
  for (unsigned trial = 0; trial < 60; ++trial) {
    int64_t extent = draw(1, 4), stride = draw(2, 4), window = draw(1, 4);
    int64_t factor = draw(1, 3) * (draw(0, 1) ? 1 : -1);
    std::string sign = draw(0, 3) ? "" : "-";
    std::string index = "c," + sign + "p" + (factor < 0 ? "-" : "+") +
                        std::to_string(std::abs(factor)) + "r-" +
                        std::to_string(draw(-3, 3) + 10);
    std::string iterations = "k:2 p:" + std::to_string(draw(1, 9)) +
                             " +c:2 +r:" + std::to_string(window);
    Contraction op =
        parseContraction(iterations, {StringRef(index), "c,k,r", "k,p"});
    space(op, 1, extent, stride, /*before=*/draw(0, 4) - 10);
    std::optional<Lift> lift = liftPhases(op);
    if (!lift)
      continue;
    INFO(iterations << " of " << index << ", stride " << stride);
    ++numLifted;
    CHECK(getRefuted(op, getScalar(op), lift->places).empty());
    CHECK(computeTheSame(op, getScalar(op), lift->places));
  }
  CHECK(numLifted > 30);
}

TEST_CASE("phases that are another's are refuted") {
  Contraction op = parseContraction("k:3 p:7 +r:3", {"p+1-r", "k,r", "k,p"});
  space(op, 0, /*extent=*/4, /*stride=*/2, /*before=*/0);
  Lift lift = *liftPhases(op);
  Solver solver;
  CHECK(!refute(lift, solver));
  MappedAccesses wrong = lift.places;
  wrong.fragments[0].index = wrong.fragments[0].index.shiftDims(0).replace(
      getAffineDimExpr(1, getContext()), getAffineDimExpr(1, getContext()) + 1,
      wrong.outer.size(), 0);
  CHECK(getRefuted(op, getScalar(op), wrong) ==
        std::set<Duty>{Duty::Source, Duty::Bounds});
  MappedAccesses unguarded = lift.places;
  unguarded.fragments[2].guards.clear();
  CHECK(getRefuted(op, getScalar(op), unguarded) ==
        std::set<Duty>{Duty::Neutral, Duty::Bounds});
}

TEST_CASE("what is not spaced, or by two iterations, has no phases") {
  CHECK(!liftPhases(parseContraction("i:2 j:3 +l:4", {"i,l", "l,j", "i,j"})));
  Contraction op = parseContraction("p:4 q:4 +r:2", {"p+q+r", "r", "p,q"});
  space(op, 0, /*extent=*/4, /*stride=*/2, /*before=*/0);
  CHECK(!liftPhases(op));
  Contraction dilated = parseContraction("p:4 +r:2", {"p+3r", "r", "p"});
  space(dilated, 0, /*extent=*/3, /*stride=*/6, /*before=*/0);
  CHECK(!liftPhases(dilated));
}
