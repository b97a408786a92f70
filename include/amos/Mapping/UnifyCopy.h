//===- UnifyCopy.h - Can a declared copy fetch what is read? ----*- C++ -*-===//
//
// A copy from a tensor behind a descriptor says which element it takes as a
// function of its tile and of symbols. Here symbols are sought under which that
// function is the one a mapping reads by. docs/Rationale.md says how far it
// goes.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_UNIFYCOPY_H
#define AMOS_MAPPING_UNIFYCOPY_H

#include "amos/Mapping/Certificate.h"
#include <variant>

namespace amos {

/// `#amos.tensor<@level, n, (tile)[symbols] -> (index)>`: what lies outside the
/// tensor is read as zero.
struct CopyFunction {
  mlir::AffineMap map;
  unsigned numRunTime; ///< the first symbols; the others are frozen
};

/// A fragment as `MappedAccesses` has it, and the box it is over.
struct FragmentRead {
  Access access;
  llvm::SmallVector<int64_t> extents; ///< of outer loops, then of lanes
  unsigned numOuter;
  /// The dimension of `access` each dimension of the copy's tile stands for.
  llvm::SmallVector<unsigned> dims;
  /// Per dimension of the tile, the outer loop whose steps set tiles side by
  /// side; nothing if there is no single one.
  llvm::SmallVector<std::optional<unsigned>> repeats;
  /// Extents of the operator: simplified expressions need not show them.
  llvm::SmallVector<int64_t> hints;
};

/// Source `t` of a mapping (`op`'s sources in the intrinsic's order).
FragmentRead getFragmentRead(const Contraction &op,
                             const Contraction &intrinsic,
                             const MappedAccesses &mapped, unsigned t);

struct CopyAssignment {
  /// A linear function of outer loops for a run-time symbol, a constant for a
  /// frozen one.
  llvm::SmallVector<mlir::AffineExpr> symbols;
  /// How many neighbouring dimensions of the (contiguous) tensor each of the
  /// copy's stands for.
  llvm::SmallVector<unsigned> merged;
};

/// Symbols under which `copy` fetches exactly what is read, zeros included, at
/// every step of every outer loop; a larger tile of the copy goes on like the
/// loop that repeats it. An assignment is proved, not sampled; none
/// being found proves nothing. E-LAYOUT names the coordinate that no symbols
/// fit, E-PROOF a place where a zero is read but none fetched.
std::variant<CopyAssignment, Reason>
unifyCopy(const FragmentRead &read, const CopyFunction &copy, Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_UNIFYCOPY_H
