//===- StoreTransposed.cpp - Fragments side by side as rows of memory -----===//
//
// Where neighbouring lanes of a fragment lie far apart in memory, but the same
// lanes of neighbouring fragments side by side, the fragments are transposed in
// registers and stored in rows.
//
//===----------------------------------------------------------------------===//

#include "StoreTransposed.h"
#include "FragmentAccess.h"
#include "TransposeVectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace amos;

namespace {
/// A store of one fragment with where its elements lie.
struct TileStore {
  mutable StoreOp op; ///< its accessors are not const
  FragmentAccess access;
  /// Of what its body reads.
  SmallVector<FragmentAccess> sources;
  int64_t start = 0; ///< of element 0, counted from that of the first store
};
} // namespace

//===----------------------------------------------------------------------===//
// Which stores
//===----------------------------------------------------------------------===//

static VectorType getFragmentType(StoreOp op) {
  TileType tile = op.getTile().getType();
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, tile.getIntrinsic());
  if (!intrinsic || intrinsic.getLowering().empty() ||
      !intrinsic.getPlacements())
    return nullptr;
  auto vector = dyn_cast<VectorType>(
      intrinsic.getLowering().getArgument(tile.getOperand()).getType());
  bool isPlain = vector && vector.getRank() == 1 && !vector.isScalable() &&
                 llvm::isPowerOf2_64(vector.getNumElements());
  return isPlain ? vector : nullptr;
}

/// Nothing for what is spread over lanes, asks conditions, or lies in order.
static std::optional<TileStore> readStore(StoreOp op) {
  VectorType vector = getFragmentType(op);
  if (!vector || vector.getNumElements() < 2)
    return std::nullopt;
  TileType tile = op.getTile().getType();
  auto intrinsic = SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
      op, tile.getIntrinsic());
  auto place =
      dyn_cast<FragmentAttr>((*intrinsic.getPlacements())[tile.getOperand()]);
  if (!place || place.getMap().getNumDims() != 1)
    return std::nullopt;
  if (op.getBuffer())
    return std::nullopt;
  auto getAccess = [&](Value memref, AffineMap index) {
    return FragmentAccess::get(memref, op.getCoordinates(), index,
                               op.getGuards().value_or(IntegerSet()),
                               place.getMap(), vector.getNumElements());
  };
  TileStore store{op, getAccess(op.getTarget(), op.getIndex()), {}};
  for (auto [number, source] : llvm::enumerate(op.getSources())) {
    auto map = cast<AffineMapAttr>((*op.getSourceMaps())[number]).getValue();
    store.sources.push_back(getAccess(source, map.compose(op.getIndex())));
  }
  bool isKnown = llvm::all_of(store.access.elements, [](auto &element) {
    return element.guards.empty() && element.offset && element.position;
  });
  if (!isKnown || store.access.elements[1].offset == 1)
    return std::nullopt;
  return store;
}

/// Whether lanes lie as far apart in both, and the same ones are there; then
/// `store` gets its start.
static bool matches(const TileStore &first, TileStore &store) {
  auto isAlike = [](auto &a, auto &b) {
    return a.offset == b.offset && a.isAbsent == b.isAbsent;
  };
  if (first.op.getTarget() != store.op.getTarget() ||
      first.op.getTile().getType() != store.op.getTile().getType() ||
      !llvm::equal(first.op.getCoordinates(), store.op.getCoordinates()) ||
      !llvm::equal(first.access.elements, store.access.elements, isAlike))
    return false;
  auto start = dyn_cast<AffineConstantExpr>(simplifyAffineExpr(
      store.access.elements[0].position - first.access.elements[0].position,
      first.op.getIndex().getNumDims(), 0));
  if (start)
    store.start = start.getValue();
  return bool(start);
}

/// Stores of a block in groups that nothing else reads or writes between.
static std::vector<std::vector<TileStore>> getGroups(Block &block) {
  std::vector<std::vector<TileStore>> groups;
  size_t open = 0;
  for (Operation &op : block) {
    auto store = dyn_cast<StoreOp>(op);
    std::optional<TileStore> read = store ? readStore(store) : std::nullopt;
    if (!read) {
      open = isMemoryEffectFree(&op) ? open : groups.size();
      continue;
    }
    auto group =
        llvm::find_if(llvm::drop_begin(groups, open), [&](auto &known) {
          return matches(known.front(), *read);
        });
    if (group == groups.end())
      groups.push_back({*read});
    else
      group->push_back(*read);
  }
  return groups;
}

//===----------------------------------------------------------------------===//
// Code
//===----------------------------------------------------------------------===//

static void storeRow(OpBuilder &builder, Location loc,
                     const FragmentAccess &access,
                     const FragmentAccess::Element &element, Value row,
                     int64_t length) {
  auto type = cast<VectorType>(row.getType());
  auto [buffer, index] = access.emitRun(builder, loc, element, length);
  if (type.getNumElements() == length) {
    vector::StoreOp::create(builder, loc, row, buffer, index);
    return;
  }
  Value mask = vector::ConstantMaskOp::create(
      builder, loc, type.clone(builder.getI1Type()), length);
  vector::MaskedStoreOp::create(builder, loc, buffer, index, mask, row);
}

/// `stores` start side by side, in order, no more of them than elements.
static void storeTransposed(ArrayRef<TileStore> stores, StoreOp last) {
  OpBuilder builder(last);
  Location loc = last.getLoc();
  VectorType type = getFragmentType(last);
  SmallVector<Value> vectors;
  for (const TileStore &store : stores) {
    auto fragment = UnrealizedConversionCastOp::create(builder, loc, type,
                                                       store.op.getTile());
    vectors.push_back(finishFragment(builder, loc, fragment.getResult(0),
                                     {store.op.getBody(), store.sources}));
  }
  int64_t count = llvm::PowerOf2Ceil(stores.size());
  vectors.resize(count, vectors.back());
  vectors = transposeVectors(builder, loc, std::move(vectors));
  const FragmentAccess &access = stores.front().access;
  for (auto [lane, element] : llvm::enumerate(access.elements)) {
    if (element.isAbsent)
      continue;
    Value row = getSlice(builder, loc, vectors, int64_t(lane) * count, count);
    storeRow(builder, loc, access, element, row, stores.size());
  }
}

/// Every run of neighbours in `group` but for single ones.
static void storeRows(std::vector<TileStore> &group) {
  StoreOp last = group.back().op;
  llvm::sort(group, [](const TileStore &a, const TileStore &b) {
    return a.start < b.start;
  });
  size_t most = group.front().access.elements.size();
  SmallVector<StoreOp> done;
  for (size_t first = 0, count = 1; first < group.size(); first += count) {
    for (count = 1;
         count < most && first + count < group.size() &&
         group[first + count].start == group[first].start + int64_t(count);)
      ++count;
    if (count == 1)
      continue;
    storeTransposed(ArrayRef(group).slice(first, count), last);
    for (size_t i = 0; i < count; ++i)
      done.push_back(group[first + i].op);
  }
  for (StoreOp op : done)
    op.erase();
}

void amos::storeTransposed(ModuleOp module) {
  std::vector<std::vector<TileStore>> groups;
  module.walk([&](Block *block) {
    for (auto &group : getGroups(*block))
      if (group.size() > 1)
        groups.push_back(std::move(group));
  });
  for (auto &group : groups)
    storeRows(group);
}
