//===- TuneOperator.cpp - The search for one operator ---------------------===//

#include "TuneOperator.h"
#include "Interrupt.h"
#include "MeasureHere.h"
#include "amos/Driver/DatabaseVerbs.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace amos;
using llvm::StringRef;

/// Candidates that are compiled, and then measured, together. A search of few
/// trials still has several rounds to learn from.
static constexpr size_t mostInRound = 16, leastInRound = 4, leastRounds = 6;
/// The fastest, which are measured again, one after the other in every round.
static constexpr size_t numFinalists = 6;
static constexpr unsigned finalRounds = 5;

static CompilerOptions getOwn(const CompilerOptions &options,
                              const TuneSubject &subject) {
  CompilerOptions own = options;
  own.input = "-";
  own.standardInput = subject.program;
  own.isForked = true;
  own.entries.clear();
  own.pipeline.mappings.clear();
  own.fallback = Fallback::Allow; // said once, for the user's program
  return own;
}

OperatorTuning::OperatorTuning(const CompilerOptions &options,
                               const TuneRequest &request,
                               const BundleRequest &bundle,
                               const TuneSubject &subject, Progress &progress)
    : options(options), request(request), bundle(bundle), subject(subject),
      compiler(getOwn(options, subject), progress) {}

//===----------------------------------------------------------------------===//
// Before
//===----------------------------------------------------------------------===//

ExitCode OperatorTuning::readKnown(Recollection &known) {
  std::string path = locateDatabase(options.database);
  MeasurementSet set;
  if (!llvm::sys::fs::exists(path))
    return ExitCode::Success;
  if (ExitCode code = readDatabase(path, subject.described.fingerprint, set);
      code != ExitCode::Success)
    return code;
  known = recall(found->op, set.measurements,
                 getEnvironment(isDevice(compiler.getModule())));
  return ExitCode::Success;
}

ExitCode OperatorTuning::prepare() {
  ExitCode code = compiler.load();
  if (code == ExitCode::Success)
    code = compiler.runThrough(Stage::SelectMapping);
  if (code == ExitCode::Success)
    code = makeReference(compiler, reference);
  if (code != ExitCode::Success)
    return code;
  std::vector<Subject> subjects = findSubjects(compiler.getModule());
  if (subjects.size() != 1 ||
      subjects.front().described.fingerprint != subject.described.fingerprint) {
    reportError("the operator of '" + subject.location +
                "' is another one when it stands alone");
    return ExitCode::Internal;
  }
  found = subjects.front();
  first = *found->op->getAttrOfType<mlir::ArrayAttr>("amos.candidates")
               .getAsRange<CandidateAttr>()
               .begin();
  proposals.emplace(found->op, request.strategy, options.pipeline.seed);
  Recollection known;
  code = readKnown(known);
  // A search by chance alone is there to be compared with: it starts afresh.
  if (request.strategy == Search::Strategy::Random)
    return code;
  for (const KnownChoice &choice : known.choices)
    proposals->learn(choice.mapping, choice.schedule,
                     getCostliness(choice.measurement));
  for (const KnownChoice &choice : known.failures)
    proposals->learn(choice.mapping, choice.schedule, std::nullopt);
  return code;
}

//===----------------------------------------------------------------------===//
// One round
//===----------------------------------------------------------------------===//

ExitCode OperatorTuning::compile(llvm::ArrayRef<DrawnCandidate> drawn,
                                 std::vector<CompiledCandidate> &compiled) {
  std::vector<ChosenCandidate> chosen;
  for (const DrawnCandidate &one : drawn)
    chosen.push_back({*found, one});
  return compileCandidates(compiler, chosen, bundle.jobs, compiled);
}

ExitCode OperatorTuning::keep(const MeasurementSet &set) {
  auto database =
      Database::open(locateDatabase(options.database), Database::Mode::Write);
  if (!database)
    return reportDatabaseError(database.takeError());
  auto added = database->add(set);
  return added ? ExitCode::Success : reportDatabaseError(added.takeError());
}

void OperatorTuning::learn(const MeasurementSet &set, TuneOutcome &outcome) {
  for (const Measurement &m : set.measurements) {
    ++outcome.measured;
    outcome.failed += !m.isGood();
    if (m.status == "wrong")
      outcome.wrong.push_back(m.mapping + " with " + m.schedule + ": " +
                              m.reason);
    if (m.isGood() && (!outcome.fastest ||
                       getCostliness(m) < getCostliness(*outcome.fastest)))
      outcome.fastest = m;
    if (auto choice = readChoice(found->op, m))
      proposals->learn(choice->mapping, choice->schedule,
                       m.isGood() ? std::optional(getCostliness(m))
                                  : std::nullopt);
  }
}

ExitCode OperatorTuning::measure(llvm::ArrayRef<DrawnCandidate> drawn,
                                 unsigned rounds, TuneOutcome &outcome) {
  std::vector<CompiledCandidate> compiled;
  ExitCode code = compile(drawn, compiled);
  if (code != ExitCode::Success || wasInterrupted())
    return code;
  for (auto [candidate, one] : llvm::zip_equal(compiled, drawn))
    if (!candidate.entry.problem.empty()) {
      ++outcome.measured;
      ++outcome.failed;
      proposals->learn(one.candidate.getMapping(), one.candidate.getSchedule(),
                       std::nullopt);
    }
  llvm::erase_if(compiled, [](const CompiledCandidate &one) {
    return !one.entry.problem.empty();
  });
  if (compiled.empty())
    return ExitCode::Success;
  std::vector<BundleFile> files;
  BundleRequest whole;
  MeasurementSet set;
  code = layOutBundle(compiler, compiled, reference, whole, "search", files);
  if (code == ExitCode::Success)
    code = measureHere(files, {rounds, 7}, set);
  if (code == ExitCode::Success)
    code = keep(set);
  if (code == ExitCode::Success)
    learn(set, outcome);
  return code;
}

//===----------------------------------------------------------------------===//
// All rounds
//===----------------------------------------------------------------------===//

ExitCode OperatorTuning::search(size_t trials, double seconds,
                                TuneOutcome &outcome) {
  size_t perRound =
      trials ? std::clamp(trials / leastRounds, leastInRound, mostInRound)
             : mostInRound;
  TuneProgress progress(subject.described.name, trials, seconds,
                        options.diagnostics.quiet);
  while (!wasInterrupted() && (!trials || outcome.measured < trials) &&
         (seconds <= 0 || progress.getSeconds() < seconds)) {
    size_t wanted =
        trials ? std::min(perRound, trials - outcome.measured) : perRound;
    std::vector<DrawnCandidate> drawn = proposals->propose(wanted);
    if (drawn.empty()) // the space is exhausted
      break;
    if (ExitCode code = measure(drawn, 1, outcome); code != ExitCode::Success)
      return code;
    progress.show(outcome.measured, outcome.fastest);
  }
  if (!wasInterrupted())
    if (ExitCode code = confirm(outcome); code != ExitCode::Success)
      return code;
  return conclude(outcome);
}

/// Measures the fastest and the model's choice again, in turn, so that what
/// changes meanwhile is the same for all.
ExitCode OperatorTuning::confirm(TuneOutcome &outcome) {
  Recollection known;
  if (ExitCode code = readKnown(known); code != ExitCode::Success)
    return code;
  std::vector<DrawnCandidate> finalists;
  auto add = [&](MappingAttr mapping, ScheduleAttr schedule) {
    bool isThere = llvm::any_of(finalists, [&](const DrawnCandidate &one) {
      return one.candidate.getMapping() == mapping &&
             one.candidate.getSchedule() == schedule;
    });
    if (!isThere)
      finalists.push_back(
          {CandidateAttr::get(found->op.getContext(), mapping,
                              /*amosRule=*/false, schedule, CostAttr()),
           Origin::Search});
  };
  for (const KnownChoice &choice :
       llvm::ArrayRef(known.choices).take_front(numFinalists))
    add(choice.mapping, choice.schedule);
  if (finalists.empty())
    return ExitCode::Success;
  add(first.getMapping(), first.getSchedule());
  TuneOutcome repeated;
  ExitCode code = measure(finalists, finalRounds, repeated);
  outcome.wrong.insert(outcome.wrong.end(), repeated.wrong.begin(),
                       repeated.wrong.end());
  return code;
}

/// What is known in the end.
ExitCode OperatorTuning::conclude(TuneOutcome &outcome) {
  Recollection known;
  if (ExitCode code = readKnown(known); code != ExitCode::Success)
    return code;
  outcome.fastest.reset();
  for (const KnownChoice &choice : known.choices) {
    if (!outcome.fastest)
      outcome.fastest = choice.measurement;
    if (choice.mapping == first.getMapping() &&
        choice.schedule == first.getSchedule())
      outcome.first = choice.measurement;
  }
  return ExitCode::Success;
}

ExitCode OperatorTuning::writeCandidates(size_t trials) {
  std::vector<DrawnCandidate> drawn = proposals->propose(trials);
  std::vector<CompiledCandidate> compiled;
  if (ExitCode code = compile(drawn, compiled); code != ExitCode::Success)
    return code;
  if (countUsable(compiled) == 0)
    return ExitCode::Input;
  std::vector<BundleFile> files;
  if (ExitCode code =
          layOutBundle(compiler, compiled, reference, bundle, "search", files);
      code != ExitCode::Success)
    return code;
  llvm::SmallString<128> folder(request.bundle);
  llvm::sys::path::append(folder, subject.described.fingerprint);
  if (!canHoldBundle(folder))
    return ExitCode::Usage;
  return writeBundle(folder, files);
}
