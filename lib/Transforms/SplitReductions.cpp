//===- SplitReductions.cpp - A part of a reduction for each thread --------===//
//
// A GPU needs a hundred thousand threads to be busy, and a mean over the images
// of a batch has as few results as there are channels. Each result becomes
// several: threads that lie side by side read what lies side by side.
//
//===----------------------------------------------------------------------===//

#include "JoinLoops.h"
#include "LanePlan.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace amos {
#define GEN_PASS_DEF_SPLITREDUCTIONS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// What a thread reads one after the other, before another launch takes less
/// time.
static constexpr double mostSteps = 64;
/// As many results keep a GPU busy.
static constexpr double mostResults = 262144;

namespace {
struct SplitReductions : amos::impl::SplitReductionsBase<SplitReductions> {
  void runOnOperation() override;
};

/// A loop of the op that computes parts, made of loop `origin` of the whole op:
/// the parallel one numbers parts, the other is what a part takes.
struct PartLoop {
  unsigned origin;
  int64_t extent;
  bool isParallel;
};

class ReductionSplitter {
public:
  ReductionSplitter(linalg::GenericOp op)
      : op(op), extents(op.getStaticLoopRanges()),
        kinds(op.getIteratorTypesArray()) {}
  bool isPossible();
  /// Decides what is done where; false when nothing is gained.
  bool plan();
  /// Replaces the op; returns what adds up the parts.
  linalg::GenericOp split();

private:
  bool isReduction(unsigned loop) {
    return linalg::isReductionIterator(kinds[loop]);
  }
  double count(bool reductions);
  AffineMap getSourceMap();
  int64_t getPlace(unsigned loop);
  void addLoops(ArrayRef<int64_t> steps);
  Value expand(OpBuilder &b, OpOperand &source);
  AffineMap getPartMap(OpOperand &source);
  linalg::GenericOp emitParts(OpBuilder &b, TypedAttr neutral);
  linalg::GenericOp emitWhole(OpBuilder &b, Value parts, Operation *combiner);

  linalg::GenericOp op;
  SmallVector<int64_t> extents;
  SmallVector<utils::IteratorType> kinds;
  SmallVector<PartLoop> loops; ///< parallel ones first
  unsigned numParallel = 0;
};
} // namespace

bool ReductionSplitter::isPossible() {
  return op.hasPureTensorSemantics() && op.getNumDpsInits() == 1 &&
         op.getNumDpsInputs() > 0 && op.getNumReductionLoops() > 0 &&
         !op.hasIndexSemantics() && !op.hasDynamicShape() &&
         llvm::all_of(
             op.getIndexingMapsArray(),
             [](AffineMap map) { return map.isProjectedPermutation(); }) &&
         llvm::all_of(op->getOperandTypes(), llvm::IsaPred<RankedTensorType>) &&
         getCombiner(op, 0);
}

double ReductionSplitter::count(bool reductions) {
  double points = 1;
  for (auto [loop, extent] : llvm::enumerate(extents))
    points *= isReduction(loop) == reductions ? extent : 1;
  return points;
}

/// That of the source with the most dimensions: its neighbours matter.
AffineMap ReductionSplitter::getSourceMap() {
  AffineMap best;
  for (OpOperand *source : op.getDpsInputOperands())
    if (AffineMap map = op.getMatchingIndexingMap(source);
        !best || map.getNumResults() > best.getNumResults())
      best = map;
  return best;
}

/// The greater, the closer to each other two steps of the loop are in memory.
int64_t ReductionSplitter::getPlace(unsigned loop) {
  auto dim = getAffineDimExpr(loop, op.getContext());
  std::optional<unsigned> place = getSourceMap().getResultPosition(dim);
  return place ? int64_t(*place) : -1;
}

/// Of divisors that are large in either half of a pair, none is looked for.
static int64_t getLargestDivisor(int64_t extent, int64_t most) {
  constexpr int64_t mostTried = 65536;
  int64_t best = 1;
  for (int64_t d = 1; d <= mostTried && d <= extent / d; ++d)
    if (extent % d == 0)
      for (int64_t divisor : {d, extent / d})
        if (divisor <= most)
          best = std::max(best, divisor);
  return best;
}

bool ReductionSplitter::plan() {
  double whole = count(/*reductions=*/true);
  if (whole <= mostSteps || count(/*reductions=*/false) >= mostResults)
    return false;
  // Every launch does as many steps as the others.
  double launches = std::ceil(std::log(whole) / std::log(mostSteps) - 1e-9);
  double left = std::pow(whole, 1 / launches);
  // More threads than keep the device busy only take memory for their parts.
  left = std::max(left, whole * count(/*reductions=*/false) / mostResults);
  left += 1e-9;
  SmallVector<unsigned> reductions;
  for (unsigned loop = 0; loop < extents.size(); ++loop)
    if (isReduction(loop))
      reductions.push_back(loop);
  llvm::sort(reductions, [&](unsigned a, unsigned b) {
    return std::pair(getPlace(a), a) < std::pair(getPlace(b), b);
  });
  SmallVector<int64_t> steps(extents.size(), 1);
  for (unsigned loop : reductions) {
    steps[loop] = getLargestDivisor(extents[loop], int64_t(left));
    left /= double(steps[loop]);
  }
  if (llvm::all_of(steps, [](int64_t count) { return count == 1; }))
    return false;
  addLoops(steps);
  return true;
}

/// Parallel loops in the order of memory, then what is left to a thread.
void ReductionSplitter::addLoops(ArrayRef<int64_t> steps) {
  for (unsigned loop = 0; loop < extents.size(); ++loop)
    if (!isReduction(loop) || steps[loop] < extents[loop])
      loops.push_back({loop, extents[loop] / steps[loop], true});
  llvm::sort(loops, [&](const PartLoop &a, const PartLoop &b) {
    return std::pair(getPlace(a.origin), a.origin) <
           std::pair(getPlace(b.origin), b.origin);
  });
  numParallel = loops.size();
  for (unsigned loop = 0; loop < extents.size(); ++loop)
    if (steps[loop] > 1)
      loops.push_back({loop, steps[loop], false});
}

/// The source with a dimension for each loop; a thread's own steps go over all
/// parts, so that its neighbours are the threads beside it.
Value ReductionSplitter::expand(OpBuilder &b, OpOperand &source) {
  auto type = cast<RankedTensorType>(source.get().getType());
  SmallVector<int64_t> shape;
  SmallVector<ReassociationIndices> groups;
  AffineMap map = op.getMatchingIndexingMap(&source);
  for (unsigned d = 0; d < map.getNumResults(); ++d) {
    groups.emplace_back();
    for (bool isParallel : {false, true})
      for (const PartLoop &loop : loops)
        if (loop.origin == map.getDimPosition(d) &&
            loop.isParallel == isParallel) {
          groups.back().push_back(shape.size());
          shape.push_back(loop.extent);
        }
    if (groups.back().empty()) { // a loop of one step
      groups.back().push_back(shape.size());
      shape.push_back(1);
    }
  }
  if (int64_t(shape.size()) == type.getRank())
    return source.get();
  return tensor::ExpandShapeOp::create(b, op.getLoc(),
                                       type.clone(ArrayRef<int64_t>(shape)),
                                       source.get(), groups);
}

AffineMap ReductionSplitter::getPartMap(OpOperand &source) {
  MLIRContext *context = op.getContext();
  SmallVector<AffineExpr> places;
  AffineMap map = op.getMatchingIndexingMap(&source);
  for (unsigned d = 0; d < map.getNumResults(); ++d) {
    size_t before = places.size();
    for (bool isParallel : {false, true})
      for (auto [n, loop] : llvm::enumerate(loops))
        if (loop.origin == map.getDimPosition(d) &&
            loop.isParallel == isParallel)
          places.push_back(getAffineDimExpr(n, context));
    if (places.size() == before)
      places.push_back(getAffineConstantExpr(0, context));
  }
  return AffineMap::get(loops.size(), 0, places, context);
}

linalg::GenericOp ReductionSplitter::emitParts(OpBuilder &b,
                                               TypedAttr neutral) {
  Location loc = op.getLoc();
  SmallVector<int64_t> shape;
  for (const PartLoop &loop : ArrayRef(loops).take_front(numParallel))
    shape.push_back(loop.extent);
  Value empty = tensor::EmptyOp::create(b, loc, ArrayRef<int64_t>(shape),
                                        neutral.getType());
  Value nothing = arith::ConstantOp::create(b, loc, neutral);
  Value start = linalg::FillOp::create(b, loc, nothing, empty).getResult(0);
  SmallVector<Value> sources;
  SmallVector<AffineMap> maps;
  for (OpOperand *source : op.getDpsInputOperands()) {
    sources.push_back(expand(b, *source));
    maps.push_back(getPartMap(*source));
  }
  maps.push_back(AffineMap::getMultiDimIdentityMap(loops.size(), b.getContext())
                     .getMajorSubMap(numParallel));
  auto partKinds = llvm::map_to_vector(loops, [](const PartLoop &loop) {
    return loop.isParallel ? utils::IteratorType::parallel
                           : utils::IteratorType::reduction;
  });
  auto parts = linalg::GenericOp::create(b, loc, start.getType(), sources,
                                         start, maps, partKinds);
  IRMapping mapping;
  op.getRegion().cloneInto(&parts.getRegion(), mapping);
  return parts;
}

linalg::GenericOp ReductionSplitter::emitWhole(OpBuilder &b, Value parts,
                                               Operation *combiner) {
  SmallVector<AffineExpr> places;
  for (unsigned n = 0; n < numParallel; ++n)
    places.push_back(b.getAffineDimExpr(n));
  SmallVector<unsigned> numbers(extents.size(), 0);
  SmallVector<utils::IteratorType> wholeKinds;
  for (auto [n, loop] :
       llvm::enumerate(ArrayRef(loops).take_front(numParallel))) {
    numbers[loop.origin] = n;
    wholeKinds.push_back(kinds[loop.origin]);
  }
  AffineMap result = op.getMatchingIndexingMap(op.getDpsInitOperand(0));
  auto resultPlaces = llvm::map_to_vector(
      llvm::seq(0u, result.getNumResults()), [&](unsigned d) {
        return b.getAffineDimExpr(numbers[result.getDimPosition(d)]);
      });
  return linalg::GenericOp::create(
      b, op.getLoc(), op.getResultTypes(), parts, op.getDpsInits(),
      ArrayRef{AffineMap::get(numParallel, 0, places, b.getContext()),
               AffineMap::get(numParallel, 0, resultPlaces, b.getContext())},
      wholeKinds, [&](OpBuilder &inner, Location loc, ValueRange values) {
        OperationState state(loc, combiner->getName());
        state.addOperands({values[1], values[0]});
        state.addTypes(values[0].getType());
        linalg::YieldOp::create(inner, loc, inner.create(state)->getResults());
      });
}

linalg::GenericOp ReductionSplitter::split() {
  OpBuilder b(op);
  Operation *combiner = getCombiner(op, 0);
  linalg::GenericOp parts = emitParts(b, *arith::getNeutralElement(combiner));
  linalg::GenericOp whole = emitWhole(b, parts.getResult(0), combiner);
  op.getResult(0).replaceAllUsesWith(whole.getResult(0));
  op.erase();
  // Next to each other, the two are one launch.
  if (auto fill = whole.getDpsInits()[0].getDefiningOp<linalg::FillOp>();
      fill && fill->hasOneUse())
    fill->moveBefore(whole);
  return whole;
}

/// What adds up the parts of `op`; null when it stays as it is.
static linalg::GenericOp splitOnce(linalg::GenericOp op) {
  ReductionSplitter splitter(op);
  if (!splitter.isPossible() || !splitter.plan())
    return nullptr;
  return splitter.split();
}

void SplitReductions::runOnOperation() {
  if (!getOperation()->hasAttr("amos.target"))
    return;
  IRRewriter rewriter(&getContext());
  SmallVector<linalg::LinalgOp> ops;
  getOperation().walk([&](linalg::LinalgOp op) {
    if (op.hasPureTensorSemantics() && op.getNumReductionLoops() > 0)
      ops.push_back(op);
  });
  for (linalg::LinalgOp op : ops) {
    FailureOr<linalg::GenericOp> generic = makeGeneric(rewriter, op);
    if (failed(generic))
      continue;
    for (linalg::GenericOp whole = *generic; whole;)
      whole = splitOnce(whole);
  }
}
