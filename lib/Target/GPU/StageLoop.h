//===- StageLoop.h - A chunk loop, taken apart ------------------*- C++ -*-===//
//
// Private to pipeline-stages.
//
//===----------------------------------------------------------------------===//
#ifndef AMOS_LIB_TARGET_GPU_STAGELOOP_H
#define AMOS_LIB_TARGET_GPU_STAGELOOP_H

#include "Amos/AmosDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include <optional>

namespace amos {

/// A loop each of whose steps fills buffers and works on them.
struct StageLoop {
  /// Invocations that add to sums for the n-th time, and the loads of which
  /// they are the first to need something.
  struct Round {
    llvm::SmallVector<LoadOp> loads;
    llvm::SmallVector<InvokeOp> invocations;
  };

  mlir::scf::ForOp loop;
  int64_t first = 0, step = 1, trips = 0;
  llvm::SmallVector<StageOp> stages;
  llvm::SmallVector<Round> rounds;
  ScopeOp scope; ///< whose parts share the buffers
  /// What machine's copies to them complete.
  llvm::SmallVector<GroupOp> groups;

  /// Flattens the loops around `loop` that only lead to it, unrolls those
  /// inside of it, and takes the body apart. Nothing when it does something
  /// else too, when a buffer is used elsewhere, or when steps are not known.
  static std::optional<StageLoop> get(mlir::scf::ForOp loop,
                                      mlir::IRRewriter &rewriter);

  /// Erases what is in no place of `order` and needed by nothing.
  void dropUnused(std::vector<std::pair<mlir::Operation *, unsigned>> &order);

private:
  bool readBounds();
  bool readBody();
  bool ownBuffers();
  bool readMachine();
};

/// Marks the remainder that says which slot of a ring a step has.
constexpr llvm::StringLiteral slotAttributeName = "amos.slot";

/// Lets a loop carry the numbers of slots that its body computes, which go up
/// by one with each step and from `slots` - 1 to 0. Returns the loop that does.
mlir::scf::ForOp countSlots(mlir::scf::ForOp loop, int64_t slots,
                            mlir::IRRewriter &rewriter);

} // namespace amos

#endif // AMOS_LIB_TARGET_GPU_STAGELOOP_H
