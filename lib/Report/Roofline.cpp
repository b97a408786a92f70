//===- Roofline.cpp - Candidates below the roofs of the machine -----------===//

#include "Pictures.h"
#include "Svg.h"
#include "Wording.h"
#include "llvm/Support/FormatVariadic.h"
#include <cmath>
#include <set>

using namespace amos;
using llvm::formatv;

namespace {
/// Both axes are logarithmic: multiply-adds for each byte that a level moves,
/// multiply-adds per second.
struct Point {
  double x, y;
  std::string style, hint;
};

class Roofline {
public:
  Roofline(const Explanation &explanation, const ExplainedOperation &operation)
      : explanation(explanation), operation(operation) {}

  std::string draw();

private:
  void addRoofs();
  void addPoints();
  void addPoint(const ExplainedCandidate &candidate, const Usage &usage,
                const ExplainedIntrinsic &intrinsic, llvm::StringRef style);
  void setRange();
  double getX(double x) const;
  double getY(double y) const;
  void drawGrid(Svg &svg) const;
  void drawLevels(Svg &svg) const;
  void drawRoofs(Svg &svg) const;
  void drawPoints(Svg &svg) const;

  const Explanation &explanation;
  const ExplainedOperation &operation;
  /// Of the best candidate: its levels are drawn.
  const ExplainedIntrinsic *machine = nullptr;
  std::vector<std::pair<std::string, double>> roofs;
  std::vector<Point> points;
  double peak = 0;
  double left = 0, right = 0, bottom = 0, top = 0; ///< decades
};
} // namespace

constexpr double width = 440, height = 320;
constexpr double frameLeft = 46, frameRight = 424, frameTop = 10,
                 frameBottom = 274;

double Roofline::getX(double x) const {
  return frameLeft +
         (std::log10(x) - left) / (right - left) * (frameRight - frameLeft);
}

double Roofline::getY(double y) const {
  return frameBottom -
         (std::log10(y) - bottom) / (top - bottom) * (frameBottom - frameTop);
}

//===----------------------------------------------------------------------===//
// What is drawn
//===----------------------------------------------------------------------===//

/// One roof for each intrinsic that some mapping was proved for.
void Roofline::addRoofs() {
  std::set<std::string> seen;
  for (const ExplainedCandidate &candidate : getProved(operation)) {
    auto found = explanation.intrinsics.find(candidate.intrinsic);
    if (found == explanation.intrinsics.end() ||
        !seen.insert(candidate.intrinsic).second)
      continue;
    machine = machine ? machine : &found->second;
    double roof = found->second.rate * found->second.clock;
    roofs.emplace_back(candidate.intrinsic, roof);
    peak = std::max(peak, roof);
  }
}

void Roofline::addPoint(const ExplainedCandidate &candidate, const Usage &usage,
                        const ExplainedIntrinsic &intrinsic,
                        llvm::StringRef style) {
  double seconds = candidate.cost.getCycles() / intrinsic.clock;
  Point point{operation.multiplyAdds / usage.bytes,
              operation.multiplyAdds / seconds, style.str(),
              formatv("{0}, {1}: {2:F1} multiply-adds per byte, {3:F1} G/s",
                      candidate.id, usage.name,
                      operation.multiplyAdds / usage.bytes,
                      operation.multiplyAdds / seconds / 1e9)};
  points.push_back(std::move(point));
}

/// The chosen mapping has a point for each level, the others one for the
/// outermost.
void Roofline::addPoints() {
  for (const ExplainedCandidate &candidate : getProved(operation)) {
    auto found = explanation.intrinsics.find(candidate.intrinsic);
    if (!candidate.cost || candidate.cost.getCycles() <= 0 ||
        found == explanation.intrinsics.end())
      continue;
    const Usage *outermost = nullptr;
    for (const Usage &usage : candidate.usages) {
      if (usage.bytes <= 0)
        continue;
      outermost = &usage;
      if (candidate.isChosen)
        addPoint(candidate, usage, found->second, "point chosen");
    }
    if (outermost && !candidate.isChosen)
      addPoint(candidate, *outermost, found->second, "point");
  }
}

/// Whole decades around every point and around where levels meet the peak.
void Roofline::setRange() {
  double least = points[0].x, most = points[0].x, lowest = points[0].y;
  for (const Point &point : points) {
    least = std::min(least, point.x);
    most = std::max(most, point.x);
    lowest = std::min(lowest, point.y);
  }
  for (const ExplainedLevel &level : machine->levels) {
    if (level.bandwidth <= 0)
      continue;
    double ridge = peak / (level.bandwidth * machine->clock);
    least = std::min(least, ridge);
    most = std::max(most, ridge);
  }
  left = std::floor(std::log10(least) - 0.3);
  right = std::ceil(std::log10(most) + 0.3);
  bottom = std::floor(std::log10(lowest) - 0.2);
  top = std::log10(peak) + 0.25;
}

//===----------------------------------------------------------------------===//
// Drawing
//===----------------------------------------------------------------------===//

/// "1 k", "10 G": a power of ten.
static std::string spellDecade(int decade) {
  static const char *const units[] = {"", " k", " M", " G", " T", " P", " E"};
  if (decade < 0)
    return formatv("{0:F9}", std::pow(10.0, decade))
        .str()
        .substr(0, 2 - decade);
  int unit = std::min(decade / 3, 6);
  return std::to_string(int64_t(std::pow(10.0, decade - 3 * unit))) +
         units[unit];
}

void Roofline::drawGrid(Svg &svg) const {
  svg.rect("frame", frameLeft, frameTop, frameRight - frameLeft,
           frameBottom - frameTop);
  for (int decade = int(left); decade <= right; ++decade) {
    double x = getX(std::pow(10.0, decade));
    svg.line("grid", x, frameTop, x, frameBottom);
    svg.text("tick", x, frameBottom + 16, spellDecade(decade), "middle");
  }
  for (int decade = int(bottom); decade <= top; ++decade) {
    double y = getY(std::pow(10.0, decade));
    svg.line("grid", frameLeft, y, frameRight, y);
    svg.text("tick", frameLeft - 6, y + 4, spellDecade(decade), "end");
  }
  svg.text("axis", (frameLeft + frameRight) / 2, frameBottom + 38,
           "multiply-adds per byte moved", "middle");
}

/// From the left or the lower edge to the peak.
void Roofline::drawLevels(Svg &svg) const {
  for (const ExplainedLevel &level : machine->levels) {
    double rate = level.bandwidth * machine->clock;
    if (rate <= 0)
      continue;
    double x1 = std::max(std::pow(10.0, left), std::pow(10.0, bottom) / rate);
    double x2 = std::min(peak / rate, std::pow(10.0, right));
    if (x1 >= x2)
      continue;
    svg.line("slope", getX(x1), getY(x1 * rate), getX(x2), getY(x2 * rate));
    // Beside the upper half, where slopes lie apart; steeper ones are left of
    // it.
    double x = std::sqrt(x1 * x2) * std::pow(x2 / x1, 0.25);
    double y = getY(x * rate);
    svg.text("slope-name", getX(x) + 5, y + 11, shorten(level.name, 12));
  }
}

/// Names of roofs that lie close together would run into each other.
void Roofline::drawRoofs(Svg &svg) const {
  std::set<int> taken;
  for (const auto &[name, roof] : roofs) {
    double y = getY(std::max(roof, std::pow(10.0, bottom)));
    svg.line("roof", frameLeft, y, frameRight, y);
    if (taken.insert(int(y / 13)).second)
      svg.text("roof-name", frameRight - 5, y - 5, shorten(name, 40), "end");
  }
}

/// Of many points in one place one is drawn; the chosen ones lie on top.
void Roofline::drawPoints(Svg &svg) const {
  for (bool isChosen : {false, true}) {
    std::set<std::pair<int, int>> taken;
    for (const Point &point : points) {
      double x = getX(point.x), y = getY(point.y);
      if ((point.style == "point chosen") == isChosen &&
          taken.insert({int(x), int(y)}).second)
        svg.circle(point.style, x, y, isChosen ? 5.5 : 4, point.hint);
    }
  }
}

std::string Roofline::draw() {
  addRoofs();
  if (operation.multiplyAdds <= 0 || peak <= 0)
    return {};
  addPoints();
  if (points.empty())
    return {};
  setRange();
  Svg svg("roofline", width,
          formatv("multiply-adds per second over multiply-adds per byte, for "
                  "{0} points",
                  points.size())
              .str());
  drawGrid(svg);
  drawLevels(svg);
  drawRoofs(svg);
  drawPoints(svg);
  return svg.finish(height);
}

std::string amos::drawRoofline(const Explanation &explanation,
                               const ExplainedOperation &operation) {
  return Roofline(explanation, operation).draw();
}
