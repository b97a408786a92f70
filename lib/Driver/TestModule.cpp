//===- TestModule.cpp - An intrinsic as two functions ---------------------===//

#include "TestModule.h"
#include "mlir/Conversion/LLVMCommon/MemRefBuilder.h"
#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/PassManager.h"

using namespace mlir;
using namespace amos;

/// A function of one argument, the array of pointers.
static func::FuncOp addFunction(OpBuilder &builder, ModuleOp module,
                                Location location, StringRef name) {
  builder.setInsertionPointToEnd(module.getBody());
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  auto function = func::FuncOp::create(builder, location, name,
                                       builder.getFunctionType({pointer}, {}));
  builder.setInsertionPointToStart(function.addEntryBlock());
  return function;
}

static Value loadPointer(OpBuilder &builder, func::FuncOp function,
                         unsigned operand) {
  Type pointer = function.getArgument(0).getType();
  Value place = LLVM::GEPOp::create(
      builder, function.getLoc(), pointer, pointer, function.getArgument(0),
      ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(operand)});
  return LLVM::LoadOp::create(builder, function.getLoc(), pointer, place);
}

/// The type that lies in memory for a value of `type`: vectors are flat there.
static Type getStoredType(Type type) {
  auto vector = dyn_cast<VectorType>(type);
  if (!vector || vector.getRank() == 1)
    return type;
  return VectorType::get(vector.getNumElements(), vector.getElementType());
}

Value amos::loadValue(OpBuilder &builder, Location location, Type type,
                      Value pointer) {
  Type stored = getStoredType(type);
  Value value = LLVM::LoadOp::create(builder, location, stored, pointer,
                                     /*alignment=*/1);
  if (stored != type)
    value = vector::ShapeCastOp::create(builder, location, type, value);
  return value;
}

void amos::storeValue(OpBuilder &builder, Location location, Value value,
                      Value pointer) {
  Type stored = getStoredType(value.getType());
  if (stored != value.getType())
    value = vector::ShapeCastOp::create(builder, location, stored, value);
  LLVM::StoreOp::create(builder, location, value, pointer, /*alignment=*/1);
}

void amos::setFeatures(Operation *function, AcceleratorOp machine) {
  if (auto features =
          dyn_cast_or_null<LLVM::TargetFeaturesAttr>(machine.getTargetAttr()))
    function->setAttr(
        "amos.features",
        ArrayAttr::get(machine.getContext(),
                       llvm::to_vector_of<Attribute>(features.getFeatures())));
}

/// Inlines the lowering between loads and a store.
static void addLowered(OpBuilder &builder, ModuleOp module,
                       IntrinsicOp intrinsic) {
  Location location = intrinsic.getLoc();
  func::FuncOp function = addFunction(builder, module, location, "lowered");
  setFeatures(function, intrinsic->getParentOfType<AcceleratorOp>());
  IRMapping mapping;
  Value pointer;
  for (BlockArgument argument : intrinsic.getLowering().getArguments()) {
    pointer = loadPointer(builder, function, argument.getArgNumber());
    mapping.map(argument,
                loadValue(builder, location, argument.getType(), pointer));
  }
  Block &body = intrinsic.getLowering().front();
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  Value result = cast<YieldOp>(body.back()).getOperand(0);
  storeValue(builder, location, mapping.lookup(result), pointer);
  func::ReturnOp::create(builder, location);
}

/// A dense row-major buffer behind a pointer.
static Value makeBuffer(OpBuilder &builder, Location location,
                        RankedTensorType tile, Value pointer) {
  auto type = MemRefType::get(tile.getShape(), tile.getElementType());
  LLVMTypeConverter converter(builder.getContext());
  Value descriptor = MemRefDescriptor::fromStaticShape(
      builder, location, converter, type, pointer);
  return UnrealizedConversionCastOp::create(builder, location, type, descriptor)
      .getResult(0);
}

/// Applies the linalg op of the semantics to buffers.
static void addMeant(OpBuilder &builder, ModuleOp module,
                     IntrinsicOp intrinsic) {
  Location location = intrinsic.getLoc();
  func::FuncOp function = addFunction(builder, module, location, "meant");
  IRMapping mapping;
  for (BlockArgument argument : intrinsic.getSemantics().getArguments()) {
    unsigned operand = argument.getArgNumber();
    mapping.map(argument,
                makeBuffer(builder, location, intrinsic.getOperandType(operand),
                           loadPointer(builder, function, operand)));
  }
  for (Operation &op : intrinsic.getSemantics().front().without_terminator()) {
    if (!isa<linalg::LinalgOp>(op)) {
      builder.clone(op, mapping);
      continue;
    }
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(mapping.lookupOrDefault(operand));
    mlir::clone(builder, &op, TypeRange(), operands);
  }
  func::ReturnOp::create(builder, location);
}

LogicalResult amos::lowerTestModule(ModuleOp module) {
  PassManager passes(module.getContext());
  passes.addNestedPass<func::FuncOp>(createConvertLinalgToLoopsPass());
  passes.addPass(createSCFToControlFlowPass());
  passes.addPass(createConvertVectorToLLVMPass());
  passes.addPass(createConvertMathToLLVMPass());
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  passes.addPass(createConvertFuncToLLVMPass());
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  return passes.run(module);
}

OwningOpRef<ModuleOp> amos::buildTestModule(IntrinsicOp intrinsic) {
  intrinsic.getContext()
      ->loadDialect<func::FuncDialect, LLVM::LLVMDialect, memref::MemRefDialect,
                    vector::VectorDialect>();
  OpBuilder builder(intrinsic.getContext());
  OwningOpRef<ModuleOp> module = ModuleOp::create(builder, intrinsic.getLoc());
  builder.setInsertionPointToEnd(module->getBody());
  for (Operation &part : intrinsic->getParentRegion()->front())
    if (isa<FunctionOpInterface>(part))
      builder.clone(part);
  addLowered(builder, *module, intrinsic);
  addMeant(builder, *module, intrinsic);
  if (failed(lowerTestModule(*module)))
    return nullptr;
  return module;
}
