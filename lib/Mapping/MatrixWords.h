//===- MatrixWords.h - What the access matrices say, in words ---*- C++ -*-===//
#ifndef AMOS_LIB_MAPPING_MATRIXWORDS_H
#define AMOS_LIB_MAPPING_MATRIXWORDS_H

#include "amos/Mapping/EnumerateMatchings.h"
#include <optional>

namespace amos {

/// Names the iteration of the intrinsic that no iteration of the operator can
/// play. The sources of `op` are in the intrinsic's order.
Reason explainUnmatched(const Contraction &op, const Contraction &intrinsic);

/// The signature rule, for a matching from whatever source: lists are in range
/// and disjoint, no group is empty and every column equals that of the
/// iteration it plays; the families loosen this as they are defined.
std::optional<Reason> checkMatrices(const Contraction &op,
                                    const Contraction &intrinsic,
                                    const Matching &matching, Family family);

} // namespace amos

#endif // AMOS_LIB_MAPPING_MATRIXWORDS_H
