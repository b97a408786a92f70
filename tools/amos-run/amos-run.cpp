//===- amos-run.cpp - Runs, checks and times compiled functions -----------===//
//
// Needs a manifest and what it lists, but neither a compiler nor LLVM.
//
//===----------------------------------------------------------------------===//

#include "Print.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>

using namespace amos::run;

namespace {
struct Request : Options {
  std::string manifest;
  std::vector<std::string> functions;
  bool json = false;
};
} // namespace

static void declareOptions(CLI::App &app, Request &request) {
  app.add_option("manifest", request.manifest, "what to run")->required();
  app.add_option("--function", request.functions, "run only this; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--seed", request.seed, "of the inputs")->type_name("N");
  app.add_flag("--time", request.time, "measure as well");
  app.add_option("--repeat", request.samples, "samples to take [20]")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
  app.add_flag("!--no-check", request.check,
               "do not compare with the reference");
  app.add_flag("--full", request.full,
               "compare every element of large results, not a sample");
  app.add_flag("--guard", request.guard,
               "place buffers against pages that fault, at either end");
  app.add_flag("--json", request.json, "print JSON");
  app.footer("exit status: 0 ok, 1 manifest rejected, 2 usage, 4 check failed, "
             "5 environment");
}

static int report(ExitCode code, const std::string &problem) {
  std::fprintf(stderr, "amos-run: error: %s\n", problem.c_str());
  return code;
}

/// Keeps the functions that were asked for; false when one does not exist.
static bool selectFunctions(const Request &request, Manifest &manifest,
                            std::string &problem) {
  if (request.functions.empty())
    return true;
  std::vector<Function> selected;
  for (const std::string &name : request.functions) {
    auto found = std::find_if(
        manifest.functions.begin(), manifest.functions.end(),
        [&](const Function &function) { return function.name == name; });
    if (found == manifest.functions.end()) {
      problem = request.manifest + " has no function '" + name + "'";
      return false;
    }
    selected.push_back(*found);
  }
  manifest.functions = selected;
  return true;
}

static bool loadLibrary(const Manifest &manifest, const std::string &kind,
                        Library &library, std::string &problem) {
  auto file = manifest.artifacts.find(kind);
  if (file != manifest.artifacts.end())
    return library.load(file->second, problem);
  problem = "the manifest lists no artifact of kind '" + kind +
            "'; compile with --emit=so,reference,manifest";
  return false;
}

static int runAll(const Request &request, const Manifest &manifest) {
  Library library, reference;
  std::string problem;
  if (!loadLibrary(manifest, "library", library, problem) ||
      (request.check &&
       !loadLibrary(manifest, "reference", reference, problem)))
    return report(EnvironmentError, problem);
  std::vector<Outcome> outcomes;
  ExitCode worst = Success;
  for (const Function &function : manifest.functions) {
    outcomes.push_back(
        run(function, library, request.check ? &reference : nullptr, request));
    worst = std::max(worst, outcomes.back().code);
    if (!request.json)
      print(outcomes.back());
  }
  if (request.json)
    printJson(outcomes);
  return worst;
}

int main(int argc, char **argv) {
  CLI::App app("amos-run - runs, checks and times what amosc compiled");
  Request request;
  declareOptions(app, request);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError &error) {
    return app.exit(error) == 0 ? Success : UsageError;
  }
  Manifest manifest;
  std::string problem;
  if (!readManifest(request.manifest, manifest, problem))
    return report(InputRejected, problem);
  if (!selectFunctions(request, manifest, problem))
    return report(UsageError, problem);
  return runAll(request, manifest);
}
