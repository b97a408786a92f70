//===- PrepareTranslation.cpp - What LLVM cannot be given -----------------===//

#include "amos/Transforms/PrepareTranslation.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;

/// Upstream's translation holds a pointer for each element of a constant.
static constexpr int64_t mostElements = int64_t(1) << 28;

/// Of a vector: code for more takes as many registers, and LLVM counts the
/// operands of an instruction in 16 bits.
static constexpr int64_t mostVectorElements = 4096;

static LogicalResult checkSize(Operation *op, ElementsAttr value) {
  double elements = 1;
  for (int64_t extent : value.getShapedType().getShape())
    elements *= static_cast<double>(extent);
  if (elements > static_cast<double>(mostElements))
    return op->emitError() << "a constant of " << value.getShapedType()
                           << " is too large for an object; fill a buffer, "
                              "or make it an argument";
  return success();
}

/// Upstream divides by the number of a resource's elements, and lists them all.
static LogicalResult prepareConstant(LLVM::GlobalOp global) {
  auto value = dyn_cast_or_null<ElementsAttr>(global.getValueOrNull());
  if (!value)
    return success();
  if (isa<DenseResourceElementsAttr>(value) &&
      llvm::is_contained(value.getShapedType().getShape(), 0))
    global.setValueAttr(
        DenseElementsAttr::get(value.getShapedType(), ArrayRef<Attribute>()));
  return checkSize(global, value);
}

/// Whether `type` is a vector, or an array of such, that LLVM makes code of.
static bool isFeasible(Type type) {
  while (auto array = dyn_cast<LLVM::LLVMArrayType>(type))
    type = array.getElementType();
  auto vector = dyn_cast<VectorType>(type);
  return !vector || llvm::all_of(vector.getShape(), [](int64_t extent) {
    return extent <= mostVectorElements;
  });
}

/// The type whose elements `op` counts in memory, null if it counts none.
static Type getElementType(Operation *op) {
  if (auto address = dyn_cast<LLVM::GEPOp>(op))
    return address.getElemType();
  if (auto memory = dyn_cast<LLVM::AllocaOp>(op))
    return memory.getElemType();
  return Type();
}

/// Whether LLVM knows how large elements of `type` are; a record that is inside
/// of itself, one of those `around` it, is of no size.
static bool isSized(Type type, SmallVector<Type> around = {}) {
  if (auto array = dyn_cast<LLVM::LLVMArrayType>(type))
    return isSized(array.getElementType(), around);
  auto record = dyn_cast<LLVM::LLVMStructType>(type);
  if (!record || record.isOpaque())
    return LLVM::isLoadableType(type);
  if (llvm::is_contained(around, type))
    return false;
  around.push_back(type);
  return llvm::all_of(record.getBody(),
                      [&](Type part) { return isSized(part, around); });
}

/// Checks what `op` defines: its results and the arguments of its blocks.
static LogicalResult checkValues(Operation *op) {
  if (Type element = getElementType(op); element && !isSized(element))
    return op->emitError()
           << "elements of " << element
           << " have no size; use a type of LLVM's that has one";
  if (auto constant = dyn_cast<LLVM::ConstantOp>(op))
    if (auto value = dyn_cast<ElementsAttr>(constant.getValue());
        value && failed(checkSize(op, value)))
      return failure();
  SmallVector<Type> types(op->getResultTypes());
  for (Region &region : op->getRegions())
    for (Block &block : region)
      llvm::append_range(types, block.getArgumentTypes());
  for (Type type : types)
    if (!isFeasible(type))
      return op->emitError()
             << "a value is of " << type << ", expected vectors of at most "
             << mostVectorElements << " elements; use a loop over smaller ones";
  return success();
}

LogicalResult amos::checkFeatures(LLVM::LLVMFuncOp function) {
  auto features = function->getAttrOfType<ArrayAttr>("amos.features");
  for (Attribute feature :
       features ? features.getValue() : ArrayRef<Attribute>())
    if (!isa<StringAttr>(feature))
      return function.emitError()
             << "expected strings in 'amos.features', found " << feature;
  return success();
}

/// Of anything else beside functions, upstream builds instructions nowhere.
static LogicalResult checkPlace(Operation &op) {
  if (isa<SymbolOpInterface, LLVM::ModuleFlagsOp, LLVM::GlobalCtorsOp,
          LLVM::GlobalDtorsOp, LLVM::LinkerOptionsOp>(op))
    return success();
  return op.emitError() << "expected a function or another symbol outside of "
                           "functions, but found '"
                        << op.getName() << "'";
}

LogicalResult amos::prepareTranslation(Operation *module) {
  for (Operation &op : module->getRegion(0).getOps())
    if (failed(checkPlace(op)))
      return failure();
  WalkResult result = module->walk([](Operation *op) {
    auto function = dyn_cast<LLVM::LLVMFuncOp>(op);
    if (function && failed(checkFeatures(function)))
      return WalkResult::interrupt();
    auto global = dyn_cast<LLVM::GlobalOp>(op);
    return failed(global ? prepareConstant(global) : checkValues(op))
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

llvm::Error amos::checkInstructions(const llvm::Module &module,
                                    const llvm::Triple &triple) {
  StringRef ours = llvm::Triple::getArchTypePrefix(triple.getArch());
  for (const llvm::Function &function : module) {
    if (!function.isTargetIntrinsic() || function.use_empty())
      continue;
    StringRef name = function.getName();
    if (name.split('.').second.split('.').first != ours)
      return llvm::createStringError("'" + name +
                                     "' is an instruction of another machine "
                                     "than '" +
                                     triple.str() + "'");
  }
  return llvm::Error::success();
}
