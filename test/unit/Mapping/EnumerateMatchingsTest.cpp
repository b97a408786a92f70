//===- EnumerateMatchingsTest.cpp - Counts, and Algorithm 1 by force ------===//

#include "amos/Mapping/EnumerateMatchings.h"
#include "Operators.h"
#include <catch2/catch.hpp>
#include <random>
#include <set>

using namespace mlir;
using namespace amos;
using namespace amos::test;

static unsigned countAmos(const Contraction &op, const Contraction &unit) {
  return llvm::count_if(enumerateMatchings(op, unit), [&](const Matching &m) {
    return isAmosMatching(op, unit, m);
  });
}

TEST_CASE("the fifteen operators have the documented numbers of matchings") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  for (const Evaluated &evaluated : getEvaluatedOperators()) {
    INFO(evaluated.name.str());
    CHECK(enumerateMatchings(evaluated.op, unit).size() ==
          evaluated.numComplete);
    CHECK(countAmos(evaluated.op, unit) == evaluated.numAmos);
  }
}

TEST_CASE("other units count as AMOS counted") {
  Contraction axpy = parseContraction("i:4 +r:1", {"r", "i,r", "i"});
  Contraction conv =
      parseContraction("k:16 p:4 q:4 +c:16", {"c,p,q", "k,c", "k,p,q"});
  Contraction c3d = getEvaluatedOperators()[4].op;
  CHECK(countAmos(c3d, axpy) == 15);
  // 30 base matches are more than AMOS unites. It counts their union as a 31st,
  // which puts iterations on both spatial lanes and so is no matching here.
  CHECK(countAmos(c3d, conv) == 30);
}

/// AMOS drops mappings with a group smaller than the intrinsic.
static unsigned countUnpadded(const Contraction &op, const Contraction &unit) {
  return llvm::count_if(enumerateMatchings(op, unit), [&](const Matching &m) {
    for (auto [h, group] : llvm::enumerate(m)) {
      int64_t size = 1;
      for (int64_t v : group)
        size *= op.iterations[v].extent;
      if (size < unit.iterations[h].extent)
        return false;
    }
    return isAmosMatching(op, unit, m);
  });
}

TEST_CASE("ResNet-18 has the numbers of mappings in AMOS's tuning logs") {
  Contraction unit = getMatrixUnit(8, 32, 16);
  struct {
    int64_t channels, filters, out, window;
    unsigned count;
  } layers[] = {
      {3, 64, 112, 7, 18},   {64, 64, 56, 3, 20},   {64, 64, 56, 1, 20},
      {64, 128, 28, 3, 20},  {64, 128, 28, 1, 20},  {128, 128, 28, 3, 20},
      {128, 256, 14, 3, 20}, {128, 256, 14, 1, 20}, {256, 256, 14, 3, 20},
      {256, 512, 7, 3, 8},   {256, 512, 7, 1, 8},   {512, 512, 7, 3, 8}};
  for (const auto &layer : layers) {
    INFO(layer.channels << " to " << layer.filters << " channels");
    CHECK(countUnpadded(getConvolution({{1, layer.filters, layer.channels},
                                        {layer.out, layer.out},
                                        {layer.window, layer.window}}),
                        unit) == layer.count);
  }
}

TEST_CASE("the first matching places most") {
  Contraction c2d = getConvolution({{2, 3, 4}, {5, 6}, {3, 3}});
  Matching expected{{0, 2, 3}, {1}, {4, 5, 6}};
  CHECK(enumerateMatchings(c2d, getMatrixUnit(4, 4, 4)).front() == expected);
}

namespace {
using Bits = std::vector<std::vector<bool>>;
} // namespace

/// Boolean matrix product.
static Bits multiply(const Bits &a, const Bits &b) {
  Bits product(a.size(), std::vector<bool>(b.empty() ? 0 : b[0].size()));
  for (size_t i = 0; i < a.size(); ++i)
    for (size_t k = 0; k < b.size(); ++k)
      for (size_t j = 0; j < b[k].size(); ++j)
        if (a[i][k] && b[k][j])
          product[i][j] = true;
  return product;
}

static Bits getAccessMatrix(const Contraction &op) {
  Bits matrix(op.operands.size(), std::vector<bool>(op.iterations.size()));
  for (size_t t = 0; t < matrix.size(); ++t)
    for (size_t v = 0; v < matrix[t].size(); ++v)
      matrix[t][v] = op.dependsOn(t, v);
  return matrix;
}

/// Algorithm 1 of AMOS on the mapped columns: Z * Y = X and X * Y^T = Z.
static bool isValid(const Bits &x, const Bits &z, const Matching &matching) {
  size_t numIterations = x[0].size();
  Bits y(matching.size(), std::vector<bool>(numIterations));
  Bits transposed(numIterations, std::vector<bool>(matching.size()));
  Bits mapped(x.size(), std::vector<bool>(numIterations));
  for (size_t h = 0; h < matching.size(); ++h)
    for (int64_t v : matching[h]) {
      y[h][v] = transposed[v][h] = true;
      for (size_t t = 0; t < x.size(); ++t)
        mapped[t][v] = x[t][v];
    }
  return multiply(z, y) == mapped && multiply(mapped, transposed) == z;
}

/// Every Y with at most one lane per iteration, judged by Algorithm 1.
static std::set<Matching> enumerateByForce(const Contraction &op,
                                           const Contraction &unit) {
  Bits x = getAccessMatrix(op), z = getAccessMatrix(unit);
  size_t numChoices = unit.iterations.size() + 1, numMatrices = 1;
  for (size_t v = 0; v < op.iterations.size(); ++v)
    numMatrices *= numChoices;
  std::set<Matching> found;
  for (size_t code = 0; code < numMatrices; ++code) {
    Matching matching(unit.iterations.size());
    size_t rest = code;
    for (size_t v = 0; v < op.iterations.size(); ++v, rest /= numChoices)
      if (rest % numChoices > 0)
        matching[rest % numChoices - 1].push_back(v);
    if (isValid(x, z, matching))
      found.insert(matching);
  }
  return found;
}

TEST_CASE("the signature rule is Algorithm 1 over all Boolean matrices") {
  std::mt19937 engine(7);
  const Contraction units[] = {
      getMatrixUnit(4, 4, 4), parseContraction("i:4", {"i", "i", "i"}),
      parseContraction("i:4 +r:2", {"i,r", "r", "i"}),
      parseContraction("k:2 p:2 q:2 +c:2", {"c,p,q", "k,c", "k,p,q"})};
  for (int run = 0; run < 400; ++run) {
    std::string loops[3];
    SmallVector<std::string> names;
    for (unsigned v = 0, n = 2 + engine() % 4; v < n; ++v) {
      std::string name(1, char('a' + v));
      names.push_back(name + ":2");
      // Mostly signatures that some unit has.
      unsigned signature = engine() % 8;
      for (unsigned t = 0; t < 3; ++t)
        if (signature >> t & 1)
          loops[t] += (loops[t].empty() ? "" : ",") + name;
    }
    Contraction op = parseContraction(llvm::join(names, " "),
                                      {loops[0], loops[1], loops[2]});
    for (const Contraction &unit : units) {
      auto found = enumerateMatchings(op, unit);
      CHECK(std::set<Matching>(found.begin(), found.end()).size() ==
            found.size());
      CHECK(std::set<Matching>(found.begin(), found.end()) ==
            enumerateByForce(op, unit));
    }
  }
}

static std::set<std::pair<Family, Matching>> propose(const Contraction &op,
                                                     const Contraction &unit,
                                                     bool isSymmetric = false) {
  SmallVector<SmallVector<int64_t>> orders{{0, 1}};
  if (isSymmetric)
    orders.push_back({1, 0});
  std::set<std::pair<Family, Matching>> proposals;
  for (const Proposal &p : enumerateProposals(op, unit, orders))
    proposals.insert({p.family, p.matching});
  return proposals;
}

TEST_CASE("other families are proposed where they add something") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  Contraction lanes = parseContraction("i:16", {"i", "i", "i"});
  Contraction dot = parseContraction("i:16 +r:4", {"i,r", "i,r", "i"});
  Contraction gemm = parseContraction("i:64 j:64 +l:64", {"i,l", "l,j", "i,j"});

  SECTION("exchanged sources are the transposed product") {
    auto proposals = enumerateProposals(gemm, unit, {{0, 1}, {1, 0}});
    REQUIRE(proposals.size() == 2);
    CHECK(proposals[0].family == Family::Direct);
    CHECK(proposals[1].family == Family::Commuted);
    CHECK(proposals[1].operands == SmallVector<int64_t>{1, 0});
    CHECK(proposals[1].matching == Matching{{1}, {0}, {2}});
  }
  SECTION("a symmetric unit does not see the exchange") {
    Contraction product = parseContraction("i:8", {"i", "i", "i"});
    CHECK(enumerateProposals(product, lanes, {{0, 1}, {1, 0}}).size() == 1);
    Contraction scalar = parseContraction("", {"0", "0", "0"});
    CHECK(enumerateProposals(gemm, scalar, {{0, 1}, {1, 0}}).size() == 1);
  }
  SECTION("a matrix times a vector gets a unit iteration") {
    Contraction gemv = parseContraction("i:64 +l:64", {"i,l", "l", "i"});
    CHECK(propose(gemv, unit) == std::set<std::pair<Family, Matching>>{
                                     {Family::Unit, {{0}, {}, {1}}}});
    Contraction sum = parseContraction("+l:64", {"l", "l", "0"});
    CHECK(propose(parseContraction("i:8", {"i", "i", "i"}), unit).empty());
    CHECK(propose(sum, unit) ==
          std::set<std::pair<Family, Matching>>{{Family::Unit, {{}, {}, {0}}}});
  }
  SECTION("vectors repeat the source that lacks their iteration") {
    std::set<std::pair<Family, Matching>> expected{{Family::Broadcast, {{0}}},
                                                   {Family::Broadcast, {{1}}}};
    CHECK(propose(gemm, lanes, true) == expected);
    expected = {{Family::Broadcast, {{0}, {2}}},
                {Family::Broadcast, {{1}, {2}}}};
    CHECK(propose(gemm, dot) == expected);
    CHECK(propose(gemm, unit).size() == 1);
  }
  SECTION("phases join what leaves lanes idle only") {
    auto count = [&](int64_t channels) {
      Contraction op = parseContraction("i:64 k:" + std::to_string(channels) +
                                            " f:2 g:2 +l:64",
                                        {"i,l", "l,k,f,g", "i,k,f,g"});
      op.iterations[2].isPhase = op.iterations[3].isPhase = true;
      return propose(op, unit).size();
    };
    CHECK(count(8) == 4); // {k}, and three without it
    CHECK(count(4) == 6); // {k}, {k, f}, {k, g}, three without it
    CHECK(count(2) == 7);
  }
  SECTION("a group may repeat along some of its iterations only") {
    // Groups g of inputs l and results k.
    Contraction grouped =
        parseContraction("p:8 g:4 k:4 +l:4", {"p,g,l", "g,l,k", "p,g,k"});
    std::set<std::pair<Family, Matching>> expected{
        {Family::Direct, {{1}}},       {Family::Broadcast, {{0}}},
        {Family::Broadcast, {{2}}},    {Family::Broadcast, {{0, 1}}},
        {Family::Broadcast, {{1, 2}}},
    };
    CHECK(propose(grouped, lanes, true) == expected);
  }
}
