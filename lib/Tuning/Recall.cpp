//===- Recall.cpp - What is known of an operator --------------------------===//

#include "amos/Tuning/Recall.h"
#include "amos/Mapping/FindMappings.h"
#include "amos/Transforms/MappedProblems.h"
#include "mlir/AsmParser/AsmParser.h"
#include <map>

using namespace mlir;
using namespace amos;

namespace {
/// Sorts measurements into those that count and those that are stale.
class Sieve {
public:
  Sieve(linalg::LinalgOp op, const Environment &here) : op(op), here(here) {}
  void sift(const Measurement &measurement);
  Recollection finish();

private:
  std::string judge(const Measurement &measurement, MappingAttr mapping);
  void keepNewestDriver();

  linalg::LinalgOp op;
  const Environment &here;
  llvm::DenseMap<Attribute, std::string> machines; ///< by intrinsic
  std::vector<Measurement> kept;
  std::map<std::string, unsigned> stale;
};
} // namespace

template <typename Wanted>
static Wanted parse(StringRef text, MLIRContext *context) {
  // What another version of amosc wrote need not parse; that is no error.
  ScopedDiagnosticHandler silent(context, [](Diagnostic &) {});
  return dyn_cast_or_null<Wanted>(parseAttribute(text, context));
}

static bool isCandidate(linalg::LinalgOp op, MappingAttr mapping) {
  auto list = op->getAttrOfType<ArrayAttr>("amos.candidates");
  return list && llvm::any_of(list.getAsRange<CandidateAttr>(), [&](auto one) {
           return one.getMapping() == mapping;
         });
}

std::optional<KnownChoice> amos::readChoice(linalg::LinalgOp op,
                                            const Measurement &measurement) {
  MLIRContext *context = op->getContext();
  auto mapping = parse<MappingAttr>(measurement.mapping, context);
  if (!mapping || !isCandidate(op, mapping))
    return std::nullopt;
  auto schedule = parse<ScheduleAttr>(measurement.schedule, context);
  if (!schedule)
    return std::nullopt;
  return KnownChoice{mapping, schedule, measurement};
}

std::string Sieve::judge(const Measurement &measurement, MappingAttr mapping) {
  std::string reason = findStaleness(measurement, here);
  if (!reason.empty())
    return reason;
  std::string &machine = machines[mapping.getIntrinsic()];
  if (machine.empty())
    machine = getFingerprint(describeMachine(findIntrinsic(op, mapping)));
  if (machine != measurement.machine)
    return "the description of '" + measurement.machineName +
           "' was another one";
  return {};
}

void Sieve::sift(const Measurement &measurement) {
  std::optional<KnownChoice> choice = readChoice(op, measurement);
  if (!choice)
    return;
  std::string reason = judge(measurement, choice->mapping);
  if (reason.empty())
    kept.push_back(measurement);
  else
    ++stale[reason];
}

/// Where a driver is not known, because the device is not here, what was
/// measured last tells which one is in use.
void Sieve::keepNewestDriver() {
  auto newest = std::max_element(
      kept.begin(), kept.end(),
      [](const auto &a, const auto &b) { return a.date < b.date; });
  if (newest == kept.end())
    return;
  Environment current = newest->environment;
  llvm::erase_if(kept, [&](const Measurement &m) {
    std::string reason = findStaleness(m, current);
    if (!reason.empty())
      ++stale[reason];
    return !reason.empty();
  });
}

Recollection Sieve::finish() {
  keepNewestDriver();
  Recollection recollection;
  recollection.stale.assign(stale.begin(), stale.end());
  for (const Measurement &m : rankMeasurements(kept))
    recollection.choices.push_back(*readChoice(op, m));
  for (const Measurement &m : kept)
    if (!m.isGood())
      recollection.failures.push_back(*readChoice(op, m));
  return recollection;
}

Recollection amos::recall(linalg::LinalgOp op,
                          ArrayRef<Measurement> measurements,
                          const Environment &here) {
  Sieve sieve(op, here);
  for (const Measurement &measurement : measurements)
    sieve.sift(measurement);
  return sieve.finish();
}

std::optional<Reason> amos::refuteChoice(linalg::LinalgOp op,
                                         MappingAttr mapping,
                                         ScheduleAttr schedule, bool neverPad) {
  IntrinsicOp intrinsic = findIntrinsic(op, mapping);
  if (!intrinsic)
    return Reason{ReasonCode::Target, "no machine here has its intrinsic", ""};
  Solver solver;
  if (auto reason = verifyMapping(op, intrinsic, mapping, schedule, solver))
    return reason;
  MappedProblems problems;
  FailureOr<MappedProblem> problem = problems.get(op, mapping);
  if (failed(problem))
    return Reason{ReasonCode::Struct, "does not fit the operator", ""};
  auto cost = estimateCost(*problem, Schedule::get(schedule));
  if (auto *reason = std::get_if<Reason>(&cost))
    return *reason;
  if (neverPad && std::get<Cost>(cost).useful < 1)
    return Reason{ReasonCode::Extent, "performs multiply-adds on padding", ""};
  return std::nullopt;
}
