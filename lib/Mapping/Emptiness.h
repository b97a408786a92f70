//===- Emptiness.h - Is there a point where something goes wrong? -*- C++ -*-=//
//
// A duty forbids that some sum reaches zero at a point where others do. Each
// such violation is one integer emptiness problem; only the constraints that
// are connected to it by common variables matter, and they are few.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MAPPING_EMPTINESS_H
#define AMOS_LIB_MAPPING_EMPTINESS_H

#include "Sums.h"
#include "amos/Mapping/Certificate.h"

namespace amos {

/// What a search for the symbols of a copy came to.
struct FoundSymbols {
  std::optional<llvm::SmallVector<mlir::AffineExpr>> symbols;
  unsigned numAgreed; ///< coordinates, where there are none
  unsigned obstacle;  ///< the first coordinate that did not
};

/// What was asked before: systems by their coefficients, and whether they were
/// empty.
struct Solver::Memory {
  std::map<std::vector<int64_t>, bool> isEmpty;
  /// Schedules of one mapping ask a copy for the same thing again and again.
  std::map<std::vector<int64_t>, FoundSymbols> symbols;
};

class Question {
public:
  /// Assumes the limits that `sums` knows.
  explicit Question(Sums &sums);

  void assumeNonNegative(const Sum &sum);
  void assumeEqual(const Sum &a, const Sum &b);
  void forbidBelow(const Sum &a, const Sum &b);
  void forbidAtLeast(const Sum &a, const Sum &b) { forbidBelow(b, plusOne(a)); }
  void forbidDifferent(const Sum &a, const Sum &b);

  /// Nothing forbidden can happen; false also when that could not be decided.
  bool isEmpty(Solver::Memory &memory) const;

  struct Answer {
    bool isDecided;
    /// A value for each variable, parameters last.
    llvm::SmallVector<int64_t> point;
  };
  /// A point of what is forbidden, the first of one violation in the order of
  /// the variables; nothing if there is none.
  std::optional<Answer> find(Solver::Memory &memory) const;

private:
  enum class Verdict { Empty, Inhabited, Undecided };
  struct Rows;
  Sum plusOne(const Sum &sum) { return sums.plus(sum, 1); }
  llvm::SmallVector<bool> getConnected(llvm::ArrayRef<Sum> start) const;
  Rows getRows(llvm::ArrayRef<Sum> start) const;
  Verdict judge(const Sum &violation, Solver::Memory &memory) const;
  std::optional<Answer> sample(const Sum &violation) const;

  Sums &sums;
  llvm::SmallVector<Sum> nonNegative, zero;
  /// At a point of any of these, being >= 0, the duty is broken.
  llvm::SmallVector<Sum> violations;
};

} // namespace amos

#endif // AMOS_LIB_MAPPING_EMPTINESS_H
