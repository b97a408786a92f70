//===- SelectMapping.cpp - Choose mapping and schedule by the model -------===//

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
/// A candidate with its price.
struct Ranked {
  CandidateAttr candidate;
  double seconds;
};

struct SelectMapping : amos::impl::SelectMappingBase<SelectMapping> {
  using SelectMappingBase::SelectMappingBase;
  void runOnOperation() override;

private:
  LogicalResult select(linalg::LinalgOp op, StringRef place);
  LogicalResult keep(linalg::LinalgOp op, MappingAttr mapping);
  LogicalResult choose(linalg::LinalgOp op, ArrayRef<CandidateAttr> candidates);
  FailureOr<SmallVector<CandidateAttr>> narrow(linalg::LinalgOp op,
                                               StringRef place);
  StringRef getForced(StringRef place);
  FailureOr<SmallVector<CandidateAttr>> readLiteral(linalg::LinalgOp op,
                                                    StringRef text);
  std::variant<Ranked, Reason> rank(const MappedProblem &problem,
                                    CandidateAttr candidate);
  void reject(linalg::LinalgOp op, MappingAttr mapping, const Reason &reason);

  MappedProblems problems;
};
} // namespace

//===----------------------------------------------------------------------===//
// Pricing
//===----------------------------------------------------------------------===//

/// The candidate with its best schedule, or with the one it has.
std::variant<Ranked, Reason> SelectMapping::rank(const MappedProblem &problem,
                                                 CandidateAttr candidate) {
  Explored explored;
  if (candidate.getSchedule()) {
    explored.schedule = Schedule::get(candidate.getSchedule());
    auto cost = estimateCost(problem, explored.schedule);
    if (auto *reason = std::get_if<Reason>(&cost))
      return *reason;
    explored.cost = std::get<Cost>(cost);
  } else {
    auto found = exploreSchedules(problem, seed);
    if (auto *reason = std::get_if<Reason>(&found))
      return *reason;
    explored = std::get<Explored>(found);
  }
  ++numPriced;
  if (neverPad && explored.cost.useful < 1)
    return Reason{ReasonCode::Extent,
                  "performs multiply-adds on padding, which is refused here",
                  "allow padding, or choose extents that the tile divides"};
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
  auto ranked = rank(*problem, candidate);
  if (auto *reason = std::get_if<Reason>(&ranked))
    return emitWrong(op, "'amos.mapping' cannot run: ", *reason);
  setChoice(op, std::get<Ranked>(ranked).candidate);
  return success();
}

/// Fastest first; between equals, fewer iterations matched.
static void sortRanking(std::vector<Ranked> &ranking) {
  llvm::sort(ranking, [](const Ranked &a, const Ranked &b) {
    auto key = [](const Ranked &r) {
      MappingAttr mapping = r.candidate.getMapping();
      size_t matched = 0;
      for (DenseI64ArrayAttr group : mapping.getMatching())
        matched += group.size();
      return std::tuple(r.seconds, mapping.getFamily(), matched,
                        mapping.getId());
    };
    return key(a) < key(b);
  });
}

LogicalResult SelectMapping::choose(linalg::LinalgOp op,
                                    ArrayRef<CandidateAttr> candidates) {
  std::vector<Ranked> ranking;
  for (CandidateAttr candidate : candidates) {
    FailureOr<MappedProblem> problem = problems.get(op, candidate.getMapping());
    if (failed(problem))
      return failure();
    auto ranked = rank(*problem, candidate);
    if (auto *reason = std::get_if<Reason>(&ranked))
      reject(op, candidate.getMapping(), *reason);
    else
      ranking.push_back(std::get<Ranked>(ranked));
    if (effort == 1 && !ranking.empty())
      break;
  }
  sortRanking(ranking);
  while (!ranking.empty()) {
    CandidateAttr best = ranking.front().candidate;
    std::optional<Reason> reason = refute(op, best);
    if (!reason)
      break;
    reject(op, best.getMapping(), *reason);
    ranking.erase(ranking.begin());
  }
  auto list = llvm::map_to_vector(
      ranking, [](const Ranked &r) { return Attribute(r.candidate); });
  op->setAttr("amos.candidates", ArrayAttr::get(&getContext(), list));
  if (!ranking.empty())
    setChoice(op, ranking.front().candidate);
  return success();
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

LogicalResult SelectMapping::select(linalg::LinalgOp op, StringRef place) {
  if (auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping"))
    return keep(op, mapping);
  FailureOr<SmallVector<CandidateAttr>> candidates = narrow(op, place);
  return failed(candidates) ? failure() : choose(op, *candidates);
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
