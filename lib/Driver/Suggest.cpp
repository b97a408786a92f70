//===- Suggest.cpp - "did you mean" ---------------------------------------===//

#include "amos/Driver/Suggest.h"

std::string amos::suggest(llvm::StringRef word,
                          const std::vector<std::string> &known) {
  // A third of the letters may be wrong; more is another word.
  unsigned best = word.size() / 3 + 1;
  llvm::StringRef nearest;
  for (const std::string &candidate : known) {
    unsigned distance =
        word.edit_distance(candidate, /*AllowReplacements=*/true, best);
    if (distance > best || distance >= word.size() ||
        (distance == best && !nearest.empty()))
      continue;
    best = distance;
    nearest = candidate;
  }
  return nearest.empty() ? "" : "; did you mean '" + nearest.str() + "'?";
}
