//===- EnumerateMatchings.h - Every matching the rules allow ----*- C++ -*-===//
#ifndef AMOS_MAPPING_ENUMERATEMATCHINGS_H
#define AMOS_MAPPING_ENUMERATEMATCHINGS_H

#include "amos/Mapping/Contraction.h"
#include <vector>

namespace amos {

/// matching[h] lists the iterations of the operator that play iteration h of
/// the intrinsic, ascending. Iterations in no list are outer loops.
using Matching = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// Every matching under the signature rule (an iteration may play h iff their
/// columns of the access matrices are equal; no h without one), in a fixed
/// order. The sources of `op` are already in the intrinsic's order.
std::vector<Matching> enumerateMatchings(const Contraction &op,
                                         const Contraction &intrinsic);

/// Whether AMOS's own, narrower rule (ISCA 2022, Table 6) also counts it.
bool isAmosMatching(const Contraction &op, const Contraction &intrinsic,
                    const Matching &matching);

/// A candidate before it is proved.
struct Proposal {
  Matching matching;
  llvm::SmallVector<int64_t> operands; ///< source of `op` per intrinsic source
  Family family = Family::Direct;
};

/// The families beyond `direct`: sources exchanged where the body is symmetric
/// (`permutations` lists the legal orders, the identity first), empty groups as
/// unit iterations, repeated operands as broadcast. Each is proposed only where
/// it adds something that an earlier family does not have.
std::vector<Proposal>
enumerateProposals(const Contraction &op, const Contraction &intrinsic,
                   llvm::ArrayRef<llvm::SmallVector<int64_t>> permutations);

} // namespace amos

#endif // AMOS_MAPPING_ENUMERATEMATCHINGS_H
