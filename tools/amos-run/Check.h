//===- Check.h - Results against the reference ------------------*- C++ -*-===//
#ifndef AMOS_RUN_CHECK_H
#define AMOS_RUN_CHECK_H

#include "Operands.h"

namespace amos::run {

/// What a comparison of one output found.
struct Comparison {
  std::string name;
  size_t elements = 0; ///< those compared
  bool isSampled = false;
  size_t wrong = 0;
  /// The largest |error| / tolerance of a float.
  double worst = 0;
  /// The first wrong element: place, value, what was expected.
  std::string first;
};

/// Compares argument `place` with the reference. `magnitudes` is what the
/// reference returned for the absolute values of the inputs; both hold the
/// elements of `sample`. The rule is that
/// of docs/Manifest.md.
Comparison compare(const Function &function, size_t place, const Sample &sample,
                   const Operands &results, const Operands &references,
                   const Operands &magnitudes);

} // namespace amos::run

#endif // AMOS_RUN_CHECK_H
