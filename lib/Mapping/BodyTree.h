//===- BodyTree.h - The body of a contraction as an expression --*- C++ -*-===//
#ifndef AMOS_LIB_MAPPING_BODYTREE_H
#define AMOS_LIB_MAPPING_BODYTREE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace amos {

/// One value of a body.
struct BodyNode {
  enum Kind { Source, Accumulator, Constant, Cast, Operation, Unknown };
  Kind kind = Unknown;
  unsigned source = 0;     ///< of Source: which one
  mlir::Attribute value;   ///< of Constant
  llvm::StringRef name;    ///< of Cast and Operation: the op's
  llvm::StringRef word;    ///< how people write it: `+`, `*`, `max`, ..
  mlir::Attribute details; ///< attributes that change what it computes
  mlir::Type type;
  bool isCommutative = false;
  llvm::SmallVector<unsigned, 2> operands;
  unsigned place = 0; ///< of operands of commutative ops, in words
};

/// What a body accumulates. Multiply-adds are split in two, zeros that are
/// added vanish, and chains of extensions are one.
class BodyTree {
public:
  /// Bodies of more ops than `maxOps` have an `Unknown` root.
  explicit BodyTree(mlir::linalg::LinalgOp op);
  static constexpr unsigned maxOps = 64;

  const BodyNode &operator[](unsigned n) const { return nodes[n]; }
  unsigned getRoot() const { return root; }
  unsigned size() const { return nodes.size(); }

  /// `n` without the casts around it.
  unsigned skipCasts(unsigned n) const;
  /// "acc + a * b"; with casts "acc + signed(a) * unsigned(b)".
  std::string print(bool withCasts) const;

private:
  unsigned add(BodyNode node);
  unsigned addOp(mlir::Operation &op, llvm::ArrayRef<unsigned> operands);
  unsigned addCast(BodyNode node);
  unsigned addFma(BodyNode node);
  unsigned addCaptured(mlir::Value value);
  bool isZero(unsigned n) const;
  unsigned getPlace(const BodyNode &node) const;

  llvm::SmallVector<BodyNode> nodes;
  unsigned root = 0;
};

} // namespace amos

#endif // AMOS_LIB_MAPPING_BODYTREE_H
