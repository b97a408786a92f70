//===- Mutator.h - Programs that are nearly right ---------------*- C++ -*-===//
#ifndef AMOS_TEST_FUZZ_MUTATOR_H
#define AMOS_TEST_FUZZ_MUTATOR_H

#include "Tokens.h"
#include <cstdint>
#include <map>
#include <random>

namespace amos::fuzz {

/// Numbers that depend on nothing but the seed, on every machine.
class Random {
public:
  explicit Random(uint64_t seed) : engine(seed) {}
  /// Below `bound`, which is not 0.
  size_t below(size_t bound) { return engine() % bound; }
  bool oneIn(size_t count) { return below(count) == 0; }
  template <typename List>
  auto &pick(List &list) {
    return list[below(list.size())];
  }

private:
  std::mt19937_64 engine;
};

/// Changes programs along their grammar: tokens become others of their kind,
/// what is in brackets moves between programs, one name or number changes
/// everywhere; seldom, characters are damaged.
class Mutator {
public:
  /// Learns what is exchanged from the programs of `corpus`.
  explicit Mutator(std::vector<Tokens> corpus);

  std::string mutate(const Tokens &source, Random &random) const;

private:
  void changeOnce(Tokens &tokens, Random &random) const;
  void replaceToken(Tokens &tokens, Random &random) const;
  void replaceEverywhere(Tokens &tokens, Random &random) const;
  void replaceGroup(Tokens &tokens, Random &random) const;
  void insertStatement(Tokens &tokens, Random &random) const;
  std::string pickOther(const Token &token, Random &random) const;

  std::vector<Tokens> corpus;
  std::map<TokenKind, std::vector<std::string>> words;
  /// What stands in brackets after a word, brackets included.
  std::map<std::string, std::vector<Tokens>> groups;
  std::vector<Tokens> statements;
};

} // namespace amos::fuzz

#endif // AMOS_TEST_FUZZ_MUTATOR_H
