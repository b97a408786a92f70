//===- KnowledgeTest.cpp - What measurements tell -------------------------===//

#include "amos/Tuning/Knowledge.h"
#include <catch2/catch.hpp>

using namespace amos;

static Measurement measure(std::string mapping, double seconds,
                           int64_t predicted, double share = 0) {
  Measurement m;
  m.mapping = std::move(mapping);
  m.status = "ok";
  m.seconds = seconds;
  m.firstQuartile = m.thirdQuartile = seconds;
  m.predictedCycles = predicted;
  m.share = share;
  m.samples = 6;
  m.caches = "warm";
  m.environment = {"cpu", "", "tools"};
  return m;
}

static std::vector<std::string> rank(llvm::ArrayRef<Measurement> all) {
  std::vector<std::string> order;
  for (const Measurement &m : rankMeasurements(all))
    order.push_back(m.mapping);
  return order;
}

using Order = std::vector<std::string>;

TEST_CASE("the fastest comes first") {
  CHECK(rank({measure("a", 3, 1), measure("b", 1, 9), measure("c", 2, 5)}) ==
        Order{"b", "c", "a"});
  CHECK(rank({}).empty());
}

TEST_CASE("ties go to the rank of the model") {
  CHECK(rank({measure("a", 1.000, 9), measure("b", 1.009, 5),
              measure("c", 1.02, 1)}) == Order{"b", "a", "c"});
}

TEST_CASE("what spreads ties with more") {
  Measurement spread = measure("b", 1.04, 1);
  spread.firstQuartile = 0.99;
  spread.thirdQuartile = 1.09;
  CHECK(rank({measure("a", 1, 9), spread}) == Order{"b", "a"});
}

TEST_CASE("shares are compared where they are known") {
  // The clock was lower while "a" was measured, its unit's too.
  CHECK(rank({measure("a", 2, 1, 0.9), measure("b", 1.5, 1, 0.7)}) ==
        Order{"a", "b"});
}

TEST_CASE("of a repeated candidate the longest measurement counts") {
  Measurement hasty = measure("a", 1, 1), patient = measure("a", 3, 1);
  patient.samples = 30;
  CHECK(rank({hasty, patient, measure("b", 2, 1)}) == Order{"b", "a"});
}

TEST_CASE("what is wrong or began cold does not count beside others") {
  Measurement wrong = measure("a", 1, 1), cold = measure("b", 1, 1);
  wrong.status = "wrong";
  cold.caches = "cold";
  CHECK(rank({wrong, cold, measure("c", 2, 1)}) == Order{"c"});
  CHECK(rank({wrong, cold}) == Order{"b"});
}

TEST_CASE("staleness names the difference") {
  Measurement m = measure("a", 1, 1);
  CHECK(findStaleness(m, {"cpu", "", "tools"}).empty());
  CHECK(findStaleness(m, {"", "", "tools"}).empty());
  CHECK(findStaleness(m, {"gpu", "", "tools"}) ==
        "the device was 'cpu', here it is 'gpu'");
  CHECK(findStaleness(m, {"cpu", "13", "tools"}) ==
        "the driver was '', here it is '13'");
  CHECK(findStaleness(m, {"cpu", "", "newer"}) ==
        "the compiler was 'tools', here it is 'newer'");
}

TEST_CASE("exported measurements are imported as they were") {
  MeasurementSet set;
  set.operators.push_back({getFingerprint("text"), "linalg.matmul", "text"});
  set.measurements = {measure("a", 1.0 / 3, 7, 0.123456789012345),
                      measure("\"b\"\n", 2e-7, 1)};
  std::string text;
  llvm::raw_string_ostream stream(text);
  exportMeasurements(set, stream);
  auto back = importMeasurements(text);
  REQUIRE(bool(back));
  REQUIRE(back->measurements.size() == 2);
  for (size_t n = 0; n < 2; ++n)
    CHECK(back->measurements[n].getId() == set.measurements[n].getId());
}
