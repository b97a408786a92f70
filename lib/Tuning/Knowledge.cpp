//===- Knowledge.cpp - What measurements tell -----------------------------===//

#include "amos/Tuning/Knowledge.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>

using namespace amos;

/// Two runs of one and the same kernel differ by as much.
static constexpr double leastNoise = 0.01;

static std::string spellDifference(const char *what, const std::string &there,
                                   const std::string &here) {
  return std::string("the ") + what + " was '" + there + "', here it is '" +
         here + "'";
}

std::string amos::findStaleness(const Measurement &measurement,
                                const Environment &here) {
  const Environment &there = measurement.environment;
  if (!here.device.empty() && there.device != here.device)
    return spellDifference("device", there.device, here.device);
  if (!here.driver.empty() && there.driver != here.driver)
    return spellDifference("driver", there.driver, here.driver);
  if (there.tools != here.tools)
    return spellDifference("compiler", there.tools, here.tools);
  return {};
}

double amos::getCostliness(const Measurement &measurement) {
  return measurement.share > 0 ? 1 / measurement.share : measurement.seconds;
}

/// Half of the distance of the quartiles, as a share of the median.
static double getNoise(const Measurement &m) {
  double spread = (m.thirdQuartile - m.firstQuartile) / 2;
  return m.seconds > 0 ? std::max(spread / m.seconds, leastNoise) : leastNoise;
}

static std::vector<Measurement> mergeRepeated(llvm::ArrayRef<Measurement> all) {
  bool hasWarm = llvm::any_of(all, [](const Measurement &m) {
    return m.isGood() && m.caches == "warm";
  });
  std::map<std::tuple<std::string, std::string, std::string>, Measurement> kept;
  for (const Measurement &m : all) {
    if (!m.isGood() || (hasWarm && m.caches != "warm"))
      continue;
    auto [place, isNew] =
        kept.try_emplace({m.machine, m.mapping, m.schedule}, m);
    auto key = [](const Measurement &one) {
      return std::tuple(one.samples, one.date, one.getId());
    };
    if (!isNew && key(m) > key(place->second))
      place->second = m;
  }
  std::vector<Measurement> merged;
  for (auto &[choice, measurement] : kept)
    merged.push_back(measurement);
  return merged;
}

std::vector<Measurement>
amos::rankMeasurements(llvm::ArrayRef<Measurement> all) {
  std::vector<Measurement> ranked = mergeRepeated(all);
  if (ranked.empty())
    return ranked;
  const Measurement fastest = *std::min_element(
      ranked.begin(), ranked.end(), [](const auto &a, const auto &b) {
        return getCostliness(a) < getCostliness(b);
      });
  auto getKey = [&](const Measurement &m) {
    double noise = std::max(getNoise(fastest), getNoise(m));
    double cost = getCostliness(m);
    bool isTied = cost <= getCostliness(fastest) * (1 + noise);
    return std::tuple(!isTied, isTied ? m.predictedCycles : 0, cost, m.mapping,
                      m.schedule);
  };
  llvm::sort(ranked, [&](const Measurement &a, const Measurement &b) {
    return getKey(a) < getKey(b);
  });
  return ranked;
}
