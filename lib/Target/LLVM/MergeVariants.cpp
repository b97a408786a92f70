//===- MergeVariants.cpp - Code for several machines ----------------------===//

#include "amos/Target/LLVM/MergeVariants.h"
#include "amos/Report/Entry.h"
#include "mlir/Dialect/GPU/IR/GPUDialect.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;

namespace amos {

/// What other objects define has the same name for every machine.
static bool isDeclaration(Operation *op) {
  if (auto function = dyn_cast<LLVM::LLVMFuncOp>(op))
    return function.isExternal();
  auto global = dyn_cast<LLVM::GlobalOp>(op);
  return global && global.isDeclaration();
}

static LogicalResult checkOps(ModuleOp variant) {
  for (Operation &op : variant.getOps())
    if (!isa<LLVM::LLVMFuncOp, LLVM::GlobalOp, gpu::GPUModuleOp>(op))
      return op.emitError() << "'" << op.getName()
                            << "' cannot be part of one object for several "
                               "machines; compile for one at a time";
  return success();
}

static LogicalResult rename(ModuleOp variant, StringRef label) {
  SymbolTable table(variant);
  Builder b(variant.getContext());
  for (Operation &op : variant.getOps()) {
    if (isDeclaration(&op))
      continue;
    StringAttr name = SymbolTable::getSymbolName(&op);
    if (failed(table.rename(&op, b.getStringAttr(name.str() + "." + label))))
      return op.emitError() << "cannot be renamed";
  }
  return success();
}

LogicalResult mergeVariant(ModuleOp module, ModuleOp variant, StringRef label,
                           ArrayRef<std::string> machines) {
  if (failed(checkOps(variant)))
    return failure();
  Builder b(module.getContext());
  SmallVector<StringRef> names(machines.begin(), machines.end());
  for (auto function : variant.getOps<LLVM::LLVMFuncOp>())
    if (function->hasAttr(Signature::attributeName)) {
      function->setAttr(variantAttributeName, function.getSymNameAttr());
      function->setAttr(machinesAttributeName, b.getStrArrayAttr(names));
    }
  if (failed(rename(variant, label)))
    return failure();
  for (Operation &op : llvm::make_early_inc_range(variant.getOps()))
    if (!isDeclaration(&op) ||
        !module.lookupSymbol(SymbolTable::getSymbolName(&op)))
      op.moveBefore(module.getBody(), module.getBody()->end());
  return success();
}

} // namespace amos
