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
  /// Inputs depend on `seed` and the argument's place only; results hold ones
  /// in every bit, so that an element nobody wrote is not a number, or -1.
  static Operands createRandom(const Function &function, uint64_t seed,
                               Placement placement);
  /// What the reference gets: written floats as doubles.
  static Operands createWidened(const Function &function,
                                const Operands &inputs);

  bool isValid() const;
  void makeAbsolute(const Function &function);
  std::vector<void *> getPointers() const;
  /// As the reference takes them: `sample`'s numbers between arguments and
  /// results. The sample must outlive the call.
  std::vector<void *> getPointers(const Function &function,
                                  Sample &sample) const;
  const Buffer &operator[](size_t n) const { return buffers[n]; }

private:
  std::vector<Buffer> buffers;
};

/// How the reference returns elements of that type.
const Element *getReferenceElement(const Argument &argument);

} // namespace amos::run

#endif // AMOS_RUN_OPERANDS_H
