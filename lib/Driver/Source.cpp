//===- Source.cpp - Reading a program before it is parsed -----------------===//

#include "amos/Driver/Source.h"
#include "mlir/Bytecode/BytecodeReader.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace amos;
using llvm::StringRef;

namespace {
/// Walks over a program and counts open brackets, as far as a lexer would.
class BracketCounter {
public:
  explicit BracketCounter(StringRef text) : text(text) {}

  /// The offset of the bracket that is nested too deeply, if any.
  std::optional<size_t> findTooDeep();

private:
  void skipString();
  void skipComment();
  bool startsComment() const { return text.substr(at).starts_with("//"); }
  void count(char c);

  StringRef text;
  size_t at = 0;
  unsigned depth = 0;
  /// Signs in a row: the parser of affine expressions recurses on each.
  unsigned signs = 0;
};
} // namespace

void BracketCounter::skipString() {
  for (++at; at < text.size() && text[at] != '"' && text[at] != '\n'; ++at)
    at += text[at] == '\\';
}

void BracketCounter::skipComment() {
  at = std::min(text.find('\n', at), text.size());
}

/// Angle brackets count too, since types nest in them; `->`, `<=` and `>=` are
/// no brackets.
void BracketCounter::count(char c) {
  if (!llvm::isSpace(c))
    signs = c == '-' ? signs + 1 : 0;
  bool isComparison = at + 1 < text.size() && text[at + 1] == '=';
  if (StringRef("([{").contains(c) || (c == '<' && !isComparison))
    ++depth;
  bool isArrow = at > 0 && text[at - 1] == '-';
  if (StringRef(")]}").contains(c) || (c == '>' && !isComparison && !isArrow))
    depth -= depth != 0;
}

std::optional<size_t> BracketCounter::findTooDeep() {
  for (; at < text.size(); ++at) {
    if (text[at] == '"')
      skipString();
    else if (startsComment())
      skipComment();
    else
      count(text[at]);
    if (depth > maximalNesting || signs > maximalNesting)
      return at;
  }
  return std::nullopt;
}

static llvm::Error makeError(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

llvm::Error amos::checkNesting(StringRef text, StringRef name) {
  std::optional<size_t> place = BracketCounter(text).findTooDeep();
  if (!place)
    return llvm::Error::success();
  return makeError(name + ":" +
                   llvm::Twine(text.take_front(*place).count('\n') + 1) +
                   ": brackets or signs are nested more than " +
                   llvm::Twine(maximalNesting) + " deep");
}

static llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
check(std::unique_ptr<llvm::MemoryBuffer> buffer) {
  StringRef name = buffer->getBufferIdentifier();
  if (buffer->getBufferSize() > maximalSourceSize)
    return makeError("'" + name + "' has " +
                     llvm::Twine(buffer->getBufferSize()) + " bytes, at most " +
                     llvm::Twine(maximalSourceSize) + " can be compiled");
  if (!mlir::isBytecode(*buffer))
    if (llvm::Error error = checkNesting(buffer->getBuffer(), name))
      return std::move(error);
  return std::move(buffer);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
amos::readSource(StringRef path) {
  if (llvm::sys::fs::is_directory(path))
    return makeError("cannot read '" + path + "': it is a directory");
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer)
    return makeError("cannot read '" + path +
                     "': " + buffer.getError().message());
  return check(std::move(*buffer));
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>>
amos::readText(StringRef text, StringRef name) {
  return check(llvm::MemoryBuffer::getMemBufferCopy(text, name));
}
