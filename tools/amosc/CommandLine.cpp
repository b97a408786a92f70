//===- CommandLine.cpp - What a user said ---------------------------------===//

#include "CommandLine.h"
#include "Definition.h"
#include "Suggest.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/StringSaver.h"

using namespace amos;

/// The verbs of the command line.
static Words getVerbs() {
  return {"explain", "run", "target", "doctor", "help"};
}

//===----------------------------------------------------------------------===//
// Before and after CLI11
//===----------------------------------------------------------------------===//

/// Expands `@file`, splits off what others parse, and spells the single-dash
/// words of compilers as CLI11 can read them.
static Words splitArguments(int argc, char **argv, Words &mlir,
                            Words &afterDashes) {
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *> words(argv + 1, argv + argc);
  llvm::cl::ExpandResponseFiles(saver, llvm::cl::TokenizeGNUCommandLine, words);
  Words own;
  for (auto it = words.begin(); it != words.end(); ++it) {
    llvm::StringRef word = *it;
    if (word == "--") {
      afterDashes.assign(it + 1, words.end());
      break;
    }
    if (word.starts_with("--mlir-"))
      mlir.push_back(word.str());
    else if (word == "-MD" || word == "-MF")
      own.push_back(("-" + word).str());
    else
      own.push_back(word.str());
  }
  return own;
}

/// Says so when the first word looks like a mistyped verb.
static bool rejectUnknownVerb(const Words &words) {
  if (words.empty() || words[0].empty() || words[0][0] == '-' ||
      words[0].find_first_of("./") != std::string::npos ||
      llvm::is_contained(getVerbs(), words[0]) ||
      llvm::sys::fs::exists(words[0]))
    return false;
  reportError("'" + words[0] + "' is neither a file nor a command" +
              suggest(words[0], getVerbs()));
  return true;
}

static Words getFlags(const CLI::App &app) {
  Words flags;
  for (const CLI::Option *option : app.get_options()) {
    for (const std::string &name : option->get_lnames())
      flags.push_back("--" + name);
    for (const std::string &name : option->get_snames())
      flags.push_back("-" + name);
  }
  return flags;
}

/// Tells of the first word that no option takes.
static void reportUnknownWord(const Definition &definition) {
  Words unknown = definition.app.remaining(/*recurse=*/true);
  std::string word = unknown.front().substr(0, unknown.front().find('='));
  if (word[0] == '-')
    reportError("unknown option '" + word + "'" +
                suggest(word, getFlags(definition.app)));
  else
    reportError("one input at a time is compiled; '" + word +
                "' is one too many");
}

/// A request that can be carried out; prints why it cannot.
static bool isComplete(CommandLine &line) {
  bool needsInput = line.command == "compile" || line.command == "explain" ||
                    line.command == "run";
  if (needsInput && line.request.input.empty()) {
    reportError("no input file");
    reportNote("'amosc --help' lists what can be said");
    return false;
  }
  if (!line.runArguments.empty() && line.command != "run") {
    reportError("only 'amosc run' takes arguments after '--'");
    return false;
  }
  return true;
}

static std::optional<CommandLine> parseWords(Definition &definition,
                                             CommandLine &line, Words words,
                                             ExitCode &code) {
  code = ExitCode::Usage;
  try {
    std::reverse(words.begin(), words.end());
    definition.app.parse(words);
    definition.finish();
  } catch (const CLI::Success &success) {
    definition.app.exit(success);
    code = ExitCode::Success;
    return std::nullopt;
  } catch (const CLI::ExtrasError &) {
    reportUnknownWord(definition);
    return std::nullopt;
  } catch (const CLI::ParseError &error) {
    reportError(error.what());
    return std::nullopt;
  }
  setColor(line.request.diagnostics.color);
  if (!isComplete(line))
    return std::nullopt;
  return line;
}

std::optional<CommandLine> amos::parseCommandLine(int argc, char **argv,
                                                  ExitCode &code) {
  code = ExitCode::Usage;
  CommandLine line;
  Definition definition(line);
  Words mlir;
  Words words = splitArguments(argc, argv, mlir, line.runArguments);
  if (rejectUnknownVerb(words))
    return std::nullopt;
  if (llvm::StringRef wrong = parseMlirOptions(mlir); !wrong.empty()) {
    reportError("MLIR does not accept the option '" + wrong + "'");
    return std::nullopt;
  }
  return parseWords(definition, line, words, code);
}

//===----------------------------------------------------------------------===//
// Help
//===----------------------------------------------------------------------===//

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

ExitCode amos::printHelp(const std::string &topic) {
  CommandLine line;
  Definition definition(line);
  if (topic.empty()) {
    llvm::outs() << definition.app.help();
    return ExitCode::Success;
  }
  Words known = getVerbs();
  for (const Topic &page : topics) {
    known.push_back(page.name.str());
    if (page.name == topic) {
      page.print();
      return ExitCode::Success;
    }
  }
  for (CLI::App *verb : definition.app.get_subcommands({}))
    if (verb->get_name() == topic) {
      llvm::outs() << verb->help();
      return ExitCode::Success;
    }
  reportError("there is no help on '" + topic + "'" + suggest(topic, known));
  return ExitCode::Usage;
}
