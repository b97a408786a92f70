//===- PricingOrder.h - Which candidates are priced first -------*- C++ -*-===//
#ifndef AMOS_LIB_TRANSFORMS_PRICINGORDER_H
#define AMOS_LIB_TRANSFORMS_PRICINGORDER_H

#include "Amos/AmosDialect.h"
#include "amos/Model/CostModel.h"
#include <map>

namespace amos {

/// A candidate that is not priced yet, and what it takes at least.
struct Pending {
  CandidateAttr candidate;
  double seconds;
  size_t position;  ///< among the candidates
  unsigned surplus; ///< reductions that it matches beyond what fills a lane
  size_t turn = 0;  ///< among those of its intrinsic and family
};

/// A candidate with its price.
struct Ranked {
  CandidateAttr candidate;
  double seconds;
};

/// The candidates of one operator while they are being priced.
struct Shortlist {
  static constexpr double unlimited = std::numeric_limits<double>::infinity();
  /// Of a machine whose nests are spread, no more candidates of a class than
  /// this are looked into, those that may be the fastest.
  static constexpr unsigned mostSpread = 96;
  /// Nor more of one intrinsic: others take turns.
  static constexpr size_t mostTurns = 12;

  std::vector<Pending> pending; ///< the one that may be the fastest last
  std::vector<Ranked> ranking;  ///< best first
  std::vector<Pending> slower;  ///< than the best was when they were looked at
  /// Looked into, of each class.
  std::map<IntrinsicClass, unsigned> numSpread;

  double getBest() const {
    return ranking.empty() ? unlimited : ranking.front().seconds;
  }
};

/// Fastest first; between equals, fewer iterations matched.
void sortRanking(std::vector<Ranked> &ranking);

/// How many reductions of a mapping could stay outside without idle lanes: they
/// make tiles that no single copy brings.
unsigned countSurplus(const MappedProblem &problem);

/// Numbers the turns of all candidates of an operator: least surplus first.
void numberTurns(llvm::MutableArrayRef<Pending> pending);

/// In the order of the program, the first one last.
void sortByPosition(std::vector<Pending> &pending);

/// The one that may be the fastest last.
void sortByLeastTime(std::vector<Pending> &pending);

/// The same, but intrinsics by turns where least times are about the same.
void sortByTurns(std::vector<Pending> &pending);

} // namespace amos

#endif // AMOS_LIB_TRANSFORMS_PRICINGORDER_H
