//===- Verdicts.cpp - Judging mappings in tests ---------------------------===//

#include "Verdicts.h"
#include "Points.h"
#include <catch2/catch.hpp>

using namespace amos;
using namespace amos::test;

static constexpr Duty duties[] = {
    Duty::Total, Duty::Inverse, Duty::Source,  Duty::Destination,
    Duty::Lanes, Duty::Races,   Duty::Neutral, Duty::Bounds};

MappedAccesses amos::test::fuse(const Contraction &op, const Contraction &unit,
                                const Matching &matching) {
  return mapAccesses(op, unit, matching,
                     getDefaultSchedule(op, unit, matching));
}

std::string amos::test::print(const std::optional<Refutation> &refutation) {
  return refutation ? spell(refutation->duty).str() + ": " + refutation->witness
                    : "proved";
}

std::set<Duty> amos::test::getRefuted(const Contraction &op,
                                      const Contraction &unit,
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
