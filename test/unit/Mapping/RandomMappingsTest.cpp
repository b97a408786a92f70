//===- RandomMappingsTest.cpp - The prover against enumeration ------------===//

#include "Operators.h"
#include "Points.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>
#include <random>

using namespace mlir;
using namespace amos;
using namespace amos::test;

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
