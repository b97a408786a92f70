//===- MutateSchedule.h - A schedule like another one -----------*- C++ -*-===//
#ifndef AMOS_MODEL_MUTATESCHEDULE_H
#define AMOS_MODEL_MUTATESCHEDULE_H

#include "amos/Model/CostModel.h"

namespace amos {

/// A schedule of the space that `exploreSchedules` looks through which differs
/// from `schedule` in little: in registers in one of block, nest and staging;
/// on machines with staging memories as little as the most alike of a few that
/// are drawn. Nothing when none of some draws can run. The same for the same
/// seed.
std::optional<Explored> mutateSchedule(const MappedProblem &problem,
                                       const Schedule &schedule, uint64_t seed);

} // namespace amos

#endif // AMOS_MODEL_MUTATESCHEDULE_H
