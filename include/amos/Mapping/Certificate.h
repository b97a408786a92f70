//===- Certificate.h - The obligations of a mapping -------------*- C++ -*-===//
//
// Independent of the enumeration: judges any mapping, also one a person wrote.
// Each duty is a list of integer systems, all of which must be empty; a point
// of one of them is the witness of a wrong mapping.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_CERTIFICATE_H
#define AMOS_MAPPING_CERTIFICATE_H

#include "amos/Mapping/MappedAccesses.h"
#include <memory>
#include <optional>

namespace amos {

/// docs/Mapping.md has each as an emptiness problem.
enum class Duty {
  Total,       ///< T: every live point has a place
  Inverse,     ///< I: no two points share a place
  Source,      ///< S: a fragment holds what the point reads
  Destination, ///< D: it is stored where the point accumulates
  Lanes,       ///< L: two stored lanes of a tile are two elements
  Races,       ///< R: parallel steps store to distinct elements
  Neutral,     ///< N: a place without a point adds nothing or is not stored
  Bounds,      ///< B: a guarded access stays inside its tensor
};
llvm::StringRef spell(Duty duty);

/// Remembers solved systems; share one over the candidates of an operator.
class Solver {
public:
  Solver();
  ~Solver();
  struct Memory;
  Memory &getMemory() { return *memory; }

private:
  std::unique_ptr<Memory> memory;
};

struct Refutation {
  Duty duty;
  /// A point of the violated system, in words: iterations and their values.
  std::string witness;
};

/// Nothing when all eight duties are proved.
std::optional<Refutation> refute(const Contraction &op,
                                 const Contraction &intrinsic,
                                 const MappedAccesses &mapped, Solver &solver);

/// The same for one duty, for tests.
std::optional<Refutation> refute(Duty duty, const Contraction &op,
                                 const Contraction &intrinsic,
                                 const MappedAccesses &mapped, Solver &solver);

} // namespace amos

#endif // AMOS_MAPPING_CERTIFICATE_H
