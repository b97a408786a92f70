//===- Tables.cpp - The command line as tables ----------------------------===//

#include "Tables.h"
#include "Values.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;
using llvm::StringRef;

/// CLI11 has no options of several letters behind one dash: `-MD` is spelled
/// `--MD` until here.
static std::string spellLong(const std::string &name) {
  bool isCompilers = StringRef(name).starts_with("M");
  return (isCompilers ? "-" : "--") + name;
}

/// CLI11 writes "FILE:a|b" for a value with a name and choices.
static void readValue(const CLI::Option &option, OptionRow &row) {
  std::string type = option.get_type_name();
  auto [name, choices] = StringRef(type).split(':');
  llvm::SmallVector<StringRef> words;
  if (!choices.empty())
    choices.split(words, '|');
  for (StringRef word : words)
    row.choices.push_back(word.str());
  bool isNamed = name != "TEXT" && name != "UINT";
  row.value = isNamed || choices.empty() ? name.str() : choices.str();
  if (row.spellings.front() == "-W")
    row.choices = getWarningWords();
}

static OptionRow readOption(const CLI::Option &option) {
  OptionRow row;
  for (const std::string &name : option.get_snames())
    row.spellings.push_back("-" + name);
  for (const std::string &name : option.get_lnames())
    row.spellings.push_back(spellLong(name));
  row.text = option.get_description();
  row.group = option.get_group();
  row.isList = option.get_delimiter() != '\0';
  row.isValueOptional = option.get_expected_min() == 0;
  if (row.spellings.empty())
    row.value = option.get_name(/*positional=*/true, /*all_options=*/false);
  else if (option.get_type_size() > 0)
    readValue(option, row);
  return row;
}

std::string OptionRow::getUsage() const {
  if (value.empty() || spellings.empty())
    return spellings.empty() ? value : llvm::join(spellings, ", ");
  std::string name = llvm::join(spellings, ", ");
  if (isValueOptional)
    return name + "[=" + value + "]";
  if (StringRef(spellings.back()).starts_with("--"))
    return name + "=" + value;
  return name + (choices.empty() ? " " : "") + value;
}

std::vector<OptionRow> amos::listOptions(const CLI::App &app, bool positional) {
  std::vector<OptionRow> rows;
  for (const CLI::Option *option : app.get_options({}))
    if (option->get_positional() == positional && !option->get_group().empty())
      rows.push_back(readOption(*option));
  return rows;
}

std::vector<VerbRow> amos::listVerbs(const CLI::App &app) {
  std::vector<VerbRow> rows;
  for (const CLI::App *verb : app.get_subcommands({})) {
    VerbRow row{verb->get_name(), verb->get_description(),
                listOptions(*verb, /*positional=*/true)};
    for (OptionRow &option : listOptions(*verb, /*positional=*/false))
      if (!llvm::is_contained(option.spellings, "--help"))
        row.arguments.push_back(std::move(option));
    rows.push_back(row);
    for (VerbRow &below : listVerbs(*verb)) {
      below.name = row.name + " " + below.name;
      rows.push_back(std::move(below));
    }
  }
  return rows;
}

llvm::ArrayRef<ExitRow> amos::listExitCodes() {
  static const ExitRow rows[] = {
      {0, "done; there may have been warnings"},
      {1, "the input was rejected; the diagnostics show the line"},
      {2, "wrong usage: an unknown option, a bad value, a missing file"},
      {3, "no intrinsic fits although one was required"},
      {4, "a check failed: wrong results, or a proof"},
      {5,
       "the environment lacks something: a tool, a device, room on the disk"},
      {6, "tuning was cut short; its results are kept"},
      {70, "a mistake of amosc; the message names a folder with a reproducer"},
  };
  return rows;
}

llvm::ArrayRef<VariableRow> amos::listVariables() {
  static const VariableRow rows[] = {
      {"AMOS_ACCELERATOR_PATH",
       "folders with descriptions of machines, searched first; ':' between "
       "them"},
      {"AMOS_DB", "the database of measurements, where --db names none"},
      {"NO_COLOR", "when set, diagnostics have no colours but with "
                   "--color=always"},
      {"PATH", "where linkers and amos-run are looked for"},
      {"XDG_DATA_HOME",
       "holds amosc/tuning.db, the database of measurements; ~/.local/share "
       "by default"},
  };
  return rows;
}

namespace {
class HelpFormatter : public CLI::Formatter {
  std::string make_option_name(const CLI::Option *option, bool) const override {
    return readOption(*option).getUsage();
  }
  std::string make_option_opts(const CLI::Option *) const override {
    return {};
  }
};
} // namespace

std::shared_ptr<CLI::FormatterBase> amos::makeHelpFormatter() {
  return std::make_shared<HelpFormatter>();
}
