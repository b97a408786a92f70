//===- Borders.cpp - Where in a nest a guard may fail ---------------------===//

#include "amos/Mapping/Borders.h"
#include "llvm/ADT/SmallVector.h"

using namespace mlir;
using namespace amos;

std::optional<int64_t> amos::getBoundIn(AffineExpr expr, ArrayRef<Interval> box,
                                        unsigned numDims, bool isUpper) {
  SmallVector<std::optional<int64_t>> lower, upper;
  for (const Interval &interval : box) {
    lower.push_back(interval.first);
    upper.push_back(interval.last);
  }
  return getBoundForAffineExpr(expr, numDims, box.size() - numDims, lower,
                               upper, isUpper);
}

std::optional<StepRange>
amos::findWholeSteps(AffineExpr guard, ArrayRef<Interval> box, unsigned numDims,
                     unsigned dim, int64_t step, int64_t count, int64_t most) {
  SmallVector<Interval> place(box);
  auto holds = [&](int64_t first, int64_t end) {
    place[dim] = {box[dim].first + first * step,
                  box[dim].first + end * step - 1};
    auto least = getBoundIn(guard, place, numDims, /*isUpper=*/false);
    return least && *least >= 0;
  };
  StepRange whole = {0, count};
  while (whole.first < std::min(count, most + 1) &&
         !holds(whole.first, whole.first + 1))
    ++whole.first;
  while (whole.end > whole.first && count - whole.end <= most &&
         !holds(whole.end - 1, whole.end))
    --whole.end;
  bool isLong = whole.first > most || count - whole.end > most;
  if (isLong || whole.first >= whole.end || !holds(whole.first, whole.end))
    return std::nullopt;
  return whole;
}
