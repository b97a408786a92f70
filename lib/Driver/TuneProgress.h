//===- TuneProgress.h - How far tuning has come -----------------*- C++ -*-===//
//
// Private to the driver.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_DRIVER_TUNEPROGRESS_H
#define AMOS_DRIVER_TUNEPROGRESS_H

#include "amos/Tuning/Measurement.h"
#include <chrono>
#include <optional>

namespace amos {

/// Tells on the standard error how far the search for one operator is: on a
/// terminal in a line that is written again and again, else in lines.
class TuneProgress {
public:
  /// `trials` and `seconds` are what there is for the operator; 0: no limit.
  TuneProgress(std::string title, size_t trials, double seconds, bool isQuiet);
  ~TuneProgress() { clear(); }

  void show(size_t measured, const std::optional<Measurement> &fastest);
  double getSeconds() const;

private:
  void clear();
  std::string describe(size_t measured,
                       const std::optional<Measurement> &fastest) const;

  std::string title;
  size_t trials;
  double seconds;
  bool isQuiet, isWatched;
  std::chrono::steady_clock::time_point start;
};

} // namespace amos

#endif // AMOS_DRIVER_TUNEPROGRESS_H
