//===- Reduce.h - amosc reduce ----------------------------------*- C++ -*-===//
#ifndef AMOS_DRIVER_REDUCE_H
#define AMOS_DRIVER_REDUCE_H

#include "amos/Driver/ExitCode.h"
#include <string>

namespace amos {

struct ReduceRequest {
  /// A program, which is compiled as the rest of the command line says, or a
  /// folder that an internal error left.
  std::string input;
  /// A program that is given a file and ends with 0 iff the file still shows
  /// the problem. Empty: amosc ends as it did, with the same first error.
  std::string test;
  /// Where the result goes; "-" and nothing are the standard output.
  std::string output;
};

/// `amosc reduce FILE|FOLDER`: the smallest program found that still passes the
/// test; MLIR's reducer drops operations, then lines are dropped. Usage when
/// the input itself does not pass.
ExitCode reduce(const ReduceRequest &request);

} // namespace amos

#endif // AMOS_DRIVER_REDUCE_H
