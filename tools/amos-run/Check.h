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

/// Seeded inputs, and what the reference makes of them: all elements, or those
/// of `sample`.
struct Expected {
  Sample sample;
  Operands inputs;
  Operands references;
  /// What it makes of their absolute values.
  Operands magnitudes;
  /// What it makes of inputs that are one unit in the last place off.
  Operands shifted;
};

/// Compares argument `place` of `results` by the rule of docs/Manifest.md.
Comparison compare(const Function &function, size_t place,
                   const Operands &results, const Expected &expected);

} // namespace amos::run

#endif // AMOS_RUN_CHECK_H
