//===- Expected.cpp - What a function should return -----------------------===//

#include "Expected.h"

namespace amos::run {

std::optional<Failure> compute(const Function &function,
                               const Library &reference, uint64_t seed,
                               bool full, Expected &expected) {
  if (!full)
    expected.sample = chooseSample(function, seed);
  Entry entry;
  std::string problem;
  if (!entry.load(reference, function.reference, function.getExtents(),
                  problem))
    return Failure{EnvironmentError, problem};
  expected.inputs =
      Operands::createRandom(function, seed, Placement::Staggered);
  if (!expected.inputs.isValid())
    return Failure{EnvironmentError, "not enough memory"};
  Operands *const runs[] = {&expected.references, &expected.magnitudes,
                            &expected.shifted};
  for (Operands *operands : runs) {
    *operands = Operands::createWidened(function, expected.inputs);
    if (!operands->isValid())
      return Failure{EnvironmentError, "not enough memory"};
  }
  expected.magnitudes.makeAbsolute(function);
  expected.shifted.shift(function, seed);
  Buffer workspace = entry.createWorkspace(Placement::Staggered);
  for (const Operands *operands : runs)
    if (auto failure = entry.call(
            operands->getPointers(function, &expected.sample), workspace))
      return failure;
  return std::nullopt;
}

} // namespace amos::run
