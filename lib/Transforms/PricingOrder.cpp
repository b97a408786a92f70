//===- PricingOrder.cpp - Which candidates are priced first ---------------===//

#include "PricingOrder.h"
#include "llvm/ADT/STLExtras.h"
#include <cmath>
#include <map>

using namespace mlir;
using namespace amos;

/// Least times that differ by less than this factor are about the same.
static constexpr double sameTime = 1.05;

unsigned amos::countSurplus(const MappedProblem &problem) {
  unsigned surplus = 0;
  for (auto pair : llvm::zip_equal(problem.matching,
                                   problem.intrinsic.contraction.iterations)) {
    const Iteration &lane = std::get<1>(pair);
    if (!lane.isReduction)
      continue;
    SmallVector<int64_t> extents;
    for (int64_t v : std::get<0>(pair))
      extents.push_back(std::min(problem.op.iterations[v].extent, lane.extent));
    llvm::sort(extents, std::greater<>());
    int64_t points = 1;
    for (int64_t extent : extents) {
      surplus += points >= lane.extent;
      points = std::min(points * extent, lane.extent);
    }
  }
  return surplus;
}

void amos::numberTurns(MutableArrayRef<Pending> pending) {
  std::vector<Pending *> order;
  for (Pending &candidate : pending)
    order.push_back(&candidate);
  llvm::sort(order, [](const Pending *a, const Pending *b) {
    return std::pair(a->surplus, a->position) <
           std::pair(b->surplus, b->position);
  });
  std::map<std::pair<const void *, Family>, size_t> turns;
  for (Pending *candidate : order) {
    MappingAttr mapping = candidate->candidate.getMapping();
    candidate->turn = turns[{mapping.getIntrinsic().getAsOpaquePointer(),
                             mapping.getFamily()}]++;
  }
}

/// The last is priced first.
template <typename GetKey>
static void sortBackwards(std::vector<Pending> &pending, GetKey getKey) {
  llvm::sort(pending, [&](const Pending &a, const Pending &b) {
    return getKey(a) > getKey(b);
  });
}

void amos::sortByPosition(std::vector<Pending> &pending) {
  sortBackwards(pending, [](const Pending &p) { return p.position; });
}

void amos::sortByLeastTime(std::vector<Pending> &pending) {
  sortBackwards(pending, [](const Pending &p) {
    return std::pair(p.seconds, p.position);
  });
}

void amos::sortByTurns(std::vector<Pending> &pending) {
  sortBackwards(pending, [](const Pending &p) {
    // Zero where nothing is known of it.
    double steps = p.seconds > 0
                       ? std::floor(std::log(p.seconds) / std::log(sameTime))
                       : -std::numeric_limits<double>::infinity();
    return std::tuple(steps, p.turn, p.position);
  });
}

void amos::sortRanking(std::vector<Ranked> &ranking) {
  llvm::sort(ranking, [](const Ranked &a, const Ranked &b) {
    auto key = [](const Ranked &r) {
      MappingAttr mapping = r.candidate.getMapping();
      size_t matched = 0;
      for (DenseI64ArrayAttr group : mapping.getMatching())
        matched += group.size();
      return std::tuple(r.seconds, mapping.getFamily(), matched,
                        mapping.getId());
    };
    return key(a) < key(b);
  });
}
