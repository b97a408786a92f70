//===- FuseRows.cpp - Ops behind each other, row by row -------------------===//

#include "RowGroup.h"
#include "amos/Transforms/Passes.h"
#include "amos/Transforms/Threads.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace amos {
#define GEN_PASS_DEF_FUSEROWS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// What is shared between the ops of a piece, of a first-level cache of 32 KB
/// or more.
static constexpr int64_t pieceBytes = 16384;

namespace {
struct FuseRows : amos::impl::FuseRowsBase<FuseRows> {
  void runOnOperation() override;
};
} // namespace

/// Does the group piece by piece, threads sharing the pieces if `isShared`;
/// leaves it if upstream cannot.
static void fuse(IRRewriter &rewriter, const RowGroup &group,
                 ArrayRef<int64_t> piece, bool isShared) {
  scf::SCFTilingOptions tiling;
  tiling.setTileSizes(getAsIndexOpFoldResult(rewriter.getContext(), piece));
  // Each piece of such a loop has buffers of its own.
  if (isShared)
    tiling.setLoopType(scf::SCFTilingOptions::LoopType::ForallOp);
  scf::SCFTileAndFuseOptions options;
  options.setTilingOptions(tiling);
  options.setFusionControlFn(
      [&](tensor::ExtractSliceOp, OpResult producer,
          bool) -> std::optional<scf::SCFTileAndFuseOptions::ControlFnResult> {
        if (!group.members.contains(producer.getOwner()))
          return std::nullopt;
        return scf::SCFTileAndFuseOptions::ControlFnResult{};
      });
  rewriter.setInsertionPoint(group.last);
  FailureOr<scf::SCFTileAndFuseResult> fused =
      scf::tileConsumerAndFuseProducersUsingSCF(
          rewriter, cast<TilingInterface>(*group.last), options);
  if (failed(fused))
    return;
  for (OpResult result : group.last->getResults())
    if (Value replacement = fused->replacements.lookup(result))
      rewriter.replaceAllUsesWith(result, replacement);
  rewriter.eraseOp(group.last);
}

/// Buffers of pieces are as large as a piece.
static void shrinkBuffers(func::FuncOp function) {
  RewritePatternSet patterns(function.getContext());
  tensor::populateFoldTensorEmptyPatterns(patterns);
  tensor::ExtractSliceOp::getCanonicalizationPatterns(patterns,
                                                      function.getContext());
  (void)applyPatternsGreedily(function, std::move(patterns));
}

void FuseRows::runOnOperation() {
  func::FuncOp function = getOperation();
  bool isShared = getThreads(function) != 1;
  SmallVector<linalg::LinalgOp> ops;
  function.walk([&](linalg::LinalgOp op) { ops.push_back(op); });
  IRRewriter rewriter(&getContext());
  llvm::SmallPtrSet<Operation *, 16> done;
  bool isChanged = false;
  for (linalg::LinalgOp op : llvm::reverse(ops)) {
    if (done.contains(op) || isa<linalg::FillOp>(op))
      continue;
    RowGroup group = findRowGroup(op);
    done.insert_range(group.members);
    bool hasOnlyFills =
        llvm::all_of(group.members, llvm::IsaPred<linalg::FillOp>);
    SmallVector<int64_t> piece;
    if (!hasOnlyFills)
      piece = group.getPiece(pieceBytes);
    if (llvm::all_of(piece, [](int64_t count) { return count == 0; }))
      continue;
    fuse(rewriter, group, piece,
         isShared && isa<func::FuncOp>(group.last->getParentOp()));
    isChanged = true;
  }
  if (isChanged)
    shrinkBuffers(function);
}
