//===- FindMappings.h - Candidates and rejections of one op -----*- C++ -*-===//
#ifndef AMOS_MAPPING_FINDMAPPINGS_H
#define AMOS_MAPPING_FINDMAPPINGS_H

#include "amos/Mapping/Certificate.h"
#include "amos/Mapping/MatchBody.h"

namespace amos {

struct FoundMappings {
  llvm::SmallVector<CandidateAttr> candidates;
  llvm::SmallVector<RejectionAttr> rejections;
};

/// Proposes every mapping of `op` onto `intrinsics` and keeps the proved ones.
FoundMappings findMappings(mlir::linalg::LinalgOp op,
                           llvm::ArrayRef<IntrinsicOp> intrinsics);

/// Judges one mapping (with its schedule, or the default one) of `op`, from
/// whatever source. Nothing when it is right.
std::optional<Reason> verifyMapping(mlir::linalg::LinalgOp op,
                                    IntrinsicOp intrinsic, MappingAttr mapping,
                                    ScheduleAttr schedule, Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_FINDMAPPINGS_H
