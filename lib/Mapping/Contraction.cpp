//===- Contraction.cpp - Operators and intrinsics as one structure --------===//

#include "amos/Mapping/Contraction.h"

using namespace mlir;
using namespace amos;

SmallVector<int64_t> Contraction::getExtents() const {
  return llvm::map_to_vector(
      iterations, [](const Iteration &iteration) { return iteration.extent; });
}

SmallVector<unsigned> Contraction::getParameters() const {
  SmallVector<unsigned> parameters;
  for (auto [v, iteration] : llvm::enumerate(iterations))
    if (ShapedType::isDynamic(iteration.extent))
      parameters.push_back(v);
  return parameters;
}

AffineExpr Contraction::getExtent(unsigned iteration) const {
  MLIRContext *context = operands.front().index.getContext();
  int64_t extent = iterations[iteration].extent;
  if (!ShapedType::isDynamic(extent))
    return getAffineConstantExpr(extent, context);
  SmallVector<unsigned> parameters = getParameters();
  return getAffineSymbolExpr(
      llvm::find(parameters, iteration) - parameters.begin(), context);
}

bool Contraction::dependsOn(unsigned operand, unsigned iteration) const {
  auto uses = [&](AffineExpr e) { return e.isFunctionOfDim(iteration); };
  const Access &access = operands[operand];
  return llvm::any_of(access.index.getResults(), uses) ||
         llvm::any_of(access.guards, uses);
}

uint32_t Contraction::getSignature(unsigned iteration) const {
  uint32_t signature = 0;
  // More operands than bits match no intrinsic anyway.
  for (unsigned t = 0, n = std::min<unsigned>(operands.size(), 32); t < n; ++t)
    if (dependsOn(t, iteration))
      signature |= 1u << t;
  return signature;
}

Contraction amos::permuteSources(const Contraction &op,
                                 ArrayRef<int64_t> sources) {
  Contraction permuted = op;
  for (auto [t, source] : llvm::enumerate(sources))
    permuted.operands[t] = op.operands[source];
  return permuted;
}

std::optional<std::pair<unsigned, unsigned>>
amos::findExtent(const Contraction &op, unsigned iteration) {
  AffineExpr alone =
      getAffineDimExpr(iteration, op.operands.front().index.getContext());
  for (unsigned t = op.operands.size(); t-- > 0;)
    for (auto [d, index] : llvm::enumerate(op.operands[t].index.getResults()))
      if (index == alone)
        return std::pair<unsigned, unsigned>(t, d);
  return std::nullopt;
}

Contraction amos::assumeExtents(const Contraction &op, int64_t extent) {
  Contraction assumed = op;
  for (Iteration &iteration : assumed.iterations)
    if (iteration.isUnknown()) {
      iteration.extent = extent;
      iteration.isAssumed = true;
    }
  for (Access &access : assumed.operands)
    llvm::replace(access.shape, ShapedType::kDynamic, extent);
  return assumed;
}
