//===- Child.h - Work that may crash or never end ---------------*- C++ -*-===//
#ifndef AMOS_RUN_CHILD_H
#define AMOS_RUN_CHILD_H

#include <functional>
#include <string>

namespace amos::run {

/// How a child ended.
struct Ending {
  enum Kind { Finished, Died, TimedOut, Interrupted } kind = Finished;
  /// Of a child that died: what it said on the standard error, or the signal.
  std::string reason;
};

/// From here on an interrupt from the keyboard, or a request to terminate, ends
/// the children only: see `wasInterrupted`.
void catchInterrupts();
bool wasInterrupted();

/// Forks and runs `work` in the child, which is killed after `seconds`. What
/// `work` wants to hand back it writes to shared memory.
Ending runInChild(double seconds, const std::function<void()> &work);

/// Zeroed memory that children share with their parent, for one `T`; null if
/// there is none. Never freed: there are few.
void *allocateShared(size_t bytes);

} // namespace amos::run

#endif // AMOS_RUN_CHILD_H
