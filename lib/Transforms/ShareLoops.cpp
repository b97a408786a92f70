//===- ShareLoops.cpp - Threads share what is no contraction --------------===//

#include "JoinLoops.h"
#include "LanePlan.h"
#include "Processor.h"
#include "amos/Mapping/Shares.h"
#include "amos/Transforms/Passes.h"
#include "amos/Transforms/Threads.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/TilingInterface.h"

namespace amos {
#define GEN_PASS_DEF_SHARELOOPS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// Pieces of fewer points spend their time on the ends of loops.
static constexpr double leastPiece = 1024;

/// What more pieces would make more even cannot be seen.
static constexpr double mostPieces = 65536;

/// Buffers of a thread that are on its stack: threads have two megabytes or
/// more.
static constexpr int64_t mostStackBytes = 262144;

namespace {
struct ShareLoops : amos::impl::ShareLoopsBase<ShareLoops> {
  void runOnOperation() override;
};

/// How the points of an op are dealt out: along one loop, in pieces.
struct Split {
  unsigned loop;
  int64_t piece; ///< points of the loop, 0: any number
  double largest;
};
} // namespace

//===----------------------------------------------------------------------===//
// Ops on buffers
//===----------------------------------------------------------------------===//

/// Whether neighbours along `loop` are neighbours in some operand.
static bool isAlongRows(linalg::LinalgOp op, unsigned loop) {
  return llvm::any_of(op.getIndexingMapsArray(), [&](AffineMap map) {
    unsigned rank = map.getNumResults();
    return rank > 0 && map.getResult(rank - 1).isFunctionOfDim(loop);
  });
}

/// The fewest points that a piece has along `loop`: some vectors, or blocks,
/// where it will run on lanes. So the same loop does as in one thread, which
/// adds in the same order.
static int64_t getLeastPoints(linalg::LinalgOp op, unsigned loop) {
  auto generic = dyn_cast<linalg::GenericOp>(*op);
  if (!generic)
    return isAlongRows(op, loop) ? 64 : 1;
  auto bytes = op->getParentOfType<func::FuncOp>()->getAttrOfType<IntegerAttr>(
      "amos.vector_bytes");
  if (!bytes || bytes.getValue().ugt(mostVectorBytes))
    return 1;
  std::optional<LanePlan> plan =
      planLanes(generic, int64_t(bytes.getValue().getZExtValue()));
  return plan && plan->lane == loop ? 4 * plan->width : 1;
}

/// Whether `expr` is a sum of multiples of loops, none negative.
static bool isSum(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return isa<AffineDimExpr>(expr);
  auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (expr.getKind() == AffineExprKind::Mul)
    return isSum(binary.getLHS()) && factor && factor.getValue() >= 0;
  return expr.getKind() == AffineExprKind::Add && isSum(binary.getLHS()) &&
         isSum(binary.getRHS());
}

/// Whether what steps of `loop` from some one on read begins where the maps say
/// that this step does, which is what upstream's tiling takes for granted.
static bool canSplit(linalg::LinalgOp op, unsigned loop) {
  return llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
    return llvm::all_of(map.getResults(), [&](AffineExpr result) {
      return !result.isFunctionOfDim(loop) || isSum(result);
    });
  });
}

/// The parallel loops of `op` that can be split, with the fewest points that a
/// piece has along them.
static SmallVector<std::pair<unsigned, int64_t>>
listLoops(linalg::LinalgOp op) {
  SmallVector<std::pair<unsigned, int64_t>> loops;
  for (auto [loop, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (kind == utils::IteratorType::parallel && canSplit(op, loop))
      loops.push_back({loop, getLeastPoints(op, loop)});
  return loops;
}

/// Pieces of one size, along the outermost loop that makes shares even; no
/// split is better than having one thread do everything.
static std::optional<Split> findSplit(linalg::LinalgOp op, int64_t threads) {
  std::optional<Split> best;
  auto consider = [&](Split split) {
    if (split.largest < 0.98 * (best ? best->largest : 1))
      best = split;
  };
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  double points = countPoints(extents);
  SmallVector<std::pair<unsigned, int64_t>> loops = listLoops(op);
  for (auto [loop, least] : loops) {
    int64_t extent = extents[loop];
    int64_t most = ShapedType::isDynamic(extent) ? 0 : extent / least;
    most = std::min<double>({double(most), mostPieces, points / leastPiece});
    for (int64_t count = 2; count <= most; ++count)
      if (extent % count == 0)
        consider({loop, extent / count, getLargestShare(count, threads)});
  }
  // Loops whose extents are not known are slower, and their vectors as wide as
  // those of long ones.
  for (unsigned loop : llvm::make_first_range(loops)) {
    int64_t extent = extents[loop];
    int64_t count = ShapedType::isDynamic(extent) ? 64 * threads : extent;
    if (ShapedType::isDynamic(extent) || count >= mostVectorBytes)
      consider({loop, 0, 1.25 * getLargestShare(count, threads)});
  }
  return best;
}

/// The part of `op`, whose loops are `domain`, from `offset` on, `size` points
/// of a loop.
static LogicalResult emitPart(OpBuilder &builder, linalg::LinalgOp op,
                              ArrayRef<Range> domain, unsigned loop,
                              OpFoldResult offset, OpFoldResult size) {
  SmallVector<OpFoldResult> offsets, sizes;
  for (const Range &range : domain) {
    offsets.push_back(range.offset);
    sizes.push_back(range.size);
  }
  offsets[loop] = offset;
  sizes[loop] = size;
  return cast<TilingInterface>(*op).getTiledImplementation(builder, offsets,
                                                           sizes);
}

/// Deals `op` out as `split` says, where the builder is.
static LogicalResult emitParts(OpBuilder &builder, linalg::LinalgOp op,
                               const Split &split, int64_t threads) {
  Location loc = op.getLoc();
  SmallVector<Range> domain =
      cast<TilingInterface>(*op).getIterationDomain(builder);
  int64_t piece = std::max<int64_t>(split.piece, 1);
  Value steps = getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(
          builder, loc, builder.getAffineDimExpr(0).floorDiv(piece),
          {domain[split.loop].size}));
  double points = countPoints(op.getStaticLoopRanges());
  double count =
      countPoints({op.getStaticLoopRanges()[split.loop]}) / double(piece);
  ThreadShare own = openThreads(builder, loc, threads, steps, points / count);
  if (split.piece == 0) {
    Value size = arith::SubIOp::create(builder, loc, own.high, own.low);
    return emitPart(builder, op, domain, split.loop, own.low, size);
  }
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  auto pieces = scf::ForOp::create(builder, loc, own.low, own.high, one);
  builder.setInsertionPointToStart(pieces.getBody());
  OpFoldResult offset = affine::makeComposedFoldedAffineApply(
      builder, loc, builder.getAffineDimExpr(0) * piece,
      {pieces.getInductionVar()});
  return emitPart(builder, op, domain, split.loop, offset,
                  builder.getIndexAttr(piece));
}

static LogicalResult share(IRRewriter &rewriter, linalg::LinalgOp op,
                           int64_t threads) {
  // Blocks are made of transposes as they are.
  if (!isa<linalg::TransposeOp>(*op))
    if (FailureOr<linalg::GenericOp> generic = makeGeneric(rewriter, op);
        succeeded(generic))
      op = cast<linalg::LinalgOp>(*joinLoops(rewriter, *generic));
  std::optional<Split> split =
      findSplit(op, threads == 0 ? assumedThreads : threads);
  if (!split || countPoints(op.getStaticLoopRanges()) < 2 * leastWork)
    return success();
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(op);
  if (failed(emitParts(rewriter, op, *split, threads)))
    return op.emitError("cannot be split for threads; compile without "
                        "'--threads'");
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Loops over rows
//===----------------------------------------------------------------------===//

/// The points of what a step of `loop` does.
static double countWork(scf::ForallOp loop) {
  double work = 0;
  loop.walk([&](linalg::LinalgOp op) {
    work += countPoints(op.getStaticLoopRanges());
  });
  return std::max(work, 1.0);
}

/// What the thread allocates for a step of `loop` is on its stack if it is
/// small, once for all steps.
static void holdBuffers(scf::ForallOp loop, Operation *before) {
  int64_t room = mostStackBytes;
  OpBuilder builder(before);
  loop.walk([&](memref::AllocOp alloc) {
    MemRefType type = alloc.getType();
    // In a loop inside, one of each step may outlive it.
    if (alloc->getParentOp() != loop)
      return;
    if (!type.hasStaticShape() || !type.getElementType().isIntOrFloat())
      return;
    int64_t bytes = type.getNumElements() *
                    int64_t(llvm::divideCeil(type.getElementTypeBitWidth(), 8));
    if (bytes > room)
      return;
    room -= bytes;
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    Value held = memref::AllocaOp::create(builder, alloc.getLoc(), type,
                                          builder.getI64IntegerAttr(64));
    alloc.replaceAllUsesWith(held);
    alloc.erase();
  });
}

/// The steps of `loop`, numbered with the last dimension fastest.
static Value countSteps(OpBuilder &builder, scf::ForallOp loop,
                        SmallVector<Value> &counts) {
  Location loc = loop.getLoc();
  Value all = arith::ConstantIndexOp::create(builder, loc, 1);
  for (auto [low, high, step] :
       llvm::zip_equal(loop.getMixedLowerBound(), loop.getMixedUpperBound(),
                       loop.getMixedStep())) {
    AffineExpr first = builder.getAffineDimExpr(0),
               end = builder.getAffineDimExpr(1),
               by = builder.getAffineSymbolExpr(0);
    counts.push_back(getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(
            builder, loc, (end - first).ceilDiv(by), {low, high, step})));
    all = builder.createOrFold<arith::MulIOp>(loc, all, counts.back());
  }
  return all;
}

/// Where step `number` of `loop` is.
static SmallVector<Value> findStep(OpBuilder &builder, scf::ForallOp loop,
                                   Value number, ArrayRef<Value> counts) {
  Location loc = loop.getLoc();
  SmallVector<Value> place(counts.size());
  for (size_t d = counts.size(); d-- > 0;) {
    Value own = number;
    if (d > 0) {
      own = arith::RemUIOp::create(builder, loc, number, counts[d]);
      number = arith::DivUIOp::create(builder, loc, number, counts[d]);
    }
    auto index = [&](ArrayRef<OpFoldResult> values) {
      return getValueOrCreateConstantIndexOp(builder, loc, values[d]);
    };
    Value distance = builder.createOrFold<arith::MulIOp>(
        loc, own, index(loop.getMixedStep()));
    place[d] = builder.createOrFold<arith::AddIOp>(
        loc, distance, index(loop.getMixedLowerBound()));
  }
  return place;
}

static void share(scf::ForallOp loop, int64_t threads) {
  OpBuilder builder(loop);
  Location loc = loop.getLoc();
  SmallVector<Value> counts;
  Value steps = countSteps(builder, loop, counts);
  double work = countWork(loop);
  APInt known;
  bool isSmall = matchPattern(steps, m_ConstantInt(&known)) &&
                 work * known.roundToDouble() < 2 * leastWork;
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  ThreadShare own{arith::ConstantIndexOp::create(builder, loc, 0), steps};
  if (!isSmall)
    own = openThreads(builder, loc, threads, steps, work);
  auto pieces = scf::ForOp::create(builder, loc, own.low, own.high, one);
  if (!isSmall)
    holdBuffers(loop, pieces);
  builder.setInsertionPointToStart(pieces.getBody());
  SmallVector<Value> place =
      findStep(builder, loop, pieces.getInductionVar(), counts);
  for (auto [index, value] : llvm::zip_equal(loop.getInductionVars(), place))
    index.replaceAllUsesWith(value);
  loop.getBody()->getTerminator()->erase();
  pieces.getBody()->getOperations().splice(std::prev(pieces.getBody()->end()),
                                           loop.getBody()->getOperations());
  loop.erase();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// Copies that are worth several threads become ops that can be split.
static void expandCopies(IRRewriter &rewriter, func::FuncOp function) {
  for (auto copy : llvm::make_early_inc_range(
           function.getBody().getOps<memref::CopyOp>())) {
    auto type = cast<MemRefType>(copy.getSource().getType());
    if (countPoints(type.getShape()) < 2 * leastWork)
      continue;
    rewriter.setInsertionPoint(copy);
    rewriter.replaceOpWithNewOp<linalg::CopyOp>(copy, copy.getSource(),
                                                copy.getTarget());
  }
}

void ShareLoops::runOnOperation() {
  IRRewriter rewriter(&getContext());
  for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
    if (failed(verifyThreads(function)))
      return signalPassFailure();
    int64_t threads = getThreads(function);
    if (threads == 1 || function.isExternal())
      continue;
    expandCopies(rewriter, function);
    SmallVector<linalg::LinalgOp> ops;
    SmallVector<scf::ForallOp> loops;
    for (Operation &op : function.getBody().getOps()) {
      auto linalg = dyn_cast<linalg::LinalgOp>(op);
      auto loop = dyn_cast<scf::ForallOp>(op);
      if (linalg && linalg.hasPureBufferSemantics())
        ops.push_back(linalg);
      // Distances that are not known cannot be divided by.
      if (loop && loop->getNumResults() == 0 &&
          !llvm::is_contained(loop.getStaticStep(), ShapedType::kDynamic))
        loops.push_back(loop);
    }
    for (linalg::LinalgOp op : ops)
      if (failed(share(rewriter, op, threads)))
        return signalPassFailure();
    for (scf::ForallOp loop : loops)
      share(loop, threads);
  }
}
