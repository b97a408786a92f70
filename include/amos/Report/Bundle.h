//===- Bundle.h - What a folder of candidates holds, as JSON ----*- C++ -*-===//
#ifndef AMOS_REPORT_BUNDLE_H
#define AMOS_REPORT_BUNDLE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace amos {

/// Version of the schema that docs/Bundle.md describes.
inline constexpr int64_t bundleVersion = 1;

/// What a candidate is a choice for, so that its measurement can be kept: the
/// operator and the machine by fingerprint and by name, the operator's text,
/// and the mapping as an attribute.
struct BundleSubject {
  std::string fingerprint, name, text;
  std::string machine, machineName;
  std::string mapping;
};

/// One candidate of a bundle: a function with one operation under test.
struct BundleEntry {
  std::string name;
  std::string origin;   ///< "model", "random" or "search"
  std::string function; ///< that it belongs to
  std::optional<BundleSubject> subject;
  int64_t operation = 0; ///< its place among the operations of the function
  std::string mapping;   ///< the mapping's id
  std::string schedule;
  /// Of the shared object in the bundle, and the manifest of what is in it;
  /// both empty when it could not be compiled.
  std::string file;
  std::string manifest;
  /// Why it could not be compiled.
  std::string problem;
};

/// What a bundle says beyond its candidates.
struct BundleOptions {
  std::string producer; ///< "amosc 0.1.0"
  std::string tools;    ///< what made the code, see describeTools
  std::vector<std::string> targets;
  std::string reference; ///< file of the shared object to compare with
  std::string sampling;  ///< "best", "random" or "mixed"
  uint64_t seed = 0;
  unsigned shard = 0, shards = 1;
};

/// Writes `bundle.json`.
void emitBundle(llvm::ArrayRef<BundleEntry> entries,
                const BundleOptions &options, llvm::raw_ostream &out);

} // namespace amos

#endif // AMOS_REPORT_BUNDLE_H
