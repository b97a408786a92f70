//===- Ceiling.h - What this core can do at most ----------------*- C++ -*-===//
#ifndef AMOS_RUN_CEILING_H
#define AMOS_RUN_CEILING_H

#include "Buffer.h"
#include <string>

namespace amos::run {

/// Multiply-adds on registers alone, of the widest instruction that this core
/// has for a type of sources: what a candidate's speed is compared with in the
/// same moment, because other programs and the clock change it.
class MultiplyAdds {
public:
  /// For sources of element type `dtype`, as a manifest calls it.
  explicit MultiplyAdds(const std::string &dtype);

  /// Whether an instruction is known.
  bool isKnown() const { return instruction; }
  /// Its mnemonic; empty if none is known.
  std::string getName() const { return instruction ? instruction : ""; }
  /// Operations, two of each multiply-add, per second over a burst of
  /// `seconds`.
  double burst(double seconds) const;

private:
  const char *instruction = nullptr;
  double operations = 0; ///< of one instruction
  void (*issue)() = nullptr;
};

/// Memory larger than every cache: reading it measures the bandwidth, and
/// empties the caches of everything else.
class Memory {
public:
  Memory();

  bool isValid() const { return buffer.isValid(); }
  size_t size() const { return buffer.size(); }
  /// Goes on with parts that were not read for longer.
  void advance();
  /// Bytes per second of reading a part that was not read lately.
  double burst();
  /// Reads all of it.
  void evictCaches();

private:
  Buffer buffer;
  size_t next = 0;
};

} // namespace amos::run

#endif // AMOS_RUN_CEILING_H
