//===- Sample.h - Which results are compared --------------------*- C++ -*-===//
#ifndef AMOS_RUN_SAMPLE_H
#define AMOS_RUN_SAMPLE_H

#include "Manifest.h"

namespace amos::run {

/// The slices of every result from `first` by `step`, along the first of its
/// largest extents: what a reference computes when given these numbers.
struct Sample {
  int64_t first = 0;
  int64_t step = 1;

  bool contains(const Argument &argument, size_t element) const;
};

/// Everything where that takes the reference about a second, else some slices
/// that depend on the seed, at least four of each result if it has as many.
Sample chooseSample(const Function &function, uint64_t seed);

} // namespace amos::run

#endif // AMOS_RUN_SAMPLE_H
