//===- DatabaseVerbs.cpp - amosc db ---------------------------------------===//

#include "amos/Driver/DatabaseVerbs.h"
#include "amos/Driver/Artifact.h"
#include "amos/Driver/Compile.h"
#include "amos/Driver/Diagnostics.h"
#include "amos/Driver/Suggest.h"
#include "amos/Tuning/Knowledge.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include <map>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
namespace json = llvm::json;

std::string amos::locateDatabase(StringRef asked) {
  if (!asked.empty())
    return asked.str();
  if (const char *path = std::getenv("AMOS_DB"); path && *path)
    return path;
  std::string path = getDefaultDatabase();
  if (path.empty())
    reportError("there is no home folder for a database; name one with --db");
  return path;
}

ExitCode amos::reportDatabaseError(llvm::Error error) {
  bool isRejected = false;
  llvm::handleAllErrors(
      std::move(error),
      [&](const DatabaseError &reason) {
        isRejected = reason.isRejected;
        reportError(reason.message());
      },
      [&](const llvm::ErrorInfoBase &reason) {
        reportError(reason.message());
      });
  return isRejected ? ExitCode::Input : ExitCode::Environment;
}

Environment amos::getEnvironment(bool isDevice) {
  return {isDevice ? "" : describeProcessor(), "", describeTools(isDevice)};
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

ExitCode amos::readDatabase(StringRef asked, StringRef prefix,
                            MeasurementSet &set) {
  std::string path = locateDatabase(asked);
  if (path.empty())
    return ExitCode::Environment;
  if (!llvm::sys::fs::exists(path)) {
    if (asked.empty())
      return ExitCode::Success;
    reportError("there is no database '" + path + "'");
    return ExitCode::Usage;
  }
  auto database = Database::open(path, Database::Mode::Read);
  if (!database)
    return reportDatabaseError(database.takeError());
  auto found = database->read(prefix);
  if (!found)
    return reportDatabaseError(found.takeError());
  set = std::move(*found);
  return ExitCode::Success;
}

static ExitCode read(const DatabaseRequest &request, MeasurementSet &set) {
  return readDatabase(request.path, request.op, set);
}

namespace {
/// The measurements of one operator that may be compared with each other.
struct Group {
  const TunedOperator *op;
  std::vector<Measurement> measurements;
  size_t numCandidates = 0, numBad = 0;
};
/// Operator, machine, device, driver and tools.
using GroupKey = std::tuple<std::string, std::string, std::string, std::string,
                            std::string, std::string>;
} // namespace

static GroupKey getKey(const TunedOperator &op, const Measurement &m) {
  const Environment &e = m.environment;
  return {op.name, op.fingerprint, m.machineName, e.device, e.driver, e.tools};
}

static std::map<GroupKey, Group> getGroups(const MeasurementSet &set) {
  std::map<std::string, const TunedOperator *> operators;
  for (const TunedOperator &op : set.operators)
    operators[op.fingerprint] = &op;
  std::map<GroupKey, Group> groups;
  for (const Measurement &m : set.measurements) {
    const TunedOperator *op = operators[m.op];
    Group &group = groups[getKey(*op, m)];
    group.op = op;
    group.measurements.push_back(m);
    group.numBad += !m.isGood();
  }
  return groups;
}

/// Why a group counts for nothing here, empty if it counts. A device need not
/// be here to be compiled for.
static std::string findStaleness(const Group &group) {
  const Measurement &first = group.measurements.front();
  bool isDevice = !first.environment.driver.empty();
  return amos::findStaleness(first, getEnvironment(isDevice));
}

//===----------------------------------------------------------------------===//
// amosc db list
//===----------------------------------------------------------------------===//

static json::Object describe(const Group &group) {
  std::vector<Measurement> ranked = rankMeasurements(group.measurements);
  const Measurement &first = group.measurements.front();
  json::Object object{{"operator", group.op->fingerprint},
                      {"name", group.op->name},
                      {"machine", first.machineName},
                      {"device", first.environment.device},
                      {"driver", first.environment.driver},
                      {"tools", first.environment.tools},
                      {"candidates", static_cast<int64_t>(ranked.size())},
                      {"failed", static_cast<int64_t>(group.numBad)},
                      {"stale", findStaleness(group)}};
  if (!ranked.empty()) {
    object["mapping_id"] = ranked.front().mappingId;
    object["seconds"] = ranked.front().seconds;
  }
  return object;
}

static void printLine(const Group &group) {
  std::vector<Measurement> ranked = rankMeasurements(group.measurements);
  const Measurement &first = group.measurements.front();
  std::string best = ranked.empty() ? "-" : ranked.front().mappingId;
  std::string time = "-";
  if (!ranked.empty())
    time = formatv("{0:F3} us", ranked.front().seconds * 1e6);
  llvm::outs() << formatv("{0,-16} {1,-20} {2,-16} {3,6} {4,-8} {5,14}  {6}\n",
                          group.op->fingerprint, group.op->name,
                          first.machineName, ranked.size(), best, time,
                          first.environment.device);
  if (std::string reason = findStaleness(group); !reason.empty())
    llvm::outs() << "  stale: " << reason << '\n';
}

ExitCode amos::listDatabase(const DatabaseRequest &request) {
  MeasurementSet set;
  if (ExitCode code = read(request, set); code != ExitCode::Success)
    return code;
  auto groups = getGroups(set);
  if (request.json) {
    json::Array list;
    for (const auto &[key, group] : groups)
      list.push_back(describe(group));
    llvm::outs() << formatv("{0:2}\n", json::Value(std::move(list)));
    return ExitCode::Success;
  }
  if (groups.empty())
    llvm::outs() << "nothing was measured yet; 'amosc tune' does\n";
  else
    llvm::outs() << formatv(
        "{0,-16} {1,-20} {2,-16} {3,6} {4,-8} {5,14}  {6}\n", "operator",
        "name", "machine", "known", "fastest", "time", "device");
  for (const auto &[key, group] : groups)
    printLine(group);
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// amosc db show
//===----------------------------------------------------------------------===//

static ExitCode checkSubject(const DatabaseRequest &request,
                             const MeasurementSet &set) {
  if (set.operators.size() == 1)
    return ExitCode::Success;
  if (set.operators.empty())
    reportError("no operator of the database has a fingerprint that begins "
                "with '" +
                request.op + "'; 'amosc db list' lists them");
  else
    reportError(llvm::Twine(set.operators.size()) +
                " operators have fingerprints that begin with '" + request.op +
                "'; write more of it");
  return ExitCode::Usage;
}

static void printCandidate(const Measurement &m) {
  llvm::outs() << formatv(
      "  {0,12:F3} us  {1,5:F1}%  {2} to {3} us, {4} samples, {5}, {6} cycles "
      "predicted, {7}\n    {8}\n    {9}\n",
      m.seconds * 1e6, m.share * 100, formatv("{0:F3}", m.firstQuartile * 1e6),
      formatv("{0:F3}", m.thirdQuartile * 1e6), m.samples, m.caches,
      m.predictedCycles, m.date, m.mapping, m.schedule);
}

static void printGroup(const Group &group) {
  const Measurement &first = group.measurements.front();
  const Environment &e = first.environment;
  llvm::outs() << "\n" << first.machineName << " on " << e.device;
  if (!e.driver.empty())
    llvm::outs() << ", driver for " << e.driver;
  llvm::outs() << ", " << e.tools << '\n';
  if (std::string reason = findStaleness(group); !reason.empty())
    llvm::outs() << "  stale: " << reason << '\n';
  for (const Measurement &m : rankMeasurements(group.measurements))
    printCandidate(m);
  for (const Measurement &m : group.measurements)
    if (!m.isGood())
      llvm::outs() << formatv("  {0}: {1}\n    {2}\n    {3}\n", m.status,
                              m.reason, m.mapping, m.schedule);
}

ExitCode amos::showOperator(const DatabaseRequest &request) {
  MeasurementSet set;
  ExitCode code = read(request, set);
  if (code == ExitCode::Success)
    code = checkSubject(request, set);
  if (code != ExitCode::Success)
    return code;
  if (request.json) {
    exportMeasurements(set, llvm::outs());
    return ExitCode::Success;
  }
  llvm::outs() << set.operators.front().name << ' '
               << set.operators.front().fingerprint << '\n'
               << set.operators.front().text;
  for (const auto &[key, group] : getGroups(set))
    printGroup(group);
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// Adding
//===----------------------------------------------------------------------===//

/// Adds all of `sets` in one transaction.
static ExitCode add(const DatabaseRequest &request, const MeasurementSet &set) {
  std::string path = locateDatabase(request.path);
  if (path.empty())
    return ExitCode::Environment;
  auto database = Database::open(path, Database::Mode::Write);
  if (!database)
    return reportDatabaseError(database.takeError());
  auto added = database->add(set);
  if (!added)
    return reportDatabaseError(added.takeError());
  size_t known = set.measurements.size() - *added;
  if (request.json)
    llvm::outs() << formatv(
        "{0:2}\n",
        json::Value(json::Object{{"added", static_cast<int64_t>(*added)},
                                 {"known", static_cast<int64_t>(known)}}));
  else
    llvm::outs() << *added << " measurements added, " << known
                 << " known already\n";
  return ExitCode::Success;
}

static void append(MeasurementSet &set, MeasurementSet more) {
  llvm::append_range(set.operators, more.operators);
  llvm::append_range(set.measurements, more.measurements);
}

ExitCode amos::mergeDatabases(const DatabaseRequest &request) {
  MeasurementSet all;
  for (const std::string &file : request.files) {
    MeasurementSet one;
    DatabaseRequest other;
    other.path = file;
    if (ExitCode code = read(other, one); code != ExitCode::Success)
      return code;
    append(all, std::move(one));
  }
  return add(request, all);
}

ExitCode amos::importResults(const DatabaseRequest &request) {
  MeasurementSet all;
  for (const std::string &file : request.files) {
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(file);
    if (!buffer) {
      reportError("cannot read '" + file + "': " + buffer.getError().message());
      return ExitCode::Usage;
    }
    auto one = importMeasurements((*buffer)->getBuffer());
    if (!one) {
      reportError("'" + file + "': " + llvm::toString(one.takeError()));
      return ExitCode::Input;
    }
    append(all, std::move(*one));
  }
  return add(request, all);
}

ExitCode amos::exportDatabase(const DatabaseRequest &request) {
  MeasurementSet set;
  if (ExitCode code = read(request, set); code != ExitCode::Success)
    return code;
  Artifact document{request.output.empty() ? "-" : request.output, {}};
  llvm::raw_svector_ostream stream(document.bytes);
  exportMeasurements(set, stream);
  if (llvm::Error error = writeArtifacts(document)) {
    reportError(llvm::toString(std::move(error)));
    return ExitCode::Environment;
  }
  return ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// amosc db prune
//===----------------------------------------------------------------------===//

/// The measurements of a group that are no use.
static std::vector<std::string> findUseless(const Group &group, size_t kept) {
  std::vector<std::string> useful, useless;
  bool isDevice = !group.measurements.front().environment.driver.empty();
  bool isOurs = group.measurements.front().environment.tools ==
                getEnvironment(isDevice).tools;
  std::vector<Measurement> ranked;
  if (isOurs)
    ranked = rankMeasurements(group.measurements);
  for (const Measurement &m : llvm::ArrayRef(ranked).take_front(kept))
    useful.push_back(m.getId());
  for (const Measurement &m : group.measurements)
    if (std::string id = m.getId(); !llvm::is_contained(useful, id))
      useless.push_back(id);
  return useless;
}

ExitCode amos::pruneDatabase(const DatabaseRequest &request) {
  MeasurementSet set;
  if (ExitCode code = read(request, set); code != ExitCode::Success)
    return code;
  std::vector<std::string> ids;
  for (const auto &[key, group] : getGroups(set))
    llvm::append_range(ids, findUseless(group, request.kept));
  if (!request.isRehearsal && !ids.empty()) {
    auto database =
        Database::open(locateDatabase(request.path), Database::Mode::Write);
    if (!database)
      return reportDatabaseError(database.takeError());
    if (llvm::Error error = database->remove(ids))
      return reportDatabaseError(std::move(error));
  }
  size_t left = set.measurements.size() - ids.size();
  if (request.json)
    llvm::outs() << formatv(
        "{0:2}\n", json::Value(json::Object{{"removed", int64_t(ids.size())},
                                            {"left", int64_t(left)}}));
  else
    llvm::outs() << ids.size()
                 << (request.isRehearsal ? " measurements would be removed, "
                                         : " measurements removed, ")
                 << left << " left\n";
  return ExitCode::Success;
}
