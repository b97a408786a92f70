//===- RowGroup.h - Ops that go through the same rows -----------*- C++ -*-===//
//
// Private to fuse-rows.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TRANSFORMS_ROWGROUP_H
#define AMOS_TRANSFORMS_ROWGROUP_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace amos {

/// An op on tensors and those in front of it that nobody else needs, each of
/// which can be done piece by piece with it.
struct RowGroup {
  mlir::linalg::LinalgOp last;
  llvm::SetVector<mlir::Operation *> members; ///< in front of `last`
  /// How many points of each loop of `last` a piece has, 0 for all of them: a
  /// piece of every member stays in a cache of `bytes` bytes.
  llvm::SmallVector<int64_t> getPiece(int64_t bytes) const;

  /// By member and `last`, which loop of `last` each of its loops is, or -1.
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<int64_t>> loops;
};

/// The ops that go with `last`. Nothing is computed twice but what is only
/// moved.
RowGroup findRowGroup(mlir::linalg::LinalgOp last);

} // namespace amos

#endif // AMOS_TRANSFORMS_ROWGROUP_H
