//===- Check.cpp - Results against the reference --------------------------===//

#include "Check.h"
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace amos::run {
namespace {
/// |error| <= 4 * K * eps(accumulator) * magnitude + eps(output) * |reference|.
struct Tolerance {
  double accumulator;
  double output;
  double get(double reference, double magnitude) const {
    return accumulator * std::fabs(magnitude) + output * std::fabs(reference);
  }
};
} // namespace

static Tolerance getTolerance(const Function &function,
                              const Argument &argument) {
  double reduction = static_cast<double>(function.reduction);
  return {4 * reduction * function.accumulatorEpsilon,
          function.outputEpsilons.at(argument.name)};
}

/// "result0[3, 7]".
static std::string spellPlace(const Argument &argument, size_t n) {
  std::string indices;
  for (size_t d = argument.shape.size(); d-- > 0;) {
    auto extent = static_cast<size_t>(argument.shape[d]);
    indices =
        std::to_string(n % extent) + (indices.empty() ? "" : ", ") + indices;
    n /= extent;
  }
  return argument.name + "[" + indices + "]";
}

static std::string spellNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

static std::string describe(const Argument &argument, size_t n, double result,
                            double reference, double tolerance) {
  std::string text = spellPlace(argument, n) + " is " + spellNumber(result) +
                     ", expected " + spellNumber(reference);
  if (argument.element->isFloat())
    text += " within " + spellNumber(tolerance);
  return text;
}

/// |error| in units of the tolerance; 0 when equal, infinite when one is not a
/// number or infinite and the other is not.
static double getDistance(double result, double reference, double tolerance) {
  if (result == reference || (std::isnan(result) && std::isnan(reference)))
    return 0;
  double error = std::fabs(result - reference);
  if (!std::isfinite(result) || !std::isfinite(reference) || tolerance == 0)
    return std::numeric_limits<double>::infinity();
  return error / tolerance;
}

static void compareFloats(Comparison &found, const Argument &argument,
                          const Tolerance &rule, const char *results,
                          const double *references, const double *magnitudes) {
  for (size_t n = 0; n < found.elements; ++n) {
    double result =
        argument.element->load(results + n * argument.element->bytes);
    double tolerance = rule.get(references[n], magnitudes[n]);
    double distance = getDistance(result, references[n], tolerance);
    found.worst = std::max(found.worst, distance);
    if (distance <= 1)
      continue;
    if (found.wrong++ == 0)
      found.first = describe(argument, n, result, references[n], tolerance);
  }
}

static void compareIntegers(Comparison &found, const Argument &argument,
                            const char *results, const char *references) {
  size_t bytes = argument.element->bytes;
  for (size_t n = 0; n < found.elements; ++n) {
    const char *result = results + n * bytes;
    const char *reference = references + n * bytes;
    if (std::memcmp(result, reference, bytes) == 0)
      continue;
    if (found.wrong++ == 0)
      found.first = describe(argument, n, argument.element->load(result),
                             argument.element->load(reference), 0);
  }
}

Comparison compare(const Function &function, size_t place,
                   const Operands &results, const Operands &references,
                   const Operands &magnitudes) {
  const Argument &argument = function.arguments[place];
  Comparison found;
  found.name = argument.name;
  found.elements = argument.getNumElements();
  const auto *result = static_cast<const char *>(results[place].get());
  const void *reference = references[place].get();
  if (argument.element->isFloat())
    compareFloats(found, argument, getTolerance(function, argument), result,
                  static_cast<const double *>(reference),
                  static_cast<const double *>(magnitudes[place].get()));
  else
    compareIntegers(found, argument, result,
                    static_cast<const char *>(reference));
  return found;
}

} // namespace amos::run
