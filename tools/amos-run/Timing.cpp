//===- Timing.cpp - How long a call takes ---------------------------------===//

#include "Timing.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <sched.h>
#include <vector>

namespace amos::run {

static constexpr double warmUpSeconds = 0.1;
static constexpr double sampleSeconds = 1e-3;

double now() {
  std::chrono::duration<double> time =
      std::chrono::steady_clock::now().time_since_epoch();
  return time.count();
}

double measureOnce(const std::function<void()> &call, int calls) {
  double start = now();
  for (int n = 0; n < calls; ++n)
    call();
  return (now() - start) / calls;
}

int pinToCore(int core) {
  if (core < 0)
    core = sched_getcpu();
  if (core < 0 || core >= CPU_SETSIZE)
    return -1;
  cpu_set_t cores;
  CPU_ZERO(&cores);
  CPU_SET(static_cast<unsigned>(core), &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0 ? core : -1;
}

/// Seconds of the fastest call of the warm-up.
static double warmUp(const std::function<void()> &call) {
  double fastest = warmUpSeconds;
  for (double total = 0; total < warmUpSeconds;) {
    double length = std::max(measureOnce(call, 1), 1e-9);
    fastest = std::min(fastest, length);
    total += length;
  }
  return fastest;
}

Timing summarize(std::vector<double> seconds) {
  Timing timing;
  std::sort(seconds.begin(), seconds.end());
  size_t last = seconds.size() - 1;
  timing.samples = static_cast<int>(seconds.size());
  timing.median = (seconds[last / 2] + seconds[(last + 1) / 2]) / 2;
  timing.low = seconds[last / 10];
  timing.high = seconds[last - last / 10];
  return timing;
}

Timing measure(const std::function<void()> &call, int samples, bool isPinned) {
  int core = isPinned ? pinToCore() : -1;
  double length = warmUp(call);
  int calls = std::max(1, static_cast<int>(std::ceil(sampleSeconds / length)));
  std::vector<double> seconds;
  for (int n = 0; n < std::max(samples, 1); ++n)
    seconds.push_back(measureOnce(call, calls));
  Timing timing = summarize(std::move(seconds));
  timing.core = core;
  timing.callsPerSample = calls;
  return timing;
}

} // namespace amos::run
