//===- Svg.cpp - Pictures of a page ---------------------------------------===//

#include "Svg.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include <cmath>

using namespace amos;
using llvm::formatv;
using llvm::StringRef;

static std::string escape(StringRef text) {
  std::string escaped;
  llvm::raw_string_ostream stream(escaped);
  llvm::printHTMLEscaped(llvm::json::isUTF8(text) ? text.str()
                                                  : llvm::json::fixUTF8(text),
                         stream);
  return escaped;
}

/// One digit after the point is less than can be seen.
static std::string spellLength(double length) {
  std::string text = formatv("{0:F1}", length);
  StringRef digits = text;
  digits.consume_back(".0");
  return digits.str();
}

Svg::Svg(StringRef kind, double width, StringRef title)
    : kind(kind), title(title), width(width) {}

void Svg::rect(StringRef style, double x, double y, double width, double height,
               double radius) {
  body += formatv("<rect class=\"{0}\" x=\"{1}\" y=\"{2}\" width=\"{3}\" "
                  "height=\"{4}\"",
                  style, spellLength(x), spellLength(y), spellLength(width),
                  spellLength(height));
  if (radius > 0)
    body += formatv(" rx=\"{0}\"", spellLength(radius));
  body += "/>";
}

void Svg::line(StringRef style, double x1, double y1, double x2, double y2) {
  body += formatv(
      "<line class=\"{0}\" x1=\"{1}\" y1=\"{2}\" x2=\"{3}\" y2=\"{4}\"/>",
      style, spellLength(x1), spellLength(y1), spellLength(x2),
      spellLength(y2));
}

void Svg::circle(StringRef style, double x, double y, double radius,
                 StringRef hint) {
  body += formatv("<circle class=\"{0}\" cx=\"{1}\" cy=\"{2}\" r=\"{3}\">"
                  "<title>{4}</title></circle>",
                  style, spellLength(x), spellLength(y), spellLength(radius),
                  escape(hint));
}

void Svg::text(StringRef style, double x, double y, StringRef words,
               StringRef anchor) {
  body += formatv("<text class=\"{0}\" x=\"{1}\" y=\"{2}\"", style,
                  spellLength(x), spellLength(y));
  if (anchor != "start")
    body += formatv(" text-anchor=\"{0}\"", anchor);
  body += ">" + escape(words) + "</text>";
}

std::string Svg::finish(double height) const {
  return formatv("<svg class=\"{0}\" role=\"img\" aria-label=\"{1}\" "
                 "viewBox=\"0 0 {2} {3}\">",
                 kind, escape(title), spellLength(width), spellLength(height))
             .str() +
         body + "</svg>";
}

//===----------------------------------------------------------------------===//
// Words
//===----------------------------------------------------------------------===//

std::string amos::shorten(StringRef words, size_t length) {
  if (words.size() <= length)
    return words.str();
  // Not inside of a character of several bytes.
  size_t end = length - 1;
  while (end > 0 && (words[end] & 0xC0) == 0x80)
    --end;
  return words.take_front(end).str() + "…";
}

std::string amos::spellCount(double number) {
  std::string digits = formatv("{0:F0}", std::round(number));
  for (int at = int(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(at, ",");
  return digits;
}

/// `value` divided by the largest unit below it, with three digits.
static std::string spellScaled(double value, double base,
                               llvm::ArrayRef<StringRef> units) {
  size_t unit = 0;
  while (value >= base && unit + 1 < units.size()) {
    value /= base;
    ++unit;
  }
  const char *format = value >= 100 ? "{0:F0} {1}" : "{0:F1} {1}";
  return formatv(format, value, units[unit]);
}

std::string amos::spellBytes(double bytes) {
  if (bytes < 1024)
    return spellCount(bytes) + " B";
  return spellScaled(bytes / 1024, 1024, {"KiB", "MiB", "GiB", "TiB"});
}

std::string amos::spellSeconds(double seconds) {
  return spellScaled(seconds * 1e9, 1000, {"ns", "µs", "ms", "s"});
}
