//===- Tune.cpp - amosc tune ----------------------------------------------===//

#include "amos/Driver/Tune.h"
#include "Interrupt.h"
#include "TuneOperator.h"
#include "amos/Driver/Reproducer.h"
#include "mlir/IR/Location.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Threading.h"

using namespace amos;
using llvm::formatv;
using llvm::StringRef;
namespace json = llvm::json;

static constexpr size_t usualTrials = 64;

namespace {
/// All operators of the files, one after the other.
class Tuning {
public:
  Tuning(const CompilerOptions &options, const TuneRequest &request,
         const BundleRequest &bundle, Progress &progress)
      : options(options), request(request), bundle(bundle), progress(progress) {
  }
  ExitCode run();

private:
  ExitCode collect(const std::string &file);
  ExitCode tune(const TuneSubject &subject, size_t left);
  ExitCode report() const;

  const CompilerOptions &options;
  const TuneRequest &request;
  const BundleRequest &bundle;
  Progress &progress;
  std::vector<TuneSubject> subjects;
  std::vector<TuneOutcome> outcomes; ///< of the first of them
  std::chrono::steady_clock::time_point start =
      std::chrono::steady_clock::now();
};
} // namespace

//===----------------------------------------------------------------------===//
// What there is to tune
//===----------------------------------------------------------------------===//

static std::string spellLocation(mlir::Location location) {
  auto place = location->findInstanceOf<mlir::FileLineColLoc>();
  return place ? formatv("{0}:{1}:{2}", place.getFilename().getValue(),
                         place.getLine(), place.getColumn())
               : std::string("?");
}

static bool hasUnknownExtent(mlir::linalg::LinalgOp op) {
  return llvm::any_of(op.getStaticLoopRanges(), mlir::ShapedType::isDynamic);
}

static std::string print(mlir::ModuleOp program) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  program.print(stream, mlir::OpPrintingFlags().useLocalScope());
  return text;
}

/// Adds the operators of a file that are not there yet.
ExitCode Tuning::collect(const std::string &file) {
  CompilerOptions own = options;
  own.input = file;
  own.isForked = true;
  Compiler compiler(own, progress);
  ExitCode code = compiler.load();
  if (code == ExitCode::Success)
    code = compiler.runThrough(Stage::SelectMapping);
  if (code != ExitCode::Success)
    return code;
  for (Subject &subject : findSubjects(compiler.getModule())) {
    bool isKnown = llvm::any_of(subjects, [&](const TuneSubject &other) {
      return other.described.fingerprint == subject.described.fingerprint;
    });
    if (hasUnknownExtent(subject.op))
      subject.op.emitWarning("is not tuned: measuring needs extents that are "
                             "known [-Wuntuned]");
    else if (!isKnown)
      subjects.push_back({subject.described,
                          print(*isolateOperator(subject.op)),
                          spellLocation(subject.op.getLoc())});
  }
  return compiler.hasErrors() ? ExitCode::Input : ExitCode::Success;
}

//===----------------------------------------------------------------------===//
// One after the other
//===----------------------------------------------------------------------===//

/// The time is shared evenly with those that are still to come.
ExitCode Tuning::tune(const TuneSubject &subject, size_t left) {
  OperatorTuning tuning(options, request, bundle, subject, progress);
  if (ExitCode code = tuning.prepare(); code != ExitCode::Success)
    return code;
  size_t trials = request.trials;
  if (trials == 0 && (request.budget <= 0 || !request.bundle.empty()))
    trials = usualTrials;
  if (!request.bundle.empty())
    return tuning.writeCandidates(trials);
  std::chrono::duration<double> passed =
      std::chrono::steady_clock::now() - start;
  double seconds = 0;
  if (request.budget > 0)
    seconds = std::max((request.budget - passed.count()) / double(left), 1e-9);
  outcomes.emplace_back();
  return tuning.search(trials, seconds, outcomes.back());
}

ExitCode Tuning::run() {
  for (const std::string &file : request.files)
    if (ExitCode code = collect(file); code != ExitCode::Success)
      return code;
  if (subjects.empty()) {
    reportError("there is no operation that could be tuned");
    return ExitCode::Input;
  }
  for (size_t n = 0; n < subjects.size() && !wasInterrupted(); ++n)
    if (ExitCode code = tune(subjects[n], subjects.size() - n);
        code != ExitCode::Success)
      return code;
  if (!request.bundle.empty()) {
    llvm::outs() << "candidates for " << subjects.size()
                 << (subjects.size() == 1 ? " operator" : " operators")
                 << " are in '" << request.bundle
                 << "'; give the results of 'amos-run measure' to 'amosc db "
                    "import'\n";
    return ExitCode::Success;
  }
  return report();
}

//===----------------------------------------------------------------------===//
// What came of it
//===----------------------------------------------------------------------===//

static json::Value describe(const std::optional<Measurement> &m) {
  if (!m)
    return nullptr;
  return json::Object{
      {"mapping", m->mapping},   {"mapping_id", m->mappingId},
      {"schedule", m->schedule}, {"seconds", m->seconds},
      {"share", m->share},       {"predicted_cycles", m->predictedCycles}};
}

static json::Object describe(const TuneSubject &subject,
                             const TuneOutcome &outcome) {
  return json::Object{{"operator", subject.described.fingerprint},
                      {"name", subject.described.name},
                      {"location", subject.location},
                      {"measured", int64_t(outcome.measured)},
                      {"failed", int64_t(outcome.failed)},
                      {"fastest", describe(outcome.fastest)},
                      {"model", describe(outcome.first)}};
}

static void print(StringRef what, const std::optional<Measurement> &m) {
  if (!m)
    return;
  llvm::outs() << formatv("  {0,-14} {1} {2,12:F3} us", what, m->mappingId,
                          m->seconds * 1e6);
  if (m->share > 0)
    llvm::outs() << formatv(" {0,6:F1} % of the unit's rate", m->share * 100);
  llvm::outs() << '\n';
}

ExitCode Tuning::report() const {
  json::Array list;
  size_t wrong = 0;
  for (const auto &[subject, outcome] : llvm::zip(subjects, outcomes)) {
    for (const std::string &candidate : outcome.wrong)
      reportError("wrong results: " + candidate);
    wrong += outcome.wrong.size();
    if (request.json) {
      list.push_back(describe(subject, outcome));
      continue;
    }
    llvm::outs() << formatv("{0} {1} at {2}: {3} measured, {4} failed\n",
                            subject.described.fingerprint,
                            subject.described.name, subject.location,
                            outcome.measured, outcome.failed);
    print("fastest", outcome.fastest);
    print("the model's", outcome.first);
  }
  if (request.json)
    llvm::outs() << formatv("{0:2}\n", json::Value(std::move(list)));
  if (wrong > 0)
    return ExitCode::Check;
  return wasInterrupted() ? ExitCode::CutShort : ExitCode::Success;
}

ExitCode amos::tune(const CompilerOptions &options, const TuneRequest &request,
                    const BundleRequest &bundle) {
  if (options.targets.size() > 1) {
    reportError("'tune' is about one machine; join several by '+' to have them "
                "compared");
    return ExitCode::Usage;
  }
  catchInterrupts();
  CompilerOptions own = options;
  own.input = request.files.front();
  own.pipeline.effort = 2; // the model's choices are what search begins with
  BundleRequest layout = bundle;
  layout.jobs = llvm::hardware_concurrency(options.jobs).compute_thread_count();
  return runReproducibly(own, [&](Progress &progress) {
    return Tuning(own, request, layout, progress).run();
  });
}
