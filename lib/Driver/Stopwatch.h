//===- Stopwatch.h - Cycles of generated code -------------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_STOPWATCH_H
#define AMOS_DRIVER_STOPWATCH_H

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include <string>
#include <vector>

namespace amos {

/// The median of several runs and the distance of the quartiles, as a share of
/// it.
struct Measured {
  double median = 0, spread = 0;
};
Measured summarize(std::vector<double> values);

/// Times functions of a module that has `clock`, see TimingModule.h, which runs
/// beside each run of another: cycles follow from their times, whatever the
/// frequency is just then.
class Stopwatch {
public:
  Stopwatch(const Stopwatch &) = delete;
  /// Pins this thread to a processor. `pointers` are what functions are called
  /// with.
  Stopwatch(llvm::orc::LLJIT &jit, std::vector<void *> pointers);

  /// Cycles of one round of `name`, nothing when there is no such function.
  std::optional<Measured> measure(llvm::StringRef name);
  /// Cycles per second in the runs so far.
  Measured getFrequency() const { return summarize(frequencies); }

private:
  using Function = void (*)(void **, int64_t);
  Function find(llvm::StringRef name);
  static double time(Function function, std::vector<void *> &pointers,
                     int64_t rounds);
  static int64_t findRounds(Function function, std::vector<void *> &pointers);

  llvm::orc::LLJIT &jit;
  std::vector<void *> pointers;
  /// The clock has a number of its own to add.
  int64_t addend = 1;
  std::vector<void *> clockPointers{&addend};
  Function clock;
  int64_t clockRounds = 1;
  std::vector<double> frequencies;
};

} // namespace amos

#endif // AMOS_DRIVER_STOPWATCH_H
