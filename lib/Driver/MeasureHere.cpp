//===- MeasureHere.cpp - A bundle measured by amos-run --------------------===//

#include "MeasureHere.h"
#include "amos/Driver/Compile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"

using namespace amos;
using llvm::StringRef;

/// Seconds; a candidate that needs more in one visit is none worth having.
static constexpr StringRef timeout = "20";

namespace {
/// The folder of one run of `amos-run`, removed with the object.
struct Workplace {
  llvm::SmallString<128> folder;
  ~Workplace() {
    if (!folder.empty())
      llvm::sys::fs::remove_directories(folder);
  }
  std::string get(StringRef name) const {
    llvm::SmallString<128> path = folder;
    llvm::sys::path::append(path, name);
    return path.str().str();
  }
};
} // namespace

/// What `amos-run` printed when it could not measure.
static ExitCode reportFailure(const Workplace &place, StringRef message) {
  auto log = llvm::MemoryBuffer::getFile(place.get("log"));
  StringRef text = log ? (*log)->getBuffer().trim() : StringRef();
  text.consume_front("amos-run: error: ");
  reportError("candidates cannot be measured here: " +
              (text.empty() ? message : text));
  return ExitCode::Environment;
}

static ExitCode run(const Workplace &place, Effort effort) {
  std::string runner = findOwnProgram("amos-run");
  if (runner.empty()) {
    reportError("'amos-run' is neither beside amosc nor on PATH");
    return ExitCode::Environment;
  }
  std::string bundle = place.get("bundle"), results = place.get("results.json"),
              log = place.get("log"),
              rounds = "--rounds=" + std::to_string(effort.rounds),
              samples = "--samples=" + std::to_string(effort.samples),
              limit = ("--timeout=" + timeout).str();
  StringRef words[] = {runner,  "measure", bundle, rounds,
                       samples, limit,     "-o",   results};
  showProgram(words);
  std::optional<StringRef> streams[] = {StringRef(), StringRef(),
                                        StringRef(log)};
  std::string message;
  int status = llvm::sys::ExecuteAndWait(runner, words, std::nullopt, streams,
                                         0, 0, &message);
  bool hasMeasured = status == int(ExitCode::Success) ||
                     status == int(ExitCode::Check) ||
                     status == int(ExitCode::CutShort);
  return hasMeasured ? ExitCode::Success : reportFailure(place, message);
}

static ExitCode readResults(const Workplace &place, MeasurementSet &set) {
  auto buffer = llvm::MemoryBuffer::getFile(place.get("results.json"));
  if (!buffer)
    return reportFailure(place, buffer.getError().message());
  auto results = importMeasurements((*buffer)->getBuffer());
  if (!results) {
    reportError(llvm::toString(results.takeError()));
    return ExitCode::Internal;
  }
  set = std::move(*results);
  return ExitCode::Success;
}

ExitCode amos::measureHere(llvm::ArrayRef<BundleFile> files, Effort effort,
                           MeasurementSet &set) {
  Workplace place;
  if (std::error_code code =
          llvm::sys::fs::createUniqueDirectory("amosc-tune", place.folder)) {
    reportError("cannot create a temporary folder: " + code.message());
    return ExitCode::Environment;
  }
  ExitCode code = writeBundle(place.get("bundle"), files);
  if (code == ExitCode::Success)
    code = run(place, effort);
  if (code == ExitCode::Success)
    code = readResults(place, set);
  return code;
}
