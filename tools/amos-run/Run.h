//===- Run.h - Runs, checks and times one function --------------*- C++ -*-===//
#ifndef AMOS_RUN_RUN_H
#define AMOS_RUN_RUN_H

#include "Expected.h"
#include "Timing.h"
#include <optional>

namespace amos::run {

struct Options {
  uint64_t seed = 0;
  int samples = 20;
  bool time = false;
  bool check = true;
  bool guard = false;
  bool full = false; ///< compare everything, however long that takes
};

/// What became of one function.
struct Outcome {
  ExitCode code = Success;
  std::string function;
  /// Why it did not run, or what it did beside computing wrong results.
  std::string problem;
  std::vector<Comparison> comparisons;
  std::optional<Timing> timing;
  double gigaOpsPerSecond = 0; ///< 2 per multiply-add; 0 when not known
};

/// Compares with `expected`, computed with the same seed, unless it is null.
Outcome run(const Function &function, const Library &library,
            const Expected *expected, const Options &options);

/// Asks the reference itself; it may be null when nothing is to be checked.
Outcome run(const Function &function, const Library &library,
            const Library *reference, const Options &options);

} // namespace amos::run

#endif // AMOS_RUN_RUN_H
