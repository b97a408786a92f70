//===- PackerEntries.cpp - The C functions that pack arguments ------------===//

#include "EntryBuilder.h"
#include "amos/Report/Entry.h"

using namespace mlir;

namespace amos {

/// What packs parameter `n` for `variant`. `bytes` grows to those of the form.
FailureOr<LLVM::LLVMFuncOp>
EntryBuilder::findPacker(LLVM::LLVMFuncOp variant, unsigned n, int64_t &bytes) {
  FailureOr<Signature> signature = Signature::get(variant);
  if (failed(signature))
    return failure();
  if (n >= signature->parameters.size())
    return variant.emitError()
           << "'" << Signature::attributeName << "' has "
           << signature->parameters.size() << " parameters, expected at least "
           << n + 1 << ", as for the first machine";
  const std::optional<Packing> &packing = signature->parameters[n].packing;
  LLVM::LLVMFuncOp packer =
      packing ? module.lookupSymbol<LLVM::LLVMFuncOp>(packing->packer)
              : LLVM::LLVMFuncOp();
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto type = LLVM::LLVMFunctionType::get(
      LLVM::LLVMVoidType::get(b.getContext()), {pointer, pointer});
  if (!packer || packer.getFunctionType() != type)
    return variant.emitError()
           << "expected a function of " << type << " that packs '"
           << signature->parameters[n].name << "', as for the first machine";
  bytes = std::max(bytes, packing->bytes);
  return packer;
}

/// Packs for the machine that the kernel would run on: what is packed by one
/// is read by its own kernel.
LogicalResult EntryBuilder::addPacker(const Signature &signature, unsigned n) {
  llvm::DenseMap<Operation *, LLVM::LLVMFuncOp> packers;
  const Parameter &parameter = signature.parameters[n];
  int64_t bytes = 0;
  for (LLVM::LLVMFuncOp variant : kernels) {
    FailureOr<LLVM::LLVMFuncOp> packer = findPacker(variant, n, bytes);
    if (failed(packer))
      return failure();
    packer->setNoInline(true);
    if (Attribute features = variant->getAttr("amos.features"))
      (*packer)->setAttr("amos.features", features);
    packers[variant] = *packer;
  }
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto function = addFunction("_pack_" + parameter.name, b.getI32Type(),
                              {pointer, pointer});
  checkParameter(function.getArgument(0),
                 {pointer, pointer, parameter.type->bytes});
  checkParameter(function.getArgument(1), {pointer, pointer, packedAlignment});
  if (failed(addAttempts([&](LLVM::LLVMFuncOp variant) {
        LLVM::CallOp::create(b, packers[variant], function.getArguments());
        returnStatus(constant(b.getI32Type(), Ok));
      })))
    return failure();
  addFunction("_packed_size_" + parameter.name, b.getI64Type(), {});
  LLVM::ReturnOp::create(b, constant(b.getI64Type(), bytes));
  return success();
}

LogicalResult EntryBuilder::addPackers() {
  FailureOr<Signature> signature = Signature::get(kernel);
  if (failed(signature))
    return failure();
  for (auto [n, parameter] : llvm::enumerate(signature->parameters))
    if (parameter.packing && failed(addPacker(*signature, n)))
      return failure();
  return success();
}

} // namespace amos
