//===- Definition.h - Every option of the command line ----------*- C++ -*-===//
#ifndef AMOS_TOOLS_DEFINITION_H
#define AMOS_TOOLS_DEFINITION_H

#include "CommandLine.h"
#include <CLI/CLI.hpp>

namespace amos {

using Words = std::vector<std::string>;

/// The definition of the command line, and the words it collects before they
/// are given their meaning.
class Definition {
public:
  explicit Definition(CommandLine &line);

  CLI::App app{"amosc - maps tensor programs onto the intrinsics of a machine "
               "and compiles them ahead of time",
               "amosc"};
  /// Gives the collected words their meaning.
  void finish();

private:
  void addOutputFlags();
  void addBundleFlags();
  void addStageFlags();
  void addTargetFlags();
  void addMappingFlags();
  void addNumericFlags(const char *group);
  void addEffortFlags();
  void addSeeingFlags();
  void addHelpFlags();
  void addVerbs();
  void addTargetVerbs();
  void addTuneVerb();
  void addDatabaseVerbs();

  CommandLine &line;
  CompileRequest &request;
  Words emit, warnings, topic;
  std::string stopAfter, startFrom, saveTemps, threads,
      fallback = "warn", rule, pad = "auto", color = "auto", sampling = "mixed",
      search;
};

} // namespace amos

#endif // AMOS_TOOLS_DEFINITION_H
