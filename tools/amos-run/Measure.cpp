//===- Measure.cpp - Checks and times the candidates of a bundle ----------===//

#include "Measure.h"
#include "Child.h"
#include "DeviceCall.h"
#include "Faults.h"
#include "Packed.h"
#include "Run.h"
#include "Timing.h"
#include <algorithm>
#include <cmath>
#include <cstring>
#include <new>
#include <numeric>

namespace amos::run {
namespace {
/// What a child hands back.
struct Report {
  Status status;
  char reason[512];
  size_t compared;
  bool isSampled;
  double worst;
  Readings readings;
  double sustained; ///< seconds of a call, 0 where there is none
  char device[256];
  size_t evictedBytes;
};

/// All candidates on their way through the rounds.
class Measuring {
public:
  Measuring(const Bundle &bundle, const MeasureOptions &options,
            Session &session)
      : bundle(bundle), options(options), session(session) {}

  std::optional<Failure> prepare();
  std::optional<Failure> describeDevice();
  std::optional<Failure> computeExpected();
  void runRound(int round, const std::function<void(int, int)> &progress);

private:
  void visit(size_t place, bool isFirst);
  void visitInChild(const Candidate &candidate, bool isFirst);
  bool check(const Candidate &candidate, const Library &library);
  bool time(const Candidate &candidate, const Library &library);
  bool timeOnDevice(const Function &function, const Entry &entry,
                    const Operands &operands);
  bool fail(Status status, const std::string &reason);
  void take(const Ending &ending, Measurement &measurement);

  const Bundle &bundle;
  const MeasureOptions &options;
  Session &session;
  Library reference;
  Memory memory;
  /// By the name of the function; children find them in their copy of our
  /// memory.
  std::map<std::string, Expected> expected;
  Report *report = nullptr;
};
} // namespace

bool isOnDevice(const Bundle &bundle) {
  return std::any_of(
      bundle.candidates.begin(), bundle.candidates.end(),
      [](const Candidate &candidate) { return candidate.function.isOnDevice; });
}

/// Threads that a candidate starts would share its core.
static bool hasThreads(const Bundle &bundle) {
  return std::any_of(
      bundle.candidates.begin(), bundle.candidates.end(),
      [](const Candidate &candidate) { return candidate.function.hasThreads; });
}

template <size_t size>
static void copyText(char (&field)[size], const std::string &text) {
  std::strncpy(field, text.c_str(), size - 1);
}

/// The unit of this core that works on the type of the first argument; none for
/// what runs elsewhere.
static MultiplyAdds getUnit(const Function &function) {
  return MultiplyAdds(function.isOnDevice || function.arguments.empty()
                          ? ""
                          : function.arguments.front().element->name);
}

//===----------------------------------------------------------------------===//
// Before the rounds
//===----------------------------------------------------------------------===//

std::optional<Failure> Measuring::prepare() {
  std::string problem;
  if (!reference.load(bundle.reference, problem))
    return Failure{EnvironmentError, problem};
  report = static_cast<Report *>(allocateShared(sizeof(Report)));
  if (!report || !memory.isValid())
    return Failure{EnvironmentError, "not enough memory"};
  session.measurements.resize(bundle.candidates.size());
  session.evictedBytes = memory.size();
  bool isPinned = options.core >= 0 || !hasThreads(bundle);
  session.core = isPinned ? pinToCore(options.core) : -1;
  if (options.core >= 0 && session.core != options.core)
    return Failure{EnvironmentError,
                   "core " + std::to_string(options.core) + " cannot be used"};
  if (isOnDevice(bundle))
    if (auto failure = describeDevice())
      return failure;
  return computeExpected();
}

/// In a child as well: a process that has used a device cannot fork children
/// that do.
std::optional<Failure> Measuring::describeDevice() {
  Ending ending = runInChild(options.timeout, [&] {
    std::string problem;
    if (Device *device = Device::open(problem)) {
      copyText(report->device, device->getDescription());
      report->evictedBytes = device->getEvictedBytes();
    }
    copyText(report->reason, problem);
  });
  if (ending.kind != Ending::Finished)
    return Failure{EnvironmentError,
                   "the device does not start: " + ending.reason};
  if (report->reason[0])
    return Failure{EnvironmentError, report->reason};
  session.device = report->device;
  session.evictedBytes = report->evictedBytes;
  return std::nullopt;
}

std::optional<Failure> Measuring::computeExpected() {
  for (const Candidate &candidate : bundle.candidates) {
    const Function &function = candidate.function;
    auto [place, isNew] = expected.try_emplace(function.name);
    if (isNew)
      if (auto failure = compute(function, reference, options.seed,
                                 options.full, place->second))
        return Failure{failure->code,
                       "the reference of '" + function.name +
                           "' does not run: " + failure->problem};
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// In the child
//===----------------------------------------------------------------------===//

bool Measuring::fail(Status status, const std::string &reason) {
  report->status = status;
  copyText(report->reason, reason);
  return false;
}

bool Measuring::check(const Candidate &candidate, const Library &library) {
  Options how;
  how.seed = options.seed;
  Outcome outcome =
      run(candidate.function, library, &expected[candidate.function.name], how);
  for (const Comparison &comparison : outcome.comparisons) {
    report->compared += comparison.elements;
    report->isSampled |= comparison.isSampled;
    report->worst = std::max(report->worst, comparison.worst);
    if (comparison.wrong && outcome.problem.empty())
      outcome.problem = std::to_string(comparison.wrong) + " of " +
                        std::to_string(comparison.elements) +
                        " elements are wrong; " + comparison.first;
  }
  if (outcome.code == Success)
    return true;
  return fail(outcome.code == CheckFailed ? Status::Wrong : Status::Failed,
              outcome.problem);
}

/// Single calls while the device is cool, then many behind each other. Its own
/// clock counts, so nothing beside it disturbs.
bool Measuring::timeOnDevice(const Function &function, const Entry &entry,
                             const Operands &operands) {
  std::string problem;
  Device *device = Device::open(problem);
  if (!device)
    return fail(Status::Failed, problem);
  DeviceCall call(*device, function, entry, operands);
  if (auto failure = call.run())
    return fail(Status::Failed, failure->problem);
  call.timeBurst(1);
  double shortest = HUGE_VAL;
  for (Device::Cold cold : call.timeBurst(options.samples)) {
    report->readings.add({cold.seconds, 0, cold.bandwidth, false});
    shortest = std::min(shortest, cold.seconds);
  }
  int calls = 0;
  report->sustained = call.timeSustained(std::max(shortest, 1e-6), calls);
  if (auto failure = device->wait())
    return fail(Status::Failed, failure->problem);
  return true;
}

bool Measuring::time(const Candidate &candidate, const Library &library) {
  const Function &function = candidate.function;
  Entry entry;
  std::string problem;
  if (!entry.load(library, function.symbol, function.getExtents(), problem))
    return fail(Status::Failed, problem);
  Operands operands =
      Operands::createRandom(function, options.seed, Placement::Staggered);
  if (function.isOnDevice)
    return timeOnDevice(function, entry, operands);
  Buffer workspace = entry.createWorkspace(Placement::Staggered);
  Packed packed;
  if (auto failure =
          packed.pack(function, library, operands, Placement::Staggered))
    return fail(Status::Failed, failure->problem);
  std::vector<void *> pointers = packed.getPointers(function, operands);
  if (auto failure = entry.call(pointers, workspace))
    return fail(Status::Failed, failure->problem);
  MultiplyAdds unit = getUnit(function);
  takeReadings([&] { entry.run(pointers, workspace); },
               {options.isCold, options.samples}, unit, memory,
               report->readings);
  return true;
}

void Measuring::visitInChild(const Candidate &candidate, bool isFirst) {
  reportFaultsIn(candidate.name);
  Library library;
  std::string problem;
  if (!library.load(candidate.file, problem))
    fail(Status::Failed, problem);
  else if ((!isFirst || check(candidate, library)) && time(candidate, library))
    report->status = Status::Ok;
}

//===----------------------------------------------------------------------===//
// In the parent
//===----------------------------------------------------------------------===//

void Measuring::take(const Ending &ending, Measurement &measurement) {
  if (ending.kind == Ending::Interrupted)
    return;
  measurement.status =
      ending.kind == Ending::Finished ? report->status : Status::Failed;
  measurement.reason = report->reason;
  if (ending.kind == Ending::TimedOut)
    measurement.reason =
        "did not end within " + std::to_string(int(options.timeout)) + " s";
  else if (ending.kind == Ending::Died)
    measurement.reason = ending.reason;
  if (report->compared) {
    measurement.compared = report->compared;
    measurement.isSampled = report->isSampled;
    measurement.worst = report->worst;
  }
  const Readings &readings = report->readings;
  measurement.calls = readings.calls;
  if (report->sustained > 0)
    measurement.sustained.push_back(report->sustained);
  measurement.readings.insert(measurement.readings.end(), readings.list,
                              readings.list + readings.count);
}

void Measuring::visit(size_t place, bool isFirst) {
  const Candidate &candidate = bundle.candidates[place];
  new (report) Report();
  memory.advance();
  Ending ending =
      runInChild(options.timeout, [&] { visitInChild(candidate, isFirst); });
  Measurement &measurement = session.measurements[place];
  measurement.unit = getUnit(candidate.function).getName();
  take(ending, measurement);
}

void Measuring::runRound(int round,
                         const std::function<void(int, int)> &progress) {
  std::vector<size_t> order(bundle.candidates.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::mt19937_64 random(options.seed * 1000003 + static_cast<uint64_t>(round));
  for (size_t n = order.size(); n > 1; --n)
    std::swap(order[n - 1], order[random() % n]);
  int visits = static_cast<int>(order.size());
  for (int n = 0; n < visits && !wasInterrupted(); ++n) {
    if (progress)
      progress(round * visits + n, options.rounds * visits);
    size_t place = order[static_cast<size_t>(n)];
    bool isFirst = round == 0;
    if (isFirst || session.measurements[place].status == Status::Ok)
      visit(place, isFirst);
  }
}

std::optional<Failure> measureAll(const Bundle &bundle,
                                  const MeasureOptions &options,
                                  const std::function<void(int, int)> &report,
                                  Session &session) {
  catchInterrupts();
  Measuring measuring(bundle, options, session);
  if (auto failure = measuring.prepare())
    return failure;
  for (int round = 0; round < options.rounds && !wasInterrupted(); ++round)
    measuring.runRound(round, report);
  session.isComplete = !wasInterrupted();
  return std::nullopt;
}

} // namespace amos::run
