//===- AddEntries.cpp - What C programs call ------------------------------===//

#include "CpuFeatures.h"
#include "EntryBuilder.h"
#include "amos/Report/Entry.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

namespace amos {
#define GEN_PASS_DEF_ADDENTRIES
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {

static constexpr std::pair<Status, StringLiteral> messages[] = {
    {Ok, "success"},
    {BadArgument, "bad argument: a pointer is NULL or misaligned for its "
                  "element type, an extent or offset is negative, extents do "
                  "not fit each other, a stride is "
                  "less than 1, or the number of buffers is wrong"},
    {BadWorkspace, "the workspace is too small or not aligned to 256 bytes"},
    {MissingFeature, "this CPU lacks a feature the code was compiled for"},
    {MissingDriver, "the driver of the device could not be loaded"},
    {MissingCode, "the object holds no code for this device"},
    {FirstDriverError, "the driver of the device reported an error: the status "
                       "less 1000 is its code"},
};

namespace {
struct AddEntries : impl::AddEntriesBase<AddEntries> {
  using AddEntriesBase::AddEntriesBase;
  void runOnOperation() override;
};
} // namespace

static LLVM::GlobalOp addText(ImplicitLocOpBuilder &b, ModuleOp module,
                              StringRef name, StringRef text) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(module.getBody());
  std::string bytes = (text + Twine('\0')).str();
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
  return LLVM::GlobalOp::create(b, type, /*isConstant=*/true,
                                LLVM::Linkage::Internal, name,
                                b.getStringAttr(bytes));
}

/// Adds `const char *amos.error(int32_t status)`, which the functions of the
/// module share.
static LLVM::LLVMFuncOp addErrorTable(ModuleOp module) {
  auto b = ImplicitLocOpBuilder::atBlockEnd(module.getLoc(), module.getBody());
  auto pointer = LLVM::LLVMPointerType::get(b.getContext());
  auto function = LLVM::LLVMFuncOp::create(
      b, errorName, LLVM::LLVMFunctionType::get(pointer, {b.getI32Type()}),
      LLVM::Linkage::Internal);
  b.setInsertionPointToEnd(function.addEntryBlock(b));
  auto addressOf = [&](const Twine &suffix, StringRef text) -> Value {
    std::string name = ("amos.message." + suffix).str();
    return LLVM::AddressOfOp::create(b, addText(b, module, name, text));
  };
  Value text = addressOf("unknown", "unknown status");
  for (auto [status, message] : messages) {
    Value known = LLVM::ConstantOp::create(b, b.getI32Type(),
                                           b.getI32IntegerAttr(status));
    auto predicate = status == FirstDriverError ? LLVM::ICmpPredicate::sge
                                                : LLVM::ICmpPredicate::eq;
    Value isThis =
        LLVM::ICmpOp::create(b, predicate, function.getArgument(0), known);
    text = LLVM::SelectOp::create(b, isThis, addressOf(Twine(status), message),
                                  text);
  }
  LLVM::ReturnOp::create(b, text);
  return function;
}

/// Whatever the module defines besides the C functions stays inside the object.
static void hideDefinitions(ModuleOp module) {
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal())
      function.setLinkage(LLVM::Linkage::Internal);
  for (auto global : module.getOps<LLVM::GlobalOp>())
    if (global.getLinkage() == LLVM::Linkage::External &&
        (global.getValueOrNull() || global.getInitializerBlock()))
      global.setLinkage(LLVM::Linkage::Internal);
}

/// Messages are asked for on the very CPUs that lack a feature.
static void restrictToBaseline(LLVM::LLVMFuncOp function,
                               ArrayRef<LLVM::LLVMFuncOp> kernels) {
  if (llvm::any_of(kernels, needsFeatures))
    restrictToBaseline(function);
}

void AddEntries::runOnOperation() {
  ModuleOp module = getOperation();
  SmallVector<LLVM::LLVMFuncOp> all;
  llvm::MapVector<StringRef, SmallVector<LLVM::LLVMFuncOp>> kernels;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>())
    if (!function.isExternal() && function->hasAttr(Signature::attributeName)) {
      all.push_back(function);
      kernels[getSourceName(function)].push_back(function);
    }
  hideDefinitions(module);
  if (all.empty())
    return;
  restrictToBaseline(addErrorTable(module), all);
  for (const auto &[name, variants] : kernels)
    if (failed(EntryBuilder(module, variants, name, prefix).build()))
      return signalPassFailure();
}

} // namespace amos
