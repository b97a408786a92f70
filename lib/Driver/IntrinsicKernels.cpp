//===- IntrinsicKernels.cpp - Kernels that invoke an intrinsic ------------===//

#include "Amos/Placement.h"
#include "KernelWriter.h"
#include "amos/Transforms/InlineRegion.h"
#include "amos/Transforms/Settle.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Interfaces/CallInterfaces.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

/// Bytes of registers that a lane's operands may take.
constexpr int64_t registerBytes = 640;
/// Of a lane's registers: for addresses and counts.
constexpr int64_t otherBytes = 128;
/// Invocations of a chain in a round, so that the loop around them costs
/// little.
constexpr int64_t invocationsOfChain = 8;
/// Of shared memory: what a block gets without asking for more.
constexpr int64_t mostShared = 48 << 10;
constexpr int64_t mostChains = 4;

namespace {
/// Who invokes in a kernel, and how often.
struct Load {
  StringRef quantity;
  int64_t units;   ///< of the issuing scope in a block
  int64_t chains;  ///< accumulators of a unit
  int64_t repeats; ///< invocations of each chain in a round
};

class IntrinsicKernels {
public:
  IntrinsicKernels(AcceleratorOp machine, IntrinsicOp intrinsic);

  /// Why it cannot be measured, or nothing.
  std::string explain();
  TimingKernels build();

private:
  std::string explainOperand(unsigned operand);
  SmallVector<Load> getLoads();
  void addKernel(const Load &load);
  Value getPlace(Type type, int64_t number);
  Value readOperand(unsigned operand, int64_t number);
  Value readHandle(unsigned operand);
  void storeResult(Value result, int64_t number);
  Value settle(Value sum);
  void clearShared();
  SmallVector<Value> invoke(const Load &load, ValueRange handed,
                            ArrayRef<Value> sources);
  LayoutOp getLayout(unsigned operand);
  int64_t getMemoryBytes(unsigned operand);
  SmallVector<int64_t> getStrides(unsigned operand);
  Type getOperandType(unsigned operand) {
    return intrinsic.getLowering().getArgument(operand).getType();
  }
  bool isInMemory(unsigned operand) {
    return isa<MemoryAttr>(intrinsic.getPlacementsAttr()[operand]);
  }

  AcceleratorOp machine;
  IntrinsicOp intrinsic;
  GroupOp group;
  unsigned accumulator = 0; ///< the last operand
  int64_t lanes = 1;
  /// Where operands lie in shared memory.
  SmallVector<int64_t> offsets;
  int64_t sharedBytes = 0, align = 16;
  TimingKernels result;
  OpBuilder builder;
  KernelWriter kernel;
  Value shared;
};
} // namespace

/// Bytes of a lane's registers that a value of `type` takes.
static int64_t getBytes(Type type) {
  if (std::optional<Scalars> scalars = getScalars(type);
      scalars && scalars->type.isIntOrFloat())
    return llvm::divideCeil(
        scalars->count * scalars->type.getIntOrFloatBitWidth(), 8);
  return 0;
}

IntrinsicKernels::IntrinsicKernels(AcceleratorOp machine, IntrinsicOp intrinsic)
    : machine(machine), intrinsic(intrinsic), builder(machine.getContext()),
      kernel(builder, intrinsic.getLoc()) {
  if (intrinsic.getGroup())
    group = dyn_cast_or_null<GroupOp>(
        SymbolTable::lookupSymbolIn(machine, *intrinsic.getGroup()));
  if (ScopeOp issue = findScope(machine, intrinsic.getIssue()))
    lanes = countLanes(machine, issue);
}

//===----------------------------------------------------------------------===//
// What can be measured
//===----------------------------------------------------------------------===//

LayoutOp IntrinsicKernels::getLayout(unsigned operand) {
  auto place = cast<MemoryAttr>(intrinsic.getPlacementsAttr()[operand]);
  return cast<LayoutOp>(
      SymbolTable::lookupSymbolIn(machine, place.getLayout()));
}

std::string IntrinsicKernels::explainOperand(unsigned operand) {
  std::string name = "operand " + std::to_string(operand);
  if (isa<FragmentAttr>(intrinsic.getPlacementsAttr()[operand]))
    return getBytes(getOperandType(operand)) > 0
               ? ""
               : name + " is of a type only the machine can fill";
  if (operand == accumulator || !isInMemory(operand) ||
      getLayout(operand).getHandle().empty())
    return name + " lies in a memory without a handle to it";
  auto level = dyn_cast_or_null<LevelOp>(SymbolTable::lookupSymbolIn(
      machine, getLayout(operand).getLevelAttr().getAttr()));
  return level && level.getScope() == findBlockScope(machine).getSymName()
             ? ""
             : name + " lies in a memory that is not a block's own";
}

std::string IntrinsicKernels::explain() {
  if (intrinsic.getLowering().empty())
    return "it has no lowering";
  if (!findBlockScope(machine))
    return "code for the machine cannot be spread";
  if (intrinsic.getLowering()
          .walk([](CallOpInterface) { return WalkResult::interrupt(); })
          .wasInterrupted())
    return "its lowering calls a function";
  unsigned operands = intrinsic.getPlacements()->size();
  if (intrinsic.getLowering().getNumArguments() != operands)
    return "its lowering takes more than the operands";
  accumulator = operands - 1;
  for (unsigned operand = 0; operand < operands; ++operand)
    if (std::string reason = explainOperand(operand); !reason.empty())
      return reason;
  return "";
}

//===----------------------------------------------------------------------===//
// Operands
//===----------------------------------------------------------------------===//

/// Extents of an operand along the dimensions of its layout, in bytes along
/// the one that counts them.
static SmallVector<int64_t> getLayoutExtents(MemoryAttr place, LayoutOp layout,
                                             RankedTensorType tile) {
  SmallVector<int64_t> extents;
  for (auto [n, dimension] : llvm::enumerate(place.getDims().asArrayRef())) {
    extents.push_back(tile.getDimSize(dimension));
    if (layout.getByteDimension() == n)
      extents.back() *= llvm::divideCeil(tile.getElementTypeBitWidth(), 8);
  }
  return extents;
}

/// Atoms side by side, those along the last free dimension the closest.
SmallVector<int64_t> IntrinsicKernels::getStrides(unsigned operand) {
  LayoutOp layout = getLayout(operand);
  auto place = cast<MemoryAttr>(intrinsic.getPlacementsAttr()[operand]);
  SmallVector<int64_t> extents =
      getLayoutExtents(place, layout, intrinsic.getOperandType(operand));
  int64_t stride = 1;
  for (int64_t extent : layout.getAtom())
    stride *= extent;
  SmallVector<int64_t> strides;
  for (int64_t d = extents.size() - 1; d >= 0; --d) {
    if (!layout.isFree(d))
      continue;
    strides.insert(strides.begin(), stride);
    stride *= llvm::divideCeil(extents[d], layout.getAtom()[d]);
  }
  strides.push_back(stride); // where the operand ends
  return strides;
}

int64_t IntrinsicKernels::getMemoryBytes(unsigned operand) {
  return getStrides(operand).back();
}

Value IntrinsicKernels::readHandle(unsigned operand) {
  LayoutOp layout = getLayout(operand);
  Region &handle = layout.getHandle();
  Value address = kernel.add(shared, kernel.constant(offsets[operand]));
  SmallVector<Value> values{
      kernel.getPointer(address, handle.getArgument(0).getType())};
  SmallVector<int64_t> strides = getStrides(operand);
  for (BlockArgument argument : llvm::drop_begin(handle.getArguments()))
    values.push_back(arith::ConstantOp::create(
        builder, kernel.location,
        builder.getIntegerAttr(argument.getType(),
                               strides[argument.getArgNumber() - 1])));
  return inlineRegion(handle, values, builder).front();
}

/// Where the thread's own value of this type is, of so many for each thread.
Value IntrinsicKernels::getPlace(Type type, int64_t number) {
  int64_t bytes = llvm::alignTo(getBytes(type), 16);
  Value place =
      kernel.add(kernel.multiply(kernel.getThreads(), kernel.constant(number)),
                 kernel.getThread());
  Value address = kernel.add(kernel.getBuffer(),
                             kernel.multiply(place, kernel.constant(bytes)));
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext(), 1);
  return kernel.getPointer(address, pointer);
}

/// Zeros, from memory, so that nobody knows that they are, nor that those of
/// another number are the same.
Value IntrinsicKernels::readOperand(unsigned operand, int64_t number) {
  if (isInMemory(operand))
    return readHandle(operand);
  Type type = getOperandType(operand);
  return LLVM::LoadOp::create(builder, kernel.location, type,
                              getPlace(type, number), 16);
}

void IntrinsicKernels::storeResult(Value result, int64_t number) {
  LLVM::StoreOp::create(builder, kernel.location, result,
                        getPlace(result.getType(), number), 16);
}

/// What lies in shared memory by chance might be computed with at another pace.
void IntrinsicKernels::clearShared() {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext(), 3);
  Value zero = arith::ConstantIntOp::create(builder, kernel.location, 0, 32);
  Value first = kernel.multiply(kernel.getThread(), kernel.constant(4));
  Value step = kernel.multiply(kernel.getThreads(), kernel.constant(4));
  kernel.loop(first, kernel.constant(sharedBytes), step, [&](Value offset) {
    LLVM::StoreOp::create(
        builder, kernel.location, zero,
        kernel.getPointer(kernel.add(shared, offset), pointer), 4);
  });
  kernel.synchronize();
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

/// `sum`, of which nobody knows any more what it was made from.
Value IntrinsicKernels::settle(Value sum) {
  Value settled = emitSettled(builder, kernel.location, sum);
  return settled ? settled : sum;
}

/// One round: invocations in turns; asynchronous ones are then waited for.
SmallVector<Value> IntrinsicKernels::invoke(const Load &load, ValueRange handed,
                                            ArrayRef<Value> sources) {
  SmallVector<Value> sums(handed);
  if (group && !group.getBegin().empty())
    inlineRegion(group.getBegin(), {}, builder);
  for (int64_t n = 0; n < load.repeats * load.chains; ++n) {
    SmallVector<Value> operands(sources);
    operands.push_back(sums[n % load.chains]);
    Value sum =
        inlineRegion(intrinsic.getLowering(), operands, builder).front();
    // Sums of integers would be multiplied instead of being added up.
    sums[n % load.chains] = group ? sum : settle(sum);
  }
  if (!group)
    return sums;
  if (!group.getCommit().empty())
    inlineRegion(group.getCommit(), {}, builder);
  Value none = arith::ConstantIntOp::create(builder, kernel.location, 0, 32);
  inlineRegion(group.getWait(), none, builder);
  for (Value &sum : sums)
    sum = settle(sum);
  return sums;
}

void IntrinsicKernels::addKernel(const Load &load) {
  TimingKernel entry{(intrinsic.getSymName() + "_" + load.quantity + "_" +
                      Twine(load.units) + "x" + Twine(load.chains))
                         .str(),
                     load.quantity};
  entry.threads = load.units * lanes;
  kernel.begin(getKernels(*result.module), entry.name, entry.threads);
  if (sharedBytes > 0) {
    shared = kernel.getShared(align);
    clearShared();
  }
  SmallVector<Value> sources;
  for (unsigned operand = 0; operand < accumulator; ++operand)
    sources.push_back(readOperand(operand, 0));
  SmallVector<Value> sums;
  for (int64_t chain = 0; chain < load.chains; ++chain)
    sums.push_back(readOperand(accumulator, chain));
  sums = kernel.repeat(sums, [&](Value, ValueRange handed) {
    return invoke(load, handed, sources);
  });
  for (auto [chain, sum] : llvm::enumerate(sums))
    storeResult(sum, int64_t(chain));
  kernel.finish();
  entry.blocksPerCore = 1;
  entry.sharedBytes = sharedBytes > 0 ? sharedBytes + align : 0;
  for (Type type : intrinsic.getLowering().getArgumentTypes())
    entry.bufferBytes = std::max<int64_t>(
        entry.bufferBytes,
        load.chains * entry.threads * llvm::alignTo(getBytes(type), 16));
  entry.invocations = load.units * load.chains * load.repeats;
  result.kernels.push_back(entry);
}

/// Bytes of registers that the lanes of a block have together.
static int64_t getPool(AcceleratorOp machine) {
  for (auto level : machine.getOps<LevelOp>())
    if (level.getPool() &&
        level.getPoolScope() == findBlockScope(machine).getSymName())
      return *level.getPool();
  return INT64_MAX;
}

/// One unit with one accumulator, then as many as registers allow. What is
/// asynchronous is under way together without other accumulators.
SmallVector<Load> IntrinsicKernels::getLoads() {
  int64_t sources = 0, sum = getBytes(getOperandType(accumulator));
  for (unsigned operand = 0; operand < accumulator; ++operand)
    sources += getBytes(getOperandType(operand));
  int64_t chains = std::clamp<int64_t>((registerBytes - sources) / sum, 1,
                                       group ? 1 : mostChains);
  int64_t laneBytes = sources + chains * sum + otherBytes;
  int64_t most = std::min(countLanes(machine, findBlockScope(machine)),
                          getPool(machine) / laneBytes) /
                 lanes;
  SmallVector<Load> loads{{"latency", 1, 1, group ? 1 : invocationsOfChain}};
  for (int64_t threads : {128, 256, 512})
    if (int64_t units = threads / lanes; units >= 1 && units <= most)
      loads.push_back({"interval", units, chains, invocationsOfChain});
  return loads;
}

TimingKernels IntrinsicKernels::build() {
  for (unsigned operand = 0; operand < accumulator; ++operand) {
    int64_t own = isInMemory(operand)
                      ? int64_t(getLayout(operand).getAlign().value_or(16))
                      : 1;
    align = std::max(align, own);
    offsets.push_back(llvm::alignTo(sharedBytes, own));
    if (isInMemory(operand))
      sharedBytes = offsets.back() + getMemoryBytes(operand);
  }
  if (sharedBytes + align > mostShared)
    return {nullptr, {}, "its operands do not fit a block's shared memory"};
  result.module = makeKernelModule(machine);
  for (const Load &load : getLoads())
    addKernel(load);
  if (!lowerKernels(*result.module))
    return {nullptr, {}, "its lowering cannot be compiled"};
  return std::move(result);
}

TimingKernels amos::buildTimingKernels(IntrinsicOp intrinsic) {
  auto machine = intrinsic->getParentOfType<AcceleratorOp>();
  IntrinsicKernels kernels(machine, intrinsic);
  if (std::string reason = kernels.explain(); !reason.empty())
    return {nullptr, {}, reason};
  return kernels.build();
}
