//===- SharedChunks.cpp - Chunks that neighbours bring once ---------------===//
//
// Groups that are neighbours in the last loop over groups need the same chunks
// of every source that this loop does not move in. Started together, each has
// the engine bring a share of the rows to all of them. A slot is then empty
// when the units of all have read it, and full when all shares have come, of
// which each group's own barrier counts the bytes.
//
//===----------------------------------------------------------------------===//

#include "RoleLaunch.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// What is shared
//===----------------------------------------------------------------------===//

/// Whether `value` is computed from `iv`.
static bool dependsOn(Value value, Value iv) {
  if (value == iv)
    return true;
  Operation *op = value.getDefiningOp();
  return op && llvm::any_of(op->getOperands(), [&](Value operand) {
           return dependsOn(operand, iv);
         });
}

/// Whether steps of the loop over `iv` want other boxes of the stage's copy.
static bool movesWith(StageOp stage, Value iv) {
  AffineMap symbols = *stage.getCopySymbols();
  for (auto [d, coordinate] : llvm::enumerate(stage.getCoordinates()))
    if (symbols.isFunctionOfDim(d) && dependsOn(coordinate, iv))
      return true;
  return false;
}

/// The coordinate that moves a copy's box on by one row of it when it grows,
/// and by how much it does; nothing if none moves it so. `symbols` are those of
/// the copy's tensor, of which all but the coordinates are constants.
static std::optional<RowStep> findRowStep(CopyOp copy, AffineMap symbols) {
  auto tensor = cast<TensorAttr>(copy.getFrom());
  MLIRContext *context = copy.getContext();
  AffineMap map = tensor.getMap();
  unsigned coordinates = tensor.getCoordinates();
  SmallVector<AffineExpr> frozen;
  SmallVector<int64_t> steps = {1};
  for (unsigned s = 0; s < map.getNumSymbols(); ++s) {
    auto known = s < coordinates
                     ? AffineConstantExpr()
                     : dyn_cast<AffineConstantExpr>(symbols.getResult(s));
    frozen.push_back(known ? AffineExpr(known)
                           : getAffineSymbolExpr(s, context));
    if (known)
      steps.push_back(known.getValue());
  }
  AffineExpr row = getAffineDimExpr(0, context);
  auto movesAlike = [&](unsigned s, int64_t step) {
    AffineExpr symbol = getAffineSymbolExpr(s, context);
    return llvm::all_of(map.getResults(), [&](AffineExpr result) {
      AffineExpr own = result.replaceSymbols(frozen);
      return simplifyAffineExpr(own.replace(row, row + 1) -
                                    own.replace(symbol, symbol + step),
                                map.getNumDims(), map.getNumSymbols()) == 0;
    });
  };
  for (unsigned s = 0; s < coordinates; ++s)
    for (int64_t step : steps)
      if (movesAlike(s, step))
        return RowStep{s, step};
  return std::nullopt;
}

/// Finds what neighbours of a cluster share; leaves `shared.groups` at one
/// where nothing is.
void RoleLaunch::readShared() {
  auto asked = loops.groups->getAttrOfType<IntegerAttr>("amos.cluster");
  shared.rows.assign(stages.size(), std::nullopt);
  ClusterOp cluster = findCluster();
  if (!asked || !cluster || barrier.getArriveAt().empty() ||
      asked.getInt() > int64_t(cluster.getAtOnce().size()) ||
      asked.getInt() > places ||
      getTrips(loops.groups)->back() % asked.getInt() != 0)
    return;
  Value last = loops.groups.getInductionVars().back();
  for (auto [t, stage] : llvm::enumerate(stages)) {
    CopyOp copy = getCopy(stage);
    auto type = cast<MemRefType>(stage.getTarget().getType());
    int64_t panelBytes = type.getNumElements() / type.getShape()[0] *
                         llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    bool isWhole = type.getShape()[1] % asked.getInt() == 0 &&
                   panelBytes % (asked.getInt() * slotAlignment) == 0;
    if (copy && !copy.getMulticast().empty() && isWhole &&
        !movesWith(stage, last))
      shared.rows[t] = findRowStep(copy, *stage.getCopySymbols());
    if (shared.rows[t])
      shared.groups = asked.getInt();
  }
}

/// Groups that start together, those with parts of one sum the neighbours.
int64_t RoleLaunch::getClusterSize() const {
  return shared.groups * (sums.cluster ? sums.parts : 1);
}

/// As many groups as there are places for; those of a cluster have equally many
/// parts to do.
void RoleLaunch::limitPlaces() {
  int64_t size = getClusterSize();
  if (size == 1)
    return;
  places = std::min(places, size * findCluster().getAtOnce()[size - 1]);
  places -= places % size;
}

//===----------------------------------------------------------------------===//
// Among neighbours
//===----------------------------------------------------------------------===//

/// Which of the groups that share chunks this one is.
Value RoleLaunch::emitNeighbour() {
  int64_t parts = sums.cluster ? sums.parts : 1;
  Value group = emitPartIndex(builder, loc, loops.groupScope);
  return affine::makeComposedAffineApply(
      builder, loc, builder.getAffineDimExpr(0).floorDiv(parts) % shared.groups,
      {OpFoldResult(group)});
}

/// The number in the cluster of one of the groups that share chunks with this
/// one.
Value RoleLaunch::emitRank(int64_t neighbour) {
  int64_t parts = sums.cluster ? sums.parts : 1;
  Value group = emitPartIndex(builder, loc, loops.groupScope);
  return affine::makeComposedAffineApply(
      builder, loc, builder.getAffineDimExpr(0) % parts + neighbour * parts,
      {OpFoldResult(group)});
}

/// One bit for each of the groups that share chunks.
Value RoleLaunch::emitReceivers(Type type) {
  int64_t parts = sums.cluster ? sums.parts : 1, bits = 0;
  for (int64_t n = 0; n < shared.groups; ++n)
    bits |= int64_t(1) << (n * parts);
  Value mask = arith::ConstantIntOp::create(builder, loc, type, bits);
  if (parts == 1)
    return mask;
  return arith::ShLIOp::create(builder, loc, mask,
                               castTo(builder, loc, emitRank(0), type));
}

/// One lane tells all groups that bring chunks here that a slot is empty.
void RoleLaunch::arriveEmpty(Value slot) {
  Value own = getBarrier(slot, /*isEmpty=*/true);
  if (shared.groups == 1) {
    inlineRegion(barrier.getArrive(), own, builder);
    return;
  }
  ClusterOp cluster = findCluster();
  for (int64_t n = 0; n < shared.groups; ++n) {
    Value rank = castTo(builder, loc, emitRank(n), builder.getI32Type());
    Value other =
        inlineRegion(cluster.getReach(), {own, rank}, builder).front();
    inlineRegion(barrier.getArriveAt(), other, builder);
  }
}

/// All lanes of all groups of the cluster meet.
void RoleLaunch::meetCluster() {
  inlineRegion(findCluster().getSync(), {}, builder);
}
