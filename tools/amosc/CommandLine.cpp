//===- CommandLine.cpp - What a user said ---------------------------------===//

#include "llvm/Support/CommandLine.h"
#include "Definition.h"
#include "Tables.h"
#include "amos/Driver/Suggest.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/StringSaver.h"
#include <sstream>

using namespace amos;

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
  llvm::cl::ExpansionContext expansion(allocator,
                                       llvm::cl::TokenizeGNUCommandLine);
  // What stays unexpanded is rejected later.
  llvm::consumeError(expansion.expandResponseFiles(words));
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

/// Says so when a file of arguments was not expanded: it is missing, or holds
/// its own name. What follows an option may be the name of a function.
static bool rejectUnreadFile(const Words &words) {
  llvm::StringRef previous;
  for (llvm::StringRef word : words) {
    bool isValue = previous.starts_with("-") && !previous.contains('=');
    previous = word;
    if (isValue || llvm::sys::fs::exists(word) || !word.consume_front("@"))
      continue;
    auto file = llvm::MemoryBuffer::getFile(word);
    reportError(
        "cannot read arguments from '" + word + "': " +
        (file ? "it contains its own name" : file.getError().message()));
    return true;
  }
  return false;
}

/// The verbs directly below `app`.
static Words getVerbs(const CLI::App &app) {
  Words names;
  for (const CLI::App *verb : app.get_subcommands({}))
    names.push_back(verb->get_name());
  return names;
}

/// Says so when the first word looks like a mistyped verb.
static bool rejectUnknownVerb(const Words &words, const CLI::App &app) {
  if (words.empty() || words[0].empty() || words[0][0] == '-' ||
      words[0].find_first_of("./") != std::string::npos ||
      llvm::is_contained(getVerbs(app), words[0]) ||
      llvm::sys::fs::exists(words[0]))
    return false;
  reportError("'" + words[0] + "' is neither a file nor a command" +
              suggest(words[0], getVerbs(app)));
  return true;
}

/// Says so when the word behind a verb of several parts is none of them.
static bool rejectUnknownPart(const Words &words, const CLI::App &app) {
  Words parts;
  for (const CLI::App *verb : app.get_subcommands({}))
    if (!words.empty() && verb->get_name() == words[0])
      parts = getVerbs(*verb);
  if (parts.empty() ||
      (words.size() > 1 && (llvm::StringRef(words[1]).starts_with("-") ||
                            llvm::is_contained(parts, words[1]))))
    return false;
  std::string name = "'amosc " + words[0] + "'";
  if (words.size() == 1)
    reportError(name + " needs a command: " + llvm::join(parts, ", "));
  else
    reportError(name + " has no command '" + words[1] + "'" +
                suggest(words[1], parts));
  return true;
}

/// The spellings of the options of `app` and of the verbs that were chosen.
static Words getFlags(const CLI::App &app) {
  Words flags;
  for (const OptionRow &option : listOptions(app, /*positional=*/false))
    flags.insert(flags.end(), option.spellings.begin(), option.spellings.end());
  for (const CLI::App *verb : app.get_subcommands()) {
    Words below = getFlags(*verb);
    flags.insert(flags.end(), below.begin(), below.end());
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
  bool needsInput = (line.command == "compile" && line.completion.empty()) ||
                    line.command == "explain" || line.command == "run";
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
    std::ostringstream text;
    definition.app.exit(success, text, text);
    llvm::outs() << text.str();
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
  if (rejectUnreadFile(words) || rejectUnknownVerb(words, definition.app) ||
      rejectUnknownPart(words, definition.app))
    return std::nullopt;
  if (llvm::StringRef wrong = parseMlirOptions(mlir); !wrong.empty()) {
    reportError("MLIR does not accept the option '" + wrong + "'");
    return std::nullopt;
  }
  return parseWords(definition, line, words, code);
}
