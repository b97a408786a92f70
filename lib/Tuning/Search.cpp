//===- Search.cpp - What to measure next ----------------------------------===//

#include "amos/Tuning/Search.h"
#include "amos/Model/MutateSchedule.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Of a round, the share that is drawn without asking what is expected of it.
static constexpr double exploration = 0.15;
/// The fastest candidates, each of which has so many mutants in a round.
static constexpr size_t numParents = 8, numMutants = 12;
/// Draws that are priced for each candidate wanted.
static constexpr size_t drawsPerCandidate = 4, mostDraws = 32;
/// What a failure counts, in times of what was predicted.
static constexpr double failureFactor = 4;
/// How much the mean of all corrections counts beside those of alike trials,
/// and how much more a trial counts for each part that is equal.
static constexpr double priorWeight = 1, likenessFactor = 4;

Search::Search(linalg::LinalgOp op, Strategy strategy, uint64_t seed)
    : op(op), strategy(strategy), random(seed) {
  if (auto list = op->getAttrOfType<ArrayAttr>("amos.candidates"))
    for (auto candidate : list.getAsRange<CandidateAttr>())
      if (candidate.getSchedule())
        ranking.push_back(candidate);
}

//===----------------------------------------------------------------------===//
// What is expected
//===----------------------------------------------------------------------===//

std::optional<MappedProblem> Search::pose(MappingAttr mapping) {
  FailureOr<MappedProblem> problem = problems.get(op, mapping);
  if (failed(problem))
    return std::nullopt;
  clocks[mapping.getIntrinsic()] = problem->intrinsic.clock;
  return std::move(*problem);
}

double Search::predict(CandidateAttr candidate) const {
  double clock = clocks.lookup(candidate.getMapping().getIntrinsic());
  return std::max<double>(candidate.getCost().getCycles(), 1) /
         std::max(clock, 1.0);
}

/// The number of equal parts of two candidates.
static unsigned countEqual(MappingAttr mapping, const Schedule &schedule,
                           MappingAttr otherMapping, const Schedule &other) {
  unsigned equal = mapping.getIntrinsic() == otherMapping.getIntrinsic();
  if (mapping != otherMapping)
    return equal;
  equal += 1;
  equal += schedule.order == other.order && schedule.tiles == other.tiles;
  equal += schedule.block == other.block;
  equal += schedule.staging == other.staging;
  equal += schedule.nest == other.nest && schedule.stages == other.stages &&
           schedule.cluster == other.cluster;
  return equal;
}

/// The prediction times what the measured times of alike candidates were of
/// theirs: a weighted mean of logarithms.
double Search::expect(CandidateAttr candidate) const {
  double predicted = predict(candidate);
  if (trials.empty())
    return predicted;
  Schedule schedule = Schedule::get(candidate.getSchedule());
  double mean = 0, sum = 0, weights = priorWeight;
  for (const Trial &trial : trials)
    mean += std::log(trial.time / trial.predicted) / double(trials.size());
  for (const Trial &trial : trials) {
    double weight =
        std::pow(likenessFactor, countEqual(candidate.getMapping(), schedule,
                                            trial.mapping, trial.schedule)) -
        1;
    sum += weight * std::log(trial.time / trial.predicted);
    weights += weight;
  }
  return predicted * std::exp((sum + priorWeight * mean) / weights);
}

//===----------------------------------------------------------------------===//
// Learning
//===----------------------------------------------------------------------===//

void Search::learn(MappingAttr mapping, ScheduleAttr attribute,
                   std::optional<double> time) {
  taken.insert({mapping, attribute});
  std::optional<MappedProblem> problem = pose(mapping);
  if (!problem)
    return;
  Schedule schedule = Schedule::get(attribute);
  auto cost = estimateCost(*problem, schedule);
  if (!std::holds_alternative<Cost>(cost))
    return;
  double predicted =
      std::max(std::get<Cost>(cost).cycles, 1.0) / problem->intrinsic.clock;
  if (!time) {
    double ratio = 1;
    for (const Trial &trial : trials)
      ratio = std::max(ratio, trial.time / trial.predicted);
    time = predicted * ratio * failureFactor;
  }
  trials.push_back({mapping, schedule, *time, predicted});
}

std::vector<Search::Trial> Search::findFastest(size_t count) const {
  std::vector<std::pair<double, size_t>> order;
  for (auto [place, trial] : llvm::enumerate(trials))
    order.emplace_back(trial.time, place);
  llvm::sort(order);
  std::vector<Trial> fastest;
  for (auto [time, place] : llvm::ArrayRef(order).take_front(count))
    fastest.push_back(trials[place]);
  return fastest;
}

//===----------------------------------------------------------------------===//
// Proposing
//===----------------------------------------------------------------------===//

bool Search::isFresh(CandidateAttr candidate) const {
  std::pair<Attribute, Attribute> key(candidate.getMapping(),
                                      candidate.getSchedule());
  return !taken.contains(key) && !offered.contains(key);
}

void Search::consider(CandidateAttr candidate, Origin origin,
                      std::vector<Option> &options) {
  if (!isFresh(candidate))
    return;
  offered.insert({candidate.getMapping(), candidate.getSchedule()});
  options.push_back({{candidate, origin}, expect(candidate)});
}

void Search::collectRanking(std::vector<Option> &options) {
  for (CandidateAttr candidate : ranking)
    if (pose(candidate.getMapping()))
      consider(candidate, Origin::Model, options);
}

void Search::collectMutations(std::vector<Option> &options) {
  for (const Trial &parent : findFastest(numParents)) {
    std::optional<MappedProblem> problem = pose(parent.mapping);
    auto candidate = llvm::find_if(ranking, [&](CandidateAttr one) {
      return one.getMapping() == parent.mapping;
    });
    if (!problem || candidate == ranking.end())
      continue;
    for (size_t n = 0; n < numMutants; ++n)
      if (auto mutant = mutateSchedule(*problem, parent.schedule, random()))
        consider(complete(*candidate, *mutant), Origin::Search, options);
  }
}

/// All alike by chance alone; else those of which more is expected more often:
/// the n-th of the model's ranking with a weight of 1 / (n + 1).
CandidateAttr Search::drawMapping() {
  if (strategy == Strategy::Random)
    return ranking[random() % ranking.size()];
  std::vector<double> weights;
  for (size_t n = 0; n < ranking.size(); ++n)
    weights.push_back(1 / double(n + 1));
  // The distributions of the library differ from one to the next.
  double sum = 0, at = double(random() >> 11) / double(1ull << 53);
  for (double weight : weights)
    sum += weight;
  size_t place = 0;
  for (at *= sum; place + 1 < weights.size() && at >= weights[place]; ++place)
    at -= weights[place];
  return ranking[place];
}

void Search::collectDraws(std::vector<Option> &options, size_t count) {
  for (size_t draws = count * mostDraws; draws > 0 && count > 0; --draws) {
    CandidateAttr candidate = drawMapping();
    std::optional<MappedProblem> problem = pose(candidate.getMapping());
    if (!problem)
      return;
    size_t before = options.size();
    if (auto drawn = drawSchedule(*problem, random()))
      consider(complete(candidate, *drawn), Origin::Random, options);
    count -= options.size() - before;
  }
}

/// Those of which most is expected, from all that can be thought of here.
std::vector<Search::Option> Search::chooseBest(size_t count) {
  std::vector<Option> options;
  collectRanking(options);
  collectMutations(options);
  collectDraws(options, drawsPerCandidate * count);
  std::vector<std::pair<double, size_t>> order;
  for (auto [place, option] : llvm::enumerate(options))
    order.emplace_back(option.score, place);
  llvm::sort(order);
  std::vector<Option> best;
  for (auto [score, place] : llvm::ArrayRef(order).take_front(count))
    best.push_back(options[place]);
  return best;
}

std::vector<DrawnCandidate> Search::propose(size_t count) {
  offered.clear();
  if (ranking.empty())
    return {};
  std::vector<Option> options;
  bool isGuided = strategy == Strategy::Guided;
  collectDraws(options, isGuided ? size_t(exploration * double(count)) : count);
  if (isGuided)
    llvm::append_range(options, chooseBest(count - options.size()));
  std::vector<DrawnCandidate> proposals;
  for (const Option &option : options) {
    CandidateAttr candidate = option.drawn.candidate;
    taken.insert({candidate.getMapping(), candidate.getSchedule()});
    proposals.push_back(option.drawn);
  }
  return proposals;
}
