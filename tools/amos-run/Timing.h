//===- Timing.h - How long a call takes -------------------------*- C++ -*-===//
#ifndef AMOS_RUN_TIMING_H
#define AMOS_RUN_TIMING_H

#include <functional>
#include <string>
#include <vector>

namespace amos::run {

/// Seconds of one call, over a number of samples.
struct Timing {
  double median = 0;
  double low = 0;  ///< a tenth of the samples is faster
  double high = 0; ///< a tenth of the samples is slower
  int samples = 0;
  int callsPerSample = 1;
  int core = -1; ///< the thread was kept there; -1: it could not be
  /// What ran it, if not this processor; the seconds above are then of calls
  /// on an idle device with nothing in its caches.
  std::string device;
  double sustained = 0; ///< there, of calls one behind the other
  int sustainedCalls = 0;
};

/// Median, low and high of samples.
Timing summarize(std::vector<double> seconds);

/// Seconds of a clock that never goes back.
double now();

/// Seconds of one call, the mean of `calls` calls.
double measureOnce(const std::function<void()> &call, int calls);

/// Keeps this thread on `core`, on the one it is on if negative; the core, or
/// -1 when that is not allowed.
int pinToCore(int core = -1);

/// Calls for a tenth of a second to warm up, then takes `samples` samples of at
/// least a millisecond each; on one core if `isPinned`, where threads that a
/// call starts would be, too.
Timing measure(const std::function<void()> &call, int samples, bool isPinned);

} // namespace amos::run

#endif // AMOS_RUN_TIMING_H
