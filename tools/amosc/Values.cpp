//===- Values.cpp - Which values an option takes --------------------------===//

#include "Values.h"
#include "amos/Driver/Suggest.h"
#include "amos/Mapping/Shares.h"
#include "amos/Report/Identifier.h"
#include "llvm/ADT/StringExtras.h"

using namespace amos;
using llvm::StringRef;

static std::string describeUnknown(const std::string &word, const Words &known,
                                   StringRef list) {
  return ("unknown value '" + word + "'" + suggest(word, known) + " (" + list +
          ")")
      .str();
}

CLI::Validator amos::isOneOf(Words known) {
  std::string list = llvm::join(known, "|");
  return CLI::Validator(
      [known, list](std::string &word) -> std::string {
        return llvm::is_contained(known, word)
                   ? ""
                   : describeUnknown(word, known, list);
      },
      list);
}

CLI::Validator amos::isCount(uint64_t most) {
  return CLI::Validator(
      [most](std::string &word) -> std::string {
        uint64_t value;
        if (!StringRef(word).getAsInteger(10, value) && value <= most)
          return "";
        return "expected a whole number, at least 0" +
               (most == UINT64_MAX ? ""
                                   : " and at most " + std::to_string(most)) +
               ", got '" + word + "'";
      },
      "");
}

int64_t amos::readThreads(StringRef word) {
  int64_t threads = 0;
  return word == "runtime" || word.getAsInteger(10, threads) ? 0 : threads;
}

CLI::Validator amos::isThreads() {
  return CLI::Validator(
      [](std::string &word) -> std::string {
        int64_t threads = readThreads(word);
        if (word == "runtime" || (threads >= 1 && threads <= mostThreads))
          return "";
        return "expected 'runtime' or a whole number from 1 to " +
               std::to_string(mostThreads) + ", got '" + word +
               "'; leave it out for one thread";
      },
      "runtime");
}

CLI::Validator amos::isNotEmpty() {
  return CLI::Validator(
      [](std::string &word) -> std::string {
        return word.empty() ? "expected a name, got ''" : "";
      },
      "");
}

CLI::Validator amos::isNamePrefix() {
  return CLI::Validator(
      [](std::string &word) -> std::string {
        return isIdentifier(word + "_")
                   ? ""
                   : "'" + word + "' does not begin an identifier of C and C++";
      },
      "");
}

static Words spell(llvm::ArrayRef<MessageName> names, StringRef prefix = "") {
  Words words;
  for (const MessageName &name : names)
    words.push_back((prefix + name.name).str());
  return words;
}

CLI::Validator amos::isRemark() { return isOneOf(::spell(getRemarkNames())); }

Words amos::getWarningWords() {
  Words words{"error"};
  for (StringRef prefix : {"error=", "no-error=", "no-", ""})
    for (const std::string &word : ::spell(getWarningNames(), prefix))
      words.push_back(word);
  return words;
}

CLI::Validator amos::isWarning() {
  return CLI::Validator(
      [](std::string &word) -> std::string {
        Words known = getWarningWords();
        if (llvm::is_contained(known, word))
          return {};
        return describeUnknown(word, known,
                               "error|error=NAME|no-error=NAME|no-NAME|NAME; "
                               "'amosc help warnings' lists the names");
      },
      "");
}

void amos::readWarning(StringRef word, DiagnosticOptions &options) {
  if (word == "error")
    options.allWarningsAreErrors = true;
  else if (word.consume_front("error="))
    options.warningsAsErrors.push_back(word.str());
  else if (word.consume_front("no-error="))
    options.keptWarnings.push_back(word.str());
  else if (word.consume_front("no-"))
    options.silencedWarnings.push_back(word.str());
  else
    llvm::erase(options.silencedWarnings, word.str());
}
