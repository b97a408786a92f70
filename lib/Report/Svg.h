//===- Svg.h - Pictures of a page -------------------------------*- C++ -*-===//
#ifndef AMOS_LIB_REPORT_SVG_H
#define AMOS_LIB_REPORT_SVG_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace amos {

/// Draws into text. Every element has a class of the page's style sheet, so
/// that colours follow it; lengths are in units of the view box.
class Svg {
public:
  /// `title` says in one sentence what is seen; it is read out.
  Svg(llvm::StringRef kind, double width, llvm::StringRef title);

  void rect(llvm::StringRef style, double x, double y, double width,
            double height, double radius = 0);
  void line(llvm::StringRef style, double x1, double y1, double x2, double y2);
  /// `hint` is shown by browsers on hovering.
  void circle(llvm::StringRef style, double x, double y, double radius,
              llvm::StringRef hint);
  /// `anchor`: "start", "middle" or "end".
  void text(llvm::StringRef style, double x, double y, llvm::StringRef words,
            llvm::StringRef anchor = "start");

  /// The picture, cut to `height`.
  std::string finish(double height) const;

private:
  std::string kind, title, body;
  double width;
};

/// `words` with at most `length` characters, the last one "…" if some are left
/// out.
std::string shorten(llvm::StringRef words, size_t length);

/// "1,234,567"
std::string spellCount(double number);
/// "7.4 KiB"
std::string spellBytes(double bytes);
/// "0.41 µs"
std::string spellSeconds(double seconds);

} // namespace amos

#endif // AMOS_LIB_REPORT_SVG_H
