//===- KeepIntrinsics.cpp - What --intrinsic leaves of the machines -------===//

#include "KeepIntrinsics.h"
#include "Amos/AmosDialect.h"
#include "amos/Driver/Diagnostics.h"
#include "amos/Driver/Suggest.h"
#include "llvm/Support/GlobPattern.h"

using namespace amos;
using llvm::StringRef;

namespace {
struct Rule {
  llvm::GlobPattern pattern;
  bool keeps;
};
} // namespace

static std::vector<std::string> listIntrinsics(mlir::ModuleOp module) {
  std::vector<std::string> names;
  module.walk([&](IntrinsicOp intrinsic) {
    names.push_back(intrinsic.getSymName().str());
  });
  return names;
}

/// Reads a glob of the command line; nothing after a report.
static std::optional<Rule> readRule(StringRef glob,
                                    const std::vector<std::string> &names) {
  StringRef text = glob;
  bool keeps = !text.consume_front("!");
  auto pattern = llvm::GlobPattern::create(text);
  if (!pattern) {
    reportError("'--intrinsic=" + glob +
                "' is no glob: " + llvm::toString(pattern.takeError()));
    return std::nullopt;
  }
  bool matches = llvm::any_of(
      names, [&](const std::string &name) { return pattern->match(name); });
  if (matches || names.empty())
    return Rule{std::move(*pattern), keeps};
  reportError("no intrinsic of the target matches '--intrinsic=" + glob + "'" +
              suggest(text, names));
  reportNote("'amosc target show' lists the intrinsics of a machine");
  return std::nullopt;
}

static bool isKept(StringRef name, llvm::ArrayRef<Rule> rules) {
  bool isKept = !rules.front().keeps;
  for (const Rule &rule : rules)
    if (rule.pattern.match(name))
      isKept = rule.keeps;
  return isKept;
}

ExitCode amos::keepIntrinsics(mlir::ModuleOp module,
                              llvm::ArrayRef<std::string> globs) {
  std::vector<std::string> names = listIntrinsics(module);
  std::vector<Rule> rules;
  for (const std::string &glob : globs) {
    std::optional<Rule> rule = readRule(glob, names);
    if (!rule)
      return ExitCode::Usage;
    rules.push_back(std::move(*rule));
  }
  module.walk([&](IntrinsicOp intrinsic) {
    if (!isKept(intrinsic.getSymName(), rules))
      intrinsic.erase();
  });
  return ExitCode::Success;
}
