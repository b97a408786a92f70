//===- DrawCandidates.h - What is worth measuring ---------------*- C++ -*-===//
#ifndef AMOS_TRANSFORMS_DRAWCANDIDATES_H
#define AMOS_TRANSFORMS_DRAWCANDIDATES_H

#include "Amos/AmosDialect.h"
#include "amos/Model/CostModel.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace amos {

/// Who says which candidates are taken.
enum class Sampling {
  Best,   ///< the model: its ranking from the top, each with its best schedule
  Random, ///< chance alone: mapping and schedule
  Mixed   ///< the model for half of them, chance for the others
};

/// Who took a candidate.
enum class Origin { Model, Random, Search };

/// A mapping with a schedule and its predicted cost.
struct DrawnCandidate {
  CandidateAttr candidate;
  Origin origin;
};

/// `candidate` with another schedule and what that costs.
CandidateAttr complete(CandidateAttr candidate, const Explored &explored);

/// Up to `count` different candidates of an op that `amos-select-mapping` has
/// been over, the model's first; fewer when there are no more. Equal seeds give
/// equal candidates. Their schedules are not proved yet. Fails with a
/// diagnostic when the op's mappings do not fit it.
mlir::FailureOr<std::vector<DrawnCandidate>>
drawCandidates(mlir::linalg::LinalgOp op, Sampling sampling, size_t count,
               uint64_t seed);

} // namespace amos

#endif // AMOS_TRANSFORMS_DRAWCANDIDATES_H
