//===- LanePlan.cpp - Which loop of an op runs on the lanes ---------------===//

#include "LanePlan.h"
#include "ApplyToLanes.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Where elements lie
//===----------------------------------------------------------------------===//

/// By how much `expr` grows from one point of loop `dim` to the next; nothing
/// if that depends on where.
static std::optional<int64_t> getStep(AffineExpr expr, unsigned dim,
                                      unsigned loops) {
  if (!expr.isFunctionOfDim(dim))
    return 0;
  AffineExpr d = getAffineDimExpr(dim, expr.getContext());
  AffineExpr step = simplifyAffineExpr(expr.replace(d, d + 1) - expr, loops, 0);
  if (auto constant = dyn_cast<AffineConstantExpr>(step))
    return constant.getValue();
  return std::nullopt;
}

Reach amos::getReach(linalg::GenericOp op, OpOperand &operand, unsigned dim) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  if (!map.isFunctionOfDim(dim))
    return Reach::Uniform;
  unsigned last = map.getNumResults() - 1;
  auto type = cast<MemRefType>(operand.get().getType());
  for (unsigned r = 0; r < last; ++r)
    if (map.getResult(r).isFunctionOfDim(dim))
      return Reach::Scattered;
  bool isNext = getStep(map.getResult(last), dim, map.getNumDims()) == 1;
  return isNext && type.isLastDimUnitStride() ? Reach::Contiguous
                                              : Reach::Scattered;
}

//===----------------------------------------------------------------------===//
// What can be done
//===----------------------------------------------------------------------===//

Operation *amos::getCombiner(linalg::GenericOp op, unsigned number) {
  SmallVector<Operation *> combiners;
  if (!matchReduction(op.getRegionOutputArgs(), number, combiners) ||
      combiners.size() != 1 || !linalg::getCombinerOpKind(combiners.front()) ||
      !arith::getNeutralElement(combiners.front()))
    return nullptr;
  return combiners.front();
}

/// Whether what is written is read only where it is written, and at once.
static bool isSeparate(linalg::GenericOp op) {
  for (OpOperand &result : op.getDpsInitsMutable())
    for (OpOperand &other : op->getOpOperands())
      if (&other != &result && other.get() == result.get() &&
          (op.getNumReductionLoops() > 0 ||
           op.getMatchingIndexingMap(&other) !=
               op.getMatchingIndexingMap(&result)))
        return false;
  return llvm::none_of(
      op.getBlock()->getOps<memref::LoadOp>(), [&](memref::LoadOp load) {
        return llvm::is_contained(op.getDpsInits(), load.getMemRef());
      });
}

/// Whether each result stays at one place while a reduction runs, and is at
/// another one for every other point.
static bool hasPlainResults(linalg::GenericOp op) {
  return llvm::all_of(op.getDpsInitsMutable(), [&](OpOperand &result) {
    AffineMap map = op.getMatchingIndexingMap(&result);
    for (auto [dim, kind] : llvm::enumerate(op.getIteratorTypesArray()))
      if (map.isFunctionOfDim(dim) != linalg::isParallelIterator(kind))
        return false;
    return map.isProjectedPermutation();
  });
}

static bool isPossible(linalg::GenericOp op) {
  if (!op.hasPureBufferSemantics() || op.getNumLoops() == 0 ||
      op.getNumDpsInits() == 0)
    return false;
  for (Value operand : op->getOperands())
    if (!hasWholeBytes(getElementTypeOrSelf(operand)))
      return false;
  return hasPlainResults(op) && isSeparate(op) &&
         canApplyToLanes(*op.getBlock());
}

/// Whether loop `dim` may be on lanes.
static bool mayBeLane(linalg::GenericOp op, unsigned dim) {
  if (linalg::isParallelIterator(op.getIteratorTypesArray()[dim]))
    return true;
  for (unsigned n = 0; n < op.getNumDpsInits(); ++n)
    if (!getCombiner(op, n))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// What is best
//===----------------------------------------------------------------------===//

/// Bytes of the widest number that the body works on.
static int64_t getWidestBytes(linalg::GenericOp op) {
  int64_t widest = 1;
  auto count = [&](Type type) {
    if (type.isIntOrFloat())
      widest = std::max<int64_t>(widest, type.getIntOrFloatBitWidth() / 8);
  };
  for (Value operand : op->getOperands())
    count(getElementTypeOrSelf(operand));
  op.getBlock()->walk([&](Operation *inner) {
    llvm::for_each(inner->getResultTypes(), count);
  });
  return widest;
}

/// Moves of elements, or of vectors, for each point with `width` lanes.
static double countMoves(linalg::GenericOp op, unsigned dim, int64_t width) {
  int64_t moves = 0;
  for (OpOperand &operand : op->getOpOperands()) {
    if (op.isScalar(&operand))
      continue;
    switch (getReach(op, operand, dim)) {
    case Reach::Uniform:
      break;
    case Reach::Contiguous:
      moves += 1;
      break;
    case Reach::Scattered:
      moves += width;
    }
  }
  // The body counts as one, so that wider is better where nothing is read.
  return static_cast<double>(moves + 1) / static_cast<double>(width);
}

std::optional<LanePlan> amos::planLanes(linalg::GenericOp op, int64_t bytes) {
  if (!isPossible(op))
    return std::nullopt;
  int64_t most = llvm::bit_floor<uint64_t>(
      std::max<int64_t>(1, bytes / getWidestBytes(op)));
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  std::optional<LanePlan> best;
  double least = countMoves(op, 0, 1);
  for (unsigned dim = 0; dim < op.getNumLoops(); ++dim) {
    int64_t width = most;
    if (!ShapedType::isDynamic(extents[dim]))
      width = std::min<int64_t>(most, llvm::bit_floor<uint64_t>(extents[dim]));
    if (width < 2 || !mayBeLane(op, dim))
      continue;
    double moves = countMoves(op, dim, width);
    if (moves >= least)
      continue;
    least = moves;
    bool isSum = !linalg::isParallelIterator(op.getIteratorTypesArray()[dim]);
    best = LanePlan{dim, width, op.getNumReductionLoops() ? 4 : 1, isSum};
  }
  return best;
}
