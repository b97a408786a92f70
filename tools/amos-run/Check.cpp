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

namespace {
/// One output, what it should be, and which of its elements are compared.
struct Pair {
  const Argument &argument;
  const Sample &sample;
  const char *results;
  const char *references;
};
} // namespace

static void compareFloats(Comparison &found, const Pair &pair,
                          const Tolerance &rule, const double *magnitudes) {
  const Element &element = *pair.argument.element;
  const auto *references = reinterpret_cast<const double *>(pair.references);
  for (size_t n = 0, e = pair.argument.getNumElements(); n < e; ++n) {
    if (!pair.sample.contains(pair.argument, n))
      continue;
    ++found.elements;
    size_t at = pair.argument.getPosition(n);
    double result = element.load(pair.results + at * element.bytes);
    // Constants of the function keep their sign in the second run, so that its
    // sum may be too small; no sum of absolute values is below the result's.
    // One that overflowed, as exponentials do, would allow any result.
    double magnitude = std::fabs(references[at]);
    if (std::isfinite(magnitudes[at]))
      magnitude = std::fmax(magnitudes[at], magnitude);
    double tolerance = rule.get(references[at], magnitude);
    double distance = getDistance(result, references[at], tolerance);
    found.worst = std::max(found.worst, distance);
    if (distance > 1 && found.wrong++ == 0)
      found.first =
          describe(pair.argument, n, result, references[at], tolerance);
  }
}

static void compareIntegers(Comparison &found, const Pair &pair) {
  const Element &element = *pair.argument.element;
  for (size_t n = 0, e = pair.argument.getNumElements(); n < e; ++n) {
    if (!pair.sample.contains(pair.argument, n))
      continue;
    ++found.elements;
    size_t at = pair.argument.getPosition(n) * element.bytes;
    const char *result = pair.results + at;
    const char *reference = pair.references + at;
    if (std::memcmp(result, reference, element.bytes) != 0 &&
        found.wrong++ == 0)
      found.first = describe(pair.argument, n, element.load(result),
                             element.load(reference), 0);
  }
}

Comparison compare(const Function &function, size_t place, const Sample &sample,
                   const Operands &results, const Operands &references,
                   const Operands &magnitudes) {
  const Argument &argument = function.arguments[place];
  Pair pair{argument, sample, static_cast<const char *>(results[place].get()),
            static_cast<const char *>(references[place].get())};
  Comparison found;
  found.name = argument.name;
  found.isSampled = sample.step > 1;
  if (argument.element->isFloat())
    compareFloats(found, pair, getTolerance(function, argument),
                  static_cast<const double *>(magnitudes[place].get()));
  else
    compareIntegers(found, pair);
  return found;
}

} // namespace amos::run
