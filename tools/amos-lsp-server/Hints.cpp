//===- Hints.cpp - The chosen mapping beside each contraction -------------===//

#include "Hints.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
using llvm::json::Array;
using llvm::json::Object;

/// A program that takes longer to explain has no hints.
constexpr unsigned longestWait = 60; // seconds

//===----------------------------------------------------------------------===//
// Asking amosc
//===----------------------------------------------------------------------===//

/// The compiler beside this program, else on PATH; empty if there is none.
static std::string findCompiler() {
  static int anchor;
  std::string self = llvm::sys::fs::getMainExecutable(nullptr, &anchor);
  llvm::SmallString<128> beside(llvm::sys::path::parent_path(self));
  llvm::sys::path::append(beside, "amosc");
  if (llvm::sys::fs::can_execute(beside))
    return beside.str().str();
  auto found = llvm::sys::findProgramByName("amosc");
  return found ? *found : std::string();
}

/// Runs `amosc explain` on the file `input`; its JSON goes to the file
/// `output`.
static bool runCompiler(StringRef input, StringRef output, StringRef target) {
  std::string compiler = findCompiler();
  if (compiler.empty())
    return false;
  std::string targetWord = "--target=" + target.str();
  llvm::SmallVector<StringRef> words{"amosc", "explain", "-", "--json",
                                     "--quiet"};
  if (!target.empty())
    words.push_back(targetWord);
  std::optional<StringRef> redirects[] = {input, output, StringRef()};
  return llvm::sys::ExecuteAndWait(compiler, words, std::nullopt, redirects,
                                   longestWait) == 0;
}

static std::optional<llvm::json::Value> explain(StringRef text,
                                                StringRef target) {
  llvm::SmallString<128> input, output;
  int descriptor;
  if (llvm::sys::fs::createTemporaryFile("amos-lsp", "mlir", descriptor, input))
    return std::nullopt;
  llvm::FileRemover removeInput(input);
  llvm::raw_fd_ostream(descriptor, /*shouldClose=*/true) << text;
  if (llvm::sys::fs::createTemporaryFile("amos-lsp", "json", output))
    return std::nullopt;
  llvm::FileRemover removeOutput(output);
  if (!runCompiler(input, output, target))
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(output);
  if (!buffer)
    return std::nullopt;
  auto json = llvm::json::parse((*buffer)->getBuffer());
  if (json)
    return std::move(*json);
  llvm::consumeError(json.takeError());
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Wording
//===----------------------------------------------------------------------===//

/// The name that an iteration has in a list of `iterations`.
static StringRef getName(const Array *iterations, size_t number) {
  const Object *iteration = iterations && number < iterations->size()
                                ? (*iterations)[number].getAsObject()
                                : nullptr;
  return iteration ? iteration->getString("name").value_or("?") : "?";
}

/// "i1 = n p q, i2 = k"
static std::string spellMatching(const Array &matching,
                                 const Array *operationLoops,
                                 const Array *intrinsicLoops) {
  llvm::SmallVector<std::string> groups;
  for (auto [h, group] : llvm::enumerate(matching)) {
    std::string text = getName(intrinsicLoops, h).str() + " =";
    const Array *numbers = group.getAsArray();
    if (!numbers || numbers->empty())
      text += " 1";
    else
      for (const llvm::json::Value &number : *numbers)
        text +=
            " " +
            getName(operationLoops, number.getAsUINT64().value_or(-1)).str();
    groups.push_back(text);
  }
  return llvm::join(groups, ", ");
}

static std::string spellCost(const Object *cost) {
  if (!cost)
    return "";
  return formatv(", {0} cycles, {1:F1}% padding",
                 cost->getInteger("cycles").value_or(0),
                 100 * cost->getNumber("padding").value_or(0));
}

static std::string spellChoice(const Object &candidate, const Object &operation,
                               const Object &intrinsics) {
  StringRef name = candidate.getString("intrinsic").value_or("?");
  const Object *intrinsic = intrinsics.getObject(name);
  std::string label = "→ " + name.str();
  if (const Array *matching = candidate.getArray("matching"))
    label += ", " + spellMatching(*matching, operation.getArray("iterations"),
                                  intrinsic ? intrinsic->getArray("iterations")
                                            : nullptr);
  return label + spellCost(candidate.getObject("cost"));
}

/// Why there is no mapping: the first reason, which is of the first intrinsic.
static std::string spellRefusal(const Array *candidates) {
  std::string label = "→ scalar loops";
  const Object *first = candidates && !candidates->empty()
                            ? candidates->front().getAsObject()
                            : nullptr;
  const Object *reason = first ? first->getObject("reason") : nullptr;
  if (reason)
    label += formatv(", {0}: {1}", reason->getString("code").value_or("?"),
                     reason->getString("message").value_or("?"));
  return label;
}

/// A line for each of the best candidates.
static std::string spellRanking(const Array *candidates) {
  std::string text;
  size_t lines = 0, proved = 0;
  for (const llvm::json::Value &value : candidates ? *candidates : Array()) {
    const Object *candidate = value.getAsObject();
    if (!candidate || candidate->getString("status") != StringRef("proved"))
      continue;
    if (++proved > 5)
      continue;
    text += formatv("{0}. `{1}` `{2}`{3}\n", ++lines,
                    candidate->getString("id").value_or("?"),
                    candidate->getString("intrinsic").value_or("?"),
                    spellCost(candidate->getObject("cost")));
  }
  size_t refused = (candidates ? candidates->size() : 0) - proved;
  return text +
         formatv("\n{0} proved, {1} refused; `amosc explain` has the reasons",
                 proved, refused)
             .str();
}

//===----------------------------------------------------------------------===//
// Hints
//===----------------------------------------------------------------------===//

/// Units of UTF-16, in which the protocol counts.
static int64_t countUnits(StringRef line) {
  int64_t units = 0;
  for (unsigned char c : line)
    units += (c & 0xC0) != 0x80 ? 1 + (c >= 0xF0) : 0;
  return units;
}

/// At the end of the line where the operation starts.
static std::optional<Object> makeHint(const Object &operation,
                                      const Object &intrinsics,
                                      llvm::ArrayRef<StringRef> lines) {
  auto [place, column] =
      operation.getString("location").value_or("").rsplit(':');
  size_t line;
  if (place.rsplit(':').second.getAsInteger(10, line) || line == 0 ||
      line > lines.size())
    return std::nullopt;
  const Array *candidates = operation.getArray("candidates");
  std::string label;
  for (const llvm::json::Value &value : candidates ? *candidates : Array())
    if (const Object *candidate = value.getAsObject())
      if (candidate->getBoolean("chosen").value_or(false))
        label = spellChoice(*candidate, operation, intrinsics);
  if (label.empty())
    label = spellRefusal(candidates);
  int64_t end = countUnits(lines[line - 1].rtrim('\r'));
  return Object{
      {"position", Object{{"line", int64_t(line) - 1}, {"character", end}}},
      {"label", label},
      {"paddingLeft", true},
      {"tooltip",
       Object{{"kind", "markdown"}, {"value", spellRanking(candidates)}}}};
}

Array amos::findHints(StringRef text, StringRef target) {
  Array hints;
  std::optional<llvm::json::Value> json = explain(text, target);
  const Object *root = json ? json->getAsObject() : nullptr;
  const Array *operations = root ? root->getArray("operations") : nullptr;
  const Object *intrinsics = root ? root->getObject("intrinsics") : nullptr;
  if (!operations || !intrinsics)
    return hints;
  llvm::SmallVector<StringRef> lines;
  text.split(lines, '\n');
  for (const llvm::json::Value &operation : *operations)
    if (operation.getAsObject())
      if (auto hint = makeHint(*operation.getAsObject(), *intrinsics, lines))
        hints.push_back(std::move(*hint));
  return hints;
}
