//===- Lift.h - Other iterations for the same points ------------*- C++ -*-===//
//
// A transposed convolution multiplies zeros between the elements of its image.
// Iterations that count the places between two elements apart, its phases, say
// which products are work: docs/Mapping.md, "Changes of basis".
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_LIFT_H
#define AMOS_MAPPING_LIFT_H

#include "amos/Mapping/Certificate.h"
#include "amos/Mapping/Contraction.h"

namespace amos {

/// An operator and the same one over other iterations.
struct Lift {
  Contraction original, lifted;
  /// Where `original` is executed: the iterations of `lifted` are loops, there
  /// are no lanes, and operands are accessed as `lifted` does.
  MappedAccesses places;
};

/// The operator over the phases of every source that is there at multiples of a
/// stride only, by guards `-(e mod stride)`. The lifted operator has no such
/// guards; instead its destination may have some. Nothing when there are no
/// such guards, or an index has several iterations that could be phases.
///
/// With e = +-p + b r + c and b prime to the stride a, every p of phase
/// f = p mod a meets one r mod a: p = a p' + g f + .., r = a r' + f. Where no
/// such r is, a single phase is there at all.
std::optional<Lift> liftPhases(const Contraction &op);

/// Why `lift` does not compute what the original does: the obligations of a
/// mapping without lanes. Nothing when all are proved.
std::optional<Refutation> refute(const Lift &lift, Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_LIFT_H
