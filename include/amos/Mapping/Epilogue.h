//===- Epilogue.h - What is done to a sum before it is stored ---*- C++ -*-===//
//
// An elementwise op that alone takes the result of a contraction is computed
// where the sums are stored. docs/Mapping.md says when two ops are one so.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_MAPPING_EPILOGUE_H
#define AMOS_MAPPING_EPILOGUE_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/SmallVector.h"
#include <optional>

namespace amos {

/// On a contraction: whether its epilogue is computed where sums are stored. A
/// boolean; absent is false.
constexpr llvm::StringLiteral epilogueAttributeName = "amos.epilogue";

struct Epilogue {
  /// A tensor that is read beside the sums, by an argument of the body. Element
  /// `map(x)` is needed for element x of the result.
  struct Source {
    mlir::Value value;
    mlir::AffineMap map;
    unsigned argument;
  };

  mlir::linalg::LinalgOp op;
  /// From an index of the contraction's result to that of the op's result for
  /// which it is needed: a permutation.
  mlir::AffineMap place;
  llvm::SmallVector<unsigned> sums; ///< arguments that stand for a sum
  llvm::SmallVector<Source> sources;
  /// Arguments of the body that stand for a scalar.
  llvm::SmallVector<std::pair<mlir::Value, unsigned>> scalars;

  /// Appends to the empty `region` the block that makes an element of the
  /// result of a sum and an element of each source, and yields it by
  /// `amos.yield`.
  void buildBody(mlir::Region &region) const;
};

/// Whether every loop of `op` is parallel and its one result is made by pure
/// scalar code, each element once.
bool isElementwise(mlir::linalg::LinalgOp op);

/// The elementwise op that takes every element of `contraction`'s result once,
/// if nothing else takes any of it; both work on tensors. Where it takes those
/// of several contractions, it is the epilogue of the last one.
std::optional<Epilogue> findEpilogue(mlir::linalg::LinalgOp contraction);

/// The same where `contraction` says that it is computed with it.
std::optional<Epilogue> getEpilogue(mlir::linalg::LinalgOp contraction);

/// An error at `op` if it says so and nothing can be computed with it.
llvm::LogicalResult verifyEpilogue(mlir::linalg::LinalgOp op);

/// Names of what is computed: "arith.addf", "arith.truncf", ..
llvm::SmallVector<llvm::StringRef> getOperationNames(const Epilogue &epilogue);

} // namespace amos

#endif // AMOS_MAPPING_EPILOGUE_H
