//===- Check.cpp - Results against the reference --------------------------===//

#include "Check.h"
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>

namespace amos::run {
namespace {
/// The rule of docs/Manifest.md, with what does not depend on the element.
struct Tolerance {
  double accumulator; ///< 4 K eps(accumulator)
  double output;      ///< eps(output)
  double shift;       ///< of a result whose inputs are a unit off
  double most;        ///< that a shift allows
};
} // namespace

static Tolerance getTolerance(const Function &function,
                              const Argument &argument) {
  auto reduction = static_cast<double>(function.reduction);
  double epsilon = function.accumulatorEpsilon, coarsest = 0;
  for (const Argument &other : function.arguments)
    if (other.role != Argument::Out && other.element->isFloat())
      coarsest = std::max(coarsest, other.element->getEpsilon());
  return {4 * reduction * epsilon, function.outputEpsilons.at(argument.name),
          coarsest > 0 ? 4 * std::sqrt(reduction) * epsilon / coarsest : 0, 0};
}

/// "result0[3, 7]".
static std::string spellPlace(const Argument &argument, size_t n) {
  std::string indices;
  for (size_t d = argument.shape.size(); d-- > 0;) {
    auto extent = static_cast<size_t>(argument.shape[d]);
    indices.insert(0, indices.empty() ? "" : ", ");
    indices.insert(0, std::to_string(n % extent));
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
/// One output, and what it should be.
struct Pair {
  const Argument &argument;
  const Sample &sample;
  const char *results;
  const char *references;
  const double *magnitudes, *shifted; ///< of floats

  double getTolerance(const Tolerance &rule, size_t at) const;
};
} // namespace

double Pair::getTolerance(const Tolerance &rule, size_t at) const {
  double reference = reinterpret_cast<const double *>(references)[at];
  // Constants of the function keep their sign in the second run, so that its
  // sum may be too small; no sum of absolute values is below the result's.
  // One that overflowed, as exponentials do, would allow any result.
  double magnitude = std::fabs(reference);
  if (std::isfinite(magnitudes[at]))
    magnitude = std::fmax(std::fabs(magnitudes[at]), magnitude);
  double rounded =
      std::fmax(std::fabs(reference), argument.element->getLeast());
  double tolerance = rule.accumulator * magnitude + rule.output * rounded;
  double moved = std::fabs(shifted[at] - reference);
  if (!std::isfinite(moved))
    return tolerance;
  return tolerance + std::fmin(rule.shift * moved, rule.most);
}

/// The largest finite result there should be.
static double getLargest(const Pair &pair) {
  double largest = 0;
  const auto *references = reinterpret_cast<const double *>(pair.references);
  for (size_t n = 0, e = pair.argument.getNumElements(); n < e; ++n)
    if (double value = references[pair.argument.getPosition(n)];
        pair.sample.contains(pair.argument, n) && std::isfinite(value))
      largest = std::fmax(largest, std::fabs(value));
  return largest;
}

static void compareFloats(Comparison &found, const Pair &pair, Tolerance rule) {
  const Element &element = *pair.argument.element;
  const auto *references = reinterpret_cast<const double *>(pair.references);
  // Where a result jumps, a shift would excuse anything.
  rule.most = rule.accumulator * getLargest(pair);
  for (size_t n = 0, e = pair.argument.getNumElements(); n < e; ++n) {
    if (!pair.sample.contains(pair.argument, n))
      continue;
    ++found.elements;
    size_t at = pair.argument.getPosition(n);
    double result = element.load(pair.results + at * element.bytes);
    double tolerance = pair.getTolerance(rule, at);
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

Comparison compare(const Function &function, size_t place,
                   const Operands &results, const Expected &expected) {
  const Argument &argument = function.arguments[place];
  Pair pair{argument,
            expected.sample,
            static_cast<const char *>(results[place].get()),
            static_cast<const char *>(expected.references[place].get()),
            static_cast<const double *>(expected.magnitudes[place].get()),
            static_cast<const double *>(expected.shifted[place].get())};
  Comparison found;
  found.name = argument.name;
  found.isSampled = expected.sample.step > 1;
  if (argument.element->isFloat())
    compareFloats(found, pair, getTolerance(function, argument));
  else
    compareIntegers(found, pair);
  return found;
}

} // namespace amos::run
