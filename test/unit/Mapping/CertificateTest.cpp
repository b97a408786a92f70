//===- CertificateTest.cpp - Proofs, and mutants that must be refuted -----===//

#include "Operators.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>
#include <set>

using namespace mlir;
using namespace amos;
using namespace amos::test;

TEST_CASE("proofs of small convolutions agree with enumeration") {
  Contraction unit = getMatrixUnit(4, 2, 4);
  Convolution variants[] = {
      {{2, 3, 3}, {3, 5}, {2, 3}, /*stride=*/2, /*dilation=*/1, /*pad=*/1},
      {{1, 3, 2}, {2, 5}, {3, 2}, /*stride=*/1, /*dilation=*/2, /*pad=*/2},
      {{2, 3, 2}, {3, 3}, {3, 3}, 1, 1, 1, /*isFlipped=*/true}};
  for (const Convolution &variant : variants) {
    Contraction op = getConvolution(variant);
    for (const Matching &matching : enumerateMatchings(op, unit))
      CHECK(getRefuted(op, unit, fuse(op, unit, matching)).empty());
  }
}

static MappedAccesses box(const Contraction &op, const Contraction &unit,
                          const IntLists &order, const IntLists &tiles) {
  Schedule schedule;
  schedule.order = order;
  schedule.tiles = tiles;
  return mapAccesses(op, unit, order, schedule);
}

TEST_CASE("boxes are proved") {
  Contraction wide = getMatrixUnit(128, 64, 16), unit = getMatrixUnit(4, 2, 4);
  Contraction large =
      getConvolution({{16, 64, 64}, {56, 56}, {3, 3}, 1, 1, /*pad=*/1});
  Solver solver;
  auto isProved = [&](const IntLists &order, const IntLists &tiles) {
    return print(refute(large, wide, box(large, wide, order, tiles), solver));
  };
  IntLists full{{0, 2, 3}, {1}, {4, 5, 6}};
  CHECK(isProved(full, {{1, 8, 16}, {64}, {16, 1, 1}}) == "proved");
  CHECK(isProved({{2, 3}, {1}, {4}}, {{8, 16}, {64}, {16}}) == "proved");
  CHECK(isProved({{0, 2, 3}, {1}, {5, 4, 6}}, {{2, 8, 8}, {64}, {1, 4, 3}}) ==
        "proved");
  CHECK(isProved(full, {{1, 9, 14}, {64}, {5, 1, 3}}) == "proved");
  CHECK(isProved(full, {{16, 1, 7}, {64}, {1, 3, 3}}) == "proved");
  Contraction small =
      getConvolution({{2, 3, 3}, {5, 5}, {3, 3}, 1, 1, /*pad=*/1});
  CHECK(getRefuted(small, unit,
                   box(small, unit, full, {{1, 2, 2}, {2}, {2, 1, 2}}))
            .empty());
  CHECK(
      getRefuted(small, unit,
                 box(small, unit, {{3, 2}, {1}, {4, 6}}, {{1, 3}, {1}, {1, 3}}))
          .empty());
}

TEST_CASE("unit iterations and repeated sources are proved") {
  SmallVector<SmallVector<int64_t>> orders{{0, 1}, {1, 0}};
  const Contraction ops[] = {
      parseContraction("i:5 j:7 +l:6", {"i,l", "l,j", "i,j"}),
      parseContraction("i:9 +l:7", {"i,l", "l", "i"}),
      getConvolution({{2, 3}, {3, 4}, {2, 3}, 1, 1, 1, false, true})};
  const Contraction units[] = {
      getMatrixUnit(4, 2, 4), parseContraction("i:4", {"i", "i", "i"}),
      parseContraction("i:4 +r:4", {"i,r", "i,r", "i"})};
  for (const Contraction &op : ops)
    for (const Contraction &unit : units)
      for (const Proposal &p : enumerateProposals(op, unit, orders)) {
        Contraction permuted = permuteSources(op, p.operands);
        CHECK(getRefuted(permuted, unit, fuse(permuted, unit, p.matching))
                  .empty());
      }
}

TEST_CASE("an unmatched extent may be unknown") {
  Contraction op =
      parseContraction("b:4 i:20 j:9 +l:7", {"b,i,l", "b,l,j", "b,i,j"});
  op.iterations[0].extent = ShapedType::kDynamic;
  for (Access &access : op.operands)
    access.shape[0] = ShapedType::kDynamic;
  Contraction unit = getMatrixUnit(4, 2, 4);
  MappedAccesses mapped = fuse(op, unit, {{1}, {2}, {3}});
  Solver solver;
  CHECK(print(refute(op, unit, mapped, solver)) == "proved");
  mapped.fragments[0].index = mapped.fragments[0].index.replace(
      getAffineDimExpr(0, getContext()), getAffineDimExpr(0, getContext()) + 1,
      mapped.fragments[0].index.getNumDims(), 0);
  CHECK(print(refute(op, unit, mapped, solver)) ==
        "source: operand 0 is another element at b = 0, i = 0, j = 0, l = 0");
}

//===----------------------------------------------------------------------===//
// Wrong on purpose
//===----------------------------------------------------------------------===//

static const Matching full{{0, 2, 3}, {1}, {4, 5, 6}};

/// phi with another row-major number for i1, tiled by `width`.
static void setNumber(MappedAccesses &mapped, AffineExpr number,
                      int64_t width) {
  mapped.outer[0].position = number.floorDiv(width);
  mapped.lanes[0] = number % width;
}

TEST_CASE("wrong mappings are refuted by the duty they break") {
  Contraction unit = getMatrixUnit(4, 2, 4);
  Contraction op = getConvolution({{2, 3, 2}, {3, 4}, {2, 3}, 1, 1, /*pad=*/1});
  MappedAccesses mapped = fuse(op, unit, full);
  auto dim = [](unsigned v) { return getAffineDimExpr(v, getContext()); };
  using Duties = std::set<Duty>;

  SECTION("nothing is wrong") {
    CHECK(getRefuted(op, unit, mapped) == Duties{});
  }
  SECTION("a digit is forgotten") {
    setNumber(mapped, dim(0) * 12 + dim(2) * 4, 4);
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Inverse, Duty::Source,
                                                 Duty::Destination,
                                                 Duty::Neutral});
  }
  SECTION("a digit has the wrong stride") {
    setNumber(mapped, dim(0) * 12 + dim(2) * 3 + dim(3), 4);
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Inverse, Duty::Source,
                                                 Duty::Destination,
                                                 Duty::Neutral});
  }
  SECTION("a fragment has the wrong stride") {
    AffineMap &index = mapped.fragments[1].index;
    index = index.replace(dim(2) * 4, dim(2) * 3, index.getNumDims(), 0);
    CHECK(getRefuted(op, unit, mapped).count(Duty::Source));
  }
  SECTION("iterations of two signatures share a lane") {
    CHECK(getRefuted(op, unit, fuse(op, unit, {{0, 1}, {2}, {4}}))
              .count(Duty::Source));
  }
  SECTION("a tile is missing") {
    mapped.outer[0].extent -= 1;
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Total});
  }
  SECTION("the tail is stored") {
    mapped.fragments[2].guards.clear();
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Bounds});
  }
  SECTION("the tail of the reduction is not zeroed") {
    Contraction tail = getConvolution({{2, 2, 1}, {3, 4}, {3, 3}});
    MappedAccesses bad = fuse(tail, unit, full);
    bad.fragments[0].guards.clear();
    CHECK(getRefuted(tail, unit, bad) == Duties{Duty::Bounds});
    bad.fragments[1].guards.clear();
    CHECK(getRefuted(tail, unit, bad) == Duties{Duty::Neutral, Duty::Bounds});
  }
  SECTION("the padding is forgotten") {
    mapped.fragments[0].guards.clear();
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Neutral, Duty::Bounds});
  }
  SECTION("the sources are exchanged") {
    Contraction gemm = parseContraction("i:5 j:6 +l:7", {"i,l", "l,j", "i,j"});
    MappedAccesses bad = fuse(gemm, unit, {{0}, {1}, {2}});
    std::swap(bad.fragments[0], bad.fragments[1]);
    Solver solver;
    CHECK(print(refute(Duty::Source, gemm, unit, bad, solver)) ==
          "source: operand 0 does not have 'i2' but is indexed by it");
    MappedAccesses transposed =
        fuse(permuteSources(gemm, {1, 0}), unit, {{1}, {0}, {2}});
    CHECK(getRefuted(gemm, unit, transposed).count(Duty::Source));
  }
  SECTION("the kernel is not flipped") {
    Convolution flipped{{2, 3, 2}, {3, 4}, {2, 3}, 1, 1, 0, true};
    Contraction flip = getConvolution(flipped);
    MappedAccesses bad = fuse(flip, unit, full);
    bad.fragments[1].index = mapped.fragments[1].index;
    CHECK(getRefuted(flip, unit, bad) == Duties{Duty::Source});
  }
  SECTION("several lanes scatter to one element") {
    Contraction scatter = parseContraction("p:5 r:3", {"p", "r", "p+r"});
    CHECK(getRefuted(scatter, unit, fuse(scatter, unit, {{0}, {1}, {}})) ==
          Duties{Duty::Lanes, Duty::Races});
  }
  SECTION("the reduction runs in parallel") {
    for (OuterLoop &loop : mapped.outer)
      loop.isParallel = true;
    CHECK(getRefuted(op, unit, mapped) == Duties{Duty::Races});
  }
}

TEST_CASE("what cannot be decided is refused") {
  Contraction gemm = parseContraction("i:64 j:64 +l:50", {"i,l", "l,j", "i,j"});
  Contraction unit = getMatrixUnit(16, 8, 16);
  MappedAccesses mapped = fuse(gemm, unit, {{0}, {1}, {2}});
  auto setIndex = [&](AffineExpr e) {
    AffineMap &index = mapped.fragments[0].index;
    index = AffineMap::get(index.getNumDims(), index.getNumSymbols(),
                           {e, index.getResult(1)}, getContext());
  };
  Solver solver;
  SECTION("too many divisions that interact") {
    AffineExpr i = getAffineDimExpr(0, getContext()) * 16 +
                   getAffineDimExpr(3, getContext());
    AffineExpr sum = i;
    for (int64_t divisor = 2; divisor < 24; ++divisor)
      sum = sum + (i * 23 + divisor).floorDiv(divisor);
    setIndex(sum);
    CHECK(print(refute(Duty::Source, gemm, unit, mapped, solver)) ==
          "source: too many divisions to decide whether operand 0 is another "
          "element somewhere");
  }
  SECTION("another rank") {
    mapped.fragments[0].index =
        mapped.fragments[0].index.getSubMap(ArrayRef<unsigned>{0});
    CHECK(print(refute(gemm, unit, mapped, solver)) ==
          "source: operand 0 has another rank");
  }
  SECTION("numbers too large") {
    int64_t large = int64_t(1) << 60;
    setIndex((getAffineDimExpr(0, getContext()) * large) * 3 -
             getAffineDimExpr(1, getContext()) * large);
    CHECK(print(refute(Duty::Source, gemm, unit, mapped, solver)) ==
          "source: an index is not quasi-affine or too large");
  }
}

TEST_CASE("witnesses name iterations, loops and lanes") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  Contraction op = getConvolution({{16, 64, 64}, {56, 56}, {3, 3}});
  MappedAccesses mapped = fuse(op, unit, full);
  auto dim = [](unsigned v) { return getAffineDimExpr(v, getContext()); };
  Solver solver;
  SECTION("of the operator") {
    setNumber(mapped, dim(0) * (56 * 56) + dim(2) * 56, 16);
    CHECK(print(refute(op, unit, mapped, solver)) ==
          "inverse: the place is another point's at n = 0, k = 0, p = 0, q = "
          "1, c = 0, r = 0, s = 0");
  }
  SECTION("of the mapped program") {
    Contraction gemm =
        parseContraction("i:64 j:64 +l:50", {"i,l", "l,j", "i,j"});
    MappedAccesses bad = fuse(gemm, unit, {{0}, {1}, {2}});
    bad.fragments[0].guards.clear();
    CHECK(print(refute(gemm, unit, bad, solver)) ==
          "bounds: operand 0 leaves its tensor at i/16 = 0, j/8 = 0, l/16 = "
          "3, i1 = 0, i2 = 0, r1 = 2");
  }
}
