//===- ExitCode.h - What a script can branch on -----------------*- C++ -*-===//
#ifndef AMOS_RUN_EXITCODE_H
#define AMOS_RUN_EXITCODE_H

namespace amos::run {

/// As of every program of the project.
enum ExitCode {
  Success = 0,
  InputRejected = 1,
  UsageError = 2,
  CheckFailed = 4,
  EnvironmentError = 5,
  CutShort = 6
};

} // namespace amos::run

#endif // AMOS_RUN_EXITCODE_H
