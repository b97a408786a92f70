//===- EntryBuilder.cpp - The C functions of one kernel -------------------===//

#include "EntryBuilder.h"
#include "CpuFeatures.h"
#include "amos/Report/Entry.h"
#include "amos/Target/NVVM/Launches.h"

using namespace mlir;

namespace amos {

static constexpr int64_t workspaceAlignment = 256;

//===----------------------------------------------------------------------===//
// Reading the kernel
//===----------------------------------------------------------------------===//

/// C has no i1 and no half floats of its own: callers pass their bits.
static Type getCType(Type kernelType) {
  if (!kernelType.isIntOrFloat())
    return kernelType;
  Builder b(kernelType.getContext());
  if (kernelType.isInteger(1))
    return b.getI8Type();
  unsigned width = kernelType.getIntOrFloatBitWidth();
  bool isHalf = isa<FloatType>(kernelType) && width <= 16;
  return isHalf ? b.getIntegerType(width) : kernelType;
}

FailureOr<EntryParameter>
EntryBuilder::readParameter(const Parameter &parameter, Type kernelType) {
  bool isPointer = isa<LLVM::LLVMPointerType>(kernelType);
  if (isPointer == parameter.isScalar)
    return kernel.emitError()
           << "'" << parameter.name << "' is " << kernelType
           << " in the kernel, expected "
           << (parameter.isScalar ? "a scalar" : "a pointer");
  if (parameter.packing && kernel->hasAttr(deviceAttributeName))
    return kernel.emitError()
           << "'" << parameter.name
           << "' is packed beforehand, which functions on a device do not take";
  return EntryParameter{getCType(kernelType), kernelType,
                        parameter.packing ? packedAlignment
                                          : parameter.type->bytes};
}

LogicalResult EntryBuilder::readParameters() {
  FailureOr<Signature> signature = Signature::get(kernel);
  if (failed(signature))
    return failure();
  ArrayRef<Type> types = kernel.getArgumentTypes();
  isOnDevice = kernel->hasAttr(deviceAttributeName);
  if (isOnDevice)
    types = types.drop_back();
  unsigned expected = 0;
  for (const Parameter &parameter : signature->parameters)
    expected += 1 + parameter.getNumbers().size();
  takesWorkspace = types.size() == expected + 1;
  if (!takesWorkspace && (types.size() != expected || workspaceBytes))
    return kernel.emitError() << "the kernel has " << types.size()
                              << " arguments, expected " << expected + 1
                              << ": the parameters, their dynamic extents, "
                                 "offsets and strides, and the workspace";
  for (const Parameter &parameter : signature->parameters) {
    FailureOr<EntryParameter> read =
        readParameter(parameter, types[parameters.size()]);
    if (failed(read))
      return failure();
    parameters.push_back(*read);
    unsigned numExtents = parameter.getNumDynamicExtents();
    for (auto [n, number] : llvm::enumerate(parameter.getNumbers()))
      parameters.push_back(
          {b.getI64Type(), b.getI64Type(), 8, number.least, n < numExtents});
    numDynamicExtents += numExtents;
  }
  return success();
}

LogicalResult EntryBuilder::readVariant(LLVM::LLVMFuncOp variant) {
  if (!isa<LLVM::LLVMVoidType>(variant.getFunctionType().getReturnType()))
    return variant.emitError("expected the kernel to return nothing");
  if (variant->hasAttr(deviceAttributeName) != isOnDevice)
    return variant.emitError("one object has functions for processors or for "
                             "devices: their buffers lie in other memories; "
                             "compile for each on its own");
  if (variant.getFunctionType() == kernel.getFunctionType())
    return success();
  InFlightDiagnostic error = variant.emitError()
                             << "the kernel is " << variant.getFunctionType()
                             << ", expected " << kernel.getFunctionType()
                             << " as for the first machine";
  error.attachNote(kernel.getLoc()) << "the kernel for the first machine";
  return error;
}

LogicalResult EntryBuilder::readKernels() {
  for (LLVM::LLVMFuncOp variant : kernels)
    if (auto bytes = variant->getAttrOfType<IntegerAttr>("amos.workspace"))
      workspaceBytes = std::max(workspaceBytes, bytes.getInt());
  if (failed(readParameters()))
    return failure();
  for (LLVM::LLVMFuncOp variant : kernels)
    if (failed(readVariant(variant)))
      return failure();
  return success();
}

/// The kernels alone may use the features they name: what checks for them runs
/// on any CPU, hence it must neither use them nor contain a kernel.
void EntryBuilder::hideKernels() {
  for (LLVM::LLVMFuncOp variant : kernels) {
    variant.setName((kernelPrefix + prefix + variant.getName()).str());
    variant->setAttr(entryAttributeName, b.getStringAttr(name));
    variant.setLinkage(LLVM::Linkage::Internal);
    variant.setNoInline(true);
  }
}

//===----------------------------------------------------------------------===//
// Small values
//===----------------------------------------------------------------------===//

Value EntryBuilder::constant(Type type, int64_t value) {
  return LLVM::ConstantOp::create(b, type, b.getIntegerAttr(type, value));
}

Value EntryBuilder::isNull(Value pointer) {
  Value null = LLVM::ZeroOp::create(b, pointer.getType());
  return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, pointer, null);
}

Value EntryBuilder::isMisaligned(Value pointer, int64_t bytes) {
  Type i64 = b.getI64Type();
  Value address = LLVM::PtrToIntOp::create(b, i64, pointer);
  Value low = LLVM::AndOp::create(b, address, constant(i64, bytes - 1));
  return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, low,
                              constant(i64, 0));
}

Value EntryBuilder::isBadWorkspace(Value workspace) {
  return LLVM::OrOp::create(b, isNull(workspace),
                            isMisaligned(workspace, workspaceAlignment));
}

SmallVector<Value> EntryBuilder::getExtents(ValueRange values) const {
  SmallVector<Value> extents;
  for (auto [parameter, value] : llvm::zip_first(parameters, values))
    if (parameter.isExtent)
      extents.push_back(value);
  return extents;
}

Value EntryBuilder::getWorkspaceSize(ValueRange extents) {
  Value most = constant(b.getI64Type(), workspaceBytes);
  for (LLVM::LLVMFuncOp variant : kernels)
    if (auto size =
            variant->getAttrOfType<FlatSymbolRefAttr>("amos.workspace_size")) {
      Value own =
          LLVM::CallOp::create(b, b.getI64Type(), size, extents).getResult();
      most = LLVM::SMaxOp::create(b, most, own);
    }
  return most;
}

/// Extents that do not fit each other would make the kernel leave its buffers.
/// That does not depend on the machine.
void EntryBuilder::checkExtents(ValueRange extents) {
  auto question = kernel->getAttrOfType<FlatSymbolRefAttr>("amos.extents");
  if (!question)
    return;
  Value fit =
      LLVM::CallOp::create(b, b.getI1Type(), question, extents).getResult();
  returnIf(LLVM::XOrOp::create(b, fit, constant(b.getI1Type(), 1)),
           BadArgument);
}

void EntryBuilder::checkWorkspace(Value workspace, ValueRange extents) {
  Value bad = isBadWorkspace(workspace);
  if (llvm::none_of(kernels, [](LLVM::LLVMFuncOp variant) {
        return variant->hasAttr("amos.workspace_size");
      })) {
    if (workspaceBytes)
      returnIf(bad, BadWorkspace);
    return;
  }
  Value isNeeded = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne,
                                        getWorkspaceSize(extents),
                                        constant(b.getI64Type(), 0));
  returnIf(LLVM::AndOp::create(b, isNeeded, bad), BadWorkspace);
}

Value EntryBuilder::castToKernel(Value value, const EntryParameter &parameter) {
  if (parameter.type == parameter.kernelType)
    return value;
  if (parameter.kernelType.isInteger(1))
    return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, value,
                                constant(parameter.type, 0));
  return LLVM::BitcastOp::create(b, parameter.kernelType, value);
}

void EntryBuilder::checkParameter(Value value,
                                  const EntryParameter &parameter) {
  if (parameter.isPointer()) {
    returnIf(isNull(value), BadArgument);
    returnIf(isMisaligned(value, parameter.bytes), BadArgument);
  }
  if (parameter.least)
    returnIf(LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::slt, value,
                                  constant(parameter.type, *parameter.least)),
             BadArgument);
}

/// Goes on in a block where `condition` holds; returns that for where it does
/// not.
Block *EntryBuilder::branchIf(Value condition) {
  Block *current = b.getInsertionBlock();
  Block *then = b.createBlock(current->getParent());
  Block *otherwise = b.createBlock(current->getParent());
  b.setInsertionPointToEnd(current);
  LLVM::CondBrOp::create(b, condition, then, otherwise);
  b.setInsertionPointToEnd(then);
  return otherwise;
}

void EntryBuilder::returnIf(Value condition, Status status) {
  Block *next = branchIf(condition);
  returnStatus(constant(b.getI32Type(), status));
  b.setInsertionPointToEnd(next);
}

//===----------------------------------------------------------------------===//
// The functions
//===----------------------------------------------------------------------===//

LLVM::LLVMFuncOp EntryBuilder::addFunction(const Twine &suffix, Type result,
                                           ArrayRef<Type> parameters) {
  b.setInsertionPointToEnd(module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(b, (name + suffix).str(),
                               LLVM::LLVMFunctionType::get(result, parameters));
  if (llvm::any_of(kernels, needsFeatures))
    restrictToBaseline(function);
  b.setInsertionPointToEnd(function.addEntryBlock(b));
  return function;
}

LogicalResult EntryBuilder::addEntry() {
  SmallVector<Type> types;
  for (const EntryParameter &parameter : parameters)
    types.push_back(parameter.type);
  types.append(isOnDevice ? 2 : 1, LLVM::LLVMPointerType::get(b.getContext()));
  entry = addFunction("", b.getI32Type(), types);
  SmallVector<Value> arguments;
  for (auto [argument, parameter] :
       llvm::zip_first(parameters, entry.getArguments())) {
    checkParameter(parameter, argument);
    arguments.push_back(castToKernel(parameter, argument));
  }
  Value workspace = entry.getArgument(parameters.size());
  if (takesWorkspace)
    arguments.push_back(workspace);
  SmallVector<Value> extents = getExtents(entry.getArguments());
  checkExtents(extents);
  checkWorkspace(workspace, extents);
  if (isOnDevice)
    beginRun(entry.getArguments().back());
  return addAttempts([&](LLVM::LLVMFuncOp variant) {
    callKernel(variant, SmallVector<Value>(arguments));
  });
}

Value EntryBuilder::loadParameter(Value buffers, unsigned n) {
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  Value slot = LLVM::GEPOp::create(b, pointer, pointer, buffers,
                                   ArrayRef<LLVM::GEPArg>{int32_t(n)});
  Value buffer = LLVM::LoadOp::create(b, pointer, slot);
  if (parameters[n].isPointer())
    return buffer;
  returnIf(isNull(buffer), BadArgument);
  return LLVM::LoadOp::create(b, parameters[n].type, buffer);
}

void EntryBuilder::addUniformEntry() {
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  Type i64 = b.getI64Type();
  auto function = addFunction("_call", b.getI32Type(),
                              {pointer, i64, pointer, i64, pointer});
  Value buffers = function.getArgument(0);
  Value count = function.getArgument(1);
  Value rightCount = constant(i64, parameters.size());
  returnIf(LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, count, rightCount),
           BadArgument);
  if (!parameters.empty())
    returnIf(isNull(buffers), BadArgument);
  SmallVector<Value> arguments;
  for (unsigned n = 0; n < parameters.size(); ++n)
    arguments.push_back(loadParameter(buffers, n));
  SmallVector<Value> extents = getExtents(arguments);
  checkExtents(extents);
  returnIf(LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ult,
                                function.getArgument(3),
                                getWorkspaceSize(extents)),
           BadWorkspace);
  arguments.push_back(function.getArgument(2));
  if (isOnDevice)
    arguments.push_back(function.getArgument(4));
  returnStatus(LLVM::CallOp::create(b, entry, arguments).getResult());
}

void EntryBuilder::addWorkspaceSize() {
  SmallVector<Type> extents(numDynamicExtents, b.getI64Type());
  auto function = addFunction("_workspace_size", b.getI64Type(), extents);
  LLVM::ReturnOp::create(b, getWorkspaceSize(function.getArguments()));
}

void EntryBuilder::addError() {
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto function = addFunction("_error", pointer, {b.getI32Type()});
  Value text = LLVM::CallOp::create(b, TypeRange(pointer), errorName,
                                    function.getArguments())
                   .getResult();
  LLVM::ReturnOp::create(b, text);
}

LogicalResult EntryBuilder::build() {
  if (failed(readKernels()))
    return failure();
  hideKernels();
  if (failed(addEntry()))
    return failure();
  if (failed(addPackers()))
    return failure();
  addUniformEntry();
  addWorkspaceSize();
  addError();
  return success();
}

} // namespace amos
