//===- EmitPtx.cpp - Kernels as PTX ---------------------------------------===//

#include "amos/Target/NVVM/EmitPtx.h"
#include "amos/Target/NVVM/Launches.h"
#include "amos/Target/NVVM/Toolkit.h"
#include "amos/Transforms/PrepareTranslation.h"
#include "mlir/Target/LLVM/ModuleToObject.h"
#include "mlir/Target/LLVMIR/Dialect/All.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"

using namespace mlir;
using namespace amos;

/// The prefix of the functions in CUDA's libdevice.
static constexpr StringLiteral libraryPrefix = "__nv_";

//===----------------------------------------------------------------------===//
// One module of all kernels
//===----------------------------------------------------------------------===//

/// Symbols besides kernels may be called alike in several modules.
static LogicalResult rename(gpu::GPUModuleOp kernels, Operation *definition,
                            SymbolTable &present) {
  StringAttr name = SymbolTable::getSymbolName(definition);
  for (unsigned n = 0; present.lookup(name); ++n)
    name = StringAttr::get(kernels.getContext(),
                           SymbolTable::getSymbolName(definition).getValue() +
                               "." + Twine(n));
  if (failed(SymbolTable::replaceAllSymbolUses(definition, name, kernels)))
    return kernels.emitError("cannot rename what its kernels share");
  SymbolTable::setSymbolName(definition, name);
  return success();
}

static bool isDeclaration(Operation *op) {
  auto function = dyn_cast<FunctionOpInterface>(op);
  return function && function.isExternal();
}

/// The conversion of kernels keeps of a parameter by value only how many bytes
/// can be read behind it. A kernel reads it where the driver put it.
static void passByValue(gpu::GPUModuleOp kernels) {
  MLIRContext *context = kernels.getContext();
  StringRef readable = LLVM::LLVMDialect::getDereferenceableAttrName();
  for (auto kernel : kernels.getOps<LLVM::LLVMFuncOp>()) {
    if (!kernel->hasAttr(NVVM::NVVMDialect::getKernelFuncAttrName()))
      continue;
    for (unsigned n = 0; n < kernel.getNumArguments(); ++n) {
      auto bytes = kernel.getArgAttrOfType<IntegerAttr>(n, readable);
      if (!bytes)
        continue;
      auto type = LLVM::LLVMArrayType::get(IntegerType::get(context, 8),
                                           bytes.getInt());
      kernel.setArgAttr(n, LLVM::LLVMDialect::getByValAttrName(),
                        TypeAttr::get(type));
      kernel.setArgAttr(n, NVVM::NVVMDialect::getGridConstantAttrName(),
                        UnitAttr::get(context));
      kernel.removeArgAttr(n, readable);
    }
  }
}

/// A copy of all modules of kernels as one.
static OwningOpRef<gpu::GPUModuleOp> mergeKernels(ModuleOp module) {
  OwningOpRef<gpu::GPUModuleOp> merged;
  for (auto kernels : module.getOps<gpu::GPUModuleOp>()) {
    if (!merged) {
      merged = kernels.clone();
      continue;
    }
    SymbolTable present(*merged);
    OwningOpRef<gpu::GPUModuleOp> copy = kernels.clone();
    for (Operation &op : llvm::make_early_inc_range(*copy->getBody())) {
      StringAttr name = SymbolTable::getSymbolName(&op);
      if (isDeclaration(&op) && present.lookup(name))
        continue;
      if (present.lookup(name) && failed(rename(*copy, &op, present)))
        return {};
      op.moveBefore(merged->getBody(), merged->getBody()->end());
      present.insert(&op);
    }
  }
  return merged;
}

//===----------------------------------------------------------------------===//
// From there to PTX
//===----------------------------------------------------------------------===//

namespace {
/// Upstream's way from a module of kernels to machine code, with optimized code
/// generation, up to the text of PTX.
class PtxEmitter : public mlir::LLVM::ModuleToObject {
public:
  PtxEmitter(gpu::GPUModuleOp module, NVVM::NVVMTargetAttr target)
      : ModuleToObject(*module, target.getTriple(), target.getChip(),
                       target.getFeatures(), /*optLevel=*/3) {}
  llvm::Expected<std::string> emit();

protected:
  std::optional<SmallVector<std::unique_ptr<llvm::Module>>>
  loadBitcodeFiles(llvm::Module &module) override;
  FailureOr<SmallVector<char, 0>> moduleToObject(llvm::Module &module) override;

private:
  llvm::Error checkLibrary();
};
} // namespace

static void initializeTarget() {
  LLVMInitializeNVPTXTargetInfo();
  LLVMInitializeNVPTXTarget();
  LLVMInitializeNVPTXTargetMC();
  LLVMInitializeNVPTXAsmPrinter();
}

static bool needsLibrary(llvm::Module &module) {
  return llvm::any_of(module, [](llvm::Function &function) {
    return function.isDeclaration() &&
           function.getName().starts_with(libraryPrefix);
  });
}

std::optional<SmallVector<std::unique_ptr<llvm::Module>>>
PtxEmitter::loadBitcodeFiles(llvm::Module &module) {
  SmallVector<std::unique_ptr<llvm::Module>> libraries;
  if (!needsLibrary(module))
    return libraries;
  auto library = loadBitcodeFile(module.getContext(), findDeviceLibrary());
  if (!library)
    return std::nullopt;
  library->setTargetTriple(module.getTargetTriple());
  library->setDataLayout(module.getDataLayout());
  libraries.push_back(std::move(library));
  return libraries;
}

/// Less than aggressive code generation keeps accumulators in memory or moves
/// them around, and the assembler then serializes matrix instructions.
FailureOr<SmallVector<char, 0>>
PtxEmitter::moduleToObject(llvm::Module &module) {
  if (llvm::Error error = checkInstructions(module, module.getTargetTriple()))
    return getOperation().emitError() << llvm::toString(std::move(error));
  std::string error;
  const llvm::Target *target =
      llvm::TargetRegistry::lookupTarget(module.getTargetTriple(), error);
  if (!target)
    return getOperation().emitError() << error;
  std::unique_ptr<llvm::TargetMachine> machine(target->createTargetMachine(
      module.getTargetTriple(), chip, features, {}, std::nullopt, std::nullopt,
      llvm::CodeGenOptLevel::Aggressive));
  auto text = translateModuleToISA(module, *machine,
                                   [&] { return getOperation().emitError(); });
  if (failed(text))
    return failure();
  return SmallVector<char, 0>(text->begin(), text->end());
}

llvm::Error PtxEmitter::checkLibrary() {
  for (auto function :
       cast<gpu::GPUModuleOp>(module).getOps<LLVM::LLVMFuncOp>())
    if (function.isExternal() &&
        function.getName().starts_with(libraryPrefix) &&
        findDeviceLibrary().empty())
      return llvm::make_error<MissingTool>(
          "the kernels call '" + function.getName() +
          "', but there is no nvvm/libdevice/libdevice.10.bc beside the 'bin' "
          "of 'ptxas'; install NVIDIA's CUDA Toolkit and set CUDA_HOME");
  return llvm::Error::success();
}

llvm::Expected<std::string> PtxEmitter::emit() {
  if (llvm::Error error = checkLibrary())
    return error;
  initializeTarget();
  std::optional<SmallVector<char, 0>> text = run();
  if (!text)
    return llvm::createStringError("the kernels do not translate to PTX");
  return std::string(text->begin(), text->end());
}

llvm::Expected<std::string> amos::emitPtx(ModuleOp module) {
  FailureOr<NVVM::NVVMTargetAttr> target = getKernelTarget(module);
  if (failed(target))
    return llvm::createStringError("the kernels have no common target");
  if (!*target)
    return std::string();
  DialectRegistry registry;
  registerAllToLLVMIRTranslations(registry);
  module.getContext()->appendDialectRegistry(registry);
  OwningOpRef<gpu::GPUModuleOp> kernels = mergeKernels(module);
  if (!kernels)
    return llvm::createStringError("the kernels do not fit into one file");
  if (failed(prepareTranslation(*kernels)))
    return llvm::createStringError("the kernels do not translate to LLVM IR");
  passByValue(*kernels);
  return PtxEmitter(*kernels, *target).emit();
}
