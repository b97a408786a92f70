//===- ExitCode.h - What a script can branch on -----------------*- C++ -*-===//
#ifndef AMOS_DRIVER_EXITCODE_H
#define AMOS_DRIVER_EXITCODE_H

namespace amos {

/// The exit codes of every tool of the project; docs/CommandLine.md lists them.
enum class ExitCode {
  Success = 0,
  Input = 1,       ///< the input was rejected, diagnostics say where
  Usage = 2,       ///< unknown flag, bad value, missing file
  NoIntrinsic = 3, ///< no intrinsic fits although one was required
  Check = 4,       ///< a check failed: wrong numbers, or a proof
  Environment = 5, ///< a tool, a device or room on the disk is missing
  CutShort = 6,    ///< tuning stopped early, its results are kept
  Internal = 70,   ///< a mistake of ours; a reproducer was written
};

} // namespace amos

#endif // AMOS_DRIVER_EXITCODE_H
