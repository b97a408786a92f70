//===- PrepareTranslation.cpp - What LLVM cannot be given -----------------===//

#include "amos/Transforms/PrepareTranslation.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/IR/Module.h"
#include "llvm/TargetParser/Triple.h"

using namespace mlir;

/// Upstream's translation holds a pointer for each element of a constant.
static constexpr int64_t mostElements = int64_t(1) << 28;

/// Upstream divides by the number of a resource's elements, and lists them all.
static LogicalResult prepareConstant(LLVM::GlobalOp global) {
  auto value = dyn_cast_or_null<ElementsAttr>(global.getValueOrNull());
  if (!value)
    return success();
  double elements = 1;
  for (int64_t extent : value.getShapedType().getShape())
    elements *= static_cast<double>(extent);
  if (elements == 0 && isa<DenseResourceElementsAttr>(value))
    global.setValueAttr(
        DenseElementsAttr::get(value.getShapedType(), ArrayRef<Attribute>()));
  if (elements > static_cast<double>(mostElements))
    return global.emitError() << "a constant of " << value.getShapedType()
                              << " is too large for an object; fill a buffer, "
                                 "or make it an argument";
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
  WalkResult result = module->walk([](LLVM::GlobalOp global) {
    return failed(prepareConstant(global)) ? WalkResult::interrupt()
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
