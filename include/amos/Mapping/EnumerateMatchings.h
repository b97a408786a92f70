//===- EnumerateMatchings.h - Every matching the rules allow ----*- C++ -*-===//
#ifndef AMOS_MAPPING_ENUMERATEMATCHINGS_H
#define AMOS_MAPPING_ENUMERATEMATCHINGS_H

#include "amos/Mapping/Contraction.h"
#include <vector>

namespace amos {

/// matching[h] lists the iterations of the operator that play iteration h of
/// the intrinsic, ascending. Iterations in no list are outer loops.
using Matching = llvm::SmallVector<llvm::SmallVector<int64_t>>;

/// Operators with more operands are never matched.
constexpr unsigned maxOperands = 31;
/// Enumeration stops here; no operator in use comes near (C3D has 225).
constexpr unsigned maxMatchings = 4096;
/// AMOS unites only up to so many base matches.
constexpr unsigned maxAmosBaseMatches = 15;

/// Every matching under the signature rule (an iteration may play h iff their
/// columns of the access matrices are equal; no h without one), the one that
/// places most first, at most `maxMatchings`. The sources of `op` are already
/// in the intrinsic's order.
std::vector<Matching> enumerateMatchings(const Contraction &op,
                                         const Contraction &intrinsic);

/// Whether AMOS's own, narrower rule (ISCA 2022, Table 6) also counts it: every
/// member of every group occurs in a base match inside the matching. A base
/// match has one iteration of the same kind per group; with all others at zero
/// the indices of each source are the intrinsic's in any order, up to a
/// positive factor and an added constant. An operator with more than
/// `maxAmosBaseMatches` base matches counts them singly and their union only.
bool isAmosMatching(const Contraction &op, const Contraction &intrinsic,
                    const Matching &matching);

/// A candidate before it is proved.
struct Proposal {
  Matching matching;
  llvm::SmallVector<int64_t> operands; ///< source of `op` per intrinsic source
  Family family = Family::Direct;
};

/// All families but `basis`. `permutations` lists the legal orders of the
/// operator's sources, the identity first.
/// - `direct`: `enumerateMatchings` with the sources as they are.
/// - `commuted`: the same in another order of the sources, unless exchanging
///   them turns the intrinsic into itself up to names.
/// - `broadcast`: at least one iteration of the intrinsic that every operand
///   has is played by iterations that some source does not have; that source
///   is repeated. All iterations of a group have the same signature, but for
///   those of every operand, which one such iteration may join.
/// - `unit`: only without any of the above. A group for which the operator has
///   no iteration left is empty, the others are not; never are all empty.
std::vector<Proposal>
enumerateProposals(const Contraction &op, const Contraction &intrinsic,
                   llvm::ArrayRef<llvm::SmallVector<int64_t>> permutations);

} // namespace amos

#endif // AMOS_MAPPING_ENUMERATEMATCHINGS_H
