//===- CertificateTest.cpp - Proofs, and mutants that must be refuted -----===//

#include "Operators.h"
#include "Points.h"
#include <catch2/catch.hpp>
#include <chrono>
#include <random>
#include <set>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static constexpr Duty duties[] = {
    Duty::Total, Duty::Inverse, Duty::Source,  Duty::Destination,
    Duty::Lanes, Duty::Races,   Duty::Neutral, Duty::Bounds};

static MappedAccesses fuse(const Contraction &op, const Contraction &unit,
                           const Matching &matching) {
  return mapAccesses(op, unit, matching,
                     getDefaultSchedule(op, unit, matching));
}

/// Proves every mapping of the operator; the seconds that took.
static double proveAll(const Contraction &op, const Contraction &unit) {
  auto start = std::chrono::steady_clock::now();
  Solver solver;
  for (const Matching &matching : enumerateMatchings(op, unit)) {
    auto refutation = refute(op, unit, fuse(op, unit, matching), solver);
    INFO((refutation
              ? spell(refutation->duty).str() + ": " + refutation->witness
              : ""));
    CHECK(!refutation);
  }
  std::chrono::duration<double> spent =
      std::chrono::steady_clock::now() - start;
  return spent.count();
}

TEST_CASE("all mappings of large convolutions are proved fast") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  struct {
    StringRef name;
    Convolution convolution;
    double seconds;
  } cases[] = {{"C2D", {{16, 64, 64}, {56, 56}, {3, 3}}, 0.2},
               {"C2D padded", {{16, 64, 64}, {56, 56}, {3, 3}, 1, 1, 1}, 0.2},
               {"C2D strided", {{16, 64, 64}, {28, 28}, {3, 3}, 2, 1, 1}, 0.2},
               {"C2D dilated", {{16, 64, 64}, {52, 52}, {3, 3}, 1, 2, 1}, 0.2},
               {"C2D odd", {{3, 37, 29}, {13, 17}, {5, 3}, 3, 2, 2}, 0.2},
               {"C2D 256", {{256, 256, 256}, {56, 56}, {3, 3}, 1, 1, 1}, 0.2},
               {"T2D", {{16, 64, 64}, {56, 56}, {3, 3}, 1, 1, 2, true}, 0.2},
               {"C3D", {{1, 64, 64}, {8, 56, 56}, {3, 3, 3}, 1, 1, 1}, 2.0}};
  for (const auto &[name, convolution, seconds] : cases) {
    INFO(name.str());
    double spent = proveAll(getConvolution(convolution), unit);
    CHECK(spent < seconds);
  }
}

static std::string print(const std::optional<Refutation> &refutation) {
  return refutation ? spell(refutation->duty).str() + ": " + refutation->witness
                    : "proved";
}

/// The prover's verdict on every duty, each compared with enumeration.
static std::set<Duty> getRefuted(const Contraction &op, const Contraction &unit,
                                 const MappedAccesses &mapped) {
  std::set<Duty> refuted;
  Solver solver;
  for (Duty duty : duties) {
    auto refutation = refute(duty, op, unit, mapped, solver);
    INFO(print(refutation) << " for the duty " << spell(duty).str());
    CHECK(bool(refutation) != holds(duty, op, unit, mapped));
    if (refutation)
      refuted.insert(duty);
  }
  CHECK(bool(refute(op, unit, mapped, solver)) == !refuted.empty());
  return refuted;
}

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

//===----------------------------------------------------------------------===//
// Random mappings
//===----------------------------------------------------------------------===//

namespace {
/// The same numbers everywhere: the engine is specified by the standard.
class Generator {
public:
  explicit Generator(uint64_t seed) : engine(seed) {}
  int64_t upTo(int64_t last) { return engine() % uint64_t(last + 1); }
  bool happens(int percent) { return upTo(99) < percent; }

  Contraction getUnit();
  Contraction getConvolution();
  Contraction getAnything();
  Matching getMatching(const Contraction &op, const Contraction &unit);
  MappedAccesses getMapped(const Contraction &op, const Contraction &unit);
  void corrupt(MappedAccesses &mapped);

private:
  AffineExpr getIndex(unsigned numIterations);
  std::mt19937_64 engine;
};
} // namespace

Contraction Generator::getUnit() {
  switch (upTo(5)) {
  case 0:
    return parseContraction("i:3 +r:2", {"i,r", "r", "i"});
  case 1:
    return parseContraction("i:4", {"i", "i", "i"});
  case 2:
    return parseContraction("k:2 p:2 q:2 +c:2", {"c,p,q", "k,c", "k,p,q"});
  default:
    return getMatrixUnit(1 + upTo(3), 1 + upTo(3), 1 + upTo(3));
  }
}

Contraction Generator::getConvolution() {
  Convolution conv;
  conv.size = {1 + upTo(1), 1 + upTo(2), 1 + upTo(2)};
  for (int64_t d = 0, rank = 1 + upTo(1); d < rank; ++d) {
    conv.out.push_back(2 + upTo(2));
    conv.window.push_back(1 + upTo(2));
  }
  conv.stride = 1 + upTo(1);
  conv.dilation = 1 + upTo(1);
  conv.pad = happens(40);
  conv.isFlipped = happens(30);
  conv.isDepthwise = happens(20);
  return test::getConvolution(conv);
}

AffineExpr Generator::getIndex(unsigned numIterations) {
  auto iteration = [&] {
    return getAffineDimExpr(upTo(numIterations - 1), getContext());
  };
  AffineExpr e = iteration();
  if (happens(30))
    e = e * (1 + upTo(2));
  if (happens(35))
    e = e + iteration() * (upTo(4) - 2);
  if (happens(12))
    e = e.floorDiv(2 + upTo(1));
  if (happens(12))
    e = e % (2 + upTo(1));
  if (happens(20))
    e = e + (upTo(4) - 2);
  return e;
}

/// Any quasi-affine indices; shapes cut some of them, which adds guards.
Contraction Generator::getAnything() {
  std::string iterations;
  unsigned n = 2 + upTo(3);
  for (unsigned v = 0; v < n; ++v)
    iterations += std::string(v ? " " : "") + (happens(30) ? "+" : "") +
                  char('a' + v) + ":" + std::to_string(1 + upTo(3));
  Contraction op = parseContraction(iterations, {"a", "a", "a"});
  for (unsigned t = 0; t < 3; ++t) {
    SmallVector<AffineExpr> results;
    for (int64_t d = 0, rank = 1 + upTo(2); d < rank; ++d)
      results.push_back(t == 2 && happens(80)
                            ? getAffineDimExpr(upTo(n - 1), getContext())
                            : getIndex(n));
    // A destination below zero moves up.
    if (t == 2)
      for (AffineExpr &e : results)
        e = e + 12;
    op.operands[t].index = AffineMap::get(n, 0, results, getContext());
  }
  fitShapes(op);
  for (unsigned t = 0; t < 2; ++t) {
    auto shape = op.operands[t].shape;
    for (int64_t &extent : shape)
      extent = std::max<int64_t>(1, extent - happens(25));
    setShape(op, t, shape);
  }
  return op;
}

Matching Generator::getMatching(const Contraction &op,
                                const Contraction &unit) {
  Matching matching(unit.iterations.size());
  bool obeysRule = happens(75);
  for (unsigned v = 0; v < op.iterations.size(); ++v) {
    SmallVector<unsigned> choices;
    for (unsigned h = 0; h < matching.size(); ++h)
      if (!obeysRule || op.getSignature(v) == unit.getSignature(h))
        choices.push_back(h);
    if (!choices.empty() && happens(75))
      matching[choices[upTo(choices.size() - 1)]].push_back(v);
  }
  return matching;
}

MappedAccesses Generator::getMapped(const Contraction &op,
                                    const Contraction &unit) {
  Matching matching = getMatching(op, unit);
  Schedule schedule;
  schedule.order = matching;
  for (auto &group : schedule.order)
    std::shuffle(group.begin(), group.end(), engine);
  if (happens(50))
    for (unsigned h = 0; h < matching.size(); ++h) {
      auto &tiles = schedule.tiles.emplace_back();
      int64_t room = unit.iterations[h].extent;
      for (int64_t v : schedule.order[h]) {
        tiles.push_back(1 +
                        upTo(std::min(room, op.iterations[v].extent + 1) - 1));
        room /= tiles.back();
      }
    }
  REQUIRE(!checkLayout(op, unit, matching, schedule));
  return mapAccesses(op, unit, matching, schedule);
}

void Generator::corrupt(MappedAccesses &mapped) {
  Access &fragment = mapped.fragments[upTo(mapped.fragments.size() - 1)];
  switch (upTo(5)) {
  case 0:
    if (!fragment.guards.empty())
      fragment.guards.erase(fragment.guards.begin() +
                            upTo(fragment.guards.size() - 1));
    break;
  case 1:
    if (!mapped.outer.empty())
      mapped.outer[upTo(mapped.outer.size() - 1)].extent = 1;
    break;
  case 2: {
    AffineExpr &lane = mapped.lanes[upTo(mapped.lanes.size() - 1)];
    lane = lane * 2;
    break;
  }
  case 3: {
    AffineExpr &v = mapped.inverse[upTo(mapped.inverse.size() - 1)];
    v = v + 1;
    break;
  }
  case 4: {
    auto results = llvm::to_vector(fragment.index.getResults());
    AffineExpr &e = results[upTo(results.size() - 1)];
    e = e + 1;
    fragment.index =
        AffineMap::get(fragment.index.getNumDims(), 0, results, getContext());
    break;
  }
  case 5:
    if (!mapped.outer.empty())
      mapped.outer[upTo(mapped.outer.size() - 1)].position =
          getAffineConstantExpr(0, getContext());
    break;
  }
}

/// `AMOS_RANDOM_MAPPINGS` asks for more of them.
static int getNumRandom() {
  const char *wanted = std::getenv("AMOS_RANDOM_MAPPINGS");
  return wanted ? std::atoi(wanted) : 600;
}

TEST_CASE("random mappings: the prover agrees with enumeration") {
  Generator generator(1);
  int numProved = 0, numRefuted = 0;
  for (int run = 0, count = getNumRandom(); run < count; ++run) {
    INFO("run " << run);
    Contraction op = generator.happens(60) ? generator.getConvolution()
                                           : generator.getAnything();
    Contraction unit = generator.getUnit();
    MappedAccesses mapped = generator.getMapped(op, unit);
    if (generator.happens(25))
      generator.corrupt(mapped);
    std::set<Duty> refuted = getRefuted(op, unit, mapped);
    // A duty that binds only if loops really run in parallel.
    refuted.erase(Duty::Races);
    ++(refuted.empty() ? numProved : numRefuted);
    if (refuted.empty())
      CHECK(computeTheSame(op, unit, mapped));
  }
  CHECK(numProved > getNumRandom() / 4);
  CHECK(numRefuted > getNumRandom() / 10);
}
