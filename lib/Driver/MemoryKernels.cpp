//===- MemoryKernels.cpp - Kernels that sweep over a memory ---------------===//

#include "KernelWriter.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Accesses of a thread that are under way together.
constexpr int64_t accessesPerStep = 8;
constexpr int64_t threadsOfSweep = 256;
constexpr int64_t blocksOfSweep = 4;
/// Of the block that sweeps over a memory of its own.
constexpr int64_t mostThreads = 1024;
/// A memory is swept over with so many times the largest cache, and at least
/// with this.
constexpr int64_t timesLargestCache = 16;
constexpr int64_t leastMemory = int64_t(512) << 20;
/// Of a ring: no cache holds a part that matters of this many times its bytes.
constexpr int64_t timesCacheInRing = 4;
constexpr int64_t lineBytes = 128;

namespace {
/// Sweeps over a memory of all blocks together, or of each block alone.
class MemoryKernels {
public:
  MemoryKernels(AcceleratorOp machine, LevelOp level, Type pointer);

  TimingKernels build();

private:
  void addShared();
  void addGlobal(int64_t bytes, int64_t ring, bool isWarm);
  void addBlockSweep(StringRef quantity);
  void addSweep(StringRef quantity, int64_t bytes);
  void addChase(int64_t ring, bool isWarm);
  Value sweep(StringRef quantity, Value round);
  Value load(Value address, bool isVolatile);
  void store(Value value, Value address, bool isVolatile);
  void keep(Value sum);
  std::string getName(StringRef quantity) {
    return (level.getSymName() + "_" + quantity).str();
  }

  AcceleratorOp machine;
  LevelOp level;
  Type pointer;
  int64_t width;
  VectorType type;
  TimingKernels result;
  OpBuilder builder;
  KernelWriter kernel;
};
} // namespace

MemoryKernels::MemoryKernels(AcceleratorOp machine, LevelOp level, Type pointer)
    : machine(machine), level(level), pointer(pointer), width(4),
      builder(machine.getContext()), kernel(builder, machine.getLoc()) {
  for (auto other : machine.getOps<LevelOp>())
    if (other.getAddress() == pointer)
      width = std::max<int64_t>(width, other.getAccess().value_or(0));
  type = VectorType::get(width / 4, builder.getI32Type());
}

//===----------------------------------------------------------------------===//
// Accesses
//===----------------------------------------------------------------------===//

Value MemoryKernels::load(Value address, bool isVolatile) {
  return LLVM::LoadOp::create(builder, kernel.location, type,
                              kernel.getPointer(address, pointer), width,
                              isVolatile);
}

void MemoryKernels::store(Value value, Value address, bool isVolatile) {
  LLVM::StoreOp::create(builder, kernel.location, value,
                        kernel.getPointer(address, pointer), width, isVolatile);
}

/// Makes the reads needed: their sum is stored if it is not zero, which it is.
void MemoryKernels::keep(Value sum) {
  Value whole = vector::ReductionOp::create(builder, kernel.location,
                                            vector::CombiningKind::OR, sum);
  Value isZero = arith::CmpIOp::create(
      builder, kernel.location, arith::CmpIPredicate::eq, whole,
      arith::ConstantIntOp::create(builder, kernel.location, 0, 32));
  Value number = arith::SelectOp::create(
      builder, kernel.location, isZero, kernel.constant(0), kernel.constant(1));
  kernel.loop(kernel.constant(0), number, kernel.constant(1), [&](Value) {
    store(sum, kernel.getBuffer(), /*isVolatile=*/false);
  });
}

/// One sweep of all threads over the buffer. Every round shifts which block
/// touches what, so that no core finds it in a cache of its own.
Value MemoryKernels::sweep(StringRef quantity, Value round) {
  Value blocks = kernel.getBlocks();
  Value block = kernel.remainder(
      kernel.add(kernel.getBlock(), kernel.multiply(round, kernel.constant(7))),
      blocks);
  Value thread = kernel.add(kernel.multiply(block, kernel.getThreads()),
                            kernel.getThread());
  Value stride = kernel.multiply(kernel.multiply(blocks, kernel.getThreads()),
                                 kernel.constant(width));
  Value from = kernel.multiply(thread, kernel.constant(width));
  Value step = kernel.multiply(stride, kernel.constant(accessesPerStep));
  bool isCopy = quantity == "copy";
  Value half = arith::DivUIOp::create(builder, kernel.location,
                                      kernel.getBytes(), kernel.constant(2));
  Value end = isCopy ? half : kernel.getBytes();
  Value zero = arith::ConstantOp::create(builder, kernel.location, type,
                                         builder.getZeroAttr(type));
  return kernel.fold(from, end, step, zero, [&](Value at, Value sum) {
    SmallVector<Value> addresses, values;
    for (int64_t i = 0; i < accessesPerStep; ++i) {
      Value place = kernel.add(at, kernel.multiply(stride, kernel.constant(i)));
      addresses.push_back(kernel.add(kernel.getBuffer(), place));
      values.push_back(quantity == "write"
                           ? zero
                           : load(addresses.back(), /*isVolatile=*/false));
    }
    for (auto [address, value] : llvm::zip_equal(addresses, values)) {
      if (isCopy)
        address = kernel.add(address, half);
      if (quantity == "read")
        sum = arith::OrIOp::create(builder, kernel.location, sum, value);
      else
        store(value, address, /*isVolatile=*/false);
    }
    return sum;
  });
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

void MemoryKernels::addSweep(StringRef quantity, int64_t bytes) {
  kernel.begin(getKernels(*result.module), getName(quantity), threadsOfSweep);
  Value zero = arith::ConstantOp::create(builder, kernel.location, type,
                                         builder.getZeroAttr(type));
  auto sums = kernel.repeat({zero}, [&](Value round, ValueRange handed) {
    Value sum = sweep(quantity, round);
    return SmallVector<Value>{
        arith::OrIOp::create(builder, kernel.location, handed[0], sum)};
  });
  keep(sums[0]);
  kernel.finish();
  TimingKernel entry{getName(quantity), quantity};
  entry.threads = threadsOfSweep;
  entry.blocksPerCore = blocksOfSweep;
  entry.bufferBytes = bytes;
  entry.stepBytes = width * accessesPerStep * (quantity == "copy" ? 2 : 1);
  result.kernels.push_back(entry);
}

/// One thread follows pointers; the place where it stops is left too, to go on
/// from.
void MemoryKernels::addChase(int64_t ring, bool isWarm) {
  bool isShared = ring == 0;
  kernel.begin(getKernels(*result.module), getName("latency"), 1);
  Value start = isShared ? kernel.getShared(lineBytes) : kernel.getBuffer();
  Type number = builder.getI64Type();
  if (isShared)
    LLVM::StoreOp::create(builder, kernel.location, start,
                          kernel.getPointer(start, pointer));
  auto last = kernel.repeat({start}, [&](Value, ValueRange handed) {
    return SmallVector<Value>{LLVM::LoadOp::create(
        builder, kernel.location, number, kernel.getPointer(handed[0], pointer),
        /*alignment=*/8, /*isVolatile=*/isShared)};
  });
  kernel.leave(last[0], 1);
  kernel.finish();
  TimingKernel entry{getName("latency"), "latency"};
  entry.sharedBytes = isShared ? 2 * lineBytes : 0;
  entry.bufferBytes = ring;
  entry.ringBytes = isShared ? 0 : lineBytes;
  entry.isWarm = isWarm;
  entry.invocations = 1;
  result.kernels.push_back(entry);
}

/// A block's threads touch its memory, each 8 places a round, neighbours side
/// by side.
void MemoryKernels::addBlockSweep(StringRef quantity) {
  int64_t threads = std::min(
      mostThreads, countLanes(machine, findScope(machine, level.getScope())));
  kernel.begin(getKernels(*result.module), getName(quantity), threads);
  Value base =
      kernel.add(kernel.getShared(lineBytes),
                 kernel.multiply(kernel.getThread(), kernel.constant(width)));
  Value zero = arith::ConstantOp::create(builder, kernel.location, type,
                                         builder.getZeroAttr(type));
  store(zero, base, /*isVolatile=*/true);
  auto sums = kernel.repeat({zero}, [&](Value, ValueRange handed) {
    Value sum = handed[0];
    for (int64_t i = 0; i < accessesPerStep; ++i)
      if (quantity == "read")
        sum = arith::OrIOp::create(builder, kernel.location, sum,
                                   load(base, /*isVolatile=*/true));
      else
        store(sum, base, /*isVolatile=*/true);
    return SmallVector<Value>{sum};
  });
  keep(sums[0]);
  kernel.finish();
  TimingKernel entry{getName(quantity), quantity};
  entry.threads = threads;
  entry.blocksPerCore = 1;
  entry.sharedBytes = threads * width + lineBytes;
  entry.bufferBytes = width;
  entry.blockBytes = threads * width * accessesPerStep;
  result.kernels.push_back(entry);
}

TimingKernels MemoryKernels::build() {
  result.module = makeKernelModule(machine);
  int64_t largest = 0;
  for (auto other : machine.getOps<LevelOp>())
    if (other.getCache())
      largest = std::max<int64_t>(largest, other.getCapacity().value_or(0));
  if (level.getScope() == findBlockScope(machine).getSymName()) {
    addBlockSweep("read");
    addBlockSweep("write");
    addChase(/*ring=*/0, /*isWarm=*/false);
  } else {
    bool isCache = level.getCache();
    int64_t capacity = level.getCapacity().value_or(0);
    int64_t bytes = isCache
                        ? capacity / 2
                        : std::max(leastMemory, largest * timesLargestCache);
    for (StringRef quantity : {"read", "write", "copy"})
      addSweep(quantity, bytes);
    addChase(isCache ? capacity / 4
                     : std::max(leastMemory / 2, largest * timesCacheInRing),
             isCache);
  }
  if (!lowerKernels(*result.module))
    return {nullptr, {}, "its loops cannot be compiled"};
  return std::move(result);
}

/// What code points into to reach a cache: the memory of the same scope behind
/// it.
static Type findPointer(AcceleratorOp machine, LevelOp level) {
  if (!level.getCache())
    return level.getAddress().value_or(Type());
  for (auto other : machine.getOps<LevelOp>())
    if (!other.getCache() && other.getAddress() &&
        other.getScope() == level.getScope())
      return *other.getAddress();
  return nullptr;
}

TimingKernels amos::buildTimingKernels(AcceleratorOp machine, LevelOp level) {
  Type pointer = findPointer(machine, level);
  ScopeOp block = findBlockScope(machine);
  auto scope = findScope(machine, level.getScope());
  if (!pointer)
    return {nullptr, {}, "code does not address it"};
  if (!isa<LLVM::LLVMPointerType>(pointer))
    return {nullptr, {}, "its addresses are no pointers"};
  if (!block)
    return {nullptr, {}, "code for the machine cannot be spread"};
  if (scope != block && !scope.contains(block))
    return {nullptr, {}, "it is smaller than a block"};
  if (level.getCache() && scope == block)
    return {nullptr, {}, "blocks do not keep to a cache of their own"};
  return MemoryKernels(machine, level, pointer).build();
}
