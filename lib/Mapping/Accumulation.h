//===- Accumulation.h - How does a body change its accumulator? -*- C++ -*-===//
#ifndef AMOS_LIB_MAPPING_ACCUMULATION_H
#define AMOS_LIB_MAPPING_ACCUMULATION_H

#include "BodyTree.h"

namespace amos {

/// What mappings may do to a body `acc := acc (+) F(sources)`.
struct Accumulation {
  /// (+) is associative and commutative (of floats: but for rounding), and F
  /// does not read the accumulator.
  bool isReorderable = false;
  /// A step at which any of the sources reads zero changes nothing (of floats:
  /// if the others are finite).
  bool ignoresZeros = false;
};

Accumulation readAccumulation(const BodyTree &body, unsigned numSources);

} // namespace amos

#endif // AMOS_LIB_MAPPING_ACCUMULATION_H
