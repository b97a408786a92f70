//===- Recall.h - What is known of an operator ------------------*- C++ -*-===//
#ifndef AMOS_TUNING_RECALL_H
#define AMOS_TUNING_RECALL_H

#include "amos/Mapping/Reason.h"
#include "amos/Tuning/Knowledge.h"
#include "amos/Tuning/Operator.h"

namespace amos {

/// A choice for one operation, with the measurement that speaks for it.
struct KnownChoice {
  MappingAttr mapping;
  ScheduleAttr schedule;
  Measurement measurement;
};

/// What measurements tell of one operation.
struct Recollection {
  /// Those that count, the fastest first.
  std::vector<KnownChoice> choices;
  /// Those that turned out wrong or failed.
  std::vector<KnownChoice> failures;
  /// Why others do not count, with how many there are of a kind.
  std::vector<std::pair<std::string, unsigned>> stale;
};

/// The mapping and the schedule that were measured, when they can be read and
/// the mapping is a candidate of `op`.
std::optional<KnownChoice> readChoice(mlir::linalg::LinalgOp op,
                                      const Measurement &measurement);

/// Looks through `measurements` of the operator of `op`, whose candidates have
/// been found, for what counts in `here`. Mappings that are no candidates (of
/// other machines, or excluded) are passed over in silence.
Recollection recall(mlir::linalg::LinalgOp op,
                    llvm::ArrayRef<Measurement> measurements,
                    const Environment &here);

/// Why mapping and schedule are not right for `op`, or cannot run; nothing when
/// they are proved. `neverPad` refuses multiply-adds on padding.
std::optional<Reason> refuteChoice(mlir::linalg::LinalgOp op,
                                   MappingAttr mapping, ScheduleAttr schedule,
                                   bool neverPad);

} // namespace amos

#endif // AMOS_TUNING_RECALL_H
