//===- RowGroup.cpp - Ops that go through the same rows -------------------===//

#include "RowGroup.h"
#include "mlir/Dialect/Linalg/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace amos;

static constexpr int64_t none = -1;

//===----------------------------------------------------------------------===//
// Which loops are shared
//===----------------------------------------------------------------------===//

/// Which loop of the last op moves each dimension of an operand of a member.
static SmallVector<int64_t> followOperand(linalg::LinalgOp op,
                                          OpOperand &operand,
                                          ArrayRef<int64_t> loops,
                                          bool mayOverlap) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  SmallVector<int64_t> dims;
  for (AffineExpr expr : map.getResults()) {
    int64_t moved = none;
    for (unsigned loop = 0; loop < map.getNumDims(); ++loop)
      if (expr.isFunctionOfDim(loop) && loops[loop] != none)
        moved = loops[loop];
    bool isPlain = isa<AffineDimExpr>(expr);
    dims.push_back(isPlain || mayOverlap ? moved : none);
  }
  return dims;
}

/// Which loop of the last op each loop of `producer` is, if that moves the
/// dimensions of its result as `dims` says.
static SmallVector<int64_t> followResult(OpResult result,
                                         ArrayRef<int64_t> dims) {
  auto op = dyn_cast<linalg::LinalgOp>(result.getOwner());
  if (!op)
    return SmallVector<int64_t>(dims); // a pad
  SmallVector<int64_t> loops(op.getNumLoops(), none);
  AffineMap map = op.getIndexingMapMatchingResult(result);
  for (auto [dim, moved] : llvm::enumerate(dims))
    loops[map.getDimPosition(dim)] = moved;
  return loops;
}

/// Whether pieces that overlap cost little.
static bool onlyMoves(Operation *op) {
  return isa<tensor::PadOp>(op) || isa<linalg::FillOp>(op);
}

/// Whether the op makes numbers, as many as are known, of some: upstream's
/// tiling cannot do with a sum of nothing.
static bool isPlainOp(Operation *op) {
  if (!op || !llvm::all_of(op->getResultTypes(), [](Type type) {
        auto tensor = dyn_cast<RankedTensorType>(type);
        return tensor && tensor.hasStaticShape() &&
               tensor.getNumElements() > 0 &&
               tensor.getElementType().isIntOrFloat();
      }))
    return false;
  if (auto pad = dyn_cast<tensor::PadOp>(op))
    return pad.getConstantPaddingValue() != nullptr;
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  return linalgOp && linalgOp.hasPureTensorSemantics() &&
         !linalgOp.hasDynamicShape() && linalgOp->getNumResults() > 0 &&
         !llvm::is_contained(linalgOp.getStaticLoopRanges(), 0) &&
         llvm::all_of(linalgOp->getResults(), [&](OpResult result) {
           return linalgOp.getIndexingMapMatchingResult(result)
               .isProjectedPermutation();
         });
}

namespace {
/// Adds producers to a group, the last ones first, so that all users of one are
/// known when it is looked at.
class Gatherer {
public:
  explicit Gatherer(RowGroup &group) : group(group) {}
  void gather();

private:
  bool isFree(Operation *op) const;
  std::optional<SmallVector<int64_t>> follow(Operation *producer) const;
  static llvm::DenseSet<int64_t> getMoved(ArrayRef<int64_t> loops) {
    llvm::DenseSet<int64_t> moved(loops.begin(), loops.end());
    moved.erase(none);
    return moved;
  }
  void keepOnly(const llvm::DenseSet<int64_t> &moved);

  RowGroup &group;
};
} // namespace

/// Whether only members take what `op` makes.
bool Gatherer::isFree(Operation *op) const {
  return isPlainOp(op) && op->getNumResults() == 1 &&
         op->getBlock() == group.last->getBlock() &&
         llvm::all_of(op->getUsers(), [&](Operation *user) {
           return user == group.last || group.members.contains(user);
         });
}

/// The loops of the producer, if all members that take its result agree on
/// them.
std::optional<SmallVector<int64_t>>
Gatherer::follow(Operation *producer) const {
  std::optional<SmallVector<int64_t>> agreed;
  for (OpOperand &use : producer->getUses()) {
    auto op = dyn_cast<linalg::LinalgOp>(use.getOwner());
    if (!op) // pieces of what is padded are not of one size
      return std::nullopt;
    SmallVector<int64_t> own =
        followResult(producer->getResult(0),
                     followOperand(op, use, group.loops.find(op)->second,
                                   onlyMoves(producer)));
    if (agreed && *agreed != own)
      return std::nullopt;
    agreed = own;
  }
  return agreed;
}

/// Loops that some member does not follow are done whole.
void Gatherer::keepOnly(const llvm::DenseSet<int64_t> &moved) {
  for (auto &[op, loops] : group.loops)
    for (int64_t &loop : loops)
      if (!moved.contains(loop))
        loop = none;
}

void Gatherer::gather() {
  auto extents = group.last.getStaticLoopRanges();
  Block *block = group.last->getBlock();
  for (Operation &op : llvm::reverse(llvm::make_range(
           block->begin(), Block::iterator(group.last.getOperation())))) {
    if (op.use_empty() || !isFree(&op))
      continue;
    std::optional<SmallVector<int64_t>> loops = follow(&op);
    if (!loops)
      continue;
    llvm::DenseSet<int64_t> moved = getMoved(*loops);
    if (llvm::none_of(moved, [&](int64_t loop) { return extents[loop] > 1; }))
      continue;
    group.members.insert(&op);
    group.loops[&op] = *loops;
    keepOnly(moved);
  }
}

/// Whether a member needs what the last op overwrites.
static bool isOverwritten(const RowGroup &group) {
  linalg::LinalgOp last = group.last;
  return llvm::any_of(last.getDpsInits(), [&](Value init) {
    return !init.getDefiningOp<tensor::EmptyOp>() &&
           llvm::any_of(init.getUsers(), [&](Operation *user) {
             return group.members.contains(user);
           });
  });
}

RowGroup amos::findRowGroup(linalg::LinalgOp last) {
  RowGroup group;
  group.last = last;
  SmallVector<int64_t> &loops = group.loops[last];
  for (auto [number, kind] : llvm::enumerate(last.getIteratorTypesArray()))
    loops.push_back(linalg::isParallelIterator(kind) ? int64_t(number) : none);
  if (isPlainOp(last))
    Gatherer(group).gather();
  if (isOverwritten(group))
    group.members.clear();
  return group;
}

//===----------------------------------------------------------------------===//
// How much at once
//===----------------------------------------------------------------------===//

/// Bytes of what the member makes in one point of the loops that are shared.
static int64_t countBytes(Operation *op, ArrayRef<int64_t> loops) {
  OpResult result = op->getResult(0);
  auto type = cast<RankedTensorType>(result.getType());
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  auto linalgOp = dyn_cast<linalg::LinalgOp>(op);
  for (auto [dim, extent] : llvm::enumerate(type.getShape())) {
    int64_t loop =
        linalgOp
            ? int64_t(
                  linalgOp.getIndexingMapMatchingResult(result).getDimPosition(
                      dim))
            : int64_t(dim);
    bytes *= loops[loop] == none ? extent : 1;
  }
  return std::max<int64_t>(bytes, 1);
}

static int64_t getLargestDivisor(int64_t number, int64_t most) {
  int64_t divisor = std::clamp<int64_t>(most, 1, number);
  while (number % divisor)
    --divisor;
  return divisor;
}

/// From the innermost shared loop outwards as many points as fit.
SmallVector<int64_t> RowGroup::getPiece(int64_t bytes) const {
  int64_t perPoint = 0;
  for (const auto &[op, own] : loops)
    perPoint += countBytes(op, own);
  linalg::LinalgOp op = last;
  SmallVector<int64_t> extents = op.getStaticLoopRanges(), piece;
  int64_t room = std::max<int64_t>(bytes / perPoint, 1);
  for (auto [extent, loop] :
       llvm::reverse(llvm::zip_equal(extents, loops.find(last)->second))) {
    int64_t count = loop == none ? extent : getLargestDivisor(extent, room);
    piece.push_back(count == extent ? 0 : count);
    if (loop != none) // a part of a loop leaves nothing to those outside
      room = count < extent
                 ? 1
                 : std::max<int64_t>(room / std::max<int64_t>(extent, 1), 1);
  }
  return SmallVector<int64_t>(llvm::reverse(piece));
}
