//===- Search.h - What to measure next --------------------------*- C++ -*-===//
//
// docs/Tuning.md describes the algorithm and where it comes from.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TUNING_SEARCH_H
#define AMOS_TUNING_SEARCH_H

#include "amos/Transforms/DrawCandidates.h"
#include "amos/Transforms/MappedProblems.h"
#include <random>

namespace amos {

/// Searches mappings x schedules of one operation for the fastest, by proposing
/// what to measure and learning what came of it. What is proposed depends on
/// the seed and on what was learned, in its order.
class Search {
public:
  enum class Strategy {
    Guided, ///< by the model, corrected by what was measured
    Random  ///< chance alone, to compare with
  };
  /// `op` has been through `amos-select-mapping`.
  Search(mlir::linalg::LinalgOp op, Strategy strategy, uint64_t seed);

  /// Up to `count` candidates that were neither proposed nor learned before;
  /// fewer when there are no more to be found.
  std::vector<DrawnCandidate> propose(size_t count);
  /// What came of a candidate: the time of a call in any unit, the same for
  /// all; nothing when it failed.
  void learn(MappingAttr mapping, ScheduleAttr schedule,
             std::optional<double> time);

private:
  /// A candidate on which something is known.
  struct Trial {
    MappingAttr mapping;
    Schedule schedule;
    double time;
    double predicted;
  };
  /// A candidate that may be proposed.
  struct Option {
    DrawnCandidate drawn;
    double score; ///< expected time, the prediction where nothing is known
  };
  std::vector<Option> chooseBest(size_t count);
  void collectRanking(std::vector<Option> &options);
  void collectMutations(std::vector<Option> &options);
  void collectDraws(std::vector<Option> &options, size_t count);
  void consider(CandidateAttr candidate, Origin origin,
                std::vector<Option> &options);
  std::optional<MappedProblem> pose(MappingAttr mapping);
  double predict(CandidateAttr candidate) const;
  double expect(CandidateAttr candidate) const;
  std::vector<Trial> findFastest(size_t count) const;
  CandidateAttr drawMapping();
  bool isFresh(CandidateAttr candidate) const;

  mlir::linalg::LinalgOp op;
  Strategy strategy;
  std::mt19937_64 random;
  llvm::SmallVector<CandidateAttr> ranking;
  std::vector<Trial> trials;
  llvm::DenseSet<std::pair<mlir::Attribute, mlir::Attribute>> taken, offered;
  llvm::DenseMap<mlir::Attribute, double> clocks; ///< by intrinsic
  MappedProblems problems;
};

} // namespace amos

#endif // AMOS_TUNING_SEARCH_H
