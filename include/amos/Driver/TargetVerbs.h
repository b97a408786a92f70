//===- TargetVerbs.h - The verbs of amosc target -------------*- C++ -*-===//
#ifndef AMOS_DRIVER_TARGETVERBS_H
#define AMOS_DRIVER_TARGETVERBS_H

#include "amos/Driver/Compile.h"
#include "llvm/ADT/StringRef.h"

namespace amos {

/// `amosc target list`: the machines with a name, what emits their code, how
/// many intrinsics they have and whether this processor executes them.
ExitCode listTargets(bool json);

/// `amosc target show MACHINE`: levels and intrinsics in words. A machine is a
/// name, a file, or several joined by '+', here and below.
ExitCode showTarget(llvm::StringRef target);
/// The same as JSON.
ExitCode showTargetJson(llvm::StringRef target);

/// `amosc target check MACHINE`: what the verifier says, and operands that
/// neither a copy nor a plain load reaches. With `json` a list of the machines
/// and whether each is correct goes to the standard output.
ExitCode checkTarget(llvm::StringRef target, bool json);

/// `amosc target test MACHINE`: runs each lowering this processor executes on
/// random operands and compares with its semantics; each in a process of its
/// own. Says what it skips and why, with `json` as a list. ExitCode::Check when
/// one differs or dies.
ExitCode testTarget(llvm::StringRef target, bool json);

struct SkeletonRequest {
  /// Of the machine; `-` and `_` are the same.
  std::string name;
  /// The machine it extends; empty: it stands for itself.
  std::string base;
  /// Empty: the name with `.mlir`; "-" is the standard output.
  std::string output;
  /// Whether a file that exists may be replaced.
  bool overwrites = false;
};

/// `amosc target new NAME`: writes a description with comments to begin with,
/// which passes `target check` and maps products of matrices. Usage when the
/// name is none, the base is unknown or the file exists.
ExitCode writeSkeleton(const SkeletonRequest &request);

/// `amosc target suite MACHINE DIR`: how often each intrinsic is chosen for the
/// programs of a folder, how much of its work is useful, its share of the
/// predicted time, and why others are never chosen. Input when a program was
/// rejected.
ExitCode reportUtilisation(CompileRequest request, llvm::StringRef machine,
                           llvm::StringRef folder);

/// `amosc target what-if MACHINE CHANGE.. --suite=DIR`: maps every program of
/// the folder onto the machine and onto the changed one, see changeMachine, and
/// prints which mappings, bounds and predicted times differ.
ExitCode askWhatIf(CompileRequest request, llvm::StringRef machine,
                   llvm::ArrayRef<std::string> changes, llvm::StringRef folder);

struct CalibrationRequest {
  std::string target;
  /// Of the description; empty: the standard output.
  std::string output;
  /// Write kernels for `amos-run calibrate` to this folder instead.
  std::string bundle;
  /// Take the numbers from this file, which `amos-run calibrate` wrote.
  std::string results;
  /// Parts of a machine compiled at a time; 0: as many as there are cores.
  unsigned jobs = 0;
};

/// `amosc target calibrate MACHINE`: measures intervals and latencies of the
/// intrinsics, bandwidths and latencies of the memories and the frequency of
/// this processor, in child processes, or takes them from the results of a
/// bundle, and writes a machine that extends the given one by them.
/// Environment when this processor does not execute the machine's code.
ExitCode calibrateTarget(const CalibrationRequest &request);

} // namespace amos

#endif // AMOS_DRIVER_TARGETVERBS_H
