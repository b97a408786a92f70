//===- Results.h - What was measured, for programs and people ---*- C++ -*-===//
#ifndef AMOS_RUN_RESULTS_H
#define AMOS_RUN_RESULTS_H

#include "Host.h"
#include "Measure.h"

namespace amos::run {

/// A session with all that has to be known about it.
struct Results {
  Bundle bundle;
  MeasureOptions options;
  Session session;
  Host host;
  std::string command;
};

/// The document of docs/Measuring.md.
std::string formatJson(const Results &results);
/// A line for each candidate, the fastest first, and one that sums up.
std::string formatText(const Results &results);

} // namespace amos::run

#endif // AMOS_RUN_RESULTS_H
