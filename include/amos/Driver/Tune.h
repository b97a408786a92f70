//===- Tune.h - amosc tune --------------------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_TUNE_H
#define AMOS_DRIVER_TUNE_H

#include "amos/Driver/Bundle.h"
#include "amos/Tuning/Search.h"

namespace amos {

struct TuneRequest {
  std::vector<std::string> files;
  /// Candidates measured of each operator; 0: as many as the time allows, or 64
  /// without a time either.
  size_t trials = 0;
  /// Seconds for all operators together; 0: no limit.
  double budget = 0;
  Search::Strategy strategy = Search::Strategy::Guided;
  /// Where candidates are written to be measured elsewhere; empty: they are
  /// measured here.
  std::string bundle;
  bool json = false;
};

/// `amosc tune FILE..`: searches for the fastest mapping and schedule of every
/// contraction, each as a program of its own, and keeps what it measures in the
/// database. CutShort after an interrupt, Check when a candidate computed wrong
/// results, Environment when nothing can be measured here.
ExitCode tune(const CompilerOptions &options, const TuneRequest &request,
              const BundleRequest &bundle);

} // namespace amos

#endif // AMOS_DRIVER_TUNE_H
