//===- PricingOrder.h - Which candidates are priced first -------*- C++ -*-===//
#ifndef AMOS_LIB_TRANSFORMS_PRICINGORDER_H
#define AMOS_LIB_TRANSFORMS_PRICINGORDER_H

#include "Amos/AmosDialect.h"
#include "amos/Model/CostModel.h"

namespace amos {

/// A candidate that is not priced yet, and what it takes at least.
struct Pending {
  CandidateAttr candidate;
  double seconds;
  size_t position;  ///< among the candidates
  unsigned surplus; ///< reductions that it matches beyond what fills a lane
  size_t turn = 0;  ///< among those of its intrinsic and family
};

/// How many reductions of a mapping could stay outside without idle lanes: they
/// make tiles that no single copy brings.
unsigned countSurplus(const MappedProblem &problem);

/// Numbers the turns of all candidates of an operator: least surplus first.
void numberTurns(llvm::MutableArrayRef<Pending> pending);

/// The one that may be the fastest last, intrinsics by turns where that is
/// about the same.
void sortByLeastTime(std::vector<Pending> &pending);

} // namespace amos

#endif // AMOS_LIB_TRANSFORMS_PRICINGORDER_H
