//===- TuningDefinition.cpp - amosc tune, and the verbs below amosc db ----===//

#include "Definition.h"
#include "Values.h"

using namespace amos;

void Definition::addDatabaseVerbs() {
  DatabaseRequest &database = line.database;
  CLI::App *db = app.add_subcommand(
      "db", "what was measured; --db names the file, else AMOS_DB does");
  db->require_subcommand(1);
  db->add_subcommand("list", "the operators that were measured, and where");
  db->add_subcommand("show", "the candidates of one operator, fastest first")
      ->add_option("operator", database.op, "how its fingerprint begins")
      ->required();
  db->add_subcommand("merge", "add what other databases hold")
      ->add_option("files", database.files, "databases")
      ->required();
  db->add_subcommand("export", "write all of it as JSON, to -o");
  db->add_subcommand("import", "add results of 'amos-run measure', or what "
                               "'db export' wrote")
      ->add_option("files", database.files, "files of JSON")
      ->required();
  CLI::App *prune = db->add_subcommand(
      "prune", "remove what other compilers made and all but the fastest");
  prune
      ->add_option("--keep", database.kept,
                   "how many candidates of an operator on a device stay [16]")
      ->check(CLI::Range(1, 1000000).description(""))
      ->type_name("N");
  prune->add_flag("--dry-run", database.isRehearsal,
                  "only print how many would be removed");
}

void Definition::addTuneVerb() {
  TuneRequest &tune = line.tune;
  CLI::App *verb = app.add_subcommand(
      "tune", "search for the fastest mapping and schedule of every "
              "contraction, and keep what is measured in the database");
  verb->footer("The options of 'amosc --help' hold here too.");
  verb->add_option("files", tune.files, "programs in MLIR")->required();
  verb->add_option("--trials", tune.trials,
                   "how many candidates of each operator [64 without --budget]")
      ->check(CLI::Range(1, 1000000).description(""))
      ->type_name("N");
  verb->add_option("--budget", tune.budget,
                   "how long for all operators together, e.g. 90s, 2m, 1h")
      ->transform(
          CLI::AsNumberWithUnit(
              std::map<std::string, double>{{"s", 1}, {"m", 60}, {"h", 3600}},
              CLI::AsNumberWithUnit::CASE_INSENSITIVE)
              .description(""))
      ->type_name("TIME");
  verb->add_option("--search", search,
                   "by the model and what was measured (default), or by chance "
                   "alone, to compare with")
      ->check(isOneOf({"guided", "random"}));
  verb->add_option("--bundle", tune.bundle,
                   "write the candidates to this folder, to be measured "
                   "elsewhere; --shards and --bundle-limit hold")
      ->type_name("DIR");
}
