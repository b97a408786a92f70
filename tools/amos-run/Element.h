//===- Element.h - Element types of buffers, without LLVM -------*- C++ -*-===//
#ifndef AMOS_RUN_ELEMENT_H
#define AMOS_RUN_ELEMENT_H

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

namespace amos::run {

/// An element type by its name in a manifest.
struct Element {
  enum Kind { Float, Signed, Unsigned, Boolean };

  const char *name;
  Kind kind;
  size_t bytes;
  int exponentBits; ///< of floats
  int fractionBits; ///< of floats, without the hidden bit
  bool hasInfinity; ///< else all-ones exponents are numbers, but for one

  bool isFloat() const { return kind == Float; }
  /// From 1 to the next number; floats only.
  double getEpsilon() const { return std::ldexp(1.0, -fractionBits); }
  /// The least number with all of its digits; floats only.
  double getLeast() const {
    return std::ldexp(1.0, 2 - (1 << (exponentBits - 1)));
  }
  /// Of any kind, as the nearest double.
  double load(const void *source) const;
  /// Floats only; rounds to nearest, ties to even.
  void store(void *target, double value) const;
  /// Floats uniform in [-1, 1], integers over their whole range.
  void storeRandom(void *target, std::mt19937_64 &random) const;
  /// An integer from 0 on that is below `bound`.
  void storeBelow(void *target, uint64_t bound, std::mt19937_64 &random) const;
  /// Replaces an element by its absolute value, the largest one for the least
  /// integer.
  void makeAbsolute(void *element) const;
};

/// Null if there is no such type.
const Element *findElement(const std::string &name);

} // namespace amos::run

#endif // AMOS_RUN_ELEMENT_H
