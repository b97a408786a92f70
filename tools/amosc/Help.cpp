//===- Help.cpp - What amosc says about itself ----------------------------===//

#include "Completion.h"
#include "Manual.h"
#include "Tables.h"
#include "amos/Driver/Suggest.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;

static void printStages() {
  for (const StageInfo &stage : getStages())
    llvm::outs() << llvm::formatv("{0,-16} {1}\n", stage.name, stage.summary);
}

static void printOutputs() {
  for (const OutputInfo &output : getOutputs())
    llvm::outs() << llvm::formatv("{0,-12} {1,-18} {2}\n", output.name,
                                  output.suffix, output.summary);
}

static void printRemarks() {
  for (const MessageName &remark : getRemarkNames())
    llvm::outs() << llvm::formatv("-R{0,-16} {1}\n", remark.name,
                                  remark.summary);
}

static void printWarnings() {
  for (const MessageName &warning : getWarningNames())
    llvm::outs() << llvm::formatv("-W{0,-16} {1}\n", warning.name,
                                  warning.summary);
}

namespace {
/// What `amosc help NAME` prints besides the help of commands.
struct Topic {
  llvm::StringRef name;
  void (*print)();
};
} // namespace

static constexpr Topic topics[] = {{"stages", printStages},
                                   {"outputs", printOutputs},
                                   {"remarks", printRemarks},
                                   {"warnings", printWarnings}};

Words amos::listTopics() {
  Words names;
  for (const Topic &topic : topics)
    names.push_back(topic.name.str());
  return names;
}

/// `verb` may be one below another: "target list".
static void printVerb(const CLI::App &app, llvm::StringRef verb) {
  const CLI::App *found = &app;
  std::string before;
  for (llvm::StringRef word : llvm::split(verb, ' ')) {
    before += (before.empty() ? "" : " ") + found->get_name();
    found = found->get_subcommand(word.str());
  }
  llvm::outs() << found->help(before);
}

ExitCode amos::printHelp(const std::string &topic) {
  CommandLine line;
  Definition definition(line);
  if (topic.empty()) {
    llvm::outs() << definition.app.help();
    return ExitCode::Success;
  }
  for (const Topic &page : topics)
    if (page.name == topic) {
      page.print();
      return ExitCode::Success;
    }
  Words known = listTopics();
  for (const VerbRow &verb : listVerbs(definition.app))
    known.push_back(verb.name);
  if (llvm::is_contained(known, topic)) {
    printVerb(definition.app, topic);
    return ExitCode::Success;
  }
  reportError("there is no help on '" + topic + "'" + suggest(topic, known));
  return ExitCode::Usage;
}

ExitCode amos::printManualPage() {
  CommandLine line;
  Definition definition(line);
  printManual(definition.app, llvm::outs());
  return ExitCode::Success;
}

ExitCode amos::printCompletion(const std::string &shell) {
  CommandLine line;
  Definition definition(line);
  printCompletion(definition.app, shell, llvm::outs());
  return ExitCode::Success;
}
