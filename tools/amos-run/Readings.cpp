//===- Readings.cpp - Times with the ceilings beside them -----------------===//

#include "Readings.h"
#include "Timing.h"
#include <algorithm>
#include <cmath>
#include <sys/resource.h>

namespace amos::run {

static constexpr double warmUpSeconds = 0.01;
static constexpr double sampleSeconds = 1e-3;
static constexpr double burstSeconds = 4e-4;
static constexpr int leastWarmUps = 2;
static constexpr int mostCalls = 1 << 20;

/// Times that the kernel took the core from us.
static long countPreemptions() {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? usage.ru_nivcsw : 0;
}

/// Seconds of the fastest call.
static double warmUp(const std::function<void()> &call) {
  double fastest = measureOnce(call, 1), total = fastest;
  for (int n = 1; n < leastWarmUps || total < warmUpSeconds; ++n) {
    double length = measureOnce(call, 1);
    fastest = std::min(fastest, length);
    total += std::max(length, 1e-8);
  }
  return std::max(fastest, 1e-9);
}

int chooseCalls(const std::function<void()> &call,
                const Conditions &conditions) {
  double length = warmUp(call);
  if (conditions.isCold)
    return 1;
  return static_cast<int>(
      std::clamp(std::ceil(sampleSeconds / length), 1.0, double(mostCalls)));
}

Reading readOnce(const std::function<void()> &call, int calls,
                 const Conditions &conditions, const MultiplyAdds &unit,
                 Memory &memory) {
  Reading reading = {};
  // The bandwidth first: what it reads pushes the operands out of the caches.
  reading.bandwidth = memory.burst();
  if (conditions.isCold)
    memory.evictCaches();
  else
    call();
  long preemptions = countPreemptions();
  double before = unit.burst(burstSeconds);
  reading.seconds = measureOnce(call, calls);
  reading.ceiling = (before + unit.burst(burstSeconds)) / 2;
  reading.isDisturbed = countPreemptions() != preemptions;
  return reading;
}

void takeReadings(const std::function<void()> &call,
                  const Conditions &conditions, const MultiplyAdds &unit,
                  Memory &memory, Readings &readings) {
  readings.calls = chooseCalls(call, conditions);
  int wanted = conditions.samples, attempts = 2 * conditions.samples;
  while (wanted > 0 && attempts-- > 0) {
    Reading reading = readOnce(call, readings.calls, conditions, unit, memory);
    readings.add(reading);
    wanted -= !reading.isDisturbed;
  }
}

std::vector<Reading> chooseUndisturbed(const std::vector<Reading> &readings) {
  std::vector<Reading> chosen;
  for (const Reading &reading : readings)
    if (!reading.isDisturbed)
      chosen.push_back(reading);
  return 3 * chosen.size() >= readings.size() ? chosen : readings;
}

double getQuantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  double place = share * static_cast<double>(values.size() - 1);
  auto below = static_cast<size_t>(place);
  size_t above = std::min(below + 1, values.size() - 1);
  double rest = place - static_cast<double>(below);
  return values[below] * (1 - rest) + values[above] * rest;
}

} // namespace amos::run
