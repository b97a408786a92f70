//===- UsagePicture.cpp - Who is busy for how long ------------------------===//

#include "Pictures.h"
#include "Svg.h"

using namespace amos;

std::string amos::drawUsage(const ExplainedCandidate &candidate) {
  constexpr double width = 360, row = 38;
  double total = candidate.cost ? candidate.cost.getCycles() : 0;
  double longest = std::max(total, 1.0);
  for (const Usage &usage : candidate.usages)
    longest = std::max(longest, usage.cycles);
  Svg svg("usage", width, "cycles and bytes of each resource");
  double y = 0, scale = (width - 2) / longest;
  for (const Usage &usage : candidate.usages) {
    bool isBound = candidate.cost && usage.name == candidate.cost.getBound();
    std::string words = spellCount(usage.cycles) + " cycles";
    if (usage.bytes > 0)
      words += ", " + spellBytes(usage.bytes);
    svg.text("label", 1, y + 14, shorten(usage.name, 20));
    svg.text("note", width - 1, y + 14, words, "end");
    svg.rect("track", 1, y + 20, width - 2, 10, 3);
    svg.rect(isBound          ? "bar bound"
             : usage.overlaps ? "bar"
                              : "bar alone",
             1, y + 20, std::max(usage.cycles * scale, 2.0), 10, 3);
    if (total > 0)
      svg.line("total", 1 + total * scale, y + 18, 1 + total * scale, y + 32);
    y += row;
  }
  return svg.finish(std::max(y, 1.0));
}
