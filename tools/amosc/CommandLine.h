//===- CommandLine.h - What a user said ------------------------*- C++ -*-===//
#ifndef AMOS_TOOLS_COMMANDLINE_H
#define AMOS_TOOLS_COMMANDLINE_H

#include "amos/Driver/Compile.h"
#include "amos/Driver/DatabaseVerbs.h"
#include "amos/Driver/Tune.h"
#include <optional>
#include <string>
#include <vector>

namespace amos {

/// What the verbs of `target` take besides a machine.
struct TargetArguments {
  /// Of `new`: the machine to extend; empty: none.
  std::string base;
  /// Of `new`: whether a file may be replaced.
  bool overwrites = false;
  /// Of `what-if`.
  std::vector<std::string> changes;
  /// A folder of programs.
  std::string suite;
  /// Of `calibrate`: the folder to write kernels to, the file to read.
  std::string bundle, results;
};

struct CommandLine {
  /// "compile" for the bare form, else the verbs, e.g. "target list".
  std::string command;
  CompileRequest request;
  /// `reduce --test`.
  std::string test;
  /// What a verb is asked about: a machine, or a topic of `help`.
  std::string subject;
  TargetArguments target;
  TuneRequest tune;
  /// What the verbs of `db` take.
  DatabaseRequest database;
  /// After `--`: handed to the program that `run` starts.
  std::vector<std::string> runArguments;
  /// The shell that `--completion` names; empty without.
  std::string completion;
  /// `help --man`.
  bool manual = false;
};

/// Reads the arguments. Without a result, everything was printed and the exit
/// code is set: help, the version, or a usage error with a suggestion.
std::optional<CommandLine> parseCommandLine(int argc, char **argv,
                                            ExitCode &code);

/// The help of a command, a flag's help text included; `topic` may be empty.
ExitCode printHelp(const std::string &topic);
/// The manual page amosc(1), in the macros of man(7).
ExitCode printManualPage();
/// What makes `shell` complete the arguments of amosc.
ExitCode printCompletion(const std::string &shell);

} // namespace amos

#endif // AMOS_TOOLS_COMMANDLINE_H
