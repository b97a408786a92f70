//===- Launches.cpp - What is known of kernels and launches ---------------===//

#include "amos/Target/NVVM/Launches.h"

using namespace mlir;

namespace amos {

LLVM::LLVMStructType getImageType(MLIRContext *context) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  return LLVM::LLVMStructType::getLiteral(context, {pointer, pointer});
}

LLVM::LLVMStructType getKernelType(MLIRContext *context) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  return LLVM::LLVMStructType::getLiteral(
      context, {pointer, pointer, pointer, IntegerType::get(context, 64),
                IntegerType::get(context, 32)});
}

LLVM::LLVMStructType getRunType(MLIRContext *context) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  auto i32 = IntegerType::get(context, 32);
  return LLVM::LLVMStructType::getLiteral(context, {pointer, i32, i32, i32});
}

std::string getKernelGlobalName(StringRef kernel) {
  return ("amos.gpu.kernel." + kernel).str();
}

/// As Launcher.c declares it.
static LLVM::LLVMFunctionType getLauncherType(MLIRContext *context,
                                              StringRef name) {
  auto pointer = LLVM::LLVMPointerType::get(context);
  auto i32 = IntegerType::get(context, 32);
  auto none = LLVM::LLVMVoidType::get(context);
  if (name == beginName)
    return LLVM::LLVMFunctionType::get(none, {pointer, pointer});
  if (name == endName)
    return LLVM::LLVMFunctionType::get(i32, {pointer});
  if (name == suitsName)
    return LLVM::LLVMFunctionType::get(i32, {pointer, i32, i32});
  return LLVM::LLVMFunctionType::get(none, {pointer, pointer, i32, i32, i32,
                                            i32, i32, i32, i32, i32, pointer});
}

LLVM::LLVMFuncOp getLauncherFunction(ModuleOp module, StringRef name) {
  if (auto present = module.lookupSymbol<LLVM::LLVMFuncOp>(name))
    return present;
  auto b = OpBuilder::atBlockBegin(module.getBody());
  return LLVM::LLVMFuncOp::create(b, module.getLoc(), name,
                                  getLauncherType(module.getContext(), name));
}

std::pair<int32_t, int32_t> getCapabilities(StringRef chip) {
  constexpr int32_t any = std::numeric_limits<int32_t>::max();
  StringRef number = chip.split('_').second;
  bool isExact = number.consume_back("a"), isFamily = number.consume_back("f");
  int32_t least = 0;
  if (number.getAsInteger(10, least))
    return {0, any};
  return {least, isExact ? least : isFamily ? least / 10 * 10 + 9 : any};
}

static FailureOr<NVVM::NVVMTargetAttr> getTarget(gpu::GPUModuleOp kernels) {
  ArrayAttr targets = kernels.getTargetsAttr();
  if (targets && targets.size() == 1)
    if (auto target = dyn_cast<NVVM::NVVMTargetAttr>(targets[0]))
      return target;
  InFlightDiagnostic diagnostic =
      kernels.emitError()
      << "expected the one target of the kernels, such as '[#nvvm.target<chip "
         "= \"sm_80\">]', found ";
  if (targets)
    return diagnostic << "'" << targets << "'";
  return diagnostic << "none";
}

FailureOr<NVVM::NVVMTargetAttr> getKernelTarget(ModuleOp module) {
  NVVM::NVVMTargetAttr common;
  for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
    FailureOr<NVVM::NVVMTargetAttr> target = getTarget(kernels);
    if (failed(target))
      return failure();
    if (common && *target != common)
      return kernels.emitError()
             << "has kernels for '" << *target << "', others are for '"
             << common << "'; compile for one machine at a time";
    common = *target;
  }
  return common;
}

} // namespace amos
