//===- ProofTimesTest.cpp - Every mapping of large operators is proved ----===//

#include "Emptiness.h"
#include "Operators.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>
#include <ctime>
#include <random>

using namespace amos;
using namespace amos::test;

namespace {
struct Proofs {
  unsigned numMappings = 0;
  /// Of laying out and proving: all of them, and the slowest one.
  double milliseconds = 0, slowest = 0;
  /// Distinct systems that canonical sums left to the solver.
  size_t numSolved = 0;
};
} // namespace

/// Of this process, so that other programs do not count.
static double getMilliseconds() {
  return std::clock() * (1000.0 / CLOCKS_PER_SEC);
}

static Proofs proveAll(const Contraction &op, const Contraction &unit) {
  Proofs proofs;
  Solver solver;
  for (const Matching &matching : enumerateMatchings(op, unit)) {
    double start = getMilliseconds();
    auto refutation = refute(op, unit, fuse(op, unit, matching), solver);
    double spent = getMilliseconds() - start;
    INFO(print(refutation));
    CHECK(!refutation);
    ++proofs.numMappings;
    proofs.milliseconds += spent;
    proofs.slowest = std::max(proofs.slowest, spent);
  }
  proofs.numSolved = solver.getMemory().isEmpty.size();
  return proofs;
}

static std::vector<std::pair<std::string, Contraction>> getLargeOperators() {
  std::vector<std::pair<std::string, Contraction>> ops;
  auto add = [&](llvm::StringRef name, const Convolution &convolution) {
    ops.push_back({name.str(), getConvolution(convolution)});
  };
  add("C2D 16x64x56x56x64x3x3", {{16, 64, 64}, {56, 56}, {3, 3}});
  add("C2D padded", {{16, 64, 64}, {56, 56}, {3, 3}, 1, 1, 1});
  add("C2D padded, stride 2", {{16, 64, 64}, {28, 28}, {3, 3}, 2, 1, 1});
  add("C2D padded, dilation 2", {{16, 64, 64}, {52, 52}, {3, 3}, 1, 2, 1});
  add("C2D odd everything", {{3, 37, 29}, {13, 17}, {5, 3}, 3, 2, 2});
  add("C2D 256x256x56x56x256x3x3",
      {{256, 256, 256}, {56, 56}, {3, 3}, 1, 1, 1});
  add("T2D flipped", {{16, 64, 64}, {56, 56}, {3, 3}, 1, 1, 2, true});
  add("C3D padded", {{1, 64, 64}, {8, 56, 56}, {3, 3, 3}, 1, 1, 1});
  for (const Evaluated &evaluated : getEvaluatedOperators())
    ops.push_back({evaluated.name.str(), evaluated.op});
  return ops;
}

TEST_CASE("every mapping of large operators is proved, fast") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  for (const auto &[name, op] : getLargeOperators()) {
    INFO(name);
    // Far more than it takes, for slow machines and sanitizers.
    CHECK(proveAll(op, unit).milliseconds < 1000);
  }
}

/// A matching in a random order, fused or with random tiles.
static Schedule getRandomSchedule(const Contraction &op,
                                  const Contraction &unit,
                                  const Matching &matching,
                                  std::mt19937_64 &engine) {
  Schedule schedule;
  schedule.order = matching;
  for (auto &group : schedule.order)
    std::shuffle(group.begin(), group.end(), engine);
  if (engine() % 3 == 0)
    return schedule;
  for (unsigned h = 0; h < matching.size(); ++h) {
    auto &tiles = schedule.tiles.emplace_back();
    int64_t room = unit.iterations[h].extent;
    for (int64_t v : schedule.order[h]) {
      int64_t most = std::min(room, op.iterations[v].extent + 1);
      tiles.push_back(1 + engine() % most);
      room /= tiles.back();
    }
  }
  return schedule;
}

TEST_CASE("random layouts of large operators are proved, fast") {
  std::mt19937_64 engine(5);
  Contraction unit = getMatrixUnit(128, 24, 40);
  double slowest = 0;
  for (const auto &[name, op] : getLargeOperators()) {
    Solver solver;
    auto matchings = enumerateMatchings(op, unit);
    for (int run = 0; run < 100; ++run) {
      const Matching &matching = matchings[engine() % matchings.size()];
      Schedule schedule = getRandomSchedule(op, unit, matching, engine);
      REQUIRE(!checkLayout(op, unit, matching, schedule));
      double start = getMilliseconds();
      auto refutation =
          refute(op, unit, mapAccesses(op, unit, matching, schedule), solver);
      slowest = std::max(slowest, getMilliseconds() - start);
      INFO(name << " " << print(refutation));
      CHECK(!refutation);
    }
  }
  CHECK(slowest < 1000);
}

TEST_CASE("times of proofs", "[.measure]") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  for (const auto &[name, op] : getLargeOperators()) {
    // The run that other programs disturbed least.
    Proofs proofs = proveAll(op, unit);
    for (int run = 0; run < 9; ++run)
      if (Proofs again = proveAll(op, unit);
          again.milliseconds < proofs.milliseconds)
        proofs = again;
    std::printf("%-26s %4u mappings  all %6.1f ms  slowest %5.2f ms  "
                "%3zu systems\n",
                name.c_str(), proofs.numMappings, proofs.milliseconds,
                proofs.slowest, proofs.numSolved);
  }
}
