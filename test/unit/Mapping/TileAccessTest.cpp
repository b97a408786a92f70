//===- TileAccessTest.cpp - Tiles as loads --------------------------------===//

#include "amos/Mapping/TileAccess.h"
#include "Operators.h"
#include "amos/Mapping/Bounds.h"
#include "amos/Mapping/MappedAccesses.h"
#include "mlir/IR/Builders.h"
#include <catch2/catch.hpp>

using namespace mlir;
using namespace amos;
using namespace amos::test;

/// dst[j] += src1[l] * src2[l, j], four products a lane.
static Contraction getDotUnit() {
  return parseContraction("j:16 +l:4", {"l", "l,j", "j"});
}

static AffineExpr e() { return getAffineDimExpr(0, getContext()); }

/// How source `t` of a fused mapping onto the dot unit is read, 64 elements of
/// one byte in the order of the unit's registers.
static TileAccess classify(Contraction op, const Matching &matching,
                           unsigned t) {
  Contraction unit = getDotUnit();
  for (Access &access : op.operands)
    access.elementType = Builder(getContext()).getI8Type();
  Schedule schedule = getDefaultSchedule(op, unit, matching);
  MappedAccesses mapped = mapAccesses(op, unit, matching, schedule);
  AffineMap splat = AffineMap::get(1, 0, e() % 4);
  AffineMap packed =
      AffineMap::get(1, 0, {e() % 4, e().floorDiv(4)}, getContext());
  unsigned numOuter = mapped.outer.size();
  return classifyTile(mapped.fragments[t], t == 0 ? splat : packed, 64,
                      getCoordinateDims(unit, t, numOuter), numOuter);
}

TEST_CASE("a tile is told by how its elements lie in memory") {
  SECTION("four bytes of a row, repeated, are a splat") {
    Contraction op = parseContraction("i:32 j:32 +l:32", {"i,l", "l,j", "i,j"});
    TileAccess tile = classify(op, {{1}, {2}}, 0);
    CHECK(tile.form == TileForm::Splat);
    CHECK(tile.run == 4);
  }
  SECTION("four rows that registers interleave are segments") {
    Contraction op = parseContraction("i:32 j:32 +l:32", {"i,l", "l,j", "i,j"});
    TileAccess tile = classify(op, {{1}, {2}}, 1);
    CHECK(tile.form == TileForm::Segments);
    CHECK(tile.run == 16);
    CHECK(tile.runs == 4);
  }
  SECTION("weights stored as registers want them are contiguous") {
    Contraction op = parseContraction("i:32 j:16 +l:4", {"i,l", "j,l", "i,j"});
    TileAccess tile = classify(op, {{1}, {2}}, 1);
    CHECK(tile.form == TileForm::Contiguous);
  }
  SECTION("a column is gathered") {
    Contraction op = parseContraction("i:32 j:32 +l:32", {"l,i", "l,j", "i,j"});
    TileAccess tile = classify(op, {{1}, {2}}, 0);
    CHECK(tile.form == TileForm::Gather);
    CHECK(tile.runs == 4);
  }
  SECTION("a fused group is one run while tiles do not cross its parts") {
    Contraction op =
        parseContraction("i:8 j:16 +r:3 +c:8", {"i+r,c", "r,c,j", "i,j"});
    CHECK(classify(op, {{1}, {2, 3}}, 0).form == TileForm::Splat);
  }
  SECTION("where they do, the order depends on the loops") {
    Contraction op =
        parseContraction("i:8 j:16 +r:3 +c:6", {"2i+3r,c", "r,c,j", "i,j"});
    TileAccess tile = classify(op, {{1}, {2, 3}}, 0);
    CHECK(tile.form == TileForm::Gather);
    CHECK(tile.offsets.empty());
  }
}

TEST_CASE("strides decide how a tile lies in memory") {
  constexpr int64_t unknown = mlir::ShapedType::kDynamic;
  Contraction op = parseContraction("i:32 j:32 +l:32", {"i,l", "l,j", "i,j"});
  auto getForm = [&](unsigned t, SmallVector<int64_t> strides) {
    op.operands[t].strides = std::move(strides);
    return classify(op, {{1}, {2}}, t).form;
  };
  CHECK(getForm(0, {100, 1}) == TileForm::Splat);
  CHECK(getForm(0, {unknown, 1}) == TileForm::Splat);
  CHECK(getForm(0, {1, 32}) == TileForm::Gather);
  CHECK(getForm(0, {unknown, unknown}) == TileForm::Gather);
  CHECK(getForm(1, {100, 1}) == TileForm::Segments);
  CHECK(getForm(1, {unknown, 1}) == TileForm::Segments);
  CHECK(getForm(1, {1, unknown}) == TileForm::Segments);
  CHECK(getForm(1, {1, 4}) == TileForm::Contiguous);
  CHECK(getForm(1, {2, unknown}) == TileForm::Gather);
}

TEST_CASE("the hull of a padded operand holds every element that is read") {
  Contraction unit = getDotUnit();
  Convolution convolution{{1, 16, 4}, {6, 6}, {3, 3}};
  convolution.pad = 1;
  Contraction op = getConvolution(convolution);
  Matching matching{{1}, {4}};
  Schedule schedule = getDefaultSchedule(op, unit, matching);
  MappedAccesses mapped = mapAccesses(op, unit, matching, schedule);
  SmallVector<int64_t> extents;
  for (const OuterLoop &loop : mapped.outer)
    extents.push_back(loop.extent);
  llvm::append_range(extents, unit.getExtents());
  auto hull = copyHull(mapped.fragments[0], extents, mapped.outer.size());
  REQUIRE(hull);
  CHECK(hull->access.guards.empty());
  // n, c, h, w in memory: channels are what lanes step through.
  CHECK(hull->order == SmallVector<unsigned>{0, 2, 3, 1});
  CHECK(hull->lower == SmallVector<int64_t>{0, -1, -1, 0});
  CHECK(hull->access.shape == SmallVector<int64_t>{1, 8, 8, 4});
}

TEST_CASE("bounds of remainders and quotients are exact part by part") {
  AffineExpr x = getAffineDimExpr(0, getContext()),
             y = getAffineDimExpr(1, getContext());
  auto check = [&](AffineExpr expr, int64_t low, int64_t high) {
    CHECK(getBound(expr, {24, 4}, /*isUpper=*/false) == low);
    CHECK(getBound(expr, {24, 4}, /*isUpper=*/true) == high);
  };
  check(x % 3, 0, 2);
  check((x * 4 + y) % 21 - 3, -3, 17);
  check((x + 30) % 60, 30, 53);
  check((x - 5).floorDiv(4) * 2 + y, -4, 11);
  CHECK_FALSE(getBound(x, {ShapedType::kDynamic}, /*isUpper=*/true));
}

TEST_CASE("columns and channels that are one run have a hull") {
  // Lanes step through a window's columns and three channels together.
  Contraction unit = getDotUnit();
  Convolution convolution{{1, 16, 3}, {6, 6}, {3, 3}};
  convolution.pad = 1;
  Contraction op = getConvolution(convolution);
  Matching matching{{1}, {4, 6}};
  Schedule schedule = getDefaultSchedule(op, unit, matching);
  MappedAccesses mapped = mapAccesses(op, unit, matching, schedule);
  SmallVector<int64_t> extents;
  for (const OuterLoop &loop : mapped.outer)
    extents.push_back(loop.extent);
  llvm::append_range(extents, unit.getExtents());
  auto hull = copyHull(mapped.fragments[0], extents, mapped.outer.size());
  REQUIRE(hull);
  // The last tile reaches beyond what it needs.
  CHECK(hull->access.shape.size() == 4);
  for (int64_t extent : hull->access.shape)
    CHECK(extent <= 9);
}

/// The smallest and the largest value of `expr` over the box, by trying all.
static std::pair<int64_t, int64_t> tryAll(AffineExpr expr,
                                          ArrayRef<int64_t> extents) {
  AffineMap map = AffineMap::get(extents.size(), 0, expr);
  SmallVector<int64_t> point(extents.size(), 0);
  std::pair<int64_t, int64_t> range(INT64_MAX, INT64_MIN);
  while (true) {
    int64_t value = map.compose(point).front();
    range = {std::min(range.first, value), std::max(range.second, value)};
    size_t d = extents.size();
    while (d > 0 && ++point[d - 1] == extents[d - 1])
      point[--d] = 0;
    if (d == 0)
      return range;
  }
}

TEST_CASE("constants leave divisions wherever in a sum they stand") {
  AffineExpr x = getAffineDimExpr(0, getContext()),
             y = getAffineDimExpr(1, getContext());
  AffineExpr even = x * 192 + (y % 4) * 2, odd = x * 192 + ((y % 4) * 2 + 1);
  CHECK(pullConstants(odd.floorDiv(56)) == even.floorDiv(56));
  CHECK(pullConstants(odd % 56) == even % 56 + 1);
  CHECK(pullConstants((odd + 2).floorDiv(56)) != even.floorDiv(56));
}

TEST_CASE("tight bounds are met by some point") {
  AffineExpr x = e(), y = getAffineDimExpr(1, getContext());
  const SmallVector<int64_t> extents = {16, 7};
  for (AffineExpr expr :
       {x - x.floorDiv(4) * 4, x.floorDiv(4) + 2 * y - 3, x % 5 + y,
        y * 16 + x - (y * 16 + x).floorDiv(28) * 28, x * 3 - y * 2 + 1}) {
    auto [low, high] = tryAll(expr, extents);
    CHECK(getTightBound(expr, extents, /*isUpper=*/false) == low);
    CHECK(getTightBound(expr, extents, /*isUpper=*/true) == high);
  }
}

TEST_CASE("there is no tight bound where an extent is unknown") {
  CHECK(!getTightBound(e(), {ShapedType::kDynamic}, /*isUpper=*/true));
}
