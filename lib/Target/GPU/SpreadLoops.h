//===- SpreadLoops.h - A nest over the parts of a machine -------*- C++ -*-===//
//
// Private to the passes that launch nests.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_TARGET_GPU_SPREADLOOPS_H
#define AMOS_TARGET_GPU_SPREADLOOPS_H

#include "Amos/AmosDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

namespace amos {

/// A loop over groups and, somewhere inside, the one over their units.
struct SpreadLoops {
  mlir::scf::ParallelOp groups, units;
  AcceleratorOp machine;
  ScopeOp groupScope, unitScope;
  int64_t numGroups = 1, numUnits = 1;

  /// Reads the loops; an error when they cannot be launched.
  static mlir::FailureOr<SpreadLoops> get(mlir::scf::ParallelOp groups);
};

/// The scope whose parts run the steps of a loop, null if it is not spread.
mlir::SymbolRefAttr getScope(mlir::Operation *loops);

/// The number of steps of each loop; nothing when one is not constant.
std::optional<llvm::SmallVector<int64_t>> getTrips(mlir::scf::ParallelOp loops);
std::optional<int64_t> getTrips(mlir::scf::ForOp loop);

/// The number of a part as one index for each loop, the last one fastest.
llvm::SmallVector<mlir::Value> splitPart(mlir::OpBuilder &builder,
                                         mlir::Location loc, mlir::Value part,
                                         llvm::ArrayRef<int64_t> trips);

/// Where `machine` has such: the next kernel may start, and nothing behind this
/// place touches memory before those in front have ended.
void emitOverlap(mlir::OpBuilder &builder, mlir::Location loc,
                 AcceleratorOp machine);

} // namespace amos

#endif // AMOS_TARGET_GPU_SPREADLOOPS_H
