//===- Bundle.h - The candidates of a bundle --------------------*- C++ -*-===//
#ifndef AMOS_RUN_BUNDLE_H
#define AMOS_RUN_BUNDLE_H

#include "Manifest.h"
#include <nlohmann/json.hpp>

namespace amos::run {

/// One candidate: a function, and what was decided about one operation in it.
struct Candidate {
  std::string name;
  std::string origin; ///< "model" or "random"
  std::string file;   ///< of the shared object, absolute or from here
  Function function;
  int64_t operation = 0; ///< its place in the function
  std::string mapping;   ///< id
  std::string schedule;
  int64_t cycles = 0;     ///< predicted
  nlohmann::json subject; ///< what it is a choice for, which only amosc reads
  int64_t lowerBound = 0;
};

struct Bundle {
  std::string producer;
  nlohmann::json tools; ///< that made it; null in a bundle that does not say
  std::vector<std::string> targets;
  int64_t seed = 0, shard = 0, shards = 1;
  std::string reference; ///< file
  std::vector<Candidate> candidates;
};

/// Reads and checks the bundle in the folder `path`, or the description of one.
/// On failure `problem` names the file and the field.
bool readBundle(const std::string &path, Bundle &bundle, std::string &problem);

} // namespace amos::run

#endif // AMOS_RUN_BUNDLE_H
