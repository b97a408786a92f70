//===- CopySymbols.h - Symbols of a copy, by evaluation ---------*- C++ -*-===//
//
// Guesses from values on a few points; whoever uses a guess proves it.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MAPPING_COPYSYMBOLS_H
#define AMOS_LIB_MAPPING_COPYSYMBOLS_H

#include "amos/Mapping/UnifyCopy.h"
#include <set>

namespace amos {

class CopySymbols {
public:
  /// `read.access` has the rank of the copy's map. With `asksGuards`, points
  /// that a guard makes zero may be anything.
  CopySymbols(const FragmentRead &read, const CopyFunction &copy,
              bool asksGuards);

  /// Values over outer loops under which every coordinate agrees on all points
  /// that were looked at.
  std::optional<llvm::SmallVector<mlir::AffineExpr>> solve();
  /// After a failure: the coordinate beyond which no values led, and how many
  /// coordinates agreed before it.
  unsigned getObstacle() const { return order[deepest]; }
  unsigned getNumAgreed() const { return deepest; }

private:
  /// One step of a loop adds `step` to `symbol`.
  struct Advance {
    unsigned symbol;
    int64_t step;
  };
  struct Sample {
    llvm::SmallVector<int64_t> tile;
    llvm::SmallVector<int64_t> steps; ///< per outer loop
    llvm::SmallVector<int64_t> index;
    bool isThere = true; ///< no guard makes it zero
  };

  /// Values of the frozen symbols that a coordinate shows where no loop has
  /// moved.
  struct Fits {
    llvm::SmallVector<unsigned> symbols;
    std::vector<llvm::SmallVector<int64_t>> values; ///< of each of `symbols`

    /// Drops the values of symbols that differ from all of `other`; whether
    /// there were any.
    bool keepShared(const Fits &other);
  };

  void collectCandidates();
  void addSamples(unsigned axis);
  void addScattered();
  void addNeighbours(unsigned dim, unsigned loop);
  bool isThere(llvm::ArrayRef<int64_t> point) const;
  void dropZeros(std::vector<Sample> &list) const;
  llvm::ArrayRef<Sample> getSamples(unsigned axis);
  Sample getSample(llvm::ArrayRef<int64_t> point) const;
  int64_t getExtent(unsigned dim) const;
  const Fits *findShared(mlir::AffineExpr e) const;
  static std::set<llvm::SmallVector<int64_t>>
  pick(const Fits *known, llvm::ArrayRef<unsigned> symbols);
  Fits getFits(unsigned coordinate);
  bool joinFits();
  bool mayCompare();
  bool agrees(unsigned coordinate, unsigned axis);
  bool agreesWhereKnown(unsigned rank, unsigned loop);
  bool isKnown(unsigned coordinate) const;
  bool isMovedBy(unsigned coordinate, unsigned loop) const;
  llvm::SmallVector<int64_t> getSteps(unsigned coordinate, unsigned loop);
  bool solveCoordinate(unsigned rank);
  bool solveShown(unsigned rank);
  bool solveHidden(unsigned rank, unsigned symbol);
  bool solveLoops(unsigned rank, unsigned loop);

  const FragmentRead &read;
  const CopyFunction &copy;
  bool asksGuards;
  llvm::SmallVector<int64_t> candidates;
  /// Coordinates, those with fewest frozen symbols first.
  llvm::SmallVector<unsigned> order;
  /// Where one loop has moved, per outer loop; where none has; where all have.
  std::vector<std::vector<Sample>> samples;
  std::vector<Fits> fits; ///< per coordinate
  /// Of each list, the sample that refuted something last.
  llvm::SmallVector<size_t> refuting;
  llvm::SmallVector<std::optional<int64_t>> frozen;   ///< per symbol
  llvm::SmallVector<std::optional<Advance>> advances; ///< per outer loop
  unsigned deepest = 0;
  /// Comparisons of one place that may still be made, so that a search ends in
  /// a second. Those of usual operators make a quarter of a million at most.
  unsigned budget = 1 << 21;
};

} // namespace amos

#endif // AMOS_LIB_MAPPING_COPYSYMBOLS_H
