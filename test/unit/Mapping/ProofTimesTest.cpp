//===- ProofTimesTest.cpp - Every mapping of large operators is proved ----===//

#include "Emptiness.h"
#include "Operators.h"
#include "Verdicts.h"
#include <catch2/catch.hpp>
#include <chrono>

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

static Proofs proveAll(const Contraction &op, const Contraction &unit) {
  using Clock = std::chrono::steady_clock;
  Proofs proofs;
  Solver solver;
  for (const Matching &matching : enumerateMatchings(op, unit)) {
    auto start = Clock::now();
    auto refutation = refute(op, unit, fuse(op, unit, matching), solver);
    std::chrono::duration<double, std::milli> spent = Clock::now() - start;
    INFO(print(refutation));
    CHECK(!refutation);
    ++proofs.numMappings;
    proofs.milliseconds += spent.count();
    proofs.slowest = std::max(proofs.slowest, spent.count());
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

TEST_CASE("times of proofs", "[.measure]") {
  Contraction unit = getMatrixUnit(16, 8, 16);
  for (const auto &[name, op] : getLargeOperators()) {
    Proofs proofs = proveAll(op, unit);
    std::printf("%-26s %4u mappings  all %6.1f ms  slowest %5.2f ms  "
                "%3zu systems\n",
                name.c_str(), proofs.numMappings, proofs.milliseconds,
                proofs.slowest, proofs.numSolved);
  }
}
