//===- RoleRing.cpp - Slots, barriers and who does something --------------===//

#include "RoleLaunch.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

/// An engine that stores results is worth no slot of the last ones, unless
/// there are fewer chunks.
static constexpr int64_t fewestSlots = 3;

/// More slots than this hide no more latency.
static constexpr int64_t mostSlots = 8;

Value amos::createIndex(OpBuilder &builder, Location loc, int64_t value) {
  return arith::ConstantIndexOp::create(builder, loc, value);
}

Value amos::castTo(OpBuilder &builder, Location loc, Value index, Type type) {
  return arith::IndexCastOp::create(builder, loc, type, index);
}

CopyOp amos::getCopy(StageOp stage) {
  return stage.getCopy() ? SymbolTable::lookupNearestSymbolFrom<CopyOp>(
                               stage, *stage.getCopy())
                         : CopyOp();
}

LayoutOp amos::getReadLayout(StageOp stage) {
  for (Operation *user : stage.getTarget().getUsers()) {
    auto load = dyn_cast<LoadOp>(user);
    auto intrinsic = load ? SymbolTable::lookupNearestSymbolFrom<IntrinsicOp>(
                                load, load.getTile().getType().getIntrinsic())
                          : IntrinsicOp();
    if (intrinsic && intrinsic.getPlacements())
      return findLayout(
          intrinsic,
          (*intrinsic.getPlacements())[load.getTile().getType().getOperand()]);
  }
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Shared memory
//===----------------------------------------------------------------------===//

void RoleLaunch::readSlots() {
  for (StageOp stage : stages) {
    auto type = cast<MemRefType>(stage.getTarget().getType());
    int64_t bytes = type.getNumElements() *
                    llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    ring.buffers.push_back(stage.getTarget());
    ring.offsets.push_back(ring.slotBytes);
    ring.slotBytes += llvm::alignTo(bytes, slotAlignment);
    ring.copiedBytes += stage.getCopy() ? bytes : 0;
  }
  ring.barrierBytes = barrier.getBytes();
}

LogicalResult RoleLaunch::readRing() {
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  int64_t capacity = level.getCapacity().value_or(0) - slotAlignment;
  auto getFitting = [&] {
    return (capacity - ring.outBytes) /
           (ring.slotBytes + 2 * ring.barrierBytes);
  };
  int64_t parts = llvm::divideCeil(loops.numGroups, places);
  auto asked = stages.front()->getAttrOfType<IntegerAttr>("amos.stages");
  int64_t wanted =
      std::min(parts * countChunks(), asked ? asked.getInt() : mostSlots);
  if (getFitting() < std::min(fewestSlots, wanted)) {
    out = OutPanels();
    ring.outBytes = 0;
  }
  ring.slots = std::min(getFitting(), wanted);
  // Sums lie where the slots were, once nobody reads those.
  auto leaveRoom = [&] {
    ring.outBytes =
        std::max<int64_t>(getSumBytes() - ring.slots * ring.slotBytes, 0);
    return ring.getBytes() <= capacity + slotAlignment;
  };
  while (sums.cluster && !leaveRoom() && ring.slots > 1)
    --ring.slots;
  if (ring.slots < 1 ||
      ring.copiedBytes > int64_t(barrier.getLimit().value_or(INT64_MAX)))
    return stages.front().emitError("a chunk of ")
           << ring.slotBytes << " bytes does not fit level '"
           << level.getSymName() << "' or one barrier";
  return success();
}

/// The pool and where in it the first slot starts.
void RoleLaunch::emitRing() {
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(),
                                          gpu::AddressSpace::Workgroup);
  pool = gpu::DynamicSharedMemoryOp::create(
      builder, loc,
      MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(),
                      MemRefLayoutAttrInterface(), space));
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, pool);
  Value mask = createIndex(builder, loc, slotAlignment - 1);
  Value over = arith::AndIOp::create(builder, loc, base, mask);
  Value rest = arith::SubIOp::create(
      builder, loc, createIndex(builder, loc, slotAlignment), over);
  start = arith::AndIOp::create(builder, loc, rest, mask);
}

/// The address `bytes` behind the start of the ring.
Value RoleLaunch::getAddress(Value bytes) {
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, pool);
  Value at = arith::AddIOp::create(builder, loc, base, start);
  at = arith::AddIOp::create(builder, loc, at, bytes);
  auto level = findPart<LevelOp>(loops.machine, barrier.getLevel());
  return LLVM::IntToPtrOp::create(
      builder, loc, *level.getAddress(),
      castTo(builder, loc, at, builder.getI64Type()));
}

Value RoleLaunch::getBarrier(Value slot, bool isEmpty) {
  int64_t first =
      ring.slots * (ring.slotBytes + (isEmpty ? ring.barrierBytes : 0)) +
      ring.outBytes;
  Value at = arith::MulIOp::create(
      builder, loc, slot, createIndex(builder, loc, ring.barrierBytes));
  return getAddress(arith::AddIOp::create(builder, loc, at,
                                          createIndex(builder, loc, first)));
}

//===----------------------------------------------------------------------===//
// Who does something
//===----------------------------------------------------------------------===//

void RoleLaunch::emitIf(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, loc, condition);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  body();
}

/// In one lane of the unit: of its first part, the elected one.
void RoleLaunch::onElected(llvm::function_ref<void()> body) {
  ScopeOp unitScope = loops.unitScope;
  ScopeOp part = findScope(loops.machine, *unitScope.getPart());
  emitIf(isFirstPart, [&] {
    if (part.getElect().empty())
      return body();
    emitIf(inlineRegion(part.getElect(), {}, builder).front(), body);
  });
}

void RoleLaunch::emitBudget(Region &region, int64_t registers) {
  Value count = createWord(registers);
  inlineRegion(region, count, builder);
}

void RoleLaunch::meetGroup() {
  ScopeOp groupScope = loops.groupScope;
  Region &sync = groupScope.getSync();
  SmallVector<Value> slot;
  if (sync.getNumArguments() == 1)
    slot.push_back(createWord(0));
  inlineRegion(sync, slot, builder);
}

/// Descriptors lie in memory: the first copy of each would wait for it.
void RoleLaunch::prefetchDescriptors() {
  auto prefetch = [&](CopyOp copy, Value descriptor) {
    if (copy && descriptor && !copy.getPrefetch().empty())
      inlineRegion(copy.getPrefetch(), descriptor, builder);
  };
  for (auto [stage, descriptor] : llvm::zip_equal(stages, descriptors))
    prefetch(getCopy(stage), descriptor);
  prefetch(out.copy, out.descriptor);
}

/// One lane makes the barriers, then the group meets. A slot is full when the
/// engine was asked and when all lanes of the unit that gathers are done.
void RoleLaunch::emitBarriers(Value number) {
  int64_t fillers = (asks ? 1 : 0) + (gathers ? lanes : 0);
  Value isFirstUnit =
      arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::eq, number,
                            createIndex(builder, loc, 0));
  emitIf(isFirstUnit, [&] {
    onElected([&] {
      prefetchDescriptors();
      for (int64_t slot = 0; slot < ring.slots; ++slot)
        for (bool isEmpty : {false, true}) {
          Value at = getBarrier(createIndex(builder, loc, slot), isEmpty);
          Value count =
              createWord(isEmpty ? consumers * shared.groups : fillers);
          inlineRegion(barrier.getInit(), {at, count}, builder);
        }
    });
  });
  shared.groups > 1 ? meetCluster() : meetGroup();
}
