//===- Reason.h - Why something was refused ---------------------*- C++ -*-===//
#ifndef AMOS_MAPPING_REASON_H
#define AMOS_MAPPING_REASON_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace amos {

/// The documented reason codes; users see them spelled as in `spell`.
enum class ReasonCode {
  Body,     ///< E-BODY: the operator computes something else
  Dtype,    ///< E-DTYPE: element types differ
  Struct,   ///< E-STRUCT: no iteration has the signature an iteration needs
  Extent,   ///< E-EXTENT: an extent does not fit
  Layout,   ///< E-LAYOUT: no copy or load reaches the operand as it lies
  Align,    ///< E-ALIGN: an alignment the hardware needs is not given
  Capacity, ///< E-CAPACITY: the tiles do not fit a level
  Range,    ///< E-RANGE: the intrinsic may saturate where the operator wraps
  Finite,   ///< E-FINITE: a structural zero would meet Inf or NaN
  Dynamic,  ///< E-DYNAMIC: an extent unknown at compile time
  Target,   ///< E-TARGET: the machine has no code for it
  Proof,    ///< E-PROOF: an obligation does not hold
};

/// "E-BODY" and so on.
llvm::StringRef spell(ReasonCode code);

/// Lower-case sentence, no full stop; `fix` is the smallest change that would
/// help, or empty.
struct Reason {
  ReasonCode code;
  std::string message;
  std::string fix;
};

} // namespace amos

#endif // AMOS_MAPPING_REASON_H
