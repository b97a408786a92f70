//===- Bundle.cpp - The candidates of a bundle ----------------------------===//

#include "Bundle.h"
#include "Reader.h"
#include <sys/stat.h>

namespace amos::run {

static constexpr int64_t version = 1;

/// Mapping, schedule and cost of the operation under test.
static bool readDecision(Reader &reader, const Json &function,
                         const std::string &where, Candidate &candidate) {
  const Json *operations = reader.findArray(function, "operations", where);
  if (!operations)
    return false;
  std::string inside =
      where + ".operations[" + std::to_string(candidate.operation) + "]";
  if (candidate.operation >= static_cast<int64_t>(operations->size()))
    return reader.fail(inside, "there is no such operation");
  const Json &operation =
      (*operations)[static_cast<size_t>(candidate.operation)];
  const Json *mapping = reader.find(operation, "mapping", inside);
  const Json *cost = reader.find(operation, "cost", inside);
  return mapping && cost &&
         reader.read(*mapping, "id", inside + ".mapping", candidate.mapping) &&
         reader.read(operation, "schedule", inside, candidate.schedule) &&
         reader.read(*cost, "cycles", inside + ".cost", candidate.cycles) &&
         reader.read(*cost, "lower_bound", inside + ".cost",
                     candidate.lowerBound);
}

static bool readCandidate(Reader &reader, const Json &json,
                          const std::string &where, Candidate &candidate) {
  const Json *function = reader.find(json, "function", where);
  if (function)
    candidate.subject = json.value("subject", Json());
  return function && reader.read(json, "name", where, candidate.name) &&
         reader.read(json, "origin", where, candidate.origin) &&
         reader.read(json, "file", where, candidate.file) &&
         reader.read(json, "operation", where, candidate.operation) &&
         reader.read(*function, where + ".function", candidate.function) &&
         readDecision(reader, *function, where + ".function", candidate);
}

static bool readTargets(Reader &reader, const Json &json, Bundle &bundle) {
  const Json *targets = reader.findArray(json, "targets", "");
  if (!targets)
    return false;
  for (const Json &target : *targets) {
    if (!target.is_string())
      return reader.fail("targets", "expected strings");
    bundle.targets.push_back(target.get<std::string>());
  }
  return true;
}

static bool read(Reader &reader, const Json &json, Bundle &bundle) {
  int64_t found = 0;
  if (!reader.read(json, "amos_bundle", "", found))
    return false;
  if (found != version)
    return reader.fail("amos_bundle", "version " + std::to_string(found) +
                                          " is not known, only " +
                                          std::to_string(version));
  const Json *candidates = reader.findArray(json, "candidates", "");
  if (!candidates || !readTargets(reader, json, bundle) ||
      !reader.read(json, "producer", "", bundle.producer) ||
      !reader.read(json, "seed", "", bundle.seed) ||
      !reader.read(json, "shard", "", bundle.shard) ||
      !reader.read(json, "shards", "", bundle.shards) ||
      !reader.read(json, "reference", "", bundle.reference))
    return false;
  bundle.tools = json.value("tools", Json());
  for (const Json &candidate : *candidates) {
    std::string where =
        "candidates[" + std::to_string(bundle.candidates.size()) + "]";
    bundle.candidates.emplace_back();
    if (!readCandidate(reader, candidate, where, bundle.candidates.back()))
      return false;
  }
  return true;
}

static bool isFolder(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

/// The objects of a bundle lie beside its description, whatever it says.
static std::string locate(const std::string &folder, const std::string &file) {
  size_t slash = file.rfind('/');
  return folder + (slash == file.npos ? file : file.substr(slash + 1));
}

bool readBundle(const std::string &path, Bundle &bundle, std::string &problem) {
  std::string file = isFolder(path) ? path + "/bundle.json" : path;
  if (isFolder(path + "/shard-0") || isFolder(path + "/shard-00")) {
    problem = path + ": holds shards; measure each of them on its own";
    return false;
  }
  Json json = parseFile(file, problem);
  if (json.is_discarded())
    return false;
  Reader reader(problem);
  if (!read(reader, json, bundle)) {
    problem = file + ": " + problem;
    return false;
  }
  size_t slash = file.rfind('/');
  std::string folder = slash == file.npos ? "./" : file.substr(0, slash + 1);
  bundle.reference = locate(folder, bundle.reference);
  for (Candidate &candidate : bundle.candidates)
    candidate.file = locate(folder, candidate.file);
  return true;
}

} // namespace amos::run
