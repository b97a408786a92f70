//===- Mutator.cpp - Programs that are nearly right -----------------------===//

#include "Mutator.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

using namespace amos::fuzz;

/// Where sizes, shifts and products go wrong.
static const std::vector<std::string> numbers = {"0",
                                                 "1",
                                                 "2",
                                                 "3",
                                                 "7",
                                                 "8",
                                                 "16",
                                                 "31",
                                                 "32",
                                                 "63",
                                                 "64",
                                                 "65",
                                                 "127",
                                                 "128",
                                                 "255",
                                                 "256",
                                                 "1000",
                                                 "4096",
                                                 "65536",
                                                 "1000003",
                                                 "2147483647",
                                                 "4294967296",
                                                 "9223372036854775807",
                                                 "18446744073709551616"};
/// Element types; one is changed everywhere to keep a program well typed.
static const std::vector<std::string> elements = {
    "i1",  "i4",  "i8",   "i16", "i32",      "i64",    "f16",   "bf16",
    "f32", "f64", "f128", "f80", "f8E4M3FN", "f8E5M2", "index", "tf32"};

/// What a group is exchanged within: the bracket and the word before it.
static std::string getGroupKey(const Tokens &tokens, size_t open) {
  std::string before =
      open > 0 && tokens[open].space.empty() ? tokens[open - 1].text : "";
  return before + tokens[open].text;
}

static Tokens slice(const Tokens &tokens, size_t begin, size_t end) {
  return Tokens(tokens.begin() + begin, tokens.begin() + end);
}

/// The places where lines begin, and the end.
static std::vector<size_t> getLines(const Tokens &tokens) {
  std::vector<size_t> lines{0};
  for (size_t at = 1; at < tokens.size(); ++at)
    if (tokens[at].space.find('\n') != std::string::npos)
      lines.push_back(at);
  lines.push_back(tokens.size());
  return lines;
}

/// The elements of the group at `open`, parted by commas, as ranges.
static std::vector<std::pair<size_t, size_t>> getElements(const Tokens &tokens,
                                                          size_t open) {
  std::vector<std::pair<size_t, size_t>> elements;
  size_t close = findClose(tokens, open), begin = open + 1;
  for (size_t at = begin; at < close; ++at) {
    if (tokens[at].kind == TokenKind::Open)
      at = std::min(findClose(tokens, at), close - 1);
    else if (tokens[at].text == ",") {
      elements.push_back({begin, at});
      begin = at + 1;
    }
  }
  if (begin < close)
    elements.push_back({begin, close});
  return elements;
}

static std::vector<size_t> getPlaces(const Tokens &tokens, TokenKind kind) {
  std::vector<size_t> places;
  for (size_t at = 0; at < tokens.size(); ++at)
    if (tokens[at].kind == kind)
      places.push_back(at);
  return places;
}

Mutator::Mutator(std::vector<Tokens> sources) : corpus(std::move(sources)) {
  std::map<TokenKind, std::set<std::string>> seen;
  for (const Tokens &tokens : corpus) {
    for (size_t at = 0; at < tokens.size(); ++at) {
      seen[tokens[at].kind].insert(tokens[at].text);
      size_t close = tokens.size();
      if (tokens[at].kind == TokenKind::Open)
        close = findClose(tokens, at);
      if (close < std::min(tokens.size(), at + 400))
        groups[getGroupKey(tokens, at)].push_back(slice(tokens, at, close + 1));
    }
    std::vector<size_t> lines = getLines(tokens);
    for (size_t line = 0; line + 1 < lines.size(); ++line)
      statements.push_back(slice(tokens, lines[line], lines[line + 1]));
  }
  for (auto &[kind, texts] : seen)
    words[kind].assign(texts.begin(), texts.end());
}

//===----------------------------------------------------------------------===//
// Changes along the grammar
//===----------------------------------------------------------------------===//

std::string Mutator::pickOther(const Token &token, Random &random) const {
  if (token.kind == TokenKind::Number && !random.oneIn(3))
    return random.pick(numbers);
  if (llvm::is_contained(elements, token.text) && !random.oneIn(4))
    return random.pick(elements);
  return random.pick(words.at(token.kind));
}

void Mutator::replaceToken(Tokens &tokens, Random &random) const {
  Token &token = random.pick(tokens);
  // One of the same program is nearer to what is right.
  std::vector<size_t> places = getPlaces(tokens, token.kind);
  token.text = random.oneIn(2) ? tokens[random.pick(places)].text
                               : pickOther(token, random);
}

void Mutator::replaceEverywhere(Tokens &tokens, Random &random) const {
  TokenKind kind = random.oneIn(2) ? TokenKind::Number : TokenKind::Word;
  std::vector<size_t> places = getPlaces(tokens, kind);
  // Most words are keywords; another type is nearer to a program.
  if (kind == TokenKind::Word && !random.oneIn(4))
    llvm::erase_if(places, [&](size_t at) {
      return !llvm::is_contained(elements, tokens[at].text);
    });
  if (places.empty())
    return;
  Token old = tokens[random.pick(places)];
  std::string text = pickOther(old, random);
  for (Token &token : tokens)
    if (token.kind == old.kind && token.text == old.text)
      token.text = text;
}

void Mutator::replaceGroup(Tokens &tokens, Random &random) const {
  std::vector<size_t> places = getPlaces(tokens, TokenKind::Open);
  if (places.empty())
    return;
  size_t open = random.pick(places), close = findClose(tokens, open);
  if (close == tokens.size())
    return;
  auto known = groups.find(getGroupKey(tokens, open));
  Tokens other;
  if (known != groups.end() && !random.oneIn(8))
    other = random.pick(known->second);
  tokens.erase(tokens.begin() + open, tokens.begin() + close + 1);
  tokens.insert(tokens.begin() + open, other.begin(), other.end());
}

/// Drops, doubles or exchanges elements of a list.
static void changeElements(Tokens &tokens, Random &random) {
  std::vector<size_t> places = getPlaces(tokens, TokenKind::Open);
  if (places.empty())
    return;
  auto elements = getElements(tokens, random.pick(places));
  if (elements.empty())
    return;
  auto [begin, end] = random.pick(elements);
  auto [otherBegin, otherEnd] = random.pick(elements);
  Tokens other = slice(tokens, otherBegin, otherEnd);
  switch (random.below(3)) {
  case 0: // with the comma in front, if there is one
    begin -= tokens[begin - 1].text == ",";
    tokens.erase(tokens.begin() + begin, tokens.begin() + end);
    return;
  case 1:
    other.insert(other.begin(), {TokenKind::Sign, "", ","});
    tokens.insert(tokens.begin() + end, other.begin(), other.end());
    return;
  default:
    tokens.erase(tokens.begin() + begin, tokens.begin() + end);
    tokens.insert(tokens.begin() + begin, other.begin(), other.end());
  }
}

/// Drops, doubles or moves a line.
static void changeLines(Tokens &tokens, Random &random) {
  std::vector<size_t> lines = getLines(tokens);
  size_t line = random.below(lines.size() - 1);
  size_t target = lines[random.below(lines.size())];
  Tokens moved = slice(tokens, lines[line], lines[line + 1]);
  size_t action = random.below(3);
  if (action != 0)
    tokens.insert(tokens.begin() + target, moved.begin(), moved.end());
  size_t begin =
      lines[line] + (action != 0 && target <= lines[line] ? moved.size() : 0);
  if (action != 1)
    tokens.erase(tokens.begin() + begin, tokens.begin() + begin + moved.size());
}

void Mutator::insertStatement(Tokens &tokens, Random &random) const {
  std::vector<size_t> lines = getLines(tokens);
  const Tokens &statement = random.pick(statements);
  tokens.insert(tokens.begin() + random.pick(lines), statement.begin(),
                statement.end());
}

void Mutator::changeOnce(Tokens &tokens, Random &random) const {
  switch (random.below(10)) {
  case 0:
  case 1:
    return replaceToken(tokens, random);
  case 2:
  case 3:
  case 4:
  case 5:
    return replaceEverywhere(tokens, random);
  case 6:
    return replaceGroup(tokens, random);
  case 7:
    return changeElements(tokens, random);
  case 8:
    return changeLines(tokens, random);
  default:
    return insertStatement(tokens, random);
  }
}

//===----------------------------------------------------------------------===//
// Damage
//===----------------------------------------------------------------------===//

static void damage(std::string &text, Random &random) {
  size_t at = random.below(text.size());
  switch (random.below(3)) {
  case 0:
    text.resize(at);
    return;
  case 1:
    text[at] = static_cast<char>(random.below(256));
    return;
  default:
    text.erase(at, 1 + random.below(40));
  }
}

std::string Mutator::mutate(const Tokens &source, Random &random) const {
  Tokens tokens = source;
  size_t changes = 1 + (random.oneIn(3) ? random.below(4) : 0);
  for (size_t change = 0; change < changes && !tokens.empty(); ++change)
    changeOnce(tokens, random);
  std::string text = print(tokens);
  if (random.oneIn(20))
    damage(text, random);
  return text;
}
