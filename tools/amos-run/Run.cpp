//===- Run.cpp - Runs, checks and times one function ----------------------===//

#include "Run.h"
#include "Faults.h"
#include <cstring>

namespace amos::run {

static constexpr int32_t missingFeature = 3;
static constexpr size_t workspaceAlignment = 256;

namespace {
/// One function on its way through the checks.
class Runner {
public:
  Runner(const Function &function, const Options &options)
      : function(function), options(options) {
    outcome.function = function.name;
    if (!options.full)
      sample = chooseSample(function, options.seed);
  }
  bool load(const Library &library, const Library *reference);
  bool check(Placement placement);
  bool time();
  Outcome take() { return std::move(outcome); }

private:
  bool call(const Entry &entry, const std::vector<void *> &pointers,
            const Buffer &workspace);
  bool checkInputs(const Operands &operands, const Operands &originals);
  bool checkGaps(const Operands &operands, const Operands &originals);
  bool compareAll(const Operands &results, const Operands &originals);
  bool runReference(const Operands &operands);
  Buffer createWorkspace(const Entry &entry, Placement placement) {
    return Buffer(entry.getWorkspaceSize(), workspaceAlignment, placement);
  }
  bool fail(ExitCode code, const std::string &problem) {
    outcome.code = code;
    outcome.problem = problem;
    return false;
  }

  const Function &function;
  const Options &options;
  Sample sample;
  Entry compiled;
  Entry reference;
  Outcome outcome;
};
} // namespace

bool Runner::load(const Library &library, const Library *referenceLibrary) {
  std::string problem;
  if (!compiled.load(library, function.symbol, problem) ||
      (referenceLibrary &&
       !reference.load(*referenceLibrary, function.reference, problem)))
    return fail(EnvironmentError, problem);
  auto stated = static_cast<size_t>(function.workspaceBytes);
  if (compiled.getWorkspaceSize() != stated)
    return fail(InputRejected, "needs a workspace of " +
                                   std::to_string(compiled.getWorkspaceSize()) +
                                   " bytes, the manifest says " +
                                   std::to_string(stated));
  return true;
}

bool Runner::call(const Entry &entry, const std::vector<void *> &pointers,
                  const Buffer &workspace) {
  bool isMissing = !workspace.isValid();
  for (void *pointer : pointers)
    isMissing |= !pointer;
  if (isMissing)
    return fail(EnvironmentError, "not enough memory");
  int32_t status = entry.run(pointers, workspace);
  if (status == 0)
    return true;
  return fail(status == missingFeature ? EnvironmentError : CheckFailed,
              entry.explain(status));
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

bool Runner::runReference(const Operands &operands) {
  return call(reference, operands.getPointers(function, &sample),
              createWorkspace(reference, Placement::Staggered));
}

bool Runner::compareAll(const Operands &results, const Operands &originals) {
  Operands references = Operands::createWidened(function, originals);
  Operands magnitudes = Operands::createWidened(function, originals);
  if (!references.isValid() || !magnitudes.isValid())
    return fail(EnvironmentError, "not enough memory");
  magnitudes.makeAbsolute(function);
  if (!runReference(references) || !runReference(magnitudes))
    return false;
  outcome.comparisons.clear();
  for (size_t n = 0; n < function.arguments.size(); ++n) {
    if (function.arguments[n].role == Argument::In)
      continue;
    outcome.comparisons.push_back(
        compare(function, n, sample, results, references, magnitudes));
    if (outcome.comparisons.back().wrong)
      outcome.code = CheckFailed;
  }
  return outcome.code == Success;
}

bool Runner::check(Placement placement) {
  Operands results = Operands::createRandom(function, options.seed, placement);
  Operands originals =
      Operands::createRandom(function, options.seed, Placement::Staggered);
  if (!originals.isValid())
    return fail(EnvironmentError, "not enough memory");
  return call(compiled, results.getPointers(function),
              createWorkspace(compiled, placement)) &&
         checkInputs(results, originals) && checkGaps(results, originals) &&
         compareAll(results, originals);
}

bool Runner::time() {
  Operands operands =
      Operands::createRandom(function, options.seed, Placement::Staggered);
  Buffer workspace = createWorkspace(compiled, Placement::Staggered);
  std::vector<void *> pointers = operands.getPointers(function);
  if (!call(compiled, pointers, workspace))
    return false;
  outcome.timing =
      measure([&] { compiled.run(pointers, workspace); }, options.samples);
  outcome.gigaOpsPerSecond =
      2e-9 * static_cast<double>(function.macs) / outcome.timing->median;
  return true;
}

Outcome run(const Function &function, const Library &library,
            const Library *reference, const Options &options) {
  Runner runner(function, options);
  reportFaultsIn(function.name);
  bool isGood = runner.load(library, options.check ? reference : nullptr);
  if (isGood && options.check)
    isGood = options.guard ? runner.check(Placement::AtEnd) &&
                                 runner.check(Placement::AtStart)
                           : runner.check(Placement::Staggered);
  if (isGood && options.time)
    runner.time();
  return runner.take();
}

} // namespace amos::run
