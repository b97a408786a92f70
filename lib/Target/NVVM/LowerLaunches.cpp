//===- LowerLaunches.cpp - Launches become calls of the launcher ----------===//
//
// The launcher keeps the first error of a run and ignores launches after it, so
// that launches may stand in loops and branches of any kind.

#include "RecordLaunch.h"
#include "amos/Target/NVVM/Launches.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringSet.h"

namespace amos {
#define GEN_PASS_DEF_LOWERLAUNCHES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

namespace {
struct LowerLaunches : amos::impl::LowerLaunchesBase<LowerLaunches> {
  void runOnOperation() override;
};

/// One function of the host with its launches.
class HostFunction {
public:
  HostFunction(ModuleOp module, func::FuncOp function)
      : module(module), function(function) {}
  LogicalResult lower(NVVM::NVVMTargetAttr target);

private:
  LogicalResult lower(gpu::LaunchFuncOp launch);
  FailureOr<Value> getParameter(ImplicitLocOpBuilder &b, Value operand);
  Value storeParameters(ImplicitLocOpBuilder &b, ArrayRef<Value> parameters);
  Value allocate(Type type);

  ModuleOp module;
  func::FuncOp function;
  Value run;
};
} // namespace

//===----------------------------------------------------------------------===//
// What may stand in a function of the host
//===----------------------------------------------------------------------===//

static bool isBuffer(Value value) {
  return isa<BaseMemRefType>(value.getType());
}

/// Whether `op` would touch the memory of the device, or make some.
static bool touchesMemory(Operation *op) {
  if (isa<gpu::LaunchFuncOp, func::ReturnOp>(op))
    return false;
  if (llvm::any_of(op->getResults(), isBuffer) && !isMemoryEffectFree(op))
    return true;
  return llvm::any_of(op->getOperands(), isBuffer) && !isMemoryEffectFree(op);
}

static LogicalResult checkHost(func::FuncOp function) {
  WalkResult walk = function.walk([&](Operation *op) {
    if (!touchesMemory(op))
      return WalkResult::advance();
    op->emitError() << "'" << op->getName() << "' would run on the host, but "
                    << "the buffers of '" << function.getName()
                    << "' are memory of the device";
    return WalkResult::interrupt();
  });
  return failure(walk.wasInterrupted());
}

static LogicalResult checkLaunch(gpu::LaunchFuncOp launch) {
  if (launch.getAsyncToken() || !launch.getAsyncDependencies().empty() ||
      launch.getAsyncObject())
    return launch.emitError("asynchronous launches are not supported: every "
                            "launch goes to the caller's stream, in order");
  return success();
}

//===----------------------------------------------------------------------===//
// The kernel's side
//===----------------------------------------------------------------------===//

/// Those of the three sizes that are constants.
static SmallVector<int32_t> getConstants(const gpu::KernelDim3 &sizes) {
  SmallVector<int32_t> constants;
  for (Value size : {sizes.x, sizes.y, sizes.z})
    if (std::optional<int64_t> constant = getConstantIntValue(size))
      constants.push_back(static_cast<int32_t>(*constant));
  return constants;
}

/// Tells the kernel the size of its blocks, where all launches agree on one.
static LogicalResult shareBlockSize(gpu::LaunchFuncOp launch,
                                    gpu::GPUFuncOp kernel) {
  SmallVector<int32_t> sizes = getConstants(launch.getBlockSizeOperandValues());
  std::optional<ArrayRef<int32_t>> known = kernel.getKnownBlockSize();
  if (known && sizes != *known)
    return launch.emitError()
           << "starts blocks of another size than the kernel was made for";
  if (sizes.size() == 3)
    kernel.setKnownBlockSizeAttr(
        DenseI32ArrayAttr::get(launch.getContext(), sizes));
  // A block that starts at all has a core to itself: what the assembler must
  // know to let registers move between the block's threads.
  kernel->setAttr(
      NVVM::NVVMDialect::getMinctasmAttrName(),
      IntegerAttr::get(IntegerType::get(launch.getContext(), 32), 1));
  return success();
}

/// Tells the kernel how many of its blocks start together, where the launch
/// says so: with that, the driver needs not be told.
static LogicalResult shareClusterSize(gpu::LaunchFuncOp launch,
                                      gpu::GPUFuncOp kernel) {
  if (!launch.hasClusterSize())
    return success();
  SmallVector<int32_t> sizes =
      getConstants(launch.getClusterSizeOperandValues());
  std::optional<ArrayRef<int32_t>> known = kernel.getKnownClusterSize();
  if (sizes.size() != 3 || (known && sizes != *known))
    return launch.emitError("expected clusters of one constant size in all "
                            "launches of a kernel");
  kernel.setKnownClusterSizeAttr(
      DenseI32ArrayAttr::get(launch.getContext(), sizes));
  return success();
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

/// Memory that outlives loops around the launch.
Value HostFunction::allocate(Type type) {
  Block &entry = function.getBody().front();
  ImplicitLocOpBuilder b(function.getLoc(), &entry, entry.begin());
  Value one = LLVM::ConstantOp::create(b, b.getI32Type(), 1);
  return LLVM::AllocaOp::create(b, LLVM::LLVMPointerType::get(b.getContext()),
                                type, one, /*alignment=*/8);
}

/// What the kernel receives in place of `operand`.
FailureOr<Value> HostFunction::getParameter(ImplicitLocOpBuilder &b,
                                            Value operand) {
  Type type = operand.getType();
  if (auto buffer = dyn_cast<MemRefType>(type)) {
    if (!LLVMTypeConverter::canConvertToBarePtr(buffer))
      return emitError(b.getLoc())
             << "cannot pass " << type << " to a kernel as one pointer: "
             << "extents, strides and offset have to be static";
    Value address = memref::ExtractAlignedPointerAsIndexOp::create(b, operand);
    return arith::IndexCastOp::create(b, b.getI64Type(), address).getResult();
  }
  if (type.isIndex())
    return arith::IndexCastOp::create(b, b.getI64Type(), operand).getResult();
  if (type.isIntOrFloat() || isa<LLVM::LLVMPointerType>(type))
    return operand;
  return emitError(b.getLoc())
         << "cannot pass " << type << " to a kernel; expected memrefs, "
         << "pointers, integers and floats";
}

/// Memory of the host, which a kernel receives by value.
static LLVM::AllocaOp getHostMemory(Value operand) {
  return operand.getDefiningOp<LLVM::AllocaOp>();
}

/// Lets the kernel take what points to memory of the host by value: so many
/// readable bytes, which `emitPtx` puts into the parameter.
static void passByValue(gpu::LaunchFuncOp launch, gpu::GPUFuncOp kernel) {
  MLIRContext *context = launch.getContext();
  for (auto [n, operand] : llvm::enumerate(launch.getKernelOperands())) {
    LLVM::AllocaOp memory = getHostMemory(operand);
    if (!memory)
      continue;
    auto getWord = [&](int64_t value) {
      return IntegerAttr::get(IntegerType::get(context, 64), value);
    };
    kernel.setArgAttr(n, LLVM::LLVMDialect::getDereferenceableAttrName(),
                      getWord(DataLayout().getTypeSize(memory.getElemType())));
    kernel.setArgAttr(n, LLVM::LLVMDialect::getAlignAttrName(),
                      getWord(memory.getAlignment().value_or(8)));
  }
}

/// Stores the parameters and the array of their addresses that the driver
/// reads; returns the array.
Value HostFunction::storeParameters(ImplicitLocOpBuilder &b,
                                    ArrayRef<Value> parameters) {
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  Value table = allocate(LLVM::LLVMArrayType::get(pointer, parameters.size()));
  for (auto [n, parameter] : llvm::enumerate(parameters)) {
    Value slot = parameter;
    if (!getHostMemory(parameter)) {
      slot = allocate(parameter.getType());
      LLVM::StoreOp::create(b, parameter, slot);
    }
    Value entry = LLVM::GEPOp::create(b, pointer, pointer, table,
                                      ArrayRef<LLVM::GEPArg>{int32_t(n)});
    LLVM::StoreOp::create(b, slot, entry);
  }
  return table;
}

//===----------------------------------------------------------------------===//
// Launches
//===----------------------------------------------------------------------===//

static Value castToI32(ImplicitLocOpBuilder &b, Value size) {
  if (size.getType().isInteger(32))
    return size;
  if (size.getType().isIndex())
    return arith::IndexCastOp::create(b, b.getI32Type(), size);
  return arith::TruncIOp::create(b, b.getI32Type(), size);
}

/// Declares what `assembleKernels` will define.
static LLVM::GlobalOp declareKernel(ModuleOp module, StringRef kernel) {
  std::string name = getKernelGlobalName(kernel);
  if (auto present = module.lookupSymbol<LLVM::GlobalOp>(name))
    return present;
  auto b =
      ImplicitLocOpBuilder::atBlockBegin(module.getLoc(), module.getBody());
  return LLVM::GlobalOp::create(b, getKernelType(b.getContext()),
                                /*isConstant=*/false, LLVM::Linkage::External,
                                name, Attribute());
}

/// Whether the kernel waits for those in front of it, so that it may start
/// before they have ended.
static bool overlaps(gpu::GPUFuncOp kernel) {
  return kernel && kernel
                       .walk([](Operation *op) {
                         return op->hasAttr(awaitAttributeName)
                                    ? WalkResult::interrupt()
                                    : WalkResult::advance();
                       })
                       .wasInterrupted();
}

LogicalResult HostFunction::lower(gpu::LaunchFuncOp launch) {
  if (failed(checkLaunch(launch)))
    return failure();
  auto kernel = SymbolTable::lookupNearestSymbolFrom<gpu::GPUFuncOp>(
      launch, launch.getKernelAttr());
  if (kernel && (failed(shareBlockSize(launch, kernel)) ||
                 failed(shareClusterSize(launch, kernel))))
    return failure();
  if (kernel)
    passByValue(launch, kernel);
  ImplicitLocOpBuilder b(launch.getLoc(), launch);
  SmallVector<Value> parameters;
  for (Value operand : launch.getKernelOperands()) {
    FailureOr<Value> parameter = getParameter(b, operand);
    if (failed(parameter))
      return failure();
    parameters.push_back(*parameter);
  }
  LLVM::GlobalOp global =
      declareKernel(module, launch.getKernelName().getValue());
  SmallVector<Value> arguments{run, LLVM::AddressOfOp::create(b, global)};
  gpu::KernelDim3 grid = launch.getGridSizeOperandValues();
  gpu::KernelDim3 block = launch.getBlockSizeOperandValues();
  for (Value size : {grid.x, grid.y, grid.z, block.x, block.y, block.z})
    arguments.push_back(castToI32(b, size));
  Value shared = launch.getDynamicSharedMemorySize();
  arguments.push_back(
      shared ? shared : arith::ConstantIntOp::create(b, 0, 32).getResult());
  arguments.push_back(arith::ConstantIntOp::create(b, overlaps(kernel), 32));
  arguments.push_back(storeParameters(b, parameters));
  LLVM::CallOp::create(b, getLauncherFunction(module, launchName), arguments);
  launch.erase();
  return success();
}

LogicalResult HostFunction::lower(NVVM::NVVMTargetAttr target) {
  if (failed(checkHost(function)))
    return failure();
  FailureOr<ArrayAttr> record = recordLaunches(function);
  if (failed(record))
    return failure();
  auto pointer = LLVM::LLVMPointerType::get(function.getContext());
  unsigned last = function.getNumArguments();
  if (failed(function.insertArgument(last, pointer, {}, function.getLoc())))
    return failure();
  run = function.getArgument(last);
  SmallVector<gpu::LaunchFuncOp> launches;
  function.walk([&](gpu::LaunchFuncOp launch) { launches.push_back(launch); });
  for (gpu::LaunchFuncOp launch : launches)
    if (failed(lower(launch)))
      return failure();
  function->setAttr(deviceAttributeName, target);
  function->setAttr(launchesAttributeName, *record);
  return success();
}

/// Launches refer to kernels by name across all modules of kernels.
static LogicalResult checkNames(ModuleOp module) {
  llvm::StringSet<> names;
  for (auto kernels : module.getOps<gpu::GPUModuleOp>())
    for (auto kernel : kernels.getOps<FunctionOpInterface>())
      if (!kernel.isExternal() && !names.insert(kernel.getName()).second)
        return kernel.emitError() << "'" << kernel.getName()
                                  << "' is the name of another kernel too";
  return success();
}

void LowerLaunches::runOnOperation() {
  ModuleOp module = getOperation();
  FailureOr<NVVM::NVVMTargetAttr> target = getKernelTarget(module);
  if (failed(target) || failed(checkNames(module)))
    return signalPassFailure();
  for (auto function : module.getOps<func::FuncOp>()) {
    bool hasLaunch =
        function.walk([](gpu::LaunchFuncOp) { return WalkResult::interrupt(); })
            .wasInterrupted();
    if (hasLaunch && failed(HostFunction(module, function).lower(*target)))
      return signalPassFailure();
  }
}
