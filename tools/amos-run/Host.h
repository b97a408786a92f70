//===- Host.h - Where and when something was measured -----------*- C++ -*-===//
#ifndef AMOS_RUN_HOST_H
#define AMOS_RUN_HOST_H

#include <string>

namespace amos::run {

/// What tells one machine, and one moment, from another; names nobody.
struct Host {
  std::string cpu;    ///< "AMD EPYC 9654 96-Core Processor"
  std::string system; ///< "Linux 6.1.0 x86_64"
  long cores = 0;     ///< that are online
  double load = 0;    ///< of the last minute, processes
  std::string date;   ///< "2026-11-22T19:30:00Z"
};

Host describeHost();

} // namespace amos::run

#endif // AMOS_RUN_HOST_H
