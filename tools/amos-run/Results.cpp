//===- Results.cpp - What was measured, for programs and people -----------===//

#include "Results.h"
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace amos::run {

using Json = nlohmann::ordered_json;

static constexpr int64_t version = 1;

//===----------------------------------------------------------------------===//
// Statistics
//===----------------------------------------------------------------------===//

template <typename Get>
static std::vector<double> collect(const std::vector<Reading> &readings,
                                   Get get) {
  std::vector<double> values;
  for (const Reading &reading : readings)
    values.push_back(get(reading));
  return values;
}

static double getMedianTime(const Measurement &measurement) {
  return getQuantile(collect(chooseUndisturbed(measurement.readings),
                             [](const Reading &r) { return r.seconds; }),
                     0.5);
}

/// Operations per second over what the unit did beside, reading by reading; 0
/// when either is not known.
static double getMedianShare(const Candidate &candidate,
                             const Measurement &measurement) {
  double operations = 2.0 * static_cast<double>(candidate.function.macs);
  std::vector<double> shares;
  for (const Reading &reading : chooseUndisturbed(measurement.readings))
    if (reading.ceiling > 0)
      shares.push_back(operations / reading.seconds / reading.ceiling);
  return shares.empty() ? 0 : getQuantile(shares, 0.5);
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

static const char *spell(Status status) {
  switch (status) {
  case Status::Unmeasured:
    return "unmeasured";
  case Status::Ok:
    return "ok";
  case Status::Wrong:
    return "wrong";
  case Status::Failed:
    return "failed";
  }
  return "";
}

static Json describeTime(const Measurement &measurement) {
  if (measurement.readings.empty())
    return nullptr;
  std::vector<Reading> chosen = chooseUndisturbed(measurement.readings);
  std::vector<double> seconds =
      collect(chosen, [](const Reading &r) { return r.seconds; });
  auto disturbed =
      std::count_if(measurement.readings.begin(), measurement.readings.end(),
                    [](const Reading &r) { return r.isDisturbed; });
  return {
      {"median_s", getQuantile(seconds, 0.5)},
      {"quartiles_s", {getQuantile(seconds, 0.25), getQuantile(seconds, 0.75)}},
      {"least_s", getQuantile(seconds, 0)},
      {"samples", chosen.size()},
      {"disturbed", disturbed},
      {"calls", measurement.calls},
      {"sustained_s", measurement.sustained.empty()
                          ? Json()
                          : Json(getQuantile(measurement.sustained, 0.5))}};
}

static Json describeCeiling(const Candidate &candidate,
                            const Measurement &measurement) {
  if (measurement.readings.empty())
    return nullptr;
  std::vector<Reading> chosen = chooseUndisturbed(measurement.readings);
  Json unit = measurement.unit.empty() ? Json() : Json(measurement.unit);
  auto gigas = [&](auto get) {
    return getQuantile(collect(chosen, get), 0.5) * 1e-9;
  };
  return {{"unit", unit},
          {"gops", gigas([](const Reading &r) { return r.ceiling; })},
          {"read_gbps", gigas([](const Reading &r) { return r.bandwidth; })},
          {"share", getMedianShare(candidate, measurement)}};
}

static Json describe(const Candidate &candidate,
                     const Measurement &measurement) {
  Json worst = std::isfinite(measurement.worst) ? Json(measurement.worst)
                                                : Json(nullptr);
  return {{"name", candidate.name},
          {"origin", candidate.origin},
          {"function", candidate.function.name},
          {"operation", candidate.operation},
          {"subject", candidate.subject},
          {"mapping", candidate.mapping},
          {"schedule", candidate.schedule},
          {"macs", candidate.function.macs},
          {"predicted_cycles", candidate.cycles},
          {"lower_bound", candidate.lowerBound},
          {"status", spell(measurement.status)},
          {"reason", measurement.reason},
          {"check",
           {{"elements", measurement.compared},
            {"sampled", measurement.isSampled},
            {"worst", worst}}},
          {"time", describeTime(measurement)},
          {"ceiling", describeCeiling(candidate, measurement)}};
}

static Json describe(const Host &host, const Session &session) {
  return {{"cpu", host.cpu},
          {"cores", host.cores},
          {"core", session.core >= 0 ? Json(session.core) : Json()},
          {"device", session.device.empty() ? Json() : Json(session.device)},
          {"system", host.system},
          {"load", host.load}};
}

static Json describe(const MeasureOptions &options, const Session &session) {
  return {{"caches", options.isCold ? "cold" : "warm"},
          {"rounds", options.rounds},
          {"samples", options.samples},
          {"seed", options.seed},
          {"evicted_bytes", session.evictedBytes}};
}

std::string formatJson(const Results &results) {
  const Bundle &bundle = results.bundle;
  Json candidates = Json::array();
  for (size_t n = 0; n < bundle.candidates.size(); ++n)
    candidates.push_back(
        describe(bundle.candidates[n], results.session.measurements[n]));
  Json document = {{"amos_results", version},
                   {"producer", "amos-run " AMOS_VERSION},
                   {"command", results.command},
                   {"date", results.host.date},
                   {"complete", results.session.isComplete},
                   {"machine", describe(results.host, results.session)},
                   {"method", describe(results.options, results.session)},
                   {"bundle",
                    {{"producer", bundle.producer},
                     {"tools", bundle.tools},
                     {"targets", bundle.targets},
                     {"seed", bundle.seed},
                     {"shard", bundle.shard},
                     {"shards", bundle.shards}}},
                   {"candidates", candidates}};
  constexpr auto lossy = Json::error_handler_t::replace;
  return document.dump(1, ' ', false, lossy) + "\n";
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string describeLine(const Candidate &candidate,
                                const Measurement &measurement) {
  char text[160];
  if (measurement.readings.empty())
    std::snprintf(text, sizeof text, "%-8s %-10s %-8s ", candidate.name.c_str(),
                  spell(measurement.status), candidate.mapping.c_str());
  else
    std::snprintf(text, sizeof text, "%-8s %-10s %-8s %12.3f us %6.1f %%",
                  candidate.name.c_str(), spell(measurement.status),
                  candidate.mapping.c_str(), getMedianTime(measurement) * 1e6,
                  getMedianShare(candidate, measurement) * 100);
  return text + (measurement.reason.empty() ? "" : " " + measurement.reason) +
         "\n";
}

/// By time, those without one last.
static std::vector<size_t> rank(const Results &results) {
  std::vector<std::pair<double, size_t>> order;
  for (size_t n = 0; n < results.session.measurements.size(); ++n) {
    const Measurement &measurement = results.session.measurements[n];
    bool isTimed = measurement.status == Status::Ok;
    order.emplace_back(isTimed ? getMedianTime(measurement) : HUGE_VAL, n);
  }
  std::sort(order.begin(), order.end());
  std::vector<size_t> places;
  for (auto [time, place] : order)
    places.push_back(place);
  return places;
}

static size_t count(const Results &results, Status status) {
  const auto &all = results.session.measurements;
  return static_cast<size_t>(
      std::count_if(all.begin(), all.end(),
                    [&](const Measurement &m) { return m.status == status; }));
}

std::string formatText(const Results &results) {
  std::string text = "name     status     mapping            time    share\n";
  for (size_t place : rank(results))
    text += describeLine(results.bundle.candidates[place],
                         results.session.measurements[place]);
  text += std::to_string(results.session.measurements.size()) + " candidates";
  for (Status status :
       {Status::Ok, Status::Wrong, Status::Failed, Status::Unmeasured})
    if (size_t found = count(results, status))
      text += ", " + std::to_string(found) + " " + spell(status);
  return text + "\n";
}

} // namespace amos::run
