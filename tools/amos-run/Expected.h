//===- Expected.h - What a function should return ---------------*- C++ -*-===//
#ifndef AMOS_RUN_EXPECTED_H
#define AMOS_RUN_EXPECTED_H

#include "Check.h"
#include "Entry.h"

namespace amos::run {

/// Runs `reference` on everything, if `full`, or on a sample.
std::optional<Failure> compute(const Function &function,
                               const Library &reference, uint64_t seed,
                               bool full, Expected &expected);

} // namespace amos::run

#endif // AMOS_RUN_EXPECTED_H
