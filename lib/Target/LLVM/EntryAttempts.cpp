//===- EntryAttempts.cpp - Which code a call runs -------------------------===//
//
// The first whose machine is there: of a processor its features tell, of a
// device the launcher.
//
//===----------------------------------------------------------------------===//

#include "CpuFeatures.h"
#include "EntryBuilder.h"
#include "amos/Target/NVVM/Launches.h"

using namespace mlir;

namespace amos {

/// Whether the device is one that the code of `variant` is for. Of a single
/// one the driver finds out itself.
Value EntryBuilder::isDevicePresent(LLVM::LLVMFuncOp variant) {
  if (kernels.size() < 2)
    return Value();
  auto target =
      variant->getAttrOfType<NVVM::NVVMTargetAttr>(deviceAttributeName);
  auto [least, most] = getCapabilities(target.getChip());
  Type i32 = b.getI32Type();
  Value suits = LLVM::CallOp::create(
                    b, getLauncherFunction(module, suitsName),
                    ValueRange{run, constant(i32, least), constant(i32, most)})
                    .getResult();
  return LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::ne, suits,
                              constant(i32, 0));
}

/// Whether the machine of `variant` is there; null if any is.
FailureOr<Value> EntryBuilder::isPresent(LLVM::LLVMFuncOp variant) {
  if (isOnDevice)
    return isDevicePresent(variant);
  if (!needsFeatures(variant))
    return Value();
  LLVM::LLVMFuncOp &check = checks[variant];
  if (!check) {
    FailureOr<LLVM::LLVMFuncOp> added = addCpuCheck(
        module, variant, variant.getName().drop_front(kernelPrefix.size()));
    if (failed(added))
      return failure();
    check = *added;
  }
  return LLVM::CallOp::create(b, check, ValueRange()).getResult();
}

LogicalResult
EntryBuilder::addAttempts(llvm::function_ref<void(LLVM::LLVMFuncOp)> call) {
  for (LLVM::LLVMFuncOp variant : kernels) {
    FailureOr<Value> present = isPresent(variant);
    if (failed(present))
      return failure();
    Block *next = *present ? branchIf(*present) : nullptr;
    call(variant);
    if (!next)
      return success();
    b.setInsertionPointToEnd(next);
  }
  returnAbsence();
  return success();
}

void EntryBuilder::beginRun(Value stream) {
  run = LLVM::AllocaOp::create(b, LLVM::LLVMPointerType::get(b.getContext()),
                               getRunType(b.getContext()),
                               constant(b.getI32Type(), 1), 8);
  LLVM::CallOp::create(b, getLauncherFunction(module, beginName),
                       ValueRange{run, stream});
}

Value EntryBuilder::endRun() {
  return LLVM::CallOp::create(b, getLauncherFunction(module, endName), run)
      .getResult();
}

/// A driver that is not there is what the launcher found first.
void EntryBuilder::returnAbsence() {
  Type i32 = b.getI32Type();
  if (!isOnDevice)
    return returnStatus(constant(i32, MissingFeature));
  Value status = endRun();
  Value isOk = LLVM::ICmpOp::create(b, LLVM::ICmpPredicate::eq, status,
                                    constant(i32, Ok));
  returnStatus(
      LLVM::SelectOp::create(b, isOk, constant(i32, MissingCode), status));
}

/// On a device the launcher keeps the status, and the stream for the launches.
void EntryBuilder::callKernel(LLVM::LLVMFuncOp variant,
                              SmallVector<Value> arguments) {
  if (isOnDevice)
    arguments.push_back(run);
  LLVM::CallOp::create(b, variant, arguments);
  returnStatus(isOnDevice ? endRun() : constant(b.getI32Type(), Ok));
}

} // namespace amos
