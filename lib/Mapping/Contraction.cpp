//===- Contraction.cpp - Operators and intrinsics as one structure --------===//

#include "amos/Mapping/Contraction.h"

using namespace mlir;
using namespace amos;

SmallVector<int64_t> Contraction::getExtents() const {
  return llvm::map_to_vector(
      iterations, [](const Iteration &iteration) { return iteration.extent; });
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
