//===- NestPicture.cpp - Loops, block and tile of a mapping ---------------===//

#include "Pictures.h"
#include "Svg.h"
#include "Wording.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace amos;
using llvm::formatv;

constexpr double pictureWidth = 360;

//===----------------------------------------------------------------------===//
// The nest
//===----------------------------------------------------------------------===//

namespace {
/// A loop of the nest that takes more than one step.
struct Ring {
  const ExplainedLoop *loop;
  int64_t step;
  std::string trips;
  std::string levels; ///< that hold what it touches
};
} // namespace

/// The levels that hold what the nest touches from `position` inwards, and
/// held less outside of it.
static std::string findLevels(const ExplainedCandidate &candidate,
                              unsigned position, unsigned after) {
  llvm::SmallVector<llvm::StringRef> names;
  for (const Usage &usage : candidate.usages)
    if (usage.holds && *usage.holds >= after && *usage.holds <= position)
      names.push_back(usage.name);
  return llvm::join(names, ", ");
}

/// Loops that take a single step are left out; what they touch is what the next
/// one does.
static std::vector<Ring> findRings(const ExplainedCandidate &candidate) {
  std::vector<int64_t> spans;
  for (const ExplainedLoop &loop : candidate.loops)
    spans.push_back(loop.extent);
  std::vector<Ring> rings;
  unsigned after = 0;
  auto nest = Schedule::get(candidate.schedule).nest;
  for (auto [position, entry] : llvm::enumerate(nest)) {
    int64_t &span = spans[entry.outer];
    bool isDynamic = mlir::ShapedType::isDynamic(span);
    int64_t trips = isDynamic ? 0 : llvm::divideCeil(span, entry.step);
    span = entry.step;
    if (trips == 1)
      continue;
    rings.push_back({&candidate.loops[entry.outer], entry.step,
                     isDynamic ? "?" : spellCount(trips),
                     findLevels(candidate, position, after)});
    after = position + 1;
  }
  return rings;
}

/// Tiles side by side: the first two loops of which the block takes several
/// steps are its rows and columns.
static double drawBlock(Svg &svg, const ExplainedCandidate &candidate, double x,
                        double y, double width) {
  std::vector<const ExplainedLoop *> sides;
  for (const ExplainedLoop &loop : candidate.loops)
    if (loop.block > 1)
      sides.push_back(&loop);
  int64_t rows = sides.size() > 0 ? sides[0]->block : 1;
  int64_t columns = sides.size() > 1 ? sides[1]->block : 1;
  std::vector<std::string> words;
  for (const ExplainedLoop *side : sides)
    words.push_back(formatv("{0} of {1}", side->block, side->name));
  svg.text("label", x, y + 14,
           words.empty() ? "block: one tile"
                         : shorten("block: " + llvm::join(words, " × "), 44));
  double cell = std::min(16.0, width / std::max<int64_t>(columns, 1));
  int64_t shownRows = std::min<int64_t>(rows, 16);
  for (int64_t r = 0; r < shownRows; ++r)
    for (int64_t c = 0; c < std::min<int64_t>(columns, 64); ++c)
      svg.rect("cell", x + c * cell, y + 22 + r * 12, cell - 2, 10, 2);
  return 26 + shownRows * 12;
}

std::string amos::drawNest(const ExplainedCandidate &candidate) {
  std::vector<Ring> rings = findRings(candidate);
  Svg svg("nest", pictureWidth,
          formatv("{0} loops around the intrinsic", rings.size()).str());
  constexpr double head = 26, inset = 7;
  double innermost = rings.size() * head + 8;
  double left = rings.size() * inset + 8;
  // The block is measured first: boxes close below it.
  Svg scratch("", 0, "");
  double height = innermost + drawBlock(scratch, candidate, left, innermost,
                                        pictureWidth - 2 * left);
  for (auto [depth, ring] : llvm::enumerate(rings)) {
    double x = depth * inset + 1, y = depth * head + 1;
    std::string style = "ring " + ring.loop->kind;
    svg.rect(style, x, y, pictureWidth - 2 * x,
             height - y + (rings.size() - depth) * inset, 6);
    std::string steps = ring.step > 1 ? " of " + spellCount(ring.step) : "";
    svg.text("label", x + 9, y + 18,
             shorten(ring.loop->name, 18) + ": " + ring.trips + " steps" +
                 steps);
    if (!ring.levels.empty())
      svg.text("note", pictureWidth - x - 9, y + 18,
               shorten("fits " + ring.levels, 26), "end");
  }
  drawBlock(svg, candidate, left + 2, innermost, pictureWidth - 2 * left);
  return svg.finish(height + rings.size() * inset + 2);
}

//===----------------------------------------------------------------------===//
// The tile
//===----------------------------------------------------------------------===//

/// Lanes of iteration `h` that the last tile leaves without work. Of boxes only
/// those without any iteration are known.
static int64_t countIdle(const ExplainedOperation &operation,
                         const ExplainedCandidate &candidate, size_t h,
                         int64_t lanes) {
  llvm::ArrayRef<int64_t> group = (*candidate.matching)[h];
  bool isBox = candidate.schedule && !candidate.schedule.getTiles().empty();
  if (isBox && !group.empty())
    return 0;
  int64_t points = 1;
  for (int64_t v : group) {
    if (size_t(v) >= operation.iterations.size() ||
        mlir::ShapedType::isDynamic(operation.iterations[v].extent))
      return 0;
    points = points * (operation.iterations[v].extent % lanes) % lanes;
  }
  return (lanes - points % lanes) % lanes;
}

static void drawLanes(Svg &svg, const ExplainedIteration &iteration,
                      int64_t idle, double y) {
  // More cells than these could not be told apart.
  int64_t cells = std::min<int64_t>(iteration.extent, 64);
  double width = std::min(22.0, (pictureWidth - 2) / cells);
  double idleCells = double(idle) * cells / iteration.extent;
  for (int64_t c = 0; c < cells; ++c)
    svg.rect(c >= cells - idleCells ? "lane idle" : "lane " + iteration.kind,
             1 + c * width, y, width - (width > 6 ? 2 : 0.5), 18,
             width > 6 ? 2 : 0);
}

std::string amos::drawTile(const ExplainedOperation &operation,
                           const ExplainedCandidate &candidate,
                           const ExplainedIntrinsic &intrinsic) {
  Svg svg("tile", pictureWidth, "what plays each iteration of the intrinsic");
  double y = 0;
  for (auto [h, iteration] : llvm::enumerate(intrinsic.iterations)) {
    if (!candidate.matching || h >= candidate.matching->size())
      break;
    std::string plays = h < candidate.lanes.size()
                            ? candidate.lanes[h]
                            : spellGroup(operation, (*candidate.matching)[h]);
    int64_t idle = countIdle(operation, candidate, h, iteration.extent);
    svg.text("label", 1, y + 14,
             formatv("{0} × {1}", iteration.name, iteration.extent).str());
    svg.text("note", pictureWidth - 1, y + 14, shorten(plays, 40), "end");
    drawLanes(svg, iteration, idle, y + 22);
    y += 52;
  }
  return svg.finish(std::max(y, 1.0));
}
