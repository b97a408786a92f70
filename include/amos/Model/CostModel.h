//===- CostModel.h - Predicted cycles of a scheduled mapping ----*- C++ -*-===//
//
// docs/CostModel.md derives every term.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MODEL_COSTMODEL_H
#define AMOS_MODEL_COSTMODEL_H

#include "amos/Mapping/MappedAccesses.h"
#include "amos/Model/Machine.h"

namespace amos {

struct Cost {
  double cycles = 0; ///< of one issuing unit, the machine's units in parallel
  double lowerBound = 0; ///< no schedule of this mapping is faster
  std::string bound;     ///< "compute", or the level that decides
  double useful = 1;     ///< share of the multiply-adds performed that are real
  int64_t onChipBytes = 0;
};

/// Everything a model needs to know about one mapping of one operator.
struct MappedProblem {
  Contraction op; ///< sources in the intrinsic's order
  Matching matching;
  IntrinsicModel intrinsic;
  bool startsAtZero = false;
};

/// The cost of one schedule, or why it cannot run (E-CAPACITY, E-LAYOUT).
std::variant<Cost, Reason> estimateCost(const MappedProblem &problem,
                                        const Schedule &schedule);

struct Explored {
  Schedule schedule;
  Cost cost;
};

/// The best schedule the space holds; the same for the same seed.
std::variant<Explored, Reason> exploreSchedules(const MappedProblem &problem,
                                                uint64_t seed);

} // namespace amos

#endif // AMOS_MODEL_COSTMODEL_H
