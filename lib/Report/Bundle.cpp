//===- Bundle.cpp - What a folder of candidates holds, as JSON ------------===//

#include "amos/Report/Bundle.h"
#include <nlohmann/json.hpp>

using namespace amos;
using Json = nlohmann::ordered_json;

/// The one function of a manifest of ours.
static Json readFunction(const std::string &manifest) {
  Json json = Json::parse(manifest, nullptr, /*allow_exceptions=*/false);
  return json["functions"][0];
}

static Json describe(const std::optional<BundleSubject> &subject) {
  if (!subject)
    return nullptr;
  return {{"fingerprint", subject->fingerprint},
          {"name", subject->name},
          {"text", subject->text},
          {"machine", subject->machine},
          {"machine_name", subject->machineName},
          {"mapping", subject->mapping}};
}

static Json describe(const BundleEntry &entry) {
  Json json = {{"name", entry.name},
               {"origin", entry.origin},
               {"operation", entry.operation}};
  if (!entry.file.empty()) {
    json["file"] = entry.file;
    json["function"] = readFunction(entry.manifest);
    json["subject"] = describe(entry.subject);
  } else {
    json["function"] = entry.function;
    json["mapping"] = entry.mapping;
    json["schedule"] = entry.schedule;
    json["problem"] = entry.problem;
  }
  return json;
}

void amos::emitBundle(llvm::ArrayRef<BundleEntry> entries,
                      const BundleOptions &options, llvm::raw_ostream &out) {
  Json candidates = Json::array(), skipped = Json::array();
  for (const BundleEntry &entry : entries)
    (entry.file.empty() ? skipped : candidates).push_back(describe(entry));
  Json bundle = {{"amos_bundle", bundleVersion},
                 {"producer", options.producer},
                 {"tools", options.tools},
                 {"targets", options.targets},
                 {"sampling", options.sampling},
                 {"seed", options.seed},
                 {"shard", options.shard},
                 {"shards", options.shards},
                 {"reference", options.reference},
                 {"candidates", candidates},
                 {"skipped", skipped}};
  constexpr auto lossy = Json::error_handler_t::replace;
  out << bundle.dump(1, ' ', false, lossy) << "\n";
}
