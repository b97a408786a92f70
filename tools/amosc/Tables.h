//===- Tables.h - The command line as tables --------------------*- C++ -*-===//
//
// What `--help`, the manual page and the completions of shells are made from.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TOOLS_TABLES_H
#define AMOS_TOOLS_TABLES_H

#include "Definition.h"

namespace amos {

/// An option, or a positional argument, as people know it.
struct OptionRow {
  /// "-o", "--emit", "-MD"; empty for a positional argument.
  Words spellings;
  /// What stands for its value, e.g. "FILE"; empty when it takes none.
  std::string value;
  /// The words it takes, where these are few; empty: any.
  Words choices;
  std::string text;
  std::string group;
  bool isValueOptional = false;
  /// Takes several words, with commas between them.
  bool isList = false;

  /// "-o FILE", "--pad=auto|never", "-O0|1|2|3".
  std::string getUsage() const;
};

struct VerbRow {
  /// "explain", "target list".
  std::string name;
  std::string text;
  /// What it takes that others do not: positional arguments, then options.
  std::vector<OptionRow> arguments;
};

struct ExitRow {
  int code;
  llvm::StringRef text;
};

struct VariableRow {
  llvm::StringRef name;
  llvm::StringRef text;
};

/// The options of `app`, or its positional arguments.
std::vector<OptionRow> listOptions(const CLI::App &app, bool positional);
/// The verbs below `app`, each before those below it.
std::vector<VerbRow> listVerbs(const CLI::App &app);
llvm::ArrayRef<ExitRow> listExitCodes();
llvm::ArrayRef<VariableRow> listVariables();
/// The topics of `amosc help` that are no verbs.
Words listTopics();

/// Prints options in `--help` as `OptionRow::getUsage` spells them.
std::shared_ptr<CLI::FormatterBase> makeHelpFormatter();

} // namespace amos

#endif // AMOS_TOOLS_TABLES_H
