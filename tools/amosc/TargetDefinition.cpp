//===- TargetDefinition.cpp - The verbs below amosc target ----------------===//

#include "Definition.h"

using namespace amos;

static void addCalibrate(CLI::App &target, CommandLine &line) {
  CLI::App *verb = target.add_subcommand(
      "calibrate", "measure rates, latencies and bandwidths on this "
                   "processor, or on a device, and write a machine with them "
                   "to -o");
  verb->add_option("machine", line.subject, "a name or a file [native]");
  verb->add_option("--bundle", line.target.bundle,
                   "write kernels to this folder instead, for 'amos-run "
                   "calibrate' on the machine with the device")
      ->type_name("DIR");
  verb->add_option("--results", line.target.results,
                   "take the numbers from this file, which 'amos-run "
                   "calibrate' wrote")
      ->type_name("FILE");
}

static void addNew(CLI::App &target, CommandLine &line) {
  CLI::App *verb = target.add_subcommand(
      "new", "write a description with comments to begin with, to NAME.mlir or "
             "to -o");
  verb->add_option("name", line.subject, "the machine's name")->required();
  verb->add_option("--extends", line.target.base,
                   "begin with this machine and what is different about it")
      ->type_name("MACHINE");
  verb->add_flag("--force", line.target.overwrites,
                 "replace the file if there is one");
}

static void addWhatIf(CLI::App &target, CommandLine &line) {
  CLI::App *verb = target.add_subcommand(
      "what-if", "rank a folder of programs under a machine and under a "
                 "changed one, and print what changes");
  verb->add_option("machine", line.subject, "a name or a file")->required();
  verb->add_option("change", line.target.changes,
                   "part.argument=value or clock=value, e.g. l2.capacity=2MiB, "
                   "dot.interval=0.5, 'mma_*.latency=2x'")
      ->required();
  verb->add_option("--suite", line.target.suite, "the folder of programs")
      ->type_name("DIR")
      ->required();
}

static void addSuite(CLI::App &target, CommandLine &line) {
  CLI::App *verb = target.add_subcommand(
      "suite", "how a folder of programs uses the intrinsics of a machine");
  verb->add_option("machine", line.subject, "a name or a file")->required();
  verb->add_option("folder", line.target.suite, "the folder of programs")
      ->required();
}

void Definition::addTargetVerbs() {
  CLI::App *target =
      app.add_subcommand("target", "the descriptions of machines");
  target->require_subcommand(1);
  target->add_subcommand("list", "the machines that have a name");
  for (auto [verb, text] :
       {std::pair("show", "one machine in words"),
        std::pair("check", "look for mistakes in a description"),
        std::pair("test", "run each lowering against its semantics")})
    target->add_subcommand(verb, text)
        ->add_option("machine", line.subject, "a name or a file")
        ->required();
  addCalibrate(*target, line);
  addNew(*target, line);
  addSuite(*target, line);
  addWhatIf(*target, line);
}
