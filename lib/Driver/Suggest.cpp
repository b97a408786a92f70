//===- Suggest.cpp - "did you mean" ---------------------------------------===//

#include "amos/Driver/Suggest.h"

using llvm::StringRef;

/// How far `candidate` is from `word`: the letters that differ, then those
/// behind what both begin with, since a slip is rarely in front.
static std::pair<size_t, size_t> getDistance(StringRef word,
                                             StringRef candidate) {
  size_t common = 0, most = std::min(word.size(), candidate.size());
  while (common < most && word[common] == candidate[common])
    ++common;
  return {word.edit_distance(candidate), word.size() - common};
}

std::string amos::suggest(StringRef word, llvm::ArrayRef<std::string> known) {
  // A third of the letters may be wrong, but not all; more is another word.
  size_t most = std::min(word.size() / 3 + 2, word.size());
  std::pair<size_t, size_t> least(most, 0);
  StringRef nearest;
  for (StringRef candidate : known)
    if (auto distance = getDistance(word, candidate); distance < least) {
      least = distance;
      nearest = candidate;
    }
  return nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?";
}
