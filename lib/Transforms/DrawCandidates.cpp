//===- DrawCandidates.cpp - What is worth measuring -----------------------===//

#include "amos/Transforms/DrawCandidates.h"
#include "amos/Transforms/MappedProblems.h"
#include "llvm/ADT/DenseSet.h"
#include <random>

using namespace mlir;
using namespace amos;

/// Draws for each candidate that is still wanted before giving up: small spaces
/// hold fewer than are asked for.
static constexpr size_t drawsPerCandidate = 32;

namespace {
/// The candidates taken so far.
class Drawing {
public:
  Drawing(linalg::LinalgOp op, uint64_t seed) : op(op), random(seed) {
    if (auto list = op->getAttrOfType<ArrayAttr>("amos.candidates"))
      llvm::append_range(ranking, list.getAsRange<CandidateAttr>());
    if (auto mapping = op->getAttrOfType<MappingAttr>("amos.mapping");
        mapping && ranking.empty())
      ranking.push_back(
          CandidateAttr::get(op.getContext(), mapping, /*amosRule=*/false,
                             op->getAttrOfType<ScheduleAttr>("amos.schedule"),
                             op->getAttrOfType<CostAttr>("amos.cost")));
  }
  void takeBest(size_t count);
  LogicalResult takeRandom(size_t count);

  std::vector<DrawnCandidate> taken;

private:
  void take(CandidateAttr candidate, Origin origin) {
    if (seen.insert({candidate.getMapping(), candidate.getSchedule()}).second)
      taken.push_back({candidate, origin});
  }

  linalg::LinalgOp op;
  std::mt19937_64 random;
  SmallVector<CandidateAttr> ranking;
  llvm::DenseSet<std::pair<Attribute, Attribute>> seen;
  MappedProblems problems;
};
} // namespace

CandidateAttr amos::complete(CandidateAttr candidate,
                             const Explored &explored) {
  MLIRContext *context = candidate.getContext();
  return CandidateAttr::get(
      context, candidate.getMapping(), candidate.getAmosRule(),
      explored.schedule.getAttr(context), getCostAttr(context, explored.cost));
}

void Drawing::takeBest(size_t count) {
  for (CandidateAttr candidate : ranking)
    if (taken.size() < count && candidate.getSchedule())
      take(candidate, Origin::Model);
}

/// Mappings are drawn evenly, however many schedules each has.
LogicalResult Drawing::takeRandom(size_t count) {
  size_t draws = drawsPerCandidate * count;
  for (size_t n = 0; n < draws && taken.size() < count && !ranking.empty();
       ++n) {
    CandidateAttr candidate = ranking[random() % ranking.size()];
    FailureOr<MappedProblem> problem = problems.get(op, candidate.getMapping());
    if (failed(problem))
      return failure();
    if (std::optional<Explored> drawn = drawSchedule(*problem, random()))
      take(complete(candidate, *drawn), Origin::Random);
  }
  return success();
}

FailureOr<std::vector<DrawnCandidate>> amos::drawCandidates(linalg::LinalgOp op,
                                                            Sampling sampling,
                                                            size_t count,
                                                            uint64_t seed) {
  Drawing drawing(op, seed);
  if (sampling != Sampling::Random)
    drawing.takeBest(sampling == Sampling::Best ? count : (count + 1) / 2);
  if (sampling != Sampling::Best && failed(drawing.takeRandom(count)))
    return failure();
  return std::move(drawing.taken);
}
