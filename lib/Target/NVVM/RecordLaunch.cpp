//===- RecordLaunch.cpp - What the manifest says of launches --------------===//

#include "RecordLaunch.h"
#include "amos/Report/Signature.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

using namespace mlir;
using namespace amos;

/// Three extents; 0 for those that are known at run time only.
static DenseI64ArrayAttr getSizes(gpu::KernelDim3 sizes) {
  SmallVector<int64_t> constants;
  for (Value size : {sizes.x, sizes.y, sizes.z})
    constants.push_back(getConstantIntValue(size).value_or(0));
  return DenseI64ArrayAttr::get(sizes.x.getContext(), constants);
}

//===----------------------------------------------------------------------===//
// Where a parameter comes from
//===----------------------------------------------------------------------===//

/// "argument:NAME", "workspace+OFFSET" or "computed".
static std::string describeSource(Value operand, func::FuncOp function) {
  int64_t offset = 0;
  while (Operation *op = operand.getDefiningOp()) {
    if (auto view = dyn_cast<memref::ViewOp>(op)) {
      std::optional<int64_t> shift = getConstantIntValue(view.getByteShift());
      if (!shift)
        return "computed";
      offset += *shift;
      operand = view.getSource();
    } else if (isa<memref::ReinterpretCastOp, memref::CastOp,
                   memref::CollapseShapeOp, memref::ExpandShapeOp>(op)) {
      operand = op->getOperand(0);
    } else {
      return "computed";
    }
  }
  auto argument = dyn_cast<BlockArgument>(operand);
  if (!argument || argument.getOwner()->getParentOp() != function)
    return "computed";
  unsigned number = argument.getArgNumber();
  if (!function->hasAttr(Signature::attributeName))
    return "argument:" + std::to_string(number);
  FailureOr<Signature> signature = Signature::get(function);
  if (failed(signature) || number >= signature->parameters.size())
    return "workspace+" + std::to_string(offset);
  return "argument:" + signature->parameters[number].name;
}

//===----------------------------------------------------------------------===//
// The layout of the parameters
//===----------------------------------------------------------------------===//

/// Bytes of a parameter and its alignment: of scalars the same, as PTX has it.
static std::pair<int64_t, int64_t> getLayout(Value operand) {
  if (auto memory = operand.getDefiningOp<LLVM::AllocaOp>())
    return {DataLayout().getTypeSize(memory.getElemType()),
            memory.getAlignment().value_or(8)};
  Type type = operand.getType();
  int64_t bytes = type.isIntOrFloat()
                      ? llvm::divideCeil(type.getIntOrFloatBitWidth(), 8)
                      : 8;
  return {bytes, bytes};
}

static StringRef getKind(Value operand) {
  Type type = operand.getType();
  if (operand.getDefiningOp<LLVM::AllocaOp>())
    return "descriptor";
  if (isa<MemRefType, LLVM::LLVMPointerType>(type))
    return "pointer";
  return isa<FloatType>(type) ? "float" : "integer";
}

static ArrayAttr recordParameters(gpu::LaunchFuncOp launch,
                                  func::FuncOp function) {
  Builder builder(launch.getContext());
  SmallVector<Attribute> parameters;
  int64_t end = 0;
  for (Value operand : launch.getKernelOperands()) {
    auto [bytes, alignment] = getLayout(operand);
    int64_t offset = llvm::alignTo(end, alignment);
    end = offset + bytes;
    NamedAttrList fields;
    fields.append("kind", builder.getStringAttr(getKind(operand)));
    fields.append("bytes", builder.getI64IntegerAttr(bytes));
    fields.append("offset", builder.getI64IntegerAttr(offset));
    fields.append("source",
                  builder.getStringAttr(describeSource(operand, function)));
    parameters.push_back(fields.getDictionary(builder.getContext()));
  }
  return builder.getArrayAttr(parameters);
}

static FailureOr<DictionaryAttr> recordLaunch(gpu::LaunchFuncOp launch,
                                              func::FuncOp function) {
  Builder builder(launch.getContext());
  std::optional<int64_t> shared = 0;
  if (Value size = launch.getDynamicSharedMemorySize())
    shared = getConstantIntValue(size);
  if (!shared || *shared < 0)
    return launch.emitError("expected a constant for the dynamic shared memory "
                            "of a launch");
  NamedAttrList fields;
  fields.append("kernel", launch.getKernelName());
  fields.append("grid", getSizes(launch.getGridSizeOperandValues()));
  fields.append("block", getSizes(launch.getBlockSizeOperandValues()));
  fields.append("shared", builder.getI64IntegerAttr(*shared));
  fields.append("parameters", recordParameters(launch, function));
  return fields.getDictionary(builder.getContext());
}

FailureOr<ArrayAttr> amos::recordLaunches(func::FuncOp function) {
  SmallVector<Attribute> records;
  WalkResult walk = function.walk([&](gpu::LaunchFuncOp launch) {
    FailureOr<DictionaryAttr> record = recordLaunch(launch, function);
    if (failed(record))
      return WalkResult::interrupt();
    records.push_back(*record);
    return WalkResult::advance();
  });
  if (walk.wasInterrupted())
    return failure();
  return ArrayAttr::get(function.getContext(), records);
}
