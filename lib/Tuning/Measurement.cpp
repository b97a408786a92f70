//===- Measurement.cpp - What was measured, as text -----------------------===//

#include "amos/Tuning/Measurement.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SHA256.h"
#include <map>

using namespace amos;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr int64_t exportVersion = 1, resultsVersion = 1;

std::string amos::getFingerprint(StringRef text) {
  auto bytes = llvm::arrayRefFromStringRef(text);
  return llvm::toHex(llvm::SHA256::hash(bytes), /*LowerCase=*/true)
      .substr(0, 16);
}

//===----------------------------------------------------------------------===//
// Our own document
//===----------------------------------------------------------------------===//

static json::Object describe(const Measurement &m) {
  return json::Object{
      {"operator", m.op},
      {"machine", m.machine},
      {"machine_name", m.machineName},
      {"device", m.environment.device},
      {"driver", m.environment.driver},
      {"tools", m.environment.tools},
      {"mapping", m.mapping},
      {"mapping_id", m.mappingId},
      {"schedule", m.schedule},
      {"predicted_cycles", m.predictedCycles},
      {"lower_bound", m.lowerBound},
      {"status", m.status},
      {"reason", m.reason},
      {"seconds", m.seconds},
      {"quartiles", json::Array{m.firstQuartile, m.thirdQuartile}},
      {"share", m.share},
      {"samples", m.samples},
      {"caches", m.caches},
      {"origin", m.origin},
      {"date", m.date}};
}

static json::Object describe(const TunedOperator &op) {
  return json::Object{
      {"fingerprint", op.fingerprint}, {"name", op.name}, {"text", op.text}};
}

std::string Measurement::getId() const {
  std::string text;
  llvm::raw_string_ostream(text) << json::Value(describe(*this));
  return getFingerprint(text);
}

void amos::exportMeasurements(const MeasurementSet &set,
                              llvm::raw_ostream &stream) {
  json::Array operators, measurements;
  for (const TunedOperator &op : set.operators)
    operators.push_back(describe(op));
  for (const Measurement &measurement : set.measurements)
    measurements.push_back(describe(measurement));
  json::OStream out(stream, /*IndentSize=*/1);
  out.value(json::Object{{"amos_measurements", exportVersion},
                         {"operators", std::move(operators)},
                         {"measurements", std::move(measurements)}});
  stream << '\n';
}

/// The texts of `quartiles`, of which there are two.
static bool readQuartiles(const json::Value &value, Measurement &m,
                          json::Path path) {
  std::vector<double> quartiles;
  if (!json::fromJSON(value, quartiles, path))
    return false;
  if (quartiles.size() != 2) {
    path.report("expected two numbers");
    return false;
  }
  m.firstQuartile = quartiles[0];
  m.thirdQuartile = quartiles[1];
  return true;
}

namespace amos {
static bool fromJSON(const json::Value &value, Measurement &m,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  Environment &e = m.environment;
  if (!map || !map.map("operator", m.op) || !map.map("machine", m.machine) ||
      !map.map("machine_name", m.machineName) || !map.map("device", e.device) ||
      !map.map("driver", e.driver) || !map.map("tools", e.tools) ||
      !map.map("mapping", m.mapping) || !map.map("mapping_id", m.mappingId) ||
      !map.map("schedule", m.schedule) ||
      !map.map("predicted_cycles", m.predictedCycles) ||
      !map.map("lower_bound", m.lowerBound) || !map.map("status", m.status) ||
      !map.map("reason", m.reason) || !map.map("seconds", m.seconds) ||
      !map.map("share", m.share) || !map.map("samples", m.samples) ||
      !map.map("caches", m.caches) || !map.map("origin", m.origin) ||
      !map.map("date", m.date))
    return false;
  const json::Value *quartiles = value.getAsObject()->get("quartiles");
  if (quartiles)
    return readQuartiles(*quartiles, m, path.field("quartiles"));
  path.field("quartiles").report("missing value");
  return false;
}

static bool fromJSON(const json::Value &value, TunedOperator &op,
                     json::Path path) {
  json::ObjectMapper map(value, path);
  if (!map || !map.map("fingerprint", op.fingerprint) ||
      !map.map("name", op.name) || !map.map("text", op.text))
    return false;
  if (op.fingerprint == getFingerprint(op.text))
    return true;
  path.field("fingerprint").report("is not that of the text");
  return false;
}
} // namespace amos

static bool readOwn(const json::Value &value, MeasurementSet &set,
                    json::Path path) {
  json::ObjectMapper map(value, path);
  return map && map.map("operators", set.operators) &&
         map.map("measurements", set.measurements);
}

//===----------------------------------------------------------------------===//
// The results of amos-run
//===----------------------------------------------------------------------===//

namespace {
/// What a document of results says once for all of its candidates.
struct Heading {
  Environment environment;
  std::string caches, date;
};
} // namespace

/// The device's description ends in its driver.
static void readDevice(StringRef description, Environment &environment) {
  auto [device, driver] = description.split(", driver for ");
  environment.device = device.str();
  environment.driver = driver.str();
}

static bool readHeading(const json::Object &document, Heading &heading,
                        json::Path path) {
  const json::Object *machine = document.getObject("machine");
  const json::Object *method = document.getObject("method");
  const json::Object *bundle = document.getObject("bundle");
  if (!machine || !method || !bundle) {
    path.report("expected the objects machine, method and bundle");
    return false;
  }
  auto caches = method->getString("caches");
  auto date = document.getString("date");
  auto cpu = machine->getString("cpu");
  auto tools = bundle->getString("tools");
  if (!caches || !date || !cpu) {
    path.report("expected machine.cpu, method.caches and date");
    return false;
  }
  if (!tools) {
    path.field("bundle").report("does not say which tools made it");
    return false;
  }
  heading = {{cpu->str(), "", tools->str()}, caches->str(), date->str()};
  if (auto device = machine->getString("device"))
    readDevice(*device, heading.environment);
  return true;
}

static bool readTime(const json::Object &candidate, Measurement &m,
                     json::Path path) {
  const json::Value *time = candidate.get("time");
  if (!time || time->getAsNull())
    return true;
  json::ObjectMapper map(*time, path.field("time"));
  if (!map || !map.map("median_s", m.seconds) || !map.map("samples", m.samples))
    return false;
  const json::Value *quartiles = time->getAsObject()->get("quartiles_s");
  if (!quartiles ||
      !readQuartiles(*quartiles, m, path.field("time").field("quartiles_s")))
    return false;
  if (const json::Object *ceiling = candidate.getObject("ceiling"))
    m.share = ceiling->getNumber("share").value_or(0);
  return true;
}

static bool readCandidate(const json::Value &value, const Heading &heading,
                          TunedOperator &op, Measurement &m, json::Path path) {
  json::ObjectMapper map(value, path);
  if (!map || !map.map("mapping", m.mappingId) ||
      !map.map("schedule", m.schedule) ||
      !map.map("predicted_cycles", m.predictedCycles) ||
      !map.map("lower_bound", m.lowerBound) || !map.map("status", m.status) ||
      !map.map("reason", m.reason) || !map.map("origin", m.origin) ||
      !readTime(*value.getAsObject(), m, path))
    return false;
  const json::Value *subject = value.getAsObject()->get("subject");
  json::Path inside = path.field("subject");
  json::ObjectMapper about(*subject, inside);
  if (!about || !about.map("machine", m.machine) ||
      !about.map("machine_name", m.machineName) ||
      !about.map("mapping", m.mapping) || !fromJSON(*subject, op, inside))
    return false;
  m.op = op.fingerprint;
  m.environment = heading.environment;
  m.caches = heading.caches;
  m.date = heading.date;
  return true;
}

static bool readResults(const json::Value &value, MeasurementSet &set,
                        json::Path path) {
  Heading heading;
  const json::Object &document = *value.getAsObject();
  if (!readHeading(document, heading, path))
    return false;
  const json::Array *candidates = document.getArray("candidates");
  if (!candidates) {
    path.field("candidates").report("expected array");
    return false;
  }
  std::map<std::string, TunedOperator> operators;
  auto isOfOperator = [](const json::Value &candidate) {
    const json::Object *fields = candidate.getAsObject();
    return fields && fields->getObject("subject");
  };
  if (llvm::none_of(*candidates, isOfOperator)) {
    path.field("candidates")
        .report("none is a function that does the work of one operator and no "
                "other");
    return false;
  }
  for (size_t n = 0; n < candidates->size(); ++n) {
    if (!isOfOperator((*candidates)[n]))
      continue;
    TunedOperator op;
    Measurement measurement;
    if (!readCandidate((*candidates)[n], heading, op, measurement,
                       path.field("candidates").index(n)))
      return false;
    if (measurement.status != "unmeasured")
      set.measurements.push_back(std::move(measurement));
    operators[op.fingerprint] = std::move(op);
  }
  for (auto &[fingerprint, op] : operators)
    set.operators.push_back(std::move(op));
  return true;
}

//===----------------------------------------------------------------------===//
// Either
//===----------------------------------------------------------------------===//

static bool readEither(const json::Value &value, MeasurementSet &set,
                       json::Path path) {
  const json::Object *document = value.getAsObject();
  if (document && document->getInteger("amos_measurements") == exportVersion)
    return readOwn(value, set, path);
  if (document && document->getInteger("amos_results") == resultsVersion)
    return readResults(value, set, path);
  path.report("expected 'amos_measurements' or 'amos_results' of version 1");
  return false;
}

llvm::Expected<MeasurementSet> amos::importMeasurements(StringRef text) {
  llvm::Expected<json::Value> value = json::parse(text);
  if (!value)
    return value.takeError();
  MeasurementSet set;
  json::Path::Root root("");
  if (!readEither(*value, set, root))
    return root.getError();
  return set;
}
