//===- Sample.cpp - Which results are compared ----------------------------===//

#include "Sample.h"
#include <algorithm>

namespace amos::run {

/// Multiply-adds that the reference does in about a second.
static constexpr int64_t affordableMacs = int64_t(1) << 31;
static constexpr int64_t leastSlices = 4;

static size_t findLargest(const Argument &argument) {
  auto largest = std::max_element(argument.shape.begin(), argument.shape.end());
  return static_cast<size_t>(largest - argument.shape.begin());
}

bool Sample::contains(const Argument &argument, size_t element) const {
  if (step <= 1 || argument.shape.empty())
    return true;
  size_t largest = findLargest(argument);
  for (size_t d = largest + 1; d < argument.shape.size(); ++d)
    element /= static_cast<size_t>(argument.shape[d]);
  auto index = static_cast<int64_t>(element) % argument.shape[largest];
  return index >= first && (index - first) % step == 0;
}

/// The least of the extents along which results are sampled.
static int64_t getLeastExtent(const Function &function) {
  int64_t least = INT64_MAX;
  for (const Argument &argument : function.arguments)
    if (argument.role != Argument::In)
      least = std::min(least, argument.shape.empty()
                                  ? 1
                                  : argument.shape[findLargest(argument)]);
  return least;
}

Sample chooseSample(const Function &function, uint64_t seed) {
  int64_t extent = getLeastExtent(function);
  if (function.macs <= affordableMacs || extent <= leastSlices)
    return {};
  int64_t wanted = (function.macs + affordableMacs - 1) / affordableMacs;
  Sample sample;
  sample.step = std::min(wanted, extent / leastSlices);
  sample.first =
      static_cast<int64_t>(seed % static_cast<uint64_t>(sample.step));
  return sample;
}

} // namespace amos::run
