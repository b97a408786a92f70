//===- FindMappings.h - Candidates and rejections of one op -----*- C++ -*-===//
#ifndef AMOS_MAPPING_FINDMAPPINGS_H
#define AMOS_MAPPING_FINDMAPPINGS_H

#include "amos/Mapping/Certificate.h"
#include "amos/Mapping/MatchBody.h"

namespace amos {

/// `@accelerator::@intrinsic`
mlir::SymbolRefAttr getReference(IntrinsicOp intrinsic);

/// Which matchings are wanted: all that are right, or those of AMOS's own rule.
enum class MappingRule { Complete, Amos };

struct FoundMappings {
  llvm::SmallVector<CandidateAttr> candidates;
  llvm::SmallVector<RejectionAttr> rejections;
};

/// Proposes every mapping of `op` onto `intrinsics` and keeps the proved ones;
/// intrinsics without a proposal and refuted proposals are rejections.
FoundMappings findMappings(mlir::linalg::LinalgOp op,
                           llvm::ArrayRef<IntrinsicOp> intrinsics);

/// Judges one mapping (with its schedule, or the default one) of `op`, from
/// whatever source: access matrices, then bodies, then the proof. Nothing when
/// it is right.
std::optional<Reason> verifyMapping(mlir::linalg::LinalgOp op,
                                    IntrinsicOp intrinsic, MappingAttr mapping,
                                    ScheduleAttr schedule, Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_FINDMAPPINGS_H
