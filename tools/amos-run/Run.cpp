//===- Run.cpp - Runs, checks and times one function ----------------------===//

#include "Run.h"
#include "DeviceCall.h"
#include "Faults.h"
#include "Packed.h"
#include <cstring>

namespace amos::run {

namespace {
/// One function on its way through the checks.
class Runner {
public:
  Runner(const Function &function, const Library &library,
         const Options &options)
      : function(function), library(library), options(options) {
    outcome.function = function.name;
  }
  bool load();
  bool check(const Expected &expected, Placement placement);
  bool time();
  Outcome take() { return std::move(outcome); }

private:
  bool checkInputs(const Operands &operands, const Operands &originals);
  bool checkGaps(const Operands &operands, const Operands &originals);
  bool compareAll(const Operands &results, const Expected &expected);
  bool fail(ExitCode code, const std::string &problem) {
    outcome.code = code;
    outcome.problem = problem;
    return false;
  }
  bool fail(const std::optional<Failure> &failure) {
    return failure ? fail(failure->code, failure->problem) : true;
  }
  bool call(const Operands &operands, Placement placement);
  bool callHere(const Operands &operands, Placement placement);
  bool timeHere(const Operands &operands);
  bool timeOnDevice(const Operands &operands);

  const Function &function;
  const Library &library;
  const Options &options;
  Entry compiled;
  Outcome outcome;
};
} // namespace

bool Runner::load() {
  std::string problem;
  if (!compiled.load(library, function.symbol, function.getExtents(), problem))
    return fail(EnvironmentError, problem);
  auto needed = static_cast<int64_t>(compiled.getWorkspaceSize());
  if (needed != function.workspaceBytes.value_or(needed))
    return fail(InputRejected, "needs a workspace of " +
                                   std::to_string(needed) +
                                   " bytes, the manifest says " +
                                   std::to_string(*function.workspaceBytes));
  return true;
}

bool Runner::checkInputs(const Operands &operands, const Operands &originals) {
  for (size_t n = 0; n < function.arguments.size(); ++n)
    if (function.arguments[n].role == Argument::In &&
        std::memcmp(operands[n].get(), originals[n].get(),
                    operands[n].size()) != 0)
      return fail(CheckFailed, "the input '" + function.arguments[n].name +
                                   "' was modified");
  return true;
}

/// Whether `now` differs from `before` somewhere else than in the elements.
static bool touchesGaps(const Argument &argument, const Buffer &now,
                        const Buffer &before) {
  const auto *bytes = static_cast<const char *>(now.get());
  const auto *old = static_cast<const char *>(before.get());
  std::vector<char> expected(old, old + before.size());
  size_t size = argument.element->bytes;
  for (size_t n = 0, e = argument.getNumElements(); n < e; ++n) {
    size_t at = argument.getPosition(n) * size;
    std::memcpy(&expected[at], bytes + at, size);
  }
  return std::memcmp(expected.data(), bytes, expected.size()) != 0;
}

bool Runner::checkGaps(const Operands &operands, const Operands &originals) {
  for (size_t n = 0; n < function.arguments.size(); ++n) {
    const Argument &argument = function.arguments[n];
    if (argument.role != Argument::In && !argument.isDense() &&
        touchesGaps(argument, operands[n], originals[n]))
      return fail(CheckFailed, "the memory between the elements of '" +
                                   argument.name + "' was modified");
  }
  return true;
}

bool Runner::compareAll(const Operands &results, const Expected &expected) {
  outcome.comparisons.clear();
  for (size_t n = 0; n < function.arguments.size(); ++n) {
    if (function.arguments[n].role == Argument::In)
      continue;
    outcome.comparisons.push_back(compare(function, n, results, expected));
    if (outcome.comparisons.back().wrong)
      outcome.code = CheckFailed;
  }
  return outcome.code == Success;
}

bool Runner::callHere(const Operands &operands, Placement placement) {
  Packed packed;
  if (!fail(packed.pack(function, library, operands, placement)) ||
      !fail(compiled.call(packed.getPointers(function, operands),
                          compiled.createWorkspace(placement))))
    return false;
  std::string modified = packed.findModified(function);
  return modified.empty() || fail(CheckFailed, "the packed form of '" +
                                                   modified + "' was modified");
}

bool Runner::call(const Operands &operands, Placement placement) {
  if (!function.isOnDevice)
    return callHere(operands, placement);
  std::string problem;
  Device *device = Device::open(problem);
  if (!device)
    return fail(EnvironmentError, problem);
  return fail(DeviceCall(*device, function, compiled, operands).run());
}

bool Runner::check(const Expected &expected, Placement placement) {
  Operands results = Operands::createRandom(function, options.seed, placement);
  return call(results, placement) && checkInputs(results, expected.inputs) &&
         checkGaps(results, expected.inputs) && compareAll(results, expected);
}

bool Runner::timeOnDevice(const Operands &operands) {
  std::string problem;
  Device *device = Device::open(problem);
  if (!device)
    return fail(EnvironmentError, problem);
  DeviceCall call(*device, function, compiled, operands);
  if (!fail(call.run()))
    return false;
  outcome.timing = call.measure(options.samples);
  return true;
}

/// Packing beforehand is not in the time.
bool Runner::timeHere(const Operands &operands) {
  Packed packed;
  if (!fail(packed.pack(function, library, operands, Placement::Staggered)))
    return false;
  Buffer workspace = compiled.createWorkspace(Placement::Staggered);
  std::vector<void *> pointers = packed.getPointers(function, operands);
  if (!fail(compiled.call(pointers, workspace)))
    return false;
  outcome.timing = measure([&] { compiled.run(pointers, workspace); },
                           options.samples, !function.hasThreads);
  return true;
}

bool Runner::time() {
  Operands operands =
      Operands::createRandom(function, options.seed, Placement::Staggered);
  if (!(function.isOnDevice ? timeOnDevice(operands) : timeHere(operands)))
    return false;
  outcome.gigaOpsPerSecond =
      2e-9 * static_cast<double>(function.macs) / outcome.timing->median;
  return true;
}

Outcome run(const Function &function, const Library &library,
            const Expected *expected, const Options &options) {
  Runner runner(function, library, options);
  reportFaultsIn(function.name);
  bool isGood = runner.load();
  if (isGood && expected)
    isGood = options.guard ? runner.check(*expected, Placement::AtEnd) &&
                                 runner.check(*expected, Placement::AtStart)
                           : runner.check(*expected, Placement::Staggered);
  if (isGood && options.time)
    runner.time();
  return runner.take();
}

Outcome run(const Function &function, const Library &library,
            const Library *reference, const Options &options) {
  Expected expected;
  if (reference)
    if (auto failure =
            compute(function, *reference, options.seed, options.full, expected))
      return {failure->code, function.name, failure->problem, {}, {}, 0};
  return run(function, library, reference ? &expected : nullptr, options);
}

} // namespace amos::run
