//===- MatchBody.h - Do two bodies compute the same? ------------*- C++ -*-===//
#ifndef AMOS_MAPPING_MATCHBODY_H
#define AMOS_MAPPING_MATCHBODY_H

#include "amos/Mapping/Contraction.h"
#include <variant>

namespace amos {

/// The orders of the operator's sources under which its body equals the
/// intrinsic's, up to commutativity and redundant casts; the identity first if
/// it is one. Entry t of an order is the operator's source that plays source t.
using SourceOrders = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// Compares bodies, combiners and element types: E-BODY, E-DTYPE or E-RANGE.
/// A body whose steps may not change their order matches none.
std::variant<SourceOrders, Reason> matchBody(mlir::linalg::LinalgOp op,
                                             IntrinsicOp intrinsic);

} // namespace amos

#endif // AMOS_MAPPING_MATCHBODY_H
