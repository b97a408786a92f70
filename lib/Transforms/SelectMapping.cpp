//===- SelectMapping.cpp - Choose mapping and schedule by the model -------===//

#include "PricingOrder.h"
#include "amos/Transforms/MappedProblems.h"
#include "amos/Transforms/Passes.h"
#include "mlir/AsmParser/AsmParser.h"

namespace amos {
#define GEN_PASS_DEF_SELECTMAPPING
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct SelectMapping : amos::impl::SelectMappingBase<SelectMapping> {
  using SelectMappingBase::SelectMappingBase;
  void runOnOperation() override;

private:
  LogicalResult select(linalg::LinalgOp op, StringRef place);
  LogicalResult keep(linalg::LinalgOp op, MappingAttr mapping);
  LogicalResult choose(linalg::LinalgOp op, ArrayRef<CandidateAttr> candidates);
  FailureOr<std::vector<Pending>> boundAll(linalg::LinalgOp op,
                                           ArrayRef<CandidateAttr> candidates);
  void sortPending(std::vector<Pending> &pending) const;
  LogicalResult priceNext(linalg::LinalgOp op, Shortlist &list);
  LogicalResult priceAll(linalg::LinalgOp op, Shortlist &list);
  void setCandidates(linalg::LinalgOp op, const Shortlist &list);
  FailureOr<SmallVector<CandidateAttr>> narrow(linalg::LinalgOp op,
                                               StringRef place);
  StringRef getForced(StringRef place);
  FailureOr<SmallVector<CandidateAttr>> readLiteral(linalg::LinalgOp op,
                                                    StringRef text);
  std::variant<Ranked, Reason, Slower>
  rank(const MappedProblem &problem, CandidateAttr candidate, double limit);
  void reject(linalg::LinalgOp op, MappingAttr mapping, const Reason &reason);

  MappedProblems problems;
};
} // namespace

//===----------------------------------------------------------------------===//
// Pricing
//===----------------------------------------------------------------------===//

/// The candidate with its best schedule, which takes less than `limit` seconds,
/// or with the one it has.
std::variant<Ranked, Reason, Slower>
SelectMapping::rank(const MappedProblem &problem, CandidateAttr candidate,
                    double limit) {
  Reason padded{ReasonCode::Extent,
                "performs multiply-adds on padding, which is refused here",
                "allow padding, or choose extents that the tile divides"};
  if (neverPad && mustPad(problem))
    return padded;
  Explored explored;
  if (candidate.getSchedule()) {
    explored.schedule = Schedule::get(candidate.getSchedule());
    auto cost = estimateCost(problem, explored.schedule);
    if (auto *reason = std::get_if<Reason>(&cost))
      return *reason;
    explored.cost = std::get<Cost>(cost);
  } else {
    auto found =
        exploreSchedules(problem, seed, limit * problem.intrinsic.clock);
    if (auto *reason = std::get_if<Reason>(&found))
      return *reason;
    if (std::holds_alternative<Slower>(found))
      return Slower();
    explored = std::get<Explored>(found);
  }
  ++numPriced;
  if (neverPad && explored.cost.useful < 1)
    return padded;
  auto priced = CandidateAttr::get(&getContext(), candidate.getMapping(),
                                   candidate.getAmosRule(),
                                   explored.schedule.getAttr(&getContext()),
                                   getCostAttr(&getContext(), explored.cost));
  return Ranked{priced, explored.cost.cycles / problem.intrinsic.clock};
}

//===----------------------------------------------------------------------===//
// One operator
//===----------------------------------------------------------------------===//

static void setChoice(linalg::LinalgOp op, CandidateAttr candidate) {
  op->setAttr("amos.mapping", candidate.getMapping());
  op->setAttr("amos.schedule", candidate.getSchedule());
  op->setAttr("amos.cost", candidate.getCost());
}

void SelectMapping::reject(linalg::LinalgOp op, MappingAttr mapping,
                           const Reason &reason) {
  ++numRefused;
  auto text = [&](StringRef s) { return StringAttr::get(&getContext(), s); };
  SmallVector<Attribute> rejected;
  if (auto list = op->getAttrOfType<ArrayAttr>("amos.rejected"))
    rejected = llvm::to_vector(list);
  rejected.push_back(RejectionAttr::get(
      &getContext(), mapping.getIntrinsic(), text(amos::spell(reason.code)),
      text(reason.message), text(reason.fix), mapping));
  op->setAttr("amos.rejected", ArrayAttr::get(&getContext(), rejected));
}

/// Judges a mapping with its schedule, which may order and box groups as the
/// proof of the candidate did not: whoever proposes does not approve.
static std::optional<Reason> refute(linalg::LinalgOp op,
                                    CandidateAttr candidate) {
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, candidate.getMapping().getIntrinsic());
  if (!intrinsic)
    return Reason{ReasonCode::Target, "no accelerator here has its intrinsic",
                  ""};
  Solver solver;
  return verifyMapping(op, intrinsic, candidate.getMapping(),
                       candidate.getSchedule(), solver);
}

static LogicalResult emitWrong(linalg::LinalgOp op, StringRef what,
                               const Reason &reason) {
  InFlightDiagnostic error = op.emitError(what)
                             << reason.message << " ("
                             << amos::spell(reason.code) << ")";
  if (!reason.fix.empty())
    error.attachNote() << reason.fix;
  return failure();
}

/// Completes what a person or an earlier run has chosen.
LogicalResult SelectMapping::keep(linalg::LinalgOp op, MappingAttr mapping) {
  auto candidate = CandidateAttr::get(
      &getContext(), mapping, /*amosRule=*/false,
      op->getAttrOfType<ScheduleAttr>("amos.schedule"), CostAttr());
  if (std::optional<Reason> reason = refute(op, candidate))
    return emitWrong(op, "'amos.mapping' is wrong: ", *reason);
  FailureOr<MappedProblem> problem = problems.get(op, mapping);
  if (failed(problem))
    return failure();
  auto ranked = rank(*problem, candidate, Shortlist::unlimited);
  if (auto *reason = std::get_if<Reason>(&ranked))
    return emitWrong(op, "'amos.mapping' cannot run: ", *reason);
  FailureOr<CandidateAttr> chosen = std::get<Ranked>(ranked).candidate;
  if (!candidate.getSchedule())
    chosen = problems.shareNest(op, *chosen);
  if (succeeded(chosen))
    setChoice(op, *chosen);
  return chosen;
}

/// The one that may be the fastest last; the first of all where any will do.
/// Phases multiply the matchings of each intrinsic, which take turns then.
void SelectMapping::sortPending(std::vector<Pending> &pending) const {
  auto hasTurn = [](const Pending &candidate) { return candidate.turn > 0; };
  if (effort < 2)
    sortByPosition(pending);
  else if (llvm::any_of(pending, hasTurn))
    sortByTurns(pending);
  else
    sortByLeastTime(pending);
}

/// The candidates with what they take at least.
FailureOr<std::vector<Pending>>
SelectMapping::boundAll(linalg::LinalgOp op,
                        ArrayRef<CandidateAttr> candidates) {
  std::vector<Pending> pending;
  bool hasPhases = false;
  for (auto [position, candidate] : llvm::enumerate(candidates)) {
    FailureOr<MappedProblem> problem = problems.get(op, candidate.getMapping());
    if (failed(problem))
      return failure();
    hasPhases = llvm::any_of(problem->op.iterations,
                             [](const Iteration &v) { return v.isPhase; });
    pending.push_back({candidate,
                       getLeastCycles(*problem) / problem->intrinsic.clock,
                       position, countSurplus(*problem)});
  }
  if (hasPhases)
    numberTurns(pending);
  sortPending(pending);
  return pending;
}

/// Prices the last of `pending`, which moves to `ranking`; to `slower` when its
/// price is that of the best or more.
LogicalResult SelectMapping::priceNext(linalg::LinalgOp op, Shortlist &list) {
  Pending next = list.pending.back();
  list.pending.pop_back();
  FailureOr<MappedProblem> problem =
      problems.get(op, next.candidate.getMapping());
  if (failed(problem))
    return failure();
  // Elsewhere exploring is cheap, and a person may want to see all prices.
  bool isSpread = problem->intrinsic.isSpread();
  if (isSpread && !list.ranking.empty() &&
      (next.turn >= Shortlist::mostTurns ||
       ++list.numSpread[problem->intrinsic.kind] > Shortlist::mostSpread)) {
    list.slower.push_back(next);
    return success();
  }
  double limit = isSpread ? list.getBest() : Shortlist::unlimited;
  auto ranked = rank(*problem, next.candidate, limit);
  if (auto *reason = std::get_if<Reason>(&ranked))
    reject(op, next.candidate.getMapping(), *reason);
  else if (auto *price = std::get_if<Ranked>(&ranked))
    list.ranking.push_back(*price);
  else
    list.slower.push_back(next);
  sortRanking(list.ranking);
  return success();
}

/// Prices candidates until none can be faster than the best.
LogicalResult SelectMapping::priceAll(linalg::LinalgOp op, Shortlist &list) {
  while (!list.pending.empty() &&
         list.pending.back().seconds <= list.getBest() &&
         (effort > 1 || list.ranking.empty()))
    if (failed(priceNext(op, list)))
      return failure();
  return success();
}

/// The best is proved once more, with its schedule. What cannot be faster stays
/// among the candidates without a price.
LogicalResult SelectMapping::choose(linalg::LinalgOp op,
                                    ArrayRef<CandidateAttr> candidates) {
  FailureOr<std::vector<Pending>> pending = boundAll(op, candidates);
  if (failed(pending))
    return failure();
  Shortlist list;
  list.pending = std::move(*pending);
  while (true) {
    if (failed(priceAll(op, list)))
      return failure();
    if (list.ranking.empty())
      break;
    CandidateAttr &best = list.ranking.front().candidate;
    FailureOr<CandidateAttr> shared = problems.shareNest(op, best);
    if (failed(shared))
      return failure();
    best = *shared;
    std::optional<Reason> reason = refute(op, best);
    if (!reason)
      break;
    reject(op, best.getMapping(), *reason);
    list.ranking.erase(list.ranking.begin());
    llvm::append_range(list.pending, std::exchange(list.slower, {}));
    sortPending(list.pending);
  }
  setCandidates(op, list);
  return success();
}

void SelectMapping::setCandidates(linalg::LinalgOp op, const Shortlist &list) {
  SmallVector<Attribute> candidates;
  for (const Ranked &ranked : list.ranking)
    candidates.push_back(ranked.candidate);
  for (const auto &rest : {list.slower, list.pending})
    if (effort > 1)
      for (const Pending &left : llvm::reverse(rest))
        candidates.push_back(left.candidate);
  op->setAttr("amos.candidates", ArrayAttr::get(&getContext(), candidates));
  if (!list.ranking.empty())
    setChoice(op, list.ranking.front().candidate);
}

//===----------------------------------------------------------------------===//
// Forced mappings
//===----------------------------------------------------------------------===//

/// What is demanded for the operator at `place`, "@function#number"; empty if
/// nothing is.
StringRef SelectMapping::getForced(StringRef place) {
  StringRef general;
  for (StringRef text : mappings) {
    if (!text.starts_with("@"))
      general = text;
    else if (text.split('=').first == place)
      return text.split('=').second;
  }
  return general;
}

/// A mapping that a person wrote; it is proved when it is chosen.
FailureOr<SmallVector<CandidateAttr>>
SelectMapping::readLiteral(linalg::LinalgOp op, StringRef text) {
  auto mapping =
      dyn_cast_or_null<MappingAttr>(parseAttribute(text, &getContext()));
  if (!mapping)
    return op.emitError("the demanded mapping '")
           << text << "' is no '#amos.mapping<..>'";
  auto candidate =
      CandidateAttr::get(&getContext(), mapping,
                         /*amosRule=*/false, ScheduleAttr(), CostAttr());
  if (std::optional<Reason> reason = refute(op, candidate))
    return emitWrong(op, "the demanded mapping is wrong: ", *reason);
  return SmallVector<CandidateAttr>{candidate};
}

/// The candidates that are not excluded by a forced mapping.
FailureOr<SmallVector<CandidateAttr>> SelectMapping::narrow(linalg::LinalgOp op,
                                                            StringRef place) {
  SmallVector<CandidateAttr> candidates;
  for (Attribute candidate : op->getAttrOfType<ArrayAttr>("amos.candidates"))
    candidates.push_back(cast<CandidateAttr>(candidate));
  StringRef forced = getForced(place);
  if (forced.empty())
    return candidates;
  if (forced.starts_with("#"))
    return readLiteral(op, forced);
  llvm::erase_if(candidates, [&](CandidateAttr candidate) {
    return candidate.getMapping().getId() != forced;
  });
  if (candidates.empty())
    return op.emitError("none of the candidates has the id '")
           << forced << "' that is demanded";
  return candidates;
}

/// What a person demands is not replaced by something else in silence.
static LogicalResult emitNotRunning(linalg::LinalgOp op) {
  auto rejected = op->getAttrOfType<ArrayAttr>("amos.rejected");
  InFlightDiagnostic error =
      op.emitError("the demanded mapping is proved, but cannot run");
  if (!rejected || rejected.empty())
    return error;
  auto last = cast<RejectionAttr>(rejected.getValue().back());
  error << ": " << last.getMessage().getValue() << " ("
        << last.getCode().getValue() << ")";
  if (!last.getFix().empty())
    error.attachNote() << last.getFix().getValue();
  return error;
}

LogicalResult SelectMapping::select(linalg::LinalgOp op, StringRef place) {
  if (auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping"))
    return keep(op, mapping);
  FailureOr<SmallVector<CandidateAttr>> candidates = narrow(op, place);
  if (failed(candidates) || failed(choose(op, *candidates)))
    return failure();
  bool isDemanded = !getForced(place).empty();
  return isDemanded && !op->hasAttr("amos.mapping") ? emitNotRunning(op)
                                                    : success();
}

void SelectMapping::runOnOperation() {
  if (failed(verifyPlain(getOperation())))
    return signalPassFailure();
  problems = MappedProblems();
  if (effort == 0)
    return;
  for (auto function : getOperation().getOps<FunctionOpInterface>()) {
    unsigned number = 0;
    auto result = function.walk([&](linalg::LinalgOp op) {
      if (!op->hasAttr("amos.mapping") && !op->hasAttr("amos.candidates"))
        return WalkResult::advance();
      std::string place =
          "@" + function.getName().str() + "#" + std::to_string(number++);
      return failed(select(op, place)) ? WalkResult::interrupt()
                                       : WalkResult::advance();
    });
    if (result.wasInterrupted())
      return signalPassFailure();
  }
}
