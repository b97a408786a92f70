//===- SplitSums.cpp - A part of a sum for each lane ----------------------===//

#include "LanePlan.h"
#include "Processor.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace amos {
#define GEN_PASS_DEF_SPLITSUMS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct SplitSums : amos::impl::SplitSumsBase<SplitSums> {
  void runOnOperation() override;
};

/// A sum of products whose loop `row` becomes `row`, of as many steps as there
/// are registers in it, `lane` and `neighbour`, what a lane sums at once.
class Splitter {
public:
  Splitter(linalg::GenericOp op, int64_t vectorBytes);
  bool isPossible();
  void split();

private:
  bool hasRows();
  Value expand(OpBuilder &b, OpOperand &source);
  AffineMap getMap(OpOperand &operand, bool isResult);
  linalg::GenericOp emitParts(OpBuilder &b, Value zero);
  Value emitSum(OpBuilder &b, linalg::GenericOp parts, Operation *combiner);

  linalg::GenericOp op;
  unsigned row = 0;
  int64_t lanes = 0, neighbours = 0, extent = 0;
};
} // namespace

/// Rows of fewer registers are not worth the sum behind them.
static constexpr int64_t leastRegisters = 8;

/// The source whose elements are used once, null if there is none.
static OpOperand *findMatrix(linalg::GenericOp op) {
  for (OpOperand *source : op.getDpsInputOperands())
    if (AffineMap map = op.getMatchingIndexingMap(source);
        map.getNumResults() > 0 && map.isPermutation())
      return source;
  return nullptr;
}

static int64_t getBytes(Value value) {
  return getElementTypeOrSelf(value).getIntOrFloatBitWidth() / 8;
}

Splitter::Splitter(linalg::GenericOp op, int64_t vectorBytes) : op(op) {
  OpOperand *matrix = findMatrix(op);
  if (!matrix || op.getNumDpsInits() != 1 ||
      !getElementTypeOrSelf(op.getDpsInits()[0]).isIntOrFloat() ||
      !getElementTypeOrSelf(matrix->get()).isIntOrFloat())
    return;
  AffineMap map = op.getMatchingIndexingMap(matrix);
  row = map.getDimPosition(map.getNumResults() - 1);
  extent = op.getStaticLoopRanges()[row];
  int64_t sumBytes = std::max<int64_t>(getBytes(op.getDpsInits()[0]), 1);
  lanes = vectorBytes / sumBytes;
  neighbours = sumBytes / std::max<int64_t>(getBytes(matrix->get()), 1);
}

/// Whether the loop is the last dimension of every source that follows it.
bool Splitter::hasRows() {
  return llvm::all_of(op.getIndexingMapsArray(), [&](AffineMap map) {
    if (!map.isProjectedPermutation())
      return false;
    return !map.isFunctionOfDim(row) ||
           map.getResult(map.getNumResults() - 1) ==
               getAffineDimExpr(row, op.getContext());
  });
}

bool Splitter::isPossible() {
  if (lanes < 2 || neighbours < 1 || ShapedType::isDynamic(extent) ||
      !op.hasPureTensorSemantics() || op.hasIndexSemantics() ||
      op.hasDynamicShape() || !linalg::isaContractionOpInterface(op))
    return false;
  int64_t atOnce = lanes * neighbours;
  Operation *combiner = getCombiner(op, 0);
  return linalg::isReductionIterator(op.getIteratorTypesArray()[row]) &&
         extent % atOnce == 0 && extent / atOnce >= leastRegisters &&
         isa_and_nonnull<arith::AddFOp, arith::AddIOp>(combiner) && hasRows();
}

/// The source with its rows as (register, lane, neighbour).
Value Splitter::expand(OpBuilder &b, OpOperand &source) {
  AffineMap map = op.getMatchingIndexingMap(&source);
  if (!map.isFunctionOfDim(row))
    return source.get();
  auto type = cast<RankedTensorType>(source.get().getType());
  SmallVector<int64_t> shape(type.getShape().drop_back());
  SmallVector<ReassociationIndices> groups;
  for (int64_t d = 0; d < type.getRank(); ++d)
    groups.push_back({d});
  int64_t last = type.getRank() - 1;
  groups.back() = {last, last + 1, last + 2};
  shape.append({extent / (lanes * neighbours), lanes, neighbours});
  return tensor::ExpandShapeOp::create(b, op.getLoc(),
                                       type.clone(ArrayRef<int64_t>(shape)),
                                       source.get(), groups);
}

/// Lanes and neighbours are new loops behind the others; results have the lanes
/// as a new dimension.
AffineMap Splitter::getMap(OpOperand &operand, bool isResult) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  unsigned loops = map.getNumDims();
  MLIRContext *context = op.getContext();
  SmallVector<AffineExpr> places(map.getResults());
  bool isSplit = map.isFunctionOfDim(row);
  if (isSplit || isResult)
    places.push_back(getAffineDimExpr(loops, context));
  if (isSplit)
    places.push_back(getAffineDimExpr(loops + 1, context));
  return AffineMap::get(loops + 2, 0, places, context);
}

linalg::GenericOp Splitter::emitParts(OpBuilder &b, Value zero) {
  Location loc = op.getLoc();
  auto type = cast<RankedTensorType>(op.getResultTypes()[0]);
  SmallVector<int64_t> shape(type.getShape());
  shape.push_back(lanes);
  Value empty = tensor::EmptyOp::create(b, loc, shape, type.getElementType());
  Value start = linalg::FillOp::create(b, loc, zero, empty).getResult(0);
  SmallVector<Value> sources;
  SmallVector<AffineMap> maps;
  for (OpOperand *source : op.getDpsInputOperands()) {
    sources.push_back(expand(b, *source));
    maps.push_back(getMap(*source, /*isResult=*/false));
  }
  maps.push_back(getMap(*op.getDpsInitOperand(0), /*isResult=*/true));
  SmallVector<utils::IteratorType> kinds = op.getIteratorTypesArray();
  kinds.append({utils::IteratorType::parallel, utils::IteratorType::reduction});
  auto parts = linalg::GenericOp::create(b, loc, start.getType(), sources,
                                         start, maps, kinds);
  IRMapping mapping;
  op.getRegion().cloneInto(&parts.getRegion(), mapping);
  return parts;
}

Value Splitter::emitSum(OpBuilder &b, linalg::GenericOp parts,
                        Operation *combiner) {
  int64_t rank = cast<RankedTensorType>(parts.getResultTypes()[0]).getRank();
  AffineMap all = b.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> kinds(rank, utils::IteratorType::parallel);
  kinds.back() = utils::IteratorType::reduction;
  auto sum = linalg::GenericOp::create(
      b, op.getLoc(), op.getResultTypes(), parts.getResults(), op.getDpsInits(),
      ArrayRef{all, all.dropResult(rank - 1)}, kinds,
      [&](OpBuilder &inner, Location loc, ValueRange values) {
        OperationState state(loc, combiner->getName());
        state.addOperands({values[1], values[0]});
        state.addTypes(values[0].getType());
        linalg::YieldOp::create(inner, loc, inner.create(state)->getResults());
      });
  return sum.getResult(0);
}

void Splitter::split() {
  OpBuilder b(op);
  Operation *combiner = getCombiner(op, 0);
  auto element = getElementTypeOrSelf(op.getDpsInits()[0]);
  Value zero =
      arith::ConstantOp::create(b, op.getLoc(), b.getZeroAttr(element));
  Value sum = emitSum(b, emitParts(b, zero), combiner);
  op.getResult(0).replaceAllUsesWith(sum);
  op.erase();
}

void SplitSums::runOnOperation() {
  auto machines = getOperation().getOps<AcceleratorOp>();
  AcceleratorOp widest = getWidestProcessor(getOperation());
  if (!widest || !llvm::all_of(machines, isProcessor))
    return;
  SmallVector<linalg::GenericOp> ops;
  for (auto function : getOperation().getOps<FunctionOpInterface>())
    function.walk([&](linalg::GenericOp op) { ops.push_back(op); });
  for (linalg::GenericOp op : ops) {
    Splitter splitter(op, getVectorBytes(widest));
    if (!op->hasAttr("amos.mapping") && splitter.isPossible())
      splitter.split();
  }
}
