//===- ClusterSums.cpp - Partial sums that groups add among themselves ----===//
//
// Groups with a part of a reduction each write their sums to shared memory, row
// by row, meet, and then each adds a share of all parts' sums and stores what
// becomes of them: what the loop behind the nest would do with the element. The
// order of additions is that loop's. Before anyone leaves, all meet again.
//
//===----------------------------------------------------------------------===//

#include "RoleLaunch.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace amos;

/// Pieces of a lane that are on their way at once: four registers each.
static constexpr int64_t mostPieces = 16;

/// What rows are longer than their elements: two accesses of a lane, so that
/// the rows which lanes write side by side lie in different banks.
static constexpr int64_t padBytes = 2 * pieceBytes;

//===----------------------------------------------------------------------===//
// Whether groups can add
//===----------------------------------------------------------------------===//

/// The buffer of partial sums that all stores of the nest write, and the loop
/// that adds what is in it.
bool RoleLaunch::readAddends() {
  loops.groups.walk([&](StoreOp store) { sums.stores.push_back(store); });
  if (sums.stores.empty())
    return false;
  sums.partials =
      sums.stores.front().getTarget().getDefiningOp<memref::AllocOp>();
  if (!sums.partials)
    return false;
  for (Operation *user : sums.partials->getUsers()) {
    if (loops.groups->isProperAncestor(user))
      continue;
    auto load = dyn_cast<memref::LoadOp>(user);
    auto adding = load ? dyn_cast<scf::ParallelOp>(load->getParentOp())
                       : scf::ParallelOp();
    if (!adding || (sums.adding && sums.adding != adding) ||
        !getConstantIntValue(load.getIndices().front()) ||
        load.getIndices().drop_front() != adding.getInductionVars())
      return false;
    sums.adding = adding;
  }
  return bool(sums.adding);
}

/// The dimension of the tile whose elements lie side by side in memory, if the
/// destination's last one runs along it.
static std::optional<unsigned> findAlong(StoreOp store) {
  AffineMap index = store.getIndex();
  MLIRContext *context = store.getContext();
  AffineExpr last = index.getResults().back();
  for (unsigned d = 0; d < index.getNumSymbols(); ++d) {
    AffineExpr symbol = getAffineSymbolExpr(d, context);
    AffineExpr step =
        simplifyAffineExpr(last.replace(symbol, symbol + 1) - last,
                           index.getNumDims(), index.getNumSymbols());
    if (step == 1)
      return d;
  }
  return std::nullopt;
}

/// The machine's cluster of groups that reach each other's chunks, null if it
/// has none.
ClusterOp RoleLaunch::findCluster() {
  for (auto cluster : loops.machine.getOps<ClusterOp>())
    if (cluster.getScope() == loops.groupScope.getSymName() &&
        cluster.getLevel() == barrier.getLevel())
      return cluster;
  return nullptr;
}

/// Whether the parts fit a cluster, every group does one part of one sum, and
/// the sums fit where chunks were. Leaves `sums.cluster` null otherwise.
bool RoleLaunch::readSums() {
  auto numbered = loops.groups->getAttrOfType<DenseI64ArrayAttr>("amos.parts");
  ClusterOp cluster = findCluster();
  if (!numbered || !cluster || !readAddends())
    return false;
  sums.loops = llvm::to_vector(numbered.asArrayRef());
  SmallVector<int64_t> trips = *getTrips(loops.groups);
  for (int64_t loop : sums.loops)
    sums.parts *= trips[loop];
  ArrayRef<int64_t> atOnce = cluster.getAtOnce();
  int64_t together = shared.groups * sums.parts;
  if (together > int64_t(atOnce.size()) ||
      loops.numGroups > together * atOnce[together - 1] ||
      loops.numGroups > places || !layOutSums())
    return false;
  sums.cluster = cluster;
  return true;
}

/// How a tile's sums lie in a group's memory.
bool RoleLaunch::layOutSums() {
  StoreOp store = sums.stores.front();
  TileType tile = store.getTile().getType();
  Type held = cast<MemRefType>(sums.partials.getType()).getElementType();
  std::optional<unsigned> along = findAlong(store);
  // Elements are addressed in bytes, and fill an access of a lane.
  if (!along || tile.getShape().size() != 2 || held != tile.getElementType() ||
      pieceBytes * 8 % held.getIntOrFloatBitWidth() != 0 ||
      held.getIntOrFloatBitWidth() % 8 != 0)
    return false;
  int64_t bytes = held.getIntOrFloatBitWidth() / 8;
  sums.along = *along;
  sums.columns = tile.getShape()[*along];
  sums.rows = tile.getShape()[1 - *along];
  sums.pitch = sums.columns + padBytes / bytes;
  sums.tileBytes = sums.rows * sums.pitch * bytes;
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  int64_t most = int64_t(level.getCapacity().value_or(0)) - slotAlignment -
                 2 * ring.barrierBytes;
  return sums.columns * bytes % pieceBytes == 0 && getSumBytes() <= most;
}

/// Bytes of one of the elements that are added.
int64_t RoleLaunch::getAddendBytes() const {
  return sums.tileBytes / (sums.rows * sums.pitch);
}

int64_t RoleLaunch::getSumBytes() const {
  return consumers * int64_t(sums.stores.size()) * sums.tileBytes;
}

//===----------------------------------------------------------------------===//
// Parts and places
//===----------------------------------------------------------------------===//

/// Groups with parts of one sum follow each other.
SmallVector<Value> RoleLaunch::splitGroup(Value group) {
  SmallVector<int64_t> trips = *getTrips(loops.groups);
  if (!sums.cluster)
    return splitPart(builder, loc, group, trips);
  SmallVector<int64_t> order;
  for (int64_t n = 0; n < int64_t(trips.size()); ++n)
    if (!llvm::is_contained(sums.loops, n))
      order.push_back(n);
  llvm::append_range(order, sums.loops);
  SmallVector<Value> indices = splitPart(
      builder, loc, group,
      llvm::map_to_vector(order, [&](int64_t n) { return trips[n]; }));
  SmallVector<Value> inPlace(indices.size());
  for (auto [n, index] : llvm::zip_equal(order, indices))
    inPlace[n] = index;
  return inPlace;
}

/// Bytes from the start of the ring to the unit's sums of a tile.
Value RoleLaunch::getSumOffset(size_t tile) {
  int64_t tiles = sums.stores.size();
  AffineExpr offset =
      (builder.getAffineDimExpr(0) * tiles + int64_t(tile)) * sums.tileBytes;
  return affine::makeComposedAffineApply(builder, loc, offset,
                                         {OpFoldResult(unit)});
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

/// The unit's sums of a tile, to its own memory. Before the first of them, all
/// chunks have been read.
void RoleLaunch::emitAddend(StoreOp store, IRMapping &map) {
  if (sums.stored.empty())
    meetGroup();
  Value tile = SettleOp::create(builder, loc, store.getTile().getType(),
                                map.lookup(store.getTile()));
  Value offset = arith::AddIOp::create(builder, loc, start,
                                       getSumOffset(sums.stored.size()));
  Type type = store.getTile().getType().getElementType();
  auto shared = MemRefType::get(
      {sums.rows, sums.pitch}, type, MemRefLayoutAttrInterface(),
      cast<MemRefType>(pool.getType()).getMemorySpace());
  Value buffer =
      memref::ViewOp::create(builder, loc, shared, pool, offset, ValueRange());
  AffineExpr place[] = {builder.getAffineSymbolExpr(1 - sums.along),
                        builder.getAffineSymbolExpr(sums.along)};
  StoreOp::create(
      builder, loc, tile, buffer, ValueRange(),
      AffineMapAttr::get(AffineMap::get(0, 2, place, builder.getContext())),
      IntegerSetAttr());
  sums.stored.push_back(map);
}

//===----------------------------------------------------------------------===//
// Adding
//===----------------------------------------------------------------------===//

void RoleLaunch::finishSums() {
  meetCluster();
  for (size_t tile = 0; tile < sums.stores.size(); ++tile)
    sumTile(tile);
}

/// Lanes of all parts take turns at the pieces of a tile, at several at once,
/// so that as many are on their way.
void RoleLaunch::sumTile(size_t tile) {
  int64_t pieces = sums.rows * sums.columns / (pieceBytes / getAddendBytes());
  int64_t atOnce = sums.parts * lanes;
  int64_t turns = llvm::divideCeil(pieces, atOnce), batch = 1;
  while (pieces % atOnce == 0 && turns % (2 * batch) == 0 &&
         2 * batch * sums.parts <= mostPieces)
    batch *= 2;
  auto loop = scf::ForOp::create(builder, loc, createIndex(builder, loc, 0),
                                 createIndex(builder, loc, turns),
                                 createIndex(builder, loc, batch));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  Value lane = emitLaneIndex(builder, loc, loops.unitScope);
  Value group = emitPartIndex(builder, loc, loops.groupScope);
  AffineExpr turn = builder.getAffineDimExpr(0);
  AffineExpr part = builder.getAffineDimExpr(1) % sums.parts;
  SmallVector<Value> own;
  for (int64_t n = 0; n < batch; ++n)
    own.push_back(affine::makeComposedAffineApply(
        builder, loc,
        ((turn + n) * sums.parts + part) * lanes + builder.getAffineDimExpr(2),
        {OpFoldResult(loop.getInductionVar()), OpFoldResult(group),
         OpFoldResult(lane)}));
  if (pieces % atOnce == 0)
    return sumPieces(tile, own);
  Value isThere =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult,
                            own.front(), createIndex(builder, loc, pieces));
  emitIf(isThere, [&] { sumPieces(tile, own); });
}

/// Everything is asked for before something is waited for.
void RoleLaunch::sumPieces(size_t tile, ArrayRef<Value> pieces) {
  SmallVector<SmallVector<Value>> addends;
  for (Value piece : pieces)
    addends.push_back(readPiece(tile, piece));
  for (auto [piece, read] : llvm::zip_equal(pieces, addends))
    finishPiece(tile, piece, read);
}

/// What each part has of a piece.
SmallVector<Value> RoleLaunch::readPiece(size_t tile, Value piece) {
  int64_t bytes = getAddendBytes(), elements = pieceBytes / bytes;
  int64_t inRow = sums.columns / elements;
  AffineExpr number = builder.getAffineDimExpr(0);
  AffineExpr place =
      number.floorDiv(inRow) * sums.pitch + number % inRow * elements;
  Value offset = affine::makeComposedAffineApply(builder, loc, place * bytes,
                                                 {OpFoldResult(piece)});
  Value own = getAddress(
      arith::AddIOp::create(builder, loc, getSumOffset(tile), offset));
  auto type = VectorType::get(
      elements, sums.stores[tile].getTile().getType().getElementType());
  Value group = emitPartIndex(builder, loc, loops.groupScope);
  AffineExpr rank = builder.getAffineDimExpr(0) % (shared.groups * sums.parts);
  SmallVector<Value> addends;
  for (int64_t part = 0; part < sums.parts; ++part) {
    Value number = affine::makeComposedAffineApply(
        builder, loc, rank.floorDiv(sums.parts) * sums.parts + part,
        {OpFoldResult(group)});
    number = castTo(builder, loc, number, builder.getI32Type());
    Value other =
        inlineRegion(sums.cluster.getReach(), {own, number}, builder).front();
    addends.push_back(
        LLVM::LoadOp::create(builder, loc, type, other, pieceBytes));
  }
  return addends;
}
