//===- KernelWriter.cpp - A kernel that times its rounds ------------------===//

#include "KernelWriter.h"
#include "amos/Model/Machine.h"
#include "amos/Target/NVVM/Pipeline.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/InitAllDialects.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Numbers and places
//===----------------------------------------------------------------------===//

Value KernelWriter::constant(int64_t value) {
  return arith::ConstantIntOp::create(builder, location, value, 64);
}

Value KernelWriter::widen(Value index) {
  return arith::IndexCastOp::create(builder, location, builder.getI64Type(),
                                    index);
}

Value KernelWriter::getThread() {
  return widen(gpu::ThreadIdOp::create(builder, location, gpu::Dimension::x));
}

Value KernelWriter::getBlock() {
  return widen(gpu::BlockIdOp::create(builder, location, gpu::Dimension::x));
}

Value KernelWriter::getThreads() {
  return widen(gpu::BlockDimOp::create(builder, location, gpu::Dimension::x));
}

Value KernelWriter::getBlocks() {
  return widen(gpu::GridDimOp::create(builder, location, gpu::Dimension::x));
}

Value KernelWriter::add(Value a, Value b) {
  return arith::AddIOp::create(builder, location, a, b);
}

Value KernelWriter::multiply(Value a, Value b) {
  return arith::MulIOp::create(builder, location, a, b);
}

Value KernelWriter::remainder(Value a, Value b) {
  return arith::RemUIOp::create(builder, location, a, b);
}

Value KernelWriter::getPointer(Value address, Type pointer) {
  return LLVM::IntToPtrOp::create(builder, location, pointer, address);
}

Value KernelWriter::getShared(int64_t align) {
  auto space = gpu::AddressSpaceAttr::get(builder.getContext(),
                                          gpu::AddressSpace::Workgroup);
  auto type = MemRefType::get({ShapedType::kDynamic}, builder.getI8Type(),
                              MemRefLayoutAttrInterface(), space);
  Value memory = gpu::DynamicSharedMemoryOp::create(builder, location, type);
  Value address = widen(memref::ExtractAlignedPointerAsIndexOp::create(
      builder, location, memory));
  return arith::AndIOp::create(
      builder, location, add(address, constant(align - 1)), constant(-align));
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

void KernelWriter::synchronize() { gpu::BarrierOp::create(builder, location); }

void KernelWriter::loop(Value from, Value end, Value step,
                        llvm::function_ref<void(Value)> body) {
  scf::ForOp::create(builder, location, from, end, step, ValueRange(),
                     [&](OpBuilder &, Location at, Value place, ValueRange) {
                       body(place);
                       scf::YieldOp::create(builder, at);
                     });
}

Value KernelWriter::fold(Value from, Value end, Value step, Value carried,
                         llvm::function_ref<Value(Value, Value)> body) {
  auto loop = scf::ForOp::create(
      builder, location, from, end, step, carried,
      [&](OpBuilder &, Location at, Value place, ValueRange handed) {
        scf::YieldOp::create(builder, at, body(place, handed[0]));
      });
  return loop.getResult(0);
}

void KernelWriter::onFirstThread(llvm::function_ref<void()> body) {
  Value isFirst = arith::CmpIOp::create(
      builder, location, arith::CmpIPredicate::eq, getThread(), constant(0));
  scf::IfOp::create(builder, location, isFirst, [&](OpBuilder &, Location at) {
    body();
    scf::YieldOp::create(builder, at);
  });
}

void KernelWriter::leave(Value number, int64_t offset) {
  Value place = add(getBlock(), constant(offset));
  Value address =
      add(kernel.getArgument(3), multiply(place, constant(sizeof(int64_t))));
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext(), 1);
  LLVM::StoreOp::create(builder, location, number,
                        getPointer(address, pointer));
}

//===----------------------------------------------------------------------===//
// The kernel
//===----------------------------------------------------------------------===//

void KernelWriter::begin(gpu::GPUModuleOp kernels, StringRef name,
                         int64_t threads) {
  builder.setInsertionPointToEnd(kernels.getBody());
  SmallVector<Type> arguments(4, builder.getI64Type());
  kernel = gpu::GPUFuncOp::create(builder, location, name,
                                  builder.getFunctionType(arguments, {}));
  kernel->setAttr(gpu::GPUDialect::getKernelFuncAttrName(),
                  builder.getUnitAttr());
  kernel.setKnownBlockSizeAttr(
      builder.getDenseI32ArrayAttr({static_cast<int32_t>(threads), 1, 1}));
  builder.setInsertionPointToStart(&kernel.getBody().front());
}

Value KernelWriter::readClock() {
  return LLVM::CallIntrinsicOp::create(
             builder, location, builder.getI64Type(),
             builder.getStringAttr("llvm.readcyclecounter"), ValueRange())
      .getResult(0);
}

SmallVector<Value> KernelWriter::repeat(
    ValueRange initial,
    llvm::function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  synchronize();
  Value start = readClock();
  auto loop = scf::ForOp::create(
      builder, location, constant(0), kernel.getArgument(2), constant(1),
      initial, [&](OpBuilder &, Location at, Value round, ValueRange handed) {
        scf::YieldOp::create(builder, at, body(round, handed));
      });
  synchronize();
  Value cycles = arith::SubIOp::create(builder, location, readClock(), start);
  onFirstThread([&] { leave(cycles, 0); });
  return SmallVector<Value>(loop.getResults());
}

void KernelWriter::finish() { gpu::ReturnOp::create(builder, location); }

//===----------------------------------------------------------------------===//
// The module
//===----------------------------------------------------------------------===//

OwningOpRef<ModuleOp> amos::makeKernelModule(AcceleratorOp machine) {
  machine.getContext()
      ->loadDialect<arith::ArithDialect, gpu::GPUDialect, LLVM::LLVMDialect,
                    memref::MemRefDialect, scf::SCFDialect,
                    vector::VectorDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(machine.getLoc());
  OpBuilder builder(module->getBodyRegion());
  auto kernels = gpu::GPUModuleOp::create(builder, machine.getLoc(), "timing");
  kernels.setTargetsAttr(builder.getArrayAttr(machine.getTargetAttr()));
  return module;
}

gpu::GPUModuleOp amos::getKernels(ModuleOp module) {
  return *module.getOps<gpu::GPUModuleOp>().begin();
}

bool amos::lowerKernels(ModuleOp module) {
  PassManager passes(module.getContext());
  addKernelPasses(passes);
  return succeeded(passes.run(module));
}

ScopeOp amos::findBlockScope(AcceleratorOp machine) {
  for (auto intrinsic : machine.getOps<IntrinsicOp>())
    if (IntrinsicModel model = readModel(intrinsic); model.isSpread())
      return findScope(machine, model.groupScope);
  return nullptr;
}
