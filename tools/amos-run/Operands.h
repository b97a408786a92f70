//===- Operands.h - The buffers of one call ---------------------*- C++ -*-===//
#ifndef AMOS_RUN_OPERANDS_H
#define AMOS_RUN_OPERANDS_H

#include "Buffer.h"
#include "Sample.h"
#include <vector>

namespace amos::run {

/// One buffer for each argument and result of a function.
class Operands {
public:
  /// Inputs depend on `seed` and the argument's place only; results, and gaps
  /// between strided elements, hold what tells that a program read or wrote
  /// them.
  static Operands createRandom(const Function &function, uint64_t seed,
                               Placement placement);
  /// What the reference gets: written floats as doubles.
  static Operands createWidened(const Function &function,
                                const Operands &inputs);

  bool isValid() const;
  void makeAbsolute(const Function &function);
  /// Moves each float of what is read to a neighbour, up or down by `seed`.
  void shift(const Function &function, uint64_t seed);
  /// What a call takes: each buffer, and behind it the numbers that say where
  /// its elements lie. The reference takes those of `sample` too, between
  /// arguments and results. Function and sample must outlive the call.
  std::vector<void *> getPointers(const Function &function,
                                  const Sample *sample = nullptr) const;
  const Buffer &operator[](size_t n) const { return buffers[n]; }

private:
  std::vector<Buffer> buffers;
};

/// How the reference returns elements of that type.
const Element *getReferenceElement(const Argument &argument);

} // namespace amos::run

#endif // AMOS_RUN_OPERANDS_H
