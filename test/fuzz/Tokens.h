//===- Tokens.h - A program as its tokens -----------------------*- C++ -*-===//
#ifndef AMOS_TEST_FUZZ_TOKENS_H
#define AMOS_TEST_FUZZ_TOKENS_H

#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace amos::fuzz {

enum class TokenKind {
  Word,   ///< a keyword, an operation's name, a type
  Name,   ///< with one of the signs % @ # ! ^ in front
  Number, ///< digits, also those of a shape
  Text,   ///< in quotes
  Open,   ///< one of ( [ { <
  Close,  ///< one of ) ] } >
  Sign    ///< everything else
};

struct Token {
  TokenKind kind;
  /// White space and comments in front of it.
  std::string space;
  std::string text;
};

using Tokens = std::vector<Token>;

/// Splits `text`; printing the result gives `text` back but for the white space
/// at its end. Any text is split somehow.
Tokens split(llvm::StringRef text);
std::string print(const Tokens &tokens);

/// A program of several functions that do not call each other as one program
/// for each, with everything else in it.
std::vector<Tokens> splitFunctions(const Tokens &tokens);

/// The index of the bracket that closes the one at `open`, or the number of
/// tokens.
size_t findClose(const Tokens &tokens, size_t open);

} // namespace amos::fuzz

#endif // AMOS_TEST_FUZZ_TOKENS_H
