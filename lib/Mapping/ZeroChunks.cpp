//===- ZeroChunks.cpp - Chunks in which nothing is added ------------------===//

#include "amos/Mapping/ZeroChunks.h"
#include "amos/Mapping/Bounds.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

/// Chunks that are looked at one by one.
static constexpr int64_t mostChunks = 4096;

/// Whether nothing that a zero meets is an Inf: what is lifted promises it.
static bool absorbsZeros(const Contraction &op) {
  return op.ignoresZeros &&
         llvm::any_of(op.iterations, [](const Iteration &iteration) {
           return iteration.isPhase;
         });
}

ZeroChunks::ZeroChunks(const Contraction &op, const MappedAccesses &mapped,
                       ArrayRef<int64_t> laneExtents,
                       const Schedule &schedule) {
  if (!absorbsZeros(op) || schedule.cluster > 1)
    return;
  const SmallVector<int64_t> spans = getChunkSpans(mapped, schedule);
  for (const Access &source : ArrayRef(mapped.fragments).drop_back())
    for (AffineExpr guard : source.guards)
      addGuard(guard, mapped, laneExtents, spans);
  shareLeft = countShareLeft(mapped, spans);
}

double ZeroChunks::countShareLeft(const MappedAccesses &mapped,
                                  ArrayRef<int64_t> spans) const {
  SmallVector<int64_t> steps(spans.size(), 1), first(spans.size(), 0);
  int64_t chunks = 1, left = 0;
  for (auto [outer, loop] : llvm::enumerate(mapped.outer))
    if (dependsOn(outer)) {
      steps[outer] = llvm::divideCeil(loop.extent, spans[outer]);
      chunks *= steps[outer];
      if (chunks > mostChunks)
        return 1;
    }
  for (int64_t chunk = 0; chunk < chunks; ++chunk) {
    int64_t rest = chunk;
    for (auto [place, span, count] : llvm::zip_equal(first, spans, steps)) {
      place = rest % count * span;
      rest /= count;
    }
    left += !isZero(first);
  }
  return double(left) / double(chunks);
}

/// Splits a sum into `factors` of the outer loops, a constant behind them, and
/// what is left.
static AffineExpr takeLinear(AffineExpr sum, MutableArrayRef<int64_t> factors) {
  AffineExpr nothing = getAffineConstantExpr(0, sum.getContext());
  auto binary = dyn_cast<AffineBinaryOpExpr>(sum);
  if (binary && binary.getKind() == AffineExprKind::Add)
    return takeLinear(binary.getLHS(), factors) +
           takeLinear(binary.getRHS(), factors);
  if (auto constant = dyn_cast<AffineConstantExpr>(sum)) {
    factors.back() += constant.getValue();
    return nothing;
  }
  int64_t factor = 1;
  if (binary && binary.getKind() == AffineExprKind::Mul)
    if (auto constant = dyn_cast<AffineConstantExpr>(binary.getRHS())) {
      sum = binary.getLHS();
      factor = constant.getValue();
    }
  auto dim = dyn_cast<AffineDimExpr>(sum);
  if (!dim || dim.getPosition() + 1 >= factors.size())
    return sum * factor;
  factors[dim.getPosition()] += factor;
  return nothing;
}

/// `guard` is negative all over a chunk where its most is. Loops of which it is
/// no sum may be anywhere.
void ZeroChunks::addGuard(AffineExpr guard, const MappedAccesses &mapped,
                          ArrayRef<int64_t> laneExtents,
                          ArrayRef<int64_t> spans) {
  const size_t numOuter = mapped.outer.size();
  SmallVector<int64_t> row(numOuter + 1, 0);
  SmallVector<int64_t> extents = llvm::map_to_vector(
      mapped.outer, [](const OuterLoop &loop) { return loop.extent; });
  llvm::append_range(extents, laneExtents);
  AffineExpr rest =
      takeLinear(simplifyAffineExpr(guard, extents.size(), 0), row);
  for (size_t outer = 0; outer < numOuter; ++outer)
    if (rest.isFunctionOfDim(outer))
      rest = rest + getAffineDimExpr(outer, guard.getContext()) *
                        std::exchange(row[outer], 0);
  std::optional<int64_t> mostOfRest = getBound(rest, extents, /*isUpper=*/true);
  if (!mostOfRest)
    return;
  row.back() += *mostOfRest;
  int64_t least = 0;
  for (size_t outer = 0; outer < numOuter; ++outer) {
    int64_t factor = row[outer], steps = spans[outer];
    row.back() += std::max<int64_t>(factor * (steps - 1), 0);
    least += std::min<int64_t>(factor * (extents[outer] - steps), 0);
  }
  if (row.back() + least < 0 && !llvm::is_contained(rows, row))
    rows.push_back(row);
}

SmallVector<AffineExpr> ZeroChunks::getConditions(MLIRContext *context) const {
  return llvm::map_to_vector(rows, [&](ArrayRef<int64_t> row) {
    AffineExpr condition = getAffineConstantExpr(row.back(), context);
    for (auto [outer, factor] : llvm::enumerate(row.drop_back()))
      condition = condition + getAffineDimExpr(outer, context) * factor;
    return condition;
  });
}

bool ZeroChunks::isZero(ArrayRef<int64_t> first) const {
  return llvm::any_of(rows, [&](ArrayRef<int64_t> row) {
    int64_t condition = row.back();
    for (auto [factor, step] : llvm::zip_equal(row.drop_back(), first))
      condition += factor * step;
    return condition < 0;
  });
}

bool ZeroChunks::dependsOn(unsigned outer) const {
  return llvm::any_of(rows,
                      [&](ArrayRef<int64_t> row) { return row[outer] != 0; });
}
