//===- ChildProcess.h - Work that may die without taking us along -*- C++
//-*-===//
#ifndef AMOS_DRIVER_CHILDPROCESS_H
#define AMOS_DRIVER_CHILDPROCESS_H

#include "amos/Driver/ExitCode.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>
#include <string>
#include <vector>

namespace amos {

/// What the child has got to, readable by the parent after the child's death.
struct Progress {
  /// Nothing, or what a failure of the code generator is blamed on, e.g. the
  /// intrinsics in use.
  char blame[512];
  /// The stage that runs.
  char stage[32];
};
void setText(char (&field)[512], llvm::StringRef text);
void setText(char (&field)[32], llvm::StringRef text);

/// While it lives, a request to end (an interrupt from the keyboard, SIGTERM,
/// SIGHUP) is only noted, so that what is temporary can be removed. Whoever
/// catches such requests already goes on doing so.
class DelayedInterrupts {
public:
  DelayedInterrupts();
  DelayedInterrupts(const DelayedInterrupts &) = delete;
  ~DelayedInterrupts();

private:
  std::vector<std::pair<int, struct sigaction>> actions;
};
/// Ends this process as the noted request asks; returns when there was none.
void endIfInterrupted();

/// Runs `work` in a forked child and returns its exit code. What the child
/// leaves in the folder of temporary files is removed when it ends, however it
/// does; Internal when both were interrupted. A fatal error of
/// LLVM becomes ExitCode::Input with a message that names the blame, if there
/// is one; any other death becomes ExitCode::Internal after `onCrash` was told
/// how the child ended.
ExitCode
runInChild(llvm::function_ref<ExitCode(Progress &)> work,
           llvm::function_ref<void(const Progress &, llvm::StringRef)> onCrash);

/// Whether every program is printed before it runs, as a shell would be told
/// to run it; not by default.
void showPrograms(bool isShown);
/// Prints one, if that was asked for.
void showProgram(llvm::ArrayRef<llvm::StringRef> words);

/// Runs `work` by `start`, which runs it in a child, as above, and collects
/// what it writes to its stream in `text`. Environment when no temporary file
/// can be made.
ExitCode runForText(
    llvm::function_ref<ExitCode(llvm::function_ref<ExitCode(Progress &)>)>
        start,
    llvm::function_ref<ExitCode(Progress &, llvm::raw_ostream &)> work,
    std::string &text);

/// Runs `work` with each number below `count`, at most `jobs` at a time, each
/// in a forked child. `onEnd` hears of each end: the exit code, Internal with
/// how the child died for any other.
void runInChildren(
    size_t count, unsigned jobs,
    llvm::function_ref<ExitCode(size_t, Progress &)> work,
    llvm::function_ref<void(size_t, ExitCode, llvm::StringRef)> onEnd);

/// Sends what a child prints on the standard error to a file, without colours.
void redirectErrors(llvm::StringRef path);
/// The first error in such a file, without its place.
std::string findFirstError(llvm::StringRef log);

/// Runs a program found on PATH under the first of `names`; Environment, with a
/// message, when none is there, Input with its output when it fails.
ExitCode runProgram(llvm::ArrayRef<llvm::StringRef> names,
                    llvm::ArrayRef<std::string> arguments,
                    llvm::StringRef purpose);

} // namespace amos

#endif // AMOS_DRIVER_CHILDPROCESS_H
