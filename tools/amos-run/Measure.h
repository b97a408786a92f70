//===- Measure.h - Checks and times the candidates of a bundle --*- C++ -*-===//
#ifndef AMOS_RUN_MEASURE_H
#define AMOS_RUN_MEASURE_H

#include "Bundle.h"
#include "Entry.h"
#include "Readings.h"
#include <optional>

namespace amos::run {

struct MeasureOptions {
  uint64_t seed = 0;
  int rounds = 3;
  int samples = 7;     ///< of a candidate in each round
  double timeout = 60; ///< seconds, of a candidate in each round
  int core = -1;       ///< negative: the one we are on
  bool isCold = false; ///< on a device, always so
  bool full = false;   ///< compare everything, however long that takes
};

enum class Status { Unmeasured, Ok, Wrong, Failed };

/// What became of one candidate.
struct Measurement {
  Status status = Status::Unmeasured;
  std::string reason; ///< empty when it is Ok
  size_t compared = 0;
  bool isSampled = false;
  double worst = 0; ///< |error| / tolerance, of floats
  std::string unit; ///< of the ceiling; empty when none is known
  int calls = 0;    ///< of one sample
  std::vector<Reading> readings;
  /// On a device: seconds of one of many calls, one behind the other, one in
  /// each round.
  std::vector<double> sustained;
};

struct Session {
  /// One for each candidate, in their order.
  std::vector<Measurement> measurements;
  bool isComplete = true; ///< no interrupt came before the end
  int core = -1;          ///< -1: the children could not be kept on one
  size_t evictedBytes = 0;
  std::string device; ///< that ran the candidates, if not the core
};

/// Whether candidates run on a device.
bool isOnDevice(const Bundle &bundle);

/// Visits every candidate once in each round, in another random order, each
/// visit in a process of its own. The first visit checks it. `report`, if not
/// null, is told before each visit how many are done of how many.
std::optional<Failure> measureAll(const Bundle &bundle,
                                  const MeasureOptions &options,
                                  const std::function<void(int, int)> &report,
                                  Session &session);

} // namespace amos::run

#endif // AMOS_RUN_MEASURE_H
