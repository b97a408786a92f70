//===- ZeroChunksTest.cpp - Chunks of zeros against every point -----------===//

#include "amos/Mapping/ZeroChunks.h"
#include "Operators.h"
#include "Points.h"
#include "amos/Mapping/Lift.h"
#include <catch2/catch.hpp>
#include <random>

using namespace mlir;
using namespace amos;
using namespace amos::test;

namespace {
/// A transposed convolution over its phases, in one dimension.
struct Phases {
  Phases(int64_t extent, int64_t stride, int64_t window) {
    std::string reduction = "n:2 k:3 p:" + std::to_string(extent * stride) +
                            " +c:4 +r:" + std::to_string(window);
    op = parseContraction(reduction, {"n,c,p+1-r", "c,k,r", "n,k,p"});
    Access &image = op.operands.front();
    SmallVector<AffineExpr> index(image.index.getResults());
    AffineExpr place = index[2];
    index[2] = place.floorDiv(stride);
    image.index = AffineMap::get(op.iterations.size(), 0, index, getContext());
    image.shape[2] = extent;
    image.guards = {place, (extent - 1) * stride - place, -(place % stride)};
    op = liftPhases(op)->lifted;
  }
  /// `matching` on a unit of 2 x 2 x 2.
  MappedAccesses map(const Matching &matching) const {
    return mapAccesses(op, unit, matching,
                       getDefaultSchedule(op, unit, matching));
  }

  Contraction op, unit = getMatrixUnit(2, 2, 2);
};
} // namespace

static SmallVector<int64_t> getExtents(const MappedAccesses &mapped) {
  return llvm::map_to_vector(mapped.outer,
                             [](const OuterLoop &loop) { return loop.extent; });
}

/// The schedule whose chunks are so many steps of each outer loop.
static Schedule getSchedule(ArrayRef<int64_t> spans) {
  Schedule schedule;
  for (auto [outer, span] : llvm::enumerate(spans))
    schedule.nest.push_back({int64_t(outer), span});
  return schedule;
}

/// Whether some source is zero at every point of the chunk.
static bool isZeroAllOver(const MappedAccesses &mapped, const Point &first,
                          ArrayRef<int64_t> spans, ArrayRef<int64_t> lanes) {
  Point box(spans.begin(), spans.end());
  box.insert(box.end(), lanes.begin(), lanes.end());
  return llvm::any_of(
      ArrayRef(mapped.fragments).drop_back(), [&](const Access &source) {
        return forAll(box, [&](const Point &inside) {
          Point at = inside;
          for (auto [place, start] : llvm::zip(at, first))
            place += start;
          return llvm::any_of(source.guards, [&](AffineExpr guard) {
            return evaluate(guard, at) < 0;
          });
        });
      });
}

TEST_CASE("taps outside of the filter are chunks of zeros") {
  // n, k, p', phase, c, r'
  Phases phases(/*extent=*/8, /*stride=*/2, /*window=*/3);
  MappedAccesses mapped = phases.map({{0, 2}, {1}, {4}});
  SmallVector<int64_t> spans = getExtents(mapped), first(spans.size(), 0);
  // The phase and the tap are loops of their own, the first two.
  spans[0] = spans[1] = 1;
  ZeroChunks zeros(phases.op, mapped, phases.unit.getExtents(),
                   getSchedule(spans));
  CHECK(zeros.getShareLeft() == 0.75);
  unsigned numZero = 0;
  for (first[0] = 0; first[0] < 2; ++first[0])
    for (first[1] = 0; first[1] < 2; ++first[1])
      numZero += zeros.isZero(first);
  CHECK(numZero == 1);
  CHECK(zeros.dependsOn(0));
  CHECK(zeros.dependsOn(1));
  CHECK_FALSE(zeros.dependsOn(2));
  SECTION("not where both taps are one chunk") {
    spans[1] = 2;
    CHECK(ZeroChunks(phases.op, mapped, phases.unit.getExtents(),
                     getSchedule(spans))
              .empty());
  }
  SECTION("not where a zero may meet an Inf") {
    Contraction op = phases.op;
    for (Iteration &iteration : op.iterations)
      iteration.isPhase = false;
    CHECK(ZeroChunks(op, mapped, phases.unit.getExtents(), getSchedule(spans))
              .empty());
  }
  SECTION("not where neighbours bring each other's chunks") {
    Schedule schedule = getSchedule(spans);
    schedule.cluster = 2;
    CHECK(ZeroChunks(phases.op, mapped, phases.unit.getExtents(), schedule)
              .empty());
  }
}

TEST_CASE("what is a chunk of zeros is zero at every point") {
  std::mt19937 random(3);
  auto draw = [&](int64_t low, int64_t high) {
    return std::uniform_int_distribution<int64_t>(low, high)(random);
  };
  const Matching matchings[] = {
      {{0, 2}, {1}, {4}}, {{2}, {1}, {4, 5}}, {{0, 2, 3}, {1}, {4}}};
  unsigned numZero = 0;
  for (unsigned trial = 0; trial < 60; ++trial) {
    Phases phases(draw(2, 5), draw(2, 3), draw(2, 5));
    MappedAccesses mapped = phases.map(matchings[trial % 3]);
    SmallVector<int64_t> extents = getExtents(mapped), spans;
    Point box;
    for (int64_t extent : extents) {
      spans.push_back(draw(0, 1) ? extent : 1);
      box.push_back(extent / spans.back());
    }
    auto lanes = phases.unit.getExtents();
    ZeroChunks zeros(phases.op, mapped, lanes, getSchedule(spans));
    forAll(box, [&](const Point &chunk) {
      Point first = chunk;
      for (auto [step, span] : llvm::zip_equal(first, spans))
        step *= span;
      if (zeros.isZero(first)) {
        CHECK(isZeroAllOver(mapped, first, spans, lanes));
        ++numZero;
      }
      return true;
    });
  }
  CHECK(numZero > 20);
}
