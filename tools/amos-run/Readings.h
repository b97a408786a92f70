//===- Readings.h - Times with the ceilings beside them ---------*- C++ -*-===//
#ifndef AMOS_RUN_READINGS_H
#define AMOS_RUN_READINGS_H

#include "Ceiling.h"
#include <functional>
#include <vector>

namespace amos::run {

/// One sample of a candidate, and what the core could do around it.
struct Reading {
  double seconds;   ///< of one call
  double ceiling;   ///< operations per second, 0 when no instruction is known
  double bandwidth; ///< bytes per second read from memory
  bool isDisturbed; ///< the kernel gave the core to somebody else meanwhile
};

/// How readings are taken.
struct Conditions {
  /// Caches are emptied before each call, which is timed alone; else the calls
  /// of a sample, of a millisecond at least, follow one another.
  bool isCold = false;
  int samples = 7;
};

/// A fixed room for readings, which processes can share.
struct Readings {
  static constexpr int room = 256;

  int calls = 1; ///< of a sample
  int count = 0;
  Reading list[room];

  void add(const Reading &reading) {
    if (count < room)
      list[count++] = reading;
  }
};

/// Warms up; how many calls make a sample.
int chooseCalls(const std::function<void()> &call,
                const Conditions &conditions);

/// One sample of so many calls.
Reading readOnce(const std::function<void()> &call, int calls,
                 const Conditions &conditions, const MultiplyAdds &unit,
                 Memory &memory);

/// Warms up, then adds readings. Disturbed ones are taken again, as often as
/// there are samples.
void takeReadings(const std::function<void()> &call,
                  const Conditions &conditions, const MultiplyAdds &unit,
                  Memory &memory, Readings &readings);

/// The undisturbed readings, if they are at least a third of all, else all.
std::vector<Reading> chooseUndisturbed(const std::vector<Reading> &readings);

/// Interpolated between the neighbours; `share` 0.5 is the median. Not for
/// empty lists.
double getQuantile(std::vector<double> values, double share);

} // namespace amos::run

#endif // AMOS_RUN_READINGS_H
