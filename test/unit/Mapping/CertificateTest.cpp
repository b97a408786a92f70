//===- CertificateTest.cpp - Proofs, and mutants that must be refuted -----===//

#include "Operators.h"
#include "Points.h"
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

TEST_CASE("zeros that count may pad what is not stored only") {
  Contraction unit = getMatrixUnit(4, 2, 4);
  auto getRefutedFor = [&](StringRef iterations) {
    Contraction op = parseContraction(iterations, {"i,l", "l,j", "i,j"});
    op.ignoresZeros = false;
    return getRefuted(op, unit, fuse(op, unit, {{0}, {1}, {2}}));
  };
  CHECK(getRefutedFor("i:4 j:2 +l:8").empty());
  CHECK(getRefutedFor("i:5 j:3 +l:8").empty());
  CHECK(getRefutedFor("i:4 j:2 +l:6") == std::set<Duty>{Duty::Neutral});
}

//===----------------------------------------------------------------------===//
// Extents that are not known
//===----------------------------------------------------------------------===//

/// `op` with the extents of `unknown`, and of what they index, unknown.
static Contraction forget(Contraction op, ArrayRef<unsigned> unknown) {
  for (unsigned v : unknown) {
    op.iterations[v].extent = ShapedType::kDynamic;
    for (Access &access : op.operands)
      for (auto [index, extent] :
           llvm::zip_equal(access.index.getResults(), access.shape))
        if (index.isFunctionOfDim(v))
          extent = ShapedType::kDynamic;
  }
  return op;
}

/// `mapped` where the parameters have these values.
static MappedAccesses instantiate(MappedAccesses mapped,
                                  ArrayRef<int64_t> values) {
  auto symbols = llvm::map_to_vector(values, [](int64_t value) {
    return getAffineConstantExpr(value, getContext());
  });
  auto put = [&](AffineExpr &e) { e = e.replaceSymbols(symbols); };
  for (OuterLoop &loop : mapped.outer)
    if (loop.trips) {
      put(loop.trips);
      loop.extent = cast<AffineConstantExpr>(loop.trips).getValue();
    }
  for (Access &fragment : mapped.fragments) {
    SmallVector<AffineExpr> index(fragment.index.getResults());
    llvm::for_each(index, put);
    llvm::for_each(fragment.guards, put);
    fragment.index =
        AffineMap::get(fragment.index.getNumDims(), 0, index, getContext());
  }
  llvm::for_each(mapped.inverse, put);
  llvm::for_each(mapped.lanes, put);
  return mapped;
}

/// Proves the mapping of any extents of `unknown`, then enumerates those that
/// `op` has.
static void checkUnknown(const Contraction &op, ArrayRef<unsigned> unknown,
                         const Contraction &unit, const Matching &matching,
                         Schedule schedule) {
  Contraction any = forget(op, unknown);
  REQUIRE_FALSE(checkLayout(any, unit, matching, schedule));
  MappedAccesses mapped = mapAccesses(any, unit, matching, schedule);
  Solver solver;
  CHECK(print(refute(any, unit, mapped, solver)) == "proved");
  auto values = llvm::map_to_vector(
      any.getParameters(), [&](unsigned v) { return op.iterations[v].extent; });
  CHECK(computeTheSame(op, unit, instantiate(mapped, values)));
}

TEST_CASE("mappings of unknown extents are proved for all of them") {
  Contraction unit = getMatrixUnit(4, 2, 4);
  for (int64_t n : {1, 2, 3, 4, 7, 8})
    for (int64_t p : {1, 3, 4, 5}) {
      Contraction op =
          getConvolution({{n, p, 3}, {3, 3}, {2, 3}, /*stride=*/2, 1, 0});
      Matching matching{{0, 2, 3}, {1}, {4, 5, 6}};
      Schedule fused, boxed;
      fused.order = boxed.order = matching;
      boxed.tiles = {{1, 2, 2}, {2}, {2, 1, 2}};
      checkUnknown(op, {0}, unit, matching, fused);
      checkUnknown(op, {0}, unit, matching, boxed);
      checkUnknown(op, {0, 2}, unit, matching, boxed);
      Matching outside{{2, 3}, {1}, {4}};
      checkUnknown(op, {0, 2}, unit, outside, {outside, {}, {}, {}, {}});
    }
  Contraction batched =
      parseContraction("b:4 i:20 j:9 +l:7", {"b,i,l", "b,l,j", "b,i,j"});
  Matching matching{{1}, {2}, {3}};
  for (unsigned numUnknown : {1, 4})
    checkUnknown(batched,
                 ArrayRef<unsigned>({0, 1, 2, 3}).take_front(numUnknown), unit,
                 matching, {matching, {}, {}, {}, {}});
}

TEST_CASE("wrong mappings of unknown extents are refuted") {
  Contraction op =
      forget(parseContraction("b:4 i:20 j:9 +l:7", {"b,i,l", "b,l,j", "b,i,j"}),
             {0, 1});
  Contraction unit = getMatrixUnit(4, 2, 4);
  const MappedAccesses right = fuse(op, unit, {{1}, {2}, {3}});
  auto refuteWith = [&](auto change) {
    MappedAccesses mapped = right;
    change(mapped);
    Solver solver;
    return print(refute(op, unit, mapped, solver));
  };
  CHECK(refuteWith([](MappedAccesses &) {}) == "proved");
  CHECK(refuteWith([](MappedAccesses &mapped) {
          AffineMap &index = mapped.fragments[0].index;
          index = index.replace(getAffineDimExpr(0, getContext()),
                                getAffineDimExpr(0, getContext()) + 1,
                                index.getNumDims(), index.getNumSymbols());
        }) == "source: operand 0 is another element at b = 0, i = 0, j = 0, "
              "l = 0, where 'b' has extent 1, 'i' has extent 1");
  CHECK(refuteWith([](MappedAccesses &mapped) {
          mapped.outer[1].trips =
              getAffineSymbolExpr(1, getContext()).floorDiv(4);
        }) == "total: no place is executed at b = 0, i = 0, j = 0, l = 0, "
              "where 'b' has extent 1, 'i' has extent 1");
  CHECK(refuteWith([](MappedAccesses &mapped) {
          mapped.fragments[0].guards.clear();
        }) == "bounds: operand 0 leaves its tensor at b = 0, i/4 = 0, "
              "j/2 = 0, l/4 = 0, i1 = 1, i2 = 0, r1 = 0, where 'b' has "
              "extent 1, 'i' has extent 1");
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
