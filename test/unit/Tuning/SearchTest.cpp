//===- SearchTest.cpp - What to measure next ------------------------------===//
//
// A product of matrices on a machine whose model is off by a factor that
// depends on block and staging: a search that learns finds what is fast all the
// same.
//
//===----------------------------------------------------------------------===//

#include "amos/Tuning/Search.h"
#include "amos/Driver/Compiler.h"
#include "amos/Tuning/Operator.h"
#include <catch2/catch.hpp>
#include <map>

using namespace amos;

static const char *const program = R"(
func.func @product(%a: tensor<60x70xf32>, %b: tensor<70x90xf32>,
                   %c: tensor<60x90xf32>) -> tensor<60x90xf32> {
  %d = linalg.matmul ins(%a, %b : tensor<60x70xf32>, tensor<70x90xf32>)
                     outs(%c : tensor<60x90xf32>) -> tensor<60x90xf32>
  return %d : tensor<60x90xf32>
}
)";

namespace {
/// The program, mapped onto a machine without special features.
struct Mapped {
  Mapped() : compiler(getOptions(), progress) {
    REQUIRE(compiler.load() == ExitCode::Success);
    REQUIRE(compiler.runThrough(Stage::SelectMapping) == ExitCode::Success);
    compiler.getModule().walk([&](mlir::linalg::LinalgOp found) {
      if (found->hasAttr("amos.mapping"))
        op = found;
    });
    REQUIRE(op);
  }
  static CompilerOptions getOptions() {
    // Passes are not run before MLIR knows its options.
    [[maybe_unused]] static bool isReady = (registerMlirOptions(), true);
    CompilerOptions options;
    options.input = "-";
    options.standardInput = program;
    options.targets = {AMOS_MACHINES "/x86-avx512.mlir"};
    options.fallback = Fallback::Allow;
    return options;
  }

  Progress progress = {};
  Compiler compiler;
  mlir::linalg::LinalgOp op;
};
} // namespace

/// What is measured: the prediction, times a factor that the model ignores.
static double pretend(CandidateAttr candidate) {
  Schedule schedule = Schedule::get(candidate.getSchedule());
  double factor = 1;
  for (int64_t size : schedule.block)
    factor *= size == 4 ? 0.5 : 1;
  for (Staging staging : schedule.staging)
    factor *= staging == Staging::Pack ? 0.8 : 1.3;
  return factor * double(candidate.getCost().getCycles());
}

/// The least time among `trials` candidates.
static double runSearch(mlir::linalg::LinalgOp op, Search::Strategy strategy,
                        uint64_t seed, size_t trials) {
  Search search(op, strategy, seed);
  double least = 1e99;
  for (size_t measured = 0; measured < trials;) {
    auto proposals = search.propose(std::min<size_t>(8, trials - measured));
    if (proposals.empty())
      break;
    for (const DrawnCandidate &one : proposals) {
      double time = pretend(one.candidate);
      least = std::min(least, time);
      search.learn(one.candidate.getMapping(), one.candidate.getSchedule(),
                   time);
    }
    measured += proposals.size();
  }
  return least;
}

TEST_CASE("the guided search finds more than chance at equal trials") {
  Mapped mapped;
  double guided = 0, random = 0;
  for (uint64_t seed = 0; seed < 12; ++seed) {
    guided += runSearch(mapped.op, Search::Strategy::Guided, seed, 40);
    random += runSearch(mapped.op, Search::Strategy::Random, seed, 40);
  }
  CHECK(guided < random);
}

TEST_CASE("nothing is proposed twice, and the same for the same seed") {
  Mapped mapped;
  std::vector<mlir::Attribute> first;
  for (int repetition = 0; repetition < 2; ++repetition) {
    Search search(mapped.op, Search::Strategy::Guided, 5);
    std::map<std::pair<const void *, const void *>, int> seen;
    std::vector<mlir::Attribute> order;
    for (int round = 0; round < 3; ++round)
      for (const DrawnCandidate &one : search.propose(8)) {
        CandidateAttr candidate = one.candidate;
        CHECK(seen[{candidate.getMapping().getAsOpaquePointer(),
                    candidate.getSchedule().getAsOpaquePointer()}]++ == 0);
        order.push_back(candidate.getSchedule());
        search.learn(candidate.getMapping(), candidate.getSchedule(),
                     pretend(candidate));
      }
    CHECK(order.size() == 24);
    if (repetition == 0)
      first = order;
    else
      CHECK(order == first);
  }
}

TEST_CASE("the first choice of the model is among the first proposals") {
  Mapped mapped;
  Search search(mapped.op, Search::Strategy::Guided, 1);
  auto schedule = mapped.op->getAttr("amos.schedule");
  CHECK(llvm::any_of(search.propose(8), [&](const DrawnCandidate &one) {
    return one.candidate.getSchedule() == schedule;
  }));
}

TEST_CASE(
    "what fails is not proposed again, nor is much expected of its like") {
  Mapped mapped;
  Search search(mapped.op, Search::Strategy::Guided, 1);
  for (int round = 0; round < 3; ++round)
    for (const DrawnCandidate &one : search.propose(8))
      search.learn(one.candidate.getMapping(), one.candidate.getSchedule(),
                   std::nullopt);
  CHECK(search.propose(8).size() == 8);
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

TEST_CASE("an operator that is isolated is what it was") {
  Mapped mapped;
  TunedOperator described = describeOperator(mapped.op);
  CHECK(described.name == "linalg.matmul");
  CHECK(isAlone(mapped.op));
  auto alone = isolateOperator(mapped.op);
  mlir::linalg::LinalgOp copy;
  alone->walk([&](mlir::linalg::LinalgOp found) { copy = found; });
  CHECK(describeOperator(copy).fingerprint == described.fingerprint);
  CHECK(described.text.find("amos.") == std::string::npos);
}

TEST_CASE("a machine is its description with one intrinsic") {
  Mapped mapped;
  std::map<std::string, int> seen;
  for (auto candidate :
       mapped.op->getAttrOfType<mlir::ArrayAttr>("amos.candidates")
           .getAsRange<CandidateAttr>()) {
    IntrinsicOp intrinsic = findIntrinsic(mapped.op, candidate.getMapping());
    std::string text = describeMachine(intrinsic);
    CHECK(text.find("@" + intrinsic.getSymName().str()) != std::string::npos);
    seen[text]++;
  }
  CHECK(seen.size() >= 1);
  mapped.compiler.getModule().walk([&](IntrinsicOp intrinsic) {
    std::string text = describeMachine(intrinsic);
    size_t first = text.find("intrinsic @");
    CHECK(first != std::string::npos);
    CHECK(text.find("intrinsic @", first + 1) == std::string::npos);
  });
}
