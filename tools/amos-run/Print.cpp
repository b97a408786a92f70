//===- Print.cpp - Outcomes for people and for programs -------------------===//

#include "Print.h"
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace amos::run {

using Json = nlohmann::ordered_json;

static void print(const Comparison &comparison) {
  const char *kind = comparison.isSampled ? "sampled elements" : "elements";
  std::printf("  %s: ", comparison.name.c_str());
  if (comparison.wrong)
    std::printf("%zu of %zu %s wrong; %s\n", comparison.wrong,
                comparison.elements, kind, comparison.first.c_str());
  else if (comparison.worst > 0)
    std::printf("%zu %s right, the worst off by %.2g of the tolerance\n",
                comparison.elements, kind, comparison.worst);
  else
    std::printf("%zu %s equal\n", comparison.elements, kind);
}

static void print(const Timing &timing, double gigaOpsPerSecond) {
  std::printf("  %.3f us (%.3f to %.3f), %d samples of %d calls",
              timing.median * 1e6, timing.low * 1e6, timing.high * 1e6,
              timing.samples, timing.callsPerSample);
  if (!timing.device.empty())
    std::printf(" on %s, cold; %.3f us sustained over %d calls",
                timing.device.c_str(), timing.sustained * 1e6,
                timing.sustainedCalls);
  else if (timing.core >= 0)
    std::printf(" on core %d", timing.core);
  if (gigaOpsPerSecond > 0)
    std::printf(", %.2f GOP/s", gigaOpsPerSecond);
  std::printf("\n");
}

void print(const Outcome &outcome) {
  const char *verdict = outcome.code != Success       ? "FAILED"
                        : outcome.comparisons.empty() ? "not checked"
                                                      : "passed";
  std::printf("%s: %s\n", outcome.function.c_str(), verdict);
  if (!outcome.problem.empty())
    std::printf("  %s\n", outcome.problem.c_str());
  for (const Comparison &comparison : outcome.comparisons)
    print(comparison);
  if (outcome.timing)
    print(*outcome.timing, outcome.gigaOpsPerSecond);
}

static Json describe(const Comparison &comparison) {
  Json worst =
      std::isfinite(comparison.worst) ? Json(comparison.worst) : Json();
  return {{"name", comparison.name},
          {"elements", comparison.elements},
          {"sampled", comparison.isSampled},
          {"wrong", comparison.wrong},
          {"worst", worst},
          {"first", comparison.first}};
}

static Json describe(const Timing &timing) {
  return {{"median_s", timing.median},      {"low_s", timing.low},
          {"high_s", timing.high},          {"samples", timing.samples},
          {"calls", timing.callsPerSample}, {"core", timing.core},
          {"device", timing.device},        {"sustained_s", timing.sustained}};
}

static Json describe(const Outcome &outcome) {
  Json outputs = Json::array();
  for (const Comparison &comparison : outcome.comparisons)
    outputs.push_back(describe(comparison));
  return {{"name", outcome.function},
          {"passed", outcome.code == Success},
          {"problem", outcome.problem},
          {"outputs", outputs},
          {"time", outcome.timing ? describe(*outcome.timing) : Json()},
          {"gops", outcome.gigaOpsPerSecond}};
}

void printJson(const std::vector<Outcome> &outcomes) {
  Json functions = Json::array();
  for (const Outcome &outcome : outcomes)
    functions.push_back(describe(outcome));
  Json document = {{"functions", functions}};
  constexpr auto lossy = Json::error_handler_t::replace;
  std::printf("%s\n", document.dump(2, ' ', false, lossy).c_str());
}

} // namespace amos::run
