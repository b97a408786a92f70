//===- Tokens.cpp - A program as its tokens -------------------------------===//

#include "Tokens.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

using namespace amos::fuzz;
using llvm::StringRef;

static bool isWord(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$';
}

static size_t getSpace(StringRef text) {
  size_t at = 0;
  while (at < text.size()) {
    if (llvm::isSpace(text[at]))
      ++at;
    else if (text.substr(at).starts_with("//"))
      at = std::min(text.find('\n', at), text.size());
    else
      break;
  }
  return at;
}

static size_t getText(StringRef text) {
  size_t at = 1;
  while (at < text.size() && text[at] != '"' && text[at] != '\n')
    at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

/// The length of the token in front of `text`; `afterNumber`: an `x` there
/// parts the numbers of a shape.
static std::pair<TokenKind, size_t> classify(StringRef text, bool afterNumber) {
  char first = text.front();
  if (afterNumber && first == 'x')
    return {TokenKind::Sign, 1};
  if (llvm::isDigit(first)) {
    size_t length = text.find_if_not(llvm::isDigit);
    return {TokenKind::Number, std::min(length, text.size())};
  }
  if (first == '"')
    return {TokenKind::Text, getText(text)};
  if (StringRef("%@#!^").contains(first)) {
    size_t length = text.drop_front().find_if_not(isWord);
    return {TokenKind::Name,
            length == StringRef::npos ? text.size() : length + 1};
  }
  if (isWord(first))
    return {TokenKind::Word, std::min(text.find_if_not(isWord), text.size())};
  for (StringRef sign : {"->", "<=", ">=", "==", "::"})
    if (text.starts_with(sign))
      return {TokenKind::Sign, 2};
  if (StringRef("([{<").contains(first))
    return {TokenKind::Open, 1};
  if (StringRef(")]}>").contains(first))
    return {TokenKind::Close, 1};
  return {TokenKind::Sign, 1};
}

Tokens amos::fuzz::split(StringRef text) {
  Tokens tokens;
  bool afterNumber = false;
  while (true) {
    size_t space = getSpace(text);
    std::string before = text.take_front(space).str();
    text = text.drop_front(space);
    if (text.empty())
      return tokens;
    auto [kind, length] = classify(text, afterNumber && space == 0);
    tokens.push_back({kind, before, text.take_front(length).str()});
    afterNumber = kind == TokenKind::Number || text.front() == '?';
    text = text.drop_front(length);
  }
}

std::string amos::fuzz::print(const Tokens &tokens) {
  std::string text;
  for (const Token &token : tokens)
    text += token.space + token.text;
  return text + "\n";
}

size_t amos::fuzz::findClose(const Tokens &tokens, size_t open) {
  unsigned depth = 0;
  for (size_t at = open; at < tokens.size(); ++at) {
    if (tokens[at].kind == TokenKind::Open)
      ++depth;
    else if (tokens[at].kind == TokenKind::Close && --depth == 0)
      return at;
  }
  return tokens.size();
}

/// Where statements outside of brackets begin, and the end.
static std::vector<size_t> getStatements(const Tokens &tokens) {
  std::vector<size_t> starts;
  for (size_t at = 0; at < tokens.size(); ++at) {
    const Token &token = tokens[at];
    bool isWord =
        token.kind == TokenKind::Word || token.kind == TokenKind::Name;
    bool isNewLine = at == 0 || token.space.find('\n') != std::string::npos;
    if (isWord && isNewLine && token.text != "attributes")
      starts.push_back(at);
    if (token.kind == TokenKind::Open)
      at = std::min(findClose(tokens, at), tokens.size() - 1);
  }
  starts.push_back(tokens.size());
  return starts;
}

std::vector<Tokens> amos::fuzz::splitFunctions(const Tokens &tokens) {
  std::vector<Tokens> functions;
  Tokens others;
  std::vector<size_t> starts = getStatements(tokens);
  for (size_t n = 0; n + 1 < starts.size(); ++n) {
    Tokens statement(tokens.begin() + starts[n],
                     tokens.begin() + starts[n + 1]);
    if (statement.front().text == "func.func")
      functions.push_back(std::move(statement));
    else
      others.insert(others.end(), statement.begin(), statement.end());
  }
  bool hasCalls =
      std::any_of(tokens.begin(), tokens.end(), [](const Token &token) {
        return token.text == "call" || token.text == "func.call";
      });
  if (functions.size() < 2 || hasCalls)
    return {tokens};
  for (Tokens &function : functions)
    function.insert(function.begin(), others.begin(), others.end());
  return functions;
}
