//===- Obligations.h - What must be proved about a mapping ------*- C++ -*-===//
#ifndef AMOS_LIB_MAPPING_OBLIGATIONS_H
#define AMOS_LIB_MAPPING_OBLIGATIONS_H

#include "Emptiness.h"

namespace amos {

/// The duties of one mapping. x is a live point of the operator: one that reads
/// no padding and is stored. phi = (outer loops, lanes) gives its place, psi is
/// the inverse.
class Obligations {
public:
  Obligations(const Contraction &op, const Contraction &intrinsic,
              const MappedAccesses &mapped, Solver::Memory &memory);

  /// What is wrong with a duty, in words; nothing when it is proved.
  std::optional<std::string> refute(Duty duty);

private:
  using Words = std::optional<std::string>;
  struct Access {
    llvm::SmallVector<Sum> index, guards;
  };

  Words refuteTotal();
  Words refuteInverse();
  Words refuteConsistent(unsigned operand);
  Words refuteDistinct(bool isAcrossTiles);
  Words refuteNeutral();
  Words refuteBounds();

  void forbidOutside(Question &question, mlir::AffineExpr index,
                     llvm::ArrayRef<Sum> seen);
  bool isRecovered(unsigned operand);
  bool isToldByDestination(bool isAcrossTiles);
  Question askNeutral(bool withAccessGuards);
  Words findMalformed(unsigned operand) const;

  unsigned getNumOuter() const { return mapped.outer.size(); }
  unsigned getNumPlaces() const { return getNumOuter() + numLanes; }
  bool sees(unsigned operand, unsigned place) const {
    return place < getNumOuter() ||
           intrinsic.dependsOn(operand, place - getNumOuter());
  }
  /// Whether the duty L, or R, wants the place told apart.
  bool isToBeDistinct(unsigned place, bool isAcrossTiles) const {
    if (place < getNumOuter())
      return isAcrossTiles && mapped.outer[place].isParallel;
    return !isAcrossTiles && sees(op.getDestination(), place);
  }
  mlir::AffineExpr getPlace(unsigned place) const {
    return place < getNumOuter() ? mapped.outer[place].position
                                 : mapped.lanes[place - getNumOuter()];
  }
  /// The number of steps of a place, over any box with the parameters.
  Sum getSize(Sums &sums, unsigned place);
  llvm::SmallVector<Sum> getVariables(Sums &sums, unsigned from,
                                      unsigned count);
  llvm::SmallVector<Sum> getSeen(unsigned operand,
                                 llvm::ArrayRef<Sum> places) const;
  Access evaluate(Sums &sums, const amos::Access &access,
                  llvm::ArrayRef<Sum> dims) {
    return {sums.evaluate(access.index.getResults(), dims),
            sums.evaluate(access.guards, dims)};
  }
  std::string getName(bool isPlace, unsigned number) const;
  std::string describe(llvm::ArrayRef<int64_t> point, bool isPlace) const;
  std::string describeParameters(llvm::ArrayRef<int64_t> values) const;
  Words explain(const Question &question, Sums &sums, const llvm::Twine &what,
                bool isPlace);

  const Contraction &op, &intrinsic;
  const MappedAccesses &mapped;
  Solver::Memory &memory;
  unsigned numLanes;
  llvm::SmallVector<int64_t> box; ///< of outer loops and lanes
  llvm::SmallVector<unsigned> parameters;
  Sums software, hardware;
  llvm::SmallVector<Sum> iterations, phi; ///< over `software`
  llvm::SmallVector<Sum> places, psi;     ///< over `hardware`
  llvm::SmallVector<Sum> live; ///< guards of all operands, `software`
};

} // namespace amos

#endif // AMOS_LIB_MAPPING_OBLIGATIONS_H
