//===- TuneProgress.cpp - How far tuning has come -------------------------===//

#include "TuneProgress.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include <cmath>

using namespace amos;
using llvm::formatv;

static constexpr size_t barWidth = 20;

TuneProgress::TuneProgress(std::string title, size_t trials, double seconds,
                           bool isQuiet)
    : title(std::move(title)), trials(trials), seconds(seconds),
      isQuiet(isQuiet), isWatched(llvm::sys::Process::StandardErrIsDisplayed()),
      start(std::chrono::steady_clock::now()) {}

double TuneProgress::getSeconds() const {
  std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  return passed.count();
}

/// "1:05" for 65 seconds.
static std::string spellTime(double seconds) {
  auto whole = static_cast<int64_t>(std::llround(std::max(seconds, 0.0)));
  return formatv("{0}:{1,0+2}", whole / 60, whole % 60);
}

static std::string drawBar(double done) {
  auto full = static_cast<size_t>(std::min(done, 1.0) * barWidth);
  return "[" + std::string(full, '#') + std::string(barWidth - full, '.') + "]";
}

std::string
TuneProgress::describe(size_t measured,
                       const std::optional<Measurement> &fastest) const {
  double passed = getSeconds();
  double rate = passed > 0 ? double(measured) / passed : 0;
  double left = seconds > 0 ? seconds - passed : HUGE_VAL;
  if (trials > 0 && rate > 0)
    left = std::min(left, double(trials - std::min(trials, measured)) / rate);
  double done = passed + left > 0 ? passed / (passed + left) : 1;
  std::string text = isWatched ? drawBar(done) + " " : "";
  text += title + ": " + std::to_string(measured);
  if (trials > 0)
    text += "/" + std::to_string(trials);
  text += formatv(" measured, {0:F1}/s", rate);
  if (fastest)
    text += formatv(", fastest {0:F2} us", fastest->seconds * 1e6);
  if (fastest && fastest->share > 0)
    text += formatv(" ({0:F1} %)", fastest->share * 100);
  return std::isfinite(left) ? text + ", " + spellTime(left) + " left" : text;
}

void TuneProgress::clear() {
  if (!isQuiet && isWatched)
    llvm::errs() << "\r\033[K";
}

void TuneProgress::show(size_t measured,
                        const std::optional<Measurement> &fastest) {
  if (isQuiet)
    return;
  clear();
  llvm::errs() << describe(measured, fastest) << (isWatched ? "" : "\n");
  llvm::errs().flush();
}
