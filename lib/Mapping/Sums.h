//===- Sums.h - Quasi-affine functions in canonical form --------*- C++ -*-===//
//
// Upstream simplifies an affine expression, but two equal ones need not become
// the same, and the extents of a box do not help it. Most duties of a right
// mapping say that some expression is another one: here they then are.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_MAPPING_SUMS_H
#define AMOS_LIB_MAPPING_SUMS_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/SmallVector.h"
#include <map>
#include <optional>

namespace amos {

/// constant + sum of coefficient * atom; an atom is a variable or a division.
struct Sum {
  Sum(int64_t constant = 0) : constant(constant) {}

  int64_t getCoefficient(unsigned atom) const;
  bool operator==(const Sum &other) const {
    return constant == other.constant && terms == other.terms;
  }
  bool operator<(const Sum &other) const {
    return constant != other.constant ? constant < other.constant
                                      : terms < other.terms;
  }

  int64_t constant;
  /// Ascending by atom, no coefficient is zero.
  llvm::SmallVector<std::pair<unsigned, int64_t>, 6> terms;
};

/// The functions on one box. Atoms 0 .. n-1 are its variables, from zero; those
/// of extent 1 are never part of a sum. The last variables may be parameters,
/// which expressions call symbols. Later atoms are floor divisions of sums of
/// earlier ones.
class Sums {
public:
  struct Range {
    int64_t low, high;
  };
  struct Division {
    Sum dividend;
    int64_t divisor;
  };
  /// A bound at or beyond this is no bound.
  static constexpr int64_t infinity = int64_t(1) << 61;

  /// Extents may be `ShapedType::kDynamic`; those of parameters, which follow,
  /// are.
  explicit Sums(llvm::ArrayRef<int64_t> extents, unsigned numParameters = 0)
      : extents(llvm::to_vector(extents)), firstParameter(extents.size()),
        limits(extents.size()) {
    this->extents.append(numParameters, mlir::ShapedType::kDynamic);
  }

  Sum getVariable(unsigned variable) const;
  Sum plus(const Sum &a, const Sum &b, int64_t factor = 1);
  Sum floorDiv(const Sum &sum, int64_t divisor);
  /// Declares that a variable of dynamic extent stays below `limit`.
  void setLimit(unsigned variable, const Sum &limit) {
    limits[variable] = limit;
  }
  /// What is known of the variable when the extents are not.
  const std::optional<Sum> &getLimit(unsigned variable) const {
    return limits[variable];
  }
  /// The expression with dims[d] in place of dimension d.
  Sum evaluate(mlir::AffineExpr e, llvm::ArrayRef<Sum> dims);
  llvm::SmallVector<Sum> evaluate(llvm::ArrayRef<mlir::AffineExpr> list,
                                  llvm::ArrayRef<Sum> dims);
  /// Bounds over the box, not always tight.
  Range getRange(Sum sum);
  /// The sum over dims in place of the variables, symbols in place of the
  /// parameters, remainders as `mod`.
  mlir::AffineExpr getExpr(Sum sum, mlir::MLIRContext *context);

  unsigned getNumVariables() const { return extents.size(); }
  unsigned getNumParameters() const { return extents.size() - firstParameter; }
  unsigned getNumAtoms() const { return extents.size() + divisions.size(); }
  int64_t getExtent(unsigned variable) const { return extents[variable]; }
  /// Nothing for a variable.
  const Division *getDivision(unsigned atom) const {
    return atom < extents.size() ? nullptr : &divisions[atom - extents.size()];
  }
  /// False when a number overflowed or an expression was not quasi-affine: then
  /// no sum of this object means anything.
  bool areExact() const { return isExact; }

private:
  struct Coarser {
    Sum sum;
    int64_t divisor;
  };
  /// factor * (dividend mod divisor)
  struct Remainder {
    int64_t factor;
    Sum dividend;
    int64_t divisor;
  };
  Sum getAtom(const Sum &dividend, int64_t divisor);
  Sum getTerm(unsigned atom, int64_t coefficient) const;
  std::optional<Remainder> takeRemainder(Sum &sum, unsigned atom);
  llvm::SmallVector<Remainder> takeRemainders(Sum &sum);
  std::optional<Coarser> dropLow(const Sum &sum, int64_t divisor);
  std::optional<Sum> takeBelow(const Sum &sum, int64_t factor);
  Range getRange(unsigned atom);
  int64_t check(bool overflowed, int64_t value);
  int64_t multiply(int64_t a, int64_t b);
  int64_t add(int64_t a, int64_t b);

  llvm::SmallVector<int64_t> extents;
  unsigned firstParameter;
  llvm::SmallVector<std::optional<Sum>> limits; ///< of all but parameters
  std::vector<Division> divisions;
  std::map<std::pair<Sum, int64_t>, unsigned> atoms;
  bool isExact = true;
};

} // namespace amos

#endif // AMOS_LIB_MAPPING_SUMS_H
