//===- Completion.cpp - What shells complete ------------------------------===//

#include "Completion.h"
#include "Tables.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;
using llvm::raw_ostream;
using llvm::StringRef;

/// A machine is completed by asking amosc which there are.
static bool isMachine(const OptionRow &row) {
  return StringRef(row.value).equals_insensitive("machine");
}

/// The words that may follow the verb itself; empty: files.
static Words getSubjects(const CLI::App &app, const VerbRow &verb) {
  Words words;
  std::vector<VerbRow> verbs = listVerbs(app);
  StringRef prefix = verb.name;
  if (prefix == "help")
    prefix = "";
  for (const VerbRow &other : verbs) {
    StringRef below = other.name;
    bool isBelow = prefix.empty() || below.consume_front((prefix + " ").str());
    if (isBelow && !below.contains(' '))
      words.push_back(below.str());
  }
  if (verb.name == "help")
    for (const std::string &topic : listTopics())
      words.push_back(topic);
  return words;
}

static bool takesMachine(const VerbRow &verb) {
  return llvm::any_of(verb.arguments, [](const OptionRow &row) {
    return row.spellings.empty() && isMachine(row);
  });
}

/// What can be typed of an option: "--emit=", "-O2", "-v".
static Words getForms(const OptionRow &row) {
  Words forms;
  for (const std::string &spelling : row.spellings) {
    bool isGlued = spelling.size() == 2 && !row.choices.empty();
    for (const std::string &choice : row.choices)
      if (isGlued)
        forms.push_back(spelling + choice);
    bool hasValue = !row.value.empty() && !row.isValueOptional;
    if (!isGlued)
      forms.push_back(spelling + (hasValue && spelling.size() > 3 ? "=" : ""));
  }
  return forms;
}

static std::string quote(StringRef text, StringRef quoteMark) {
  std::string quoted = "'";
  for (char c : text)
    quoted += c == '\'' ? quoteMark.str() : std::string(1, c);
  return quoted + "'";
}

//===----------------------------------------------------------------------===//
// bash
//===----------------------------------------------------------------------===//

static void printBashValues(const CLI::App &app, raw_ostream &stream) {
  stream << "_amosc_values() {\n  case $1 in\n";
  for (const OptionRow &row : listOptions(app, /*positional=*/false)) {
    bool isMachineOption = isMachine(row);
    if (row.spellings.back().size() == 2 ||
        (row.choices.empty() && !isMachineOption))
      continue;
    stream << "  " << llvm::join(row.spellings, "|") << ") ";
    if (isMachineOption)
      stream << "_amosc_machines ;;\n";
    else
      stream << "echo " << quote(llvm::join(row.choices, " "), "") << " ;;\n";
  }
  stream << "  esac\n}\n\n";
}

static void printBashWords(const CLI::App &app, raw_ostream &stream) {
  Words first;
  stream << "_amosc_words() {\n  case $1 in\n";
  for (const VerbRow &verb : listVerbs(app)) {
    if (!StringRef(verb.name).contains(' '))
      first.push_back(verb.name);
    Words subjects = getSubjects(app, verb);
    if (takesMachine(verb))
      stream << "  '" << verb.name << "') _amosc_machines ;;\n";
    else if (!subjects.empty())
      stream << "  '" << verb.name << "') echo '" << llvm::join(subjects, " ")
             << "' ;;\n";
  }
  stream << "  '') echo '" << llvm::join(first, " ") << "' ;;\n  esac\n}\n\n";
}

static void printBashOptions(const CLI::App &app, raw_ostream &stream) {
  Words forms;
  for (const OptionRow &row : listOptions(app, /*positional=*/false))
    llvm::append_range(forms, getForms(row));
  stream << "_amosc_options() {\n  echo '" << llvm::join(forms, " ") << "'\n"
         << "  case $1 in\n";
  for (const VerbRow &verb : listVerbs(app)) {
    Words own;
    for (const OptionRow &row : verb.arguments)
      if (!row.spellings.empty())
        llvm::append_range(own, getForms(row));
    if (!own.empty())
      stream << "  '" << verb.name << "') echo '" << llvm::join(own, " ")
             << "' ;;\n";
  }
  stream << "  esac\n}\n\n";
}

/// The part that depends on no table. bash splits words at '=' and replaces
/// only what follows it.
static constexpr StringRef bashMain = R"SH(_amosc() {
  local line=${COMP_LINE:0:COMP_POINT} verb= option value words front before
  local word=${line##*[[:space:]]}
  case $word in
  --*=*) option=${word%%=*} value=${word#*=} ;;
  *) option=${COMP_WORDS[COMP_CWORD-1]} value=$word ;;
  esac
  for before in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " $(_amosc_words "$verb" | tr '\n' ' ') " in
    *" $before "*) verb=${verb:+$verb }$before ;;
    esac
  done
  words=$(_amosc_values "$option")
  if [ -z "$words" ]; then
    value=$word
    case $word in
    --*=*) return ;;
    -*) words=$(_amosc_options "$verb") ;;
    *) words=$(_amosc_words "$verb") ;;
    esac
  fi
  front=${value%"${value##*[,+]}"}
  COMPREPLY=($(compgen -P "$front" -W "$words" -- "${value##*[,+]}"))
  case $word in
  --*=*) [[ $COMP_WORDBREAKS == *=* ]] || COMPREPLY=("${COMPREPLY[@]/#/$option=}") ;;
  esac
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace
  return 0
}
complete -o default -F _amosc amosc
)SH";

static void printBash(const CLI::App &app, raw_ostream &stream) {
  stream << "# bash completion of amosc, written by 'amosc "
            "--completion=bash'\n\n"
            "_amosc_machines() {\n"
            "  echo native\n"
            "  amosc target list 2>/dev/null | sed -n '2,$s/ .*//p'\n}\n\n";
  printBashValues(app, stream);
  printBashWords(app, stream);
  printBashOptions(app, stream);
  stream << bashMain;
}

//===----------------------------------------------------------------------===//
// zsh
//===----------------------------------------------------------------------===//

/// `text` for the inside of a specification of `_arguments`.
static std::string escapeForZsh(StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\')
      escaped += '\\';
    escaped += c;
  }
  return escaped;
}

/// ":FILE:_files", or nothing for an option without value.
static std::string getZshAction(const OptionRow &row) {
  if (row.value.empty())
    return {};
  std::string action = "_files";
  if (isMachine(row))
    action = "_amosc_machines";
  else if (row.isList)
    action = "_sequence compadd - " + llvm::join(row.choices, " ");
  else if (!row.choices.empty())
    action = "(" + llvm::join(row.choices, " ") + ")";
  else if (row.value != "FILE" && row.value != "DIR")
    action = " ";
  StringRef colons = row.isValueOptional ? "::" : ":";
  return (colons + escapeForZsh(row.value) + ":" + action).str();
}

static void printZshOption(const OptionRow &row, raw_ostream &stream) {
  for (const std::string &spelling : row.spellings) {
    std::string text = "*" + spelling;
    bool isShort = spelling.size() == 2;
    if (!row.value.empty())
      text += isShort && !row.choices.empty() ? "-" : isShort ? "+" : "=-";
    if (spelling == "-MF")
      text = "*-MF";
    text += "[" + escapeForZsh(row.text) + "]" + getZshAction(row);
    stream << "    " << quote(text, "'\\''") << '\n';
  }
}

static void printZshVerbs(const CLI::App &app, raw_ostream &stream) {
  stream << "_amosc_first() {\n  local -a verbs=(\n";
  for (const VerbRow &verb : listVerbs(app))
    if (!StringRef(verb.name).contains(' '))
      stream << "    "
             << quote(verb.name + ":" + escapeForZsh(verb.text), "'\\''")
             << '\n';
  stream << "  )\n  _describe command verbs\n  _files\n}\n\n"
         << "_amosc_rest() {\n  case \"$words[2] $words[3]\" in\n";
  // The more specific pattern has to come first.
  std::vector<VerbRow> verbs = listVerbs(app);
  for (const VerbRow &verb : llvm::reverse(verbs)) {
    Words subjects = getSubjects(app, verb);
    bool isLast = StringRef(verb.name).contains(' ');
    if (takesMachine(verb))
      stream << "  '" << verb.name << "'" << (isLast ? "" : "*")
             << ") _amosc_machines ;;\n";
    else if (!subjects.empty())
      stream << "  '" << verb.name << "'*) compadd - "
             << llvm::join(subjects, " ") << " ;;\n";
  }
  stream << "  *) _files ;;\n  esac\n}\n\n";
}

static void printZsh(const CLI::App &app, raw_ostream &stream) {
  stream << "#compdef amosc\n"
            "# zsh completion of amosc, written by 'amosc "
            "--completion=zsh'\n\n"
            "_amosc_machines() {\n"
            "  compadd - native ${${${(f)\"$(amosc target list "
            "2>/dev/null)\"}[2,-1]}%% *}\n}\n\n";
  printZshVerbs(app, stream);
  stream << "_amosc() {\n  local -a options=(\n";
  for (const OptionRow &row : listOptions(app, /*positional=*/false))
    printZshOption(row, stream);
  for (const VerbRow &verb : listVerbs(app))
    for (const OptionRow &row : verb.arguments)
      printZshOption(row, stream);
  stream << "  )\n  _arguments -S $options '1: :_amosc_first' '*: "
            ":_amosc_rest'\n}\n\n_amosc \"$@\"\n";
}

//===----------------------------------------------------------------------===//
// fish
//===----------------------------------------------------------------------===//

static std::string spellForFish(StringRef spelling) {
  if (spelling.consume_front("--"))
    return ("-l " + spelling).str();
  spelling.consume_front("-");
  return ((spelling.size() == 1 ? "-s " : "-o ") + spelling).str();
}

static void printFishOption(const OptionRow &row, StringRef condition,
                            raw_ostream &stream) {
  stream << "complete -c amosc" << condition;
  for (const std::string &spelling : row.spellings)
    stream << ' ' << spellForFish(spelling);
  stream << " -d " << quote(row.text, "\\'");
  if (isMachine(row))
    stream << " -x -a '(__amosc_machines)'";
  else if (row.isList)
    stream << " -x -a '(__fish_append , " << llvm::join(row.choices, " ")
           << ")'";
  else if (!row.choices.empty())
    stream << " -x -a '" << llvm::join(row.choices, " ") << "'";
  else if (!row.value.empty() && !row.isValueOptional)
    stream << " -r";
  stream << '\n';
}

static void printFishVerb(const CLI::App &app, const VerbRow &verb,
                          raw_ostream &stream) {
  auto [first, second] = StringRef(verb.name).split(' ');
  std::string seen = ("__fish_seen_subcommand_from " + first).str();
  if (second.empty()) {
    stream << "complete -c amosc -n __fish_use_subcommand -a " << first
           << " -d " << quote(verb.text, "\\'") << '\n';
    if (verb.name == "help")
      stream << "complete -c amosc -n '" << seen << "' -f -a '"
             << llvm::join(getSubjects(app, verb), " ") << "'\n";
  } else {
    stream << "complete -c amosc -n '" << seen << "' -f -a " << second << " -d "
           << quote(verb.text, "\\'") << '\n';
    seen += ("; and __fish_seen_subcommand_from " + second).str();
  }
  if (takesMachine(verb))
    stream << "complete -c amosc -n '" << seen << "' -a '(__amosc_machines)'\n";
  for (const OptionRow &row : verb.arguments)
    if (!row.spellings.empty())
      printFishOption(row, " -n '" + seen + "'", stream);
}

static void printFish(const CLI::App &app, raw_ostream &stream) {
  stream << "# fish completion of amosc, written by 'amosc "
            "--completion=fish'\n\n"
            "function __amosc_machines\n  echo native\n"
            "  amosc target list 2>/dev/null | sed -n '2,$s/ .*//p'\nend\n\n";
  for (const OptionRow &row : listOptions(app, /*positional=*/false))
    printFishOption(row, "", stream);
  for (const VerbRow &verb : listVerbs(app))
    printFishVerb(app, verb, stream);
}

void amos::printCompletion(const CLI::App &app, StringRef shell,
                           raw_ostream &stream) {
  if (shell == "bash")
    printBash(app, stream);
  else if (shell == "zsh")
    printZsh(app, stream);
  else
    printFish(app, stream);
}
