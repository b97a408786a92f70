//===- Manual.cpp - The manual page ---------------------------------------===//

#include "Manual.h"
#include "Tables.h"

using namespace amos;
using llvm::StringRef;

/// `text` so that roff prints it as it is.
static std::string escape(StringRef text) {
  std::string escaped;
  if (text.starts_with(".") || text.starts_with("'"))
    escaped = "\\&";
  for (char c : text) {
    if (c == '-')
      escaped += "\\-";
    else if (c == '\\')
      escaped += "\\e";
    else
      escaped += c;
  }
  return escaped;
}

/// A word in bold with a paragraph beside it.
static void printItem(StringRef word, StringRef text,
                      llvm::raw_ostream &stream) {
  stream << ".TP\n\\fB" << escape(word) << "\\fR\n" << escape(text) << '\n';
}

static void printOption(const OptionRow &option, llvm::raw_ostream &stream) {
  printItem(option.getUsage(), option.text, stream);
}

/// "SEEING WHAT HAPPENS" as "Seeing what happens".
static std::string spellTitle(StringRef group) {
  return group.take_front().upper() + group.drop_front().lower();
}

static void printOptions(const CLI::App &app, llvm::raw_ostream &stream) {
  stream << ".SH OPTIONS\nThe options hold for every command that compiles.\n";
  std::string group;
  for (const OptionRow &option : listOptions(app, /*positional=*/false)) {
    if (option.group != group)
      stream << ".SS " << spellTitle(option.group) << '\n';
    group = option.group;
    printOption(option, stream);
  }
}

static void printVerbs(const CLI::App &app, llvm::raw_ostream &stream) {
  stream << ".SH COMMANDS\n";
  for (const VerbRow &verb : listVerbs(app)) {
    std::string usage = verb.name;
    for (const OptionRow &argument : verb.arguments)
      if (argument.spellings.empty())
        usage += " " + StringRef(argument.value).upper();
    printItem(usage, verb.text, stream);
    stream << ".RS\n";
    for (const OptionRow &argument : verb.arguments)
      if (!argument.spellings.empty())
        printOption(argument, stream);
    stream << ".RE\n";
  }
}

static void printTables(llvm::raw_ostream &stream) {
  stream << ".SH STAGES\n";
  for (const StageInfo &stage : getStages())
    printItem(stage.name, stage.summary, stream);
  stream << ".SH OUTPUTS\n";
  for (const OutputInfo &output : getOutputs())
    printItem((output.name + " (" + output.suffix + ")").str(), output.summary,
              stream);
  stream << ".SH REMARKS\n";
  for (const MessageName &remark : getRemarkNames())
    printItem(("-R" + remark.name).str(), remark.summary, stream);
  stream << ".SH WARNINGS\n";
  for (const MessageName &warning : getWarningNames())
    printItem(("-W" + warning.name).str(), warning.summary, stream);
  stream << ".SH EXIT STATUS\n";
  for (const ExitRow &row : listExitCodes())
    printItem(std::to_string(row.code), row.text, stream);
  stream << ".SH ENVIRONMENT\n";
  for (const VariableRow &row : listVariables())
    printItem(row.name, row.text, stream);
}

void amos::printManual(const CLI::App &app, llvm::raw_ostream &stream) {
  stream << ".TH AMOSC 1 \"\" \"amosc " AMOS_VERSION "\" \"User Commands\"\n"
         << ".SH NAME\n"
         << escape(app.get_description()) << '\n'
         << ".SH SYNOPSIS\n.B amosc\n[\\fIoptions\\fR] \\fIFILE\\fR\n.br\n"
         << ".B amosc\n\\fICOMMAND\\fR [\\fIoptions\\fR] ..\n"
         << ".SH DESCRIPTION\n"
         << "Without a command, amosc compiles \\fIFILE\\fR, a program in MLIR "
            "as text or bytecode; '\\-' reads the standard input. Artifacts "
            "and reports go to \\fB\\-o\\fR, or to the standard output; "
            "diagnostics go to the standard error. \\fB@\\fR\\fIFILE\\fR reads "
            "arguments from a file, and \\fB\\-\\-mlir\\-\\fR.. options are "
            "passed on to MLIR.\n";
  printVerbs(app, stream);
  printOptions(app, stream);
  printTables(stream);
}
