//===- amos-run.cpp - Runs, checks and times compiled functions -----------===//
//
// Needs a manifest and what it lists, but neither a compiler nor LLVM.
//
//===----------------------------------------------------------------------===//

#include "Calibrate.h"
#include "MeasureCommand.h"
#include "Print.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

using namespace amos::run;

namespace {
struct Request : Options {
  std::string manifest;
  std::vector<std::string> functions, extents;
  bool json = false;
  MeasureRequest measure;
  CalibrateRequest calibrate;
};
} // namespace

static void declareOptions(CLI::App &app, Request &request) {
  app.add_option("manifest", request.manifest, "what to run");
  app.add_option("--function", request.functions, "run only this; repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--seed", request.seed, "of the inputs")->type_name("N");
  app.add_option("--extent", request.extents,
                 "what a dynamic extent is, by its name in the header, or what "
                 "all others are; repeatable")
      ->type_name("[NAME=]N")
      ->allow_extra_args(false);
  app.add_flag("--time", request.time, "measure as well");
  app.add_option("--repeat", request.samples, "samples to take [20]")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000));
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

static CLI::App *declareMeasure(CLI::App &app, MeasureRequest &request) {
  CLI::App *verb = app.add_subcommand(
      "measure", "check and time every candidate of a bundle of amosc's");
  verb->add_option("bundle", request.bundle, "its folder")->required();
  verb->add_option("-o", request.output, "write the results as JSON")
      ->type_name("FILE");
  verb->add_flag("--json", request.json, "print the results as JSON");
  verb->add_option("--rounds", request.rounds,
                   "visits of each candidate, in shuffled order [3]")
      ->check(CLI::Range(1, 30));
  verb->add_option("--samples", request.samples, "in each visit [7]")
      ->check(CLI::Range(1, 30));
  verb->add_flag("--cold", request.isCold,
                 "empty the caches before each call; on a device, always");
  verb->add_option("--timeout", request.timeout,
                   "seconds until a visit has failed [60]")
      ->check(CLI::Range(0.1, 86400.0));
  verb->add_option("--core", request.core,
                   "keep everything on this core [any one]")
      ->check(CLI::Range(0, 65535));
  verb->add_flag("--full", request.full,
                 "compare every element of large results, not a sample");
  verb->add_option("--seed", request.seed, "of the inputs and the order");
  verb->footer(
      "exit status: 0 ok, 1 bundle rejected, 2 usage, 4 a candidate "
      "is wrong or failed, 5 environment, 6 interrupted, results kept");
  return verb;
}

static CLI::App *declareCalibrate(CLI::App &app, CalibrateRequest &request) {
  CLI::App *verb = app.add_subcommand(
      "calibrate", "time what 'amosc target calibrate --bundle' wrote, on the "
                   "first device of NVIDIA's");
  verb->add_option("bundle", request.bundle, "its folder")->required();
  verb->add_option("-o", request.output, "write the results as JSON")
      ->type_name("FILE");
  verb->add_flag("--json", request.json, "print the results as JSON");
  verb->add_option("--samples", request.samples, "of each kernel [15]")
      ->check(CLI::Range(1, 1000));
  verb->add_option("--timeout", request.timeout,
                   "seconds until the kernels of the parts that are left have "
                   "failed [120]")
      ->check(CLI::Range(0.1, 86400.0));
  verb->footer("exit status: 0 ok, 1 bundle rejected, 2 usage, 4 a part could "
               "not be measured, 5 environment, 6 interrupted, results kept");
  return verb;
}

/// Reads the values of --extent.
static bool readExtents(const std::vector<std::string> &texts, Extents &extents,
                        std::string &problem) {
  for (const std::string &text : texts) {
    size_t equals = text.find('=');
    std::string digits = equals == text.npos ? text : text.substr(equals + 1);
    char *end = nullptr;
    int64_t value = std::strtoll(digits.c_str(), &end, 10);
    if (digits.empty() || *end || value < 0) {
      problem = "expected --extent=N or --extent=NAME=N, found '" + text + "'";
      return false;
    }
    if (equals == text.npos)
      extents.others = value;
    else
      extents.named[text.substr(0, equals)] = value;
  }
  return true;
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

static int runManifest(const Request &request) {
  if (request.manifest.empty())
    return report(UsageError, "manifest is required");
  Manifest manifest;
  std::string problem;
  Extents extents;
  if (!readExtents(request.extents, extents, problem))
    return report(UsageError, problem);
  if (!readManifest(request.manifest, extents, manifest, problem))
    return report(InputRejected, problem);
  if (!selectFunctions(request, manifest, problem))
    return report(UsageError, problem);
  return runAll(request, manifest);
}

static int runCommand(int argc, char **argv) {
  CLI::App app("amos-run - runs, checks and times what amosc compiled");
  Request request;
  app.set_version_flag("--version", "amos-run " AMOS_VERSION);
  declareOptions(app, request);
  CLI::App *measure = declareMeasure(app, request.measure);
  CLI::App *calibration = declareCalibrate(app, request.calibrate);
  for (int n = 0; n < argc; ++n)
    request.measure.command += (n ? " " : "") + std::string(argv[n]);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success &success) {
    return app.exit(success);
  } catch (const CLI::ParseError &error) {
    return report(UsageError, error.what());
  }
  if (measure->parsed())
    return measureBundle(request.measure);
  if (calibration->parsed())
    return calibrate(request.calibrate);
  return runManifest(request);
}

int main(int argc, char **argv) {
  int code = runCommand(argc, argv);
  std::cout.flush();
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0 && std::cout)
    return code;
  return report(EnvironmentError, "cannot write the standard output: " +
                                      std::string(std::strerror(errno)));
}
