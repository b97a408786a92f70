//===- Definition.cpp - Every option of the command line ------------------===//

#include "Definition.h"
#include "Tables.h"
#include "Values.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;

/// More threads than any machine runs at a time only cost memory.
constexpr uint64_t mostJobs = 4096;

static Words getStageNames() {
  Words names;
  for (const StageInfo &stage : getStages())
    names.push_back(stage.name.str());
  return names;
}

static Words getOutputNames() {
  Words names;
  for (const OutputInfo &output : getOutputs())
    names.push_back(output.name.str());
  return names;
}

Definition::Definition(CommandLine &line) : line(line), request(line.request) {
  app.formatter(makeHelpFormatter());
  addHelpFlags();
  app.require_subcommand(0, 1);
  app.fallthrough();
  app.add_option("input", request.input,
                 "a program in MLIR, as text or bytecode; '-' reads the "
                 "standard input");
  addOutputFlags();
  addBundleFlags();
  addStageFlags();
  addTargetFlags();
  addMappingFlags();
  addEffortFlags();
  addSeeingFlags();
  addVerbs();
  std::string footer = "MLIR's own options, --mlir-*, are passed on.\n\n"
                       "EXIT STATUS";
  for (const ExitRow &row : listExitCodes())
    footer += llvm::formatv("\n  {0,2}  {1}", row.code, row.text);
  app.footer(footer);
}

void Definition::addHelpFlags() {
  app.set_help_flag("-h,--help", "print this help");
  app.set_version_flag("--version", describeVersion, "print the version");
  app.add_option("--completion", line.completion,
                 "print what makes this shell complete amosc's arguments")
      ->check(isOneOf({"bash", "zsh", "fish"}));
}

void Definition::addOutputFlags() {
  const char *group = "OUTPUT";
  app.add_option("-o", request.output,
                 "output file, '-' is the standard output; without --emit its "
                 "extension says what to write")
      ->check(isNotEmpty())
      ->type_name("FILE")
      ->group(group);
  app.add_option("--out-dir", request.outputFolder,
                 "folder of the files that -o does not name")
      ->check(isNotEmpty())
      ->type_name("DIR")
      ->group(group);
  app.add_option("--emit", emit, "what to write; see 'amosc help outputs'")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(isOneOf(getOutputNames()))
      ->type_name("LIST")
      ->group(group);
  app.add_option("--entry", request.entries,
                 "compile this function only; may be repeated")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("NAME")
      ->group(group);
  app.add_option("--prefix", request.pipeline.prefix,
                 "put this before the names of exported symbols")
      ->check(isNamePrefix())
      ->type_name("TEXT")
      ->group(group);
  app.add_option("--prepack", request.pipeline.prepack,
                 "callers pack this argument once, before they call; may be "
                 "repeated")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("ARG")
      ->group(group);
  app.add_flag("--MD", request.writeDependencies,
               "write a dependency file for make and ninja")
      ->group(group);
  app.add_option("--MF", request.dependencyFile,
                 "the name of the dependency file")
      ->type_name("FILE")
      ->group(group);
}

void Definition::addBundleFlags() {
  const char *group = "CANDIDATES TO MEASURE (--emit=candidates)";
  app.add_option("--candidates", request.bundle.candidates,
                 "how many of each operation [16]")
      ->check(CLI::Range(1, 1000000).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--sampling", sampling,
                 "the model's best, random ones without asking the model, or "
                 "half of either (default)")
      ->check(isOneOf({"best", "random", "mixed"}))
      ->group(group);
  app.add_option("--shards", request.bundle.shards,
                 "deal them to this many folders that are measured on their "
                 "own [1]")
      ->check(CLI::Range(1, 10000).description(""))
      ->type_name("N")
      ->group(group);
  app.add_option("--bundle-limit", request.bundle.limit,
                 "no folder is larger than this, e.g. 60MB: more are made")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/false).description(""))
      ->type_name("SIZE")
      ->group(group);
}

void Definition::addStageFlags() {
  const char *group = "STAGES";
  app.add_option("--stop-after", stopAfter,
                 "print the program after this stage")
      ->check(isOneOf(getStageNames()))
      ->type_name("STAGE")
      ->group(group);
  app.add_option("--start-from", startFrom,
                 "the input is a dump taken before this stage")
      ->check(isOneOf(getStageNames()))
      ->type_name("STAGE")
      ->group(group);
  app.add_option("--dump-stages", request.stageFolder,
                 "write the program after each stage to this folder")
      ->type_name("DIR")
      ->group(group);
  app.add_flag(
         "--save-temps{.}", saveTemps,
         "also write the forms between input and object; --save-temps=DIR "
         "writes them to a folder")
      ->type_name("DIR")
      ->group(group);
}

void Definition::addTargetFlags() {
  const char *group = "TARGET";
  app.add_option(
         "--target", request.targets,
         "a machine: a name ('amosc target list'), a file, 'native', or "
         "several joined by '+' for their union; repeat it for code of which "
         "the first machine that is there runs")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("MACHINE")
      ->group(group);
  app.add_option("--intrinsic", request.intrinsics,
                 "use only intrinsics that match this glob; '!GLOB' forbids")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("GLOB")
      ->group(group);
  app.add_flag("--emulate", request.pipeline.emulate,
               "compute what the intrinsics mean with plain loops")
      ->group(group);
  app.add_option(
         "--threads", threads,
         "threads of a processor that share the loops of a function [1]; "
         "'runtime' takes as many as OpenMP's runtime says; other than 1, "
         "link with -lgomp or -lomp")
      ->check(isThreads())
      ->type_name("N|runtime")
      ->group(group);
}

void Definition::addMappingFlags() {
  const char *group = "MAPPING";
  app.add_option("--mapping-rule", rule,
                 "consider every mapping, or those that AMOS's rule allows")
      ->check(isOneOf({"complete", "amos"}))
      ->group(group);
  app.add_option("--mapping", request.pipeline.mappings,
                 "use this mapping: an id or '#amos.mapping<..>', after "
                 "'@function#number=' if there are several operations")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->type_name("MAPPING")
      ->group(group);
  app.add_flag("--require-intrinsic", request.requireIntrinsic,
               "fail when a contraction misses the best class of intrinsic")
      ->group(group);
  app.add_option("--fallback", fallback,
                 "what to do when a contraction misses the best class")
      ->check(isOneOf({"warn", "error", "allow"}))
      ->group(group);
  app.add_option("--pad", pad, "whether tiles may be padded")
      ->check(isOneOf({"auto", "never"}))
      ->group(group);
  addNumericFlags(group);
}

void Definition::addNumericFlags(const char *group) {
  app.add_flag("--assume-finite", request.pipeline.assumeFinite,
               "no operand holds an infinity or NaN, so that floats that meet "
               "padding need not be looked at")
      ->group(group);
  app.add_flag("--deterministic",
               "the same input gives the same bytes, and every sum has one "
               "order; always on")
      ->group(group);
}

void Definition::addEffortFlags() {
  const char *group = "EFFORT";
  app.add_option("-O", request.pipeline.effort,
                 "0 scalar loops, 1 the first mapping, 2 the best by the model "
                 "(default), 3 the best known")
      ->check(isOneOf({"0", "1", "2", "3"}))
      ->group(group);
  app.add_option("--lock", request.lock,
                 "hold to the choices in this file; without it, write them "
                 "there")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--db", line.database.path,
                 "the database of measurements; see 'amosc help db'")
      ->type_name("FILE")
      ->group(group);
  app.add_option("-j", request.jobs,
                 "threads, or candidates of a bundle compiled at a time; as "
                 "many as cores by default")
      ->check(isCount(mostJobs))
      ->type_name("N")
      ->group(group);
  app.add_option("--seed", request.pipeline.seed,
                 "of the exploration of schedules")
      ->check(isCount())
      ->type_name("N")
      ->group(group);
}

void Definition::addSeeingFlags() {
  const char *group = "SEEING WHAT HAPPENS";
  DiagnosticOptions &diagnostics = request.diagnostics;
  app.add_flag("--quiet", diagnostics.quiet, "no remarks and no progress")
      ->group(group);
  app.add_flag("-v,--verbose", diagnostics.verbose,
               "all remarks, and the programs that are run")
      ->group(group);
  app.add_option("--color", color, "colour the diagnostics")
      ->check(isOneOf({"auto", "always", "never"}))
      ->group(group);
  app.add_flag("--json", request.json, "reports as JSON")->group(group);
  app.add_flag("--time-report", request.reportTime,
               "print how long each stage took")
      ->group(group);
  app.add_option("-R", request.diagnostics.remarks,
                 "remarks at source lines; see 'amosc help remarks'")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->check(isRemark())
      ->group(group);
  app.add_option("-W", warnings,
                 "-Werror makes warnings errors, -Werror=NAME those of a name, "
                 "-Wno-NAME silences it; see 'amosc help warnings'")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false)
      ->check(isWarning())
      ->type_name("[no-]NAME")
      ->group(group);
}

void Definition::addVerbs() {
  const char *others = "The options of 'amosc --help' hold here too.";
  CLI::App *explain =
      app.add_subcommand("explain", "why this mapping, and why not the others");
  explain->footer(others);
  explain->add_option("input", request.input, "a program in MLIR")->required();
  explain->add_option("--html", request.page,
                      "write a page for a browser to this file, which needs no "
                      "other");
  CLI::App *run = app.add_subcommand(
      "run", "compile, run with seeded inputs and check the results; what "
             "follows '--' is for amos-run");
  run->footer(others);
  run->add_option("input", request.input, "a program in MLIR")->required();
  CLI::App *reduce = app.add_subcommand(
      "reduce", "the smallest program that still shows a problem");
  reduce->footer(others);
  reduce
      ->add_option("input", request.input,
                   "a program, or the folder that an internal error left")
      ->required();
  reduce->add_option("--test", line.test,
                     "a program that is given a file and ends with 0 if it "
                     "still shows the problem; without it, amosc has to end as "
                     "it does, with the same error");
  addTargetVerbs();
  addTuneVerb();
  addDatabaseVerbs();
  app.add_subcommand("doctor", "the tools and processor features found here");
  CLI::App *help = app.add_subcommand("help", "the help of a command or topic");
  help->add_flag("--man", line.manual, "print the manual page amosc(1)");
  help->add_option("topic", topic,
                   "a command, 'stages', 'outputs', 'remarks' or 'warnings'")
      ->expected(0, 2);
}

static Fallback readFallback(const std::string &word) {
  if (word == "allow")
    return Fallback::Allow;
  return word == "error" ? Fallback::Error : Fallback::Warn;
}

static Sampling readSampling(const std::string &word) {
  if (word == "best")
    return Sampling::Best;
  return word == "random" ? Sampling::Random : Sampling::Mixed;
}

static Color readColor(const std::string &word) {
  if (word == "always")
    return Color::Always;
  return word == "never" ? Color::Never : Color::Auto;
}

void Definition::finish() {
  if (!topic.empty())
    line.subject = llvm::join(topic, " ");
  for (const std::string &name : emit)
    request.outputs.push_back(*findOutput(name));
  request.bundle.sampling = readSampling(sampling);
  if (!stopAfter.empty())
    request.stopAfter = findStage(stopAfter);
  if (!startFrom.empty())
    request.startFrom = findStage(startFrom);
  request.saveTemps = !saveTemps.empty();
  request.tempFolder = saveTemps == "." ? "" : saveTemps;
  request.fallback = readFallback(fallback);
  if (!threads.empty())
    request.pipeline.threads = readThreads(threads);
  request.pipeline.amosRule = rule == "amos";
  request.pipeline.neverPad = pad == "never";
  request.diagnostics.color = readColor(color);
  request.database = line.database.path;
  if (search == "random")
    line.tune.strategy = Search::Strategy::Random;
  line.tune.json = request.json;
  request.isTimeJson = request.json;
  showPrograms(request.diagnostics.verbose);
  request.writeDependencies |= !request.dependencyFile.empty();
  for (const std::string &warning : warnings)
    readWarning(warning, request.diagnostics);
  line.command = "compile";
  for (CLI::App *verb : app.get_subcommands()) {
    line.command = verb->get_name();
    for (CLI::App *second : verb->get_subcommands())
      line.command += " " + second->get_name();
  }
}
