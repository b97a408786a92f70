//===- StorePanels.cpp - Fragments that an engine stores ------------------===//
//
// For each panel: one lane waits until the engine has read the buffer, the unit
// meets, writes, and makes what it wrote visible to the engine, meets again,
// and the lane issues the copy. Where a lane writes is its own part of the
// address and a constant. Bits that a swizzle neither reads nor changes are
// added behind it, so that a few swizzled addresses serve all elements.
//
//===----------------------------------------------------------------------===//

#include "StorePanels.h"
#include "amos/Mapping/FragmentCopy.h"
#include "amos/Mapping/TileAccess.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

namespace {
/// Elements of a lane that lie side by side in a panel.
struct Run {
  unsigned first, length;
  AffineExpr bytes; ///< from the start of the panel, over the lane
};

class PanelStore {
public:
  PanelStore(OpBuilder &builder, StoreOp store, IntrinsicOp intrinsic,
             Value elements);
  LogicalResult emit();

private:
  LogicalResult readMachine();
  int64_t countPanels() const;
  SmallVector<Run> getRuns(int64_t panel) const;
  AffineExpr getPlace(unsigned element, int64_t panel) const;
  Value createWord(int64_t value);
  Value swizzle(Value offset);
  void writeRun(const Run &run, Value base);
  void emitIf(Value condition, llvm::function_ref<void()> body);
  void onElected(llvm::function_ref<void()> body);
  void meet();
  void issue(int64_t panel, Value address);

  template <typename PartOp>
  PartOp find(StringRef name) {
    return dyn_cast_or_null<PartOp>(SymbolTable::lookupSymbolIn(machine, name));
  }

  OpBuilder &builder;
  StoreOp store;
  Location loc;
  IntrinsicOp intrinsic;
  AcceleratorOp machine;
  Value elements;
  AffineMap fragment;
  CopyOp copy;
  LayoutOp layout;
  GroupOp group;
  FenceOp fence; ///< null where plain stores are what the copy sees
  ScopeOp unit, part;
  MemRefType buffer;
  int64_t elementBytes = 0;
  Value lane, isFirstPart;
};
} // namespace

PanelStore::PanelStore(OpBuilder &builder, StoreOp store, IntrinsicOp intrinsic,
                       Value elements)
    : builder(builder), store(store), loc(store.getLoc()), intrinsic(intrinsic),
      machine(cast<AcceleratorOp>(intrinsic->getParentOp())),
      elements(elements),
      fragment(
          cast<FragmentAttr>(intrinsic.getPlacementsAttr().getValue().back())
              .getMap()),
      buffer(cast<MemRefType>(store.getBuffer().getType())),
      elementBytes(buffer.getElementTypeBitWidth() / 8) {}

//===----------------------------------------------------------------------===//
// What the machine has
//===----------------------------------------------------------------------===//

LogicalResult PanelStore::readMachine() {
  copy = SymbolTable::lookupNearestSymbolFrom<CopyOp>(store, *store.getCopy());
  auto from = dyn_cast<MemoryAttr>(copy.getFrom());
  layout = from ? find<LayoutOp>(from.getLayout().getValue()) : LayoutOp();
  group = find<GroupOp>(copy.getCompletes().value_or(""));
  unit = find<ScopeOp>(intrinsic.getIssue());
  part = unit && unit.getPart() ? find<ScopeOp>(*unit.getPart()) : ScopeOp();
  if (!layout || !group || !part || unit.getSync().empty())
    return store.emitError("cannot be stored by '")
           << copy.getSymName() << "': the units of '" << intrinsic.getSymName()
           << "' cannot meet, or nothing tells when it is done";
  for (auto candidate : machine.getOps<FenceOp>())
    if (candidate.getFrom() == "generic" &&
        copy.getView() == candidate.getTo() &&
        candidate.getLevel() == layout.getLevel())
      fence = candidate;
  return success();
}

//===----------------------------------------------------------------------===//
// Places
//===----------------------------------------------------------------------===//

int64_t PanelStore::countPanels() const {
  StoreOp op = store;
  ArrayRef<int64_t> tile = op.getTile().getType().getShape();
  return tile[(*op.getPanels())[1]] / buffer.getShape()[2];
}

/// Bytes from the start of the panel to `element`, over the lane; nothing when
/// it belongs to another one, which it does in every lane.
AffineExpr PanelStore::getPlace(unsigned element, int64_t panel) const {
  StoreOp op = store;
  MLIRContext *context = fragment.getContext();
  SmallVector<int64_t> at = fragment.compose({0, int64_t(element)});
  auto [row, column] = std::pair((*op.getPanels())[0], (*op.getPanels())[1]);
  int64_t columns = buffer.getShape()[2];
  if (at[column] / columns != panel)
    return nullptr;
  auto get = [&](int64_t side) {
    return fragment.getResult(side).replaceDims(
        {getAffineDimExpr(0, context),
         getAffineConstantExpr(element, context)});
  };
  AffineExpr bytes =
      (get(row) * columns + get(column) - panel * columns) * elementBytes;
  return simplifyAffineExpr(pullConstants(simplifyAffineExpr(bytes, 1, 0)), 1,
                            0);
}

/// As many elements at once as one access of a lane moves.
SmallVector<Run> PanelStore::getRuns(int64_t panel) const {
  constexpr int64_t widest = 16;
  SmallVector<AffineExpr> places;
  unsigned count = cast<VectorType>(elements.getType()).getNumElements();
  for (unsigned e = 0; e < count; ++e)
    places.push_back(getPlace(e, panel));
  auto follows = [&](unsigned first, unsigned length) {
    if (first + length > count ||
        places[first].getLargestKnownDivisor() % (length * elementBytes) != 0)
      return false;
    for (unsigned n = 1; n < length; ++n)
      if (!places[first + n] ||
          simplifyAffineExpr(places[first + n] - places[first], 1, 0) !=
              int64_t(n) * elementBytes)
        return false;
    return true;
  };
  SmallVector<Run> runs;
  for (unsigned e = 0; e < count;) {
    unsigned length = 1;
    while (places[e] && 2 * length * elementBytes <= widest &&
           follows(e, 2 * length))
      length *= 2;
    if (places[e])
      runs.push_back({e, length, places[e]});
    e += length;
  }
  return runs;
}

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

Value PanelStore::createWord(int64_t value) {
  return arith::ConstantIntOp::create(builder, loc, value, 32);
}

/// The place in memory of what lies at `offset` in the layout.
Value PanelStore::swizzle(Value offset) {
  if (!layout.getSwizzle())
    return offset;
  ArrayRef<int64_t> bits = *layout.getSwizzle();
  Value read =
      arith::ShRUIOp::create(builder, loc, offset, createWord(bits[1]));
  read = arith::AndIOp::create(builder, loc, read,
                               createWord((int64_t(1) << bits[0]) - 1));
  read = arith::ShLIOp::create(builder, loc, read, createWord(bits[2]));
  return arith::XOrIOp::create(builder, loc, offset, read);
}

/// `base` is where the panels start. What a swizzle leaves alone of the
/// constant part of an address is added last.
void PanelStore::writeRun(const Run &run, Value base) {
  auto [lanePart, constant] = splitConstant(run.bytes);
  int64_t above = 1;
  if (layout.getSwizzle()) {
    ArrayRef<int64_t> bits = *layout.getSwizzle();
    above = int64_t(1) << (std::max(bits[1], bits[2]) + bits[0]);
  }
  int64_t inside = constant % above;
  Value own = getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(builder, loc, lanePart + inside,
                                            {OpFoldResult(lane)}));
  own = arith::IndexCastOp::create(builder, loc, builder.getI32Type(), own);
  Value at =
      LLVM::GEPOp::create(builder, loc, base.getType(), builder.getI8Type(),
                          base, ArrayRef<LLVM::GEPArg>{swizzle(own)});
  at =
      LLVM::GEPOp::create(builder, loc, base.getType(), builder.getI8Type(), at,
                          ArrayRef<LLVM::GEPArg>{int32_t(constant - inside)});
  Value part = vector::ExtractStridedSliceOp::create(
      builder, loc, elements, ArrayRef<int64_t>{run.first},
      ArrayRef<int64_t>{run.length}, ArrayRef<int64_t>{1});
  LLVM::StoreOp::create(builder, loc, part, at, run.length * elementBytes);
}

//===----------------------------------------------------------------------===//
// Handing over
//===----------------------------------------------------------------------===//

void PanelStore::emitIf(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, loc, condition);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  body();
}

/// In one lane of the unit, the same each time.
void PanelStore::onElected(llvm::function_ref<void()> body) {
  emitIf(isFirstPart, [&] {
    if (part.getElect().empty())
      return body();
    emitIf(inlineRegion(part.getElect(), {}, builder).front(), body);
  });
}

/// Slot 0 is the group's.
void PanelStore::meet() {
  Value slot = arith::IndexCastOp::create(builder, loc, builder.getI32Type(),
                                          store.getUnit());
  slot = arith::AddIOp::create(builder, loc, slot, createWord(1));
  SmallVector<Value> values;
  if (unit.getSync().getNumArguments() == 1)
    values.push_back(slot);
  inlineRegion(unit.getSync(), values, builder);
}

/// The engine stores the panel at `address`.
void PanelStore::issue(int64_t panel, Value address) {
  AffineMap symbols = *store.getCopySymbols();
  SmallVector<Value> values = {address, store.getDescriptor()};
  for (AffineExpr symbol : symbols.getResults()) {
    AffineMap at = AffineMap::get(
        symbols.getNumDims(), 0,
        symbol.replaceSymbols({builder.getAffineConstantExpr(panel)}));
    Value index = getValueOrCreateConstantIndexOp(
        builder, loc,
        affine::makeComposedFoldedAffineApply(
            builder, loc, at, getAsOpFoldResult(store.getCoordinates())));
    Type wanted = copy.getLowering().getArgument(values.size()).getType();
    values.push_back(arith::IndexCastOp::create(builder, loc, wanted, index));
  }
  inlineRegion(copy.getLowering(), values, builder);
  inlineRegion(group.getCommit(), {}, builder);
}

LogicalResult PanelStore::emit() {
  if (failed(readMachine()))
    return failure();
  lane = emitLaneIndex(builder, loc, unit);
  isFirstPart = arith::CmpIOp::create(
      builder, loc, arith::CmpIPredicate::eq, emitPartIndex(builder, loc, part),
      arith::ConstantIndexOp::create(builder, loc, 0));
  auto level = find<LevelOp>(layout.getLevel());
  Value start = memref::ExtractAlignedPointerAsIndexOp::create(
      builder, loc, store.getBuffer());
  start = arith::IndexCastOp::create(builder, loc, builder.getI64Type(), start);
  start = LLVM::IntToPtrOp::create(builder, loc, *level.getAddress(), start);
  int64_t buffers = buffer.getShape()[0];
  int64_t bytes = buffer.getShape()[1] * buffer.getShape()[2] * elementBytes;
  for (int64_t panel = 0; panel < countPanels(); ++panel) {
    onElected([&] {
      inlineRegion(group.getWaitRead(), createWord(buffers - 1), builder);
    });
    meet();
    Value base = LLVM::GEPOp::create(
        builder, loc, start.getType(), builder.getI8Type(), start,
        ArrayRef<LLVM::GEPArg>{int32_t(panel % buffers * bytes)});
    for (const Run &run : getRuns(panel))
      writeRun(run, base);
    if (fence)
      inlineRegion(fence.getLowering(), {}, builder);
    meet();
    onElected([&] { issue(panel, base); });
  }
  return success();
}

LogicalResult amos::storePanels(OpBuilder &builder, StoreOp store,
                                IntrinsicOp intrinsic, Value elements) {
  return PanelStore(builder, store, intrinsic, elements).emit();
}
