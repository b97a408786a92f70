//===- EmbedKernels.cpp - Machine code as data of the host ----------------===//

#include "amos/Target/NVVM/Assemble.h"
#include "amos/Target/NVVM/Launches.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"

using namespace mlir;
using namespace amos;

static constexpr StringLiteral codeName = "amos.gpu.code";
static constexpr StringLiteral imageName = "amos.gpu.image";

static LLVM::GlobalOp addBytes(ImplicitLocOpBuilder &b, const Twine &name,
                               StringRef bytes) {
  auto type = LLVM::LLVMArrayType::get(b.getI8Type(), bytes.size());
  return LLVM::GlobalOp::create(b, type, /*isConstant=*/true,
                                LLVM::Linkage::Internal, name.str(),
                                b.getStringAttr(bytes), /*alignment=*/16);
}

static Value addressOf(ImplicitLocOpBuilder &b, LLVM::GlobalOp global) {
  return LLVM::AddressOfOp::create(b, global);
}

static Value insert(ImplicitLocOpBuilder &b, Value structure, Value field,
                    int64_t position) {
  return LLVM::InsertValueOp::create(b, structure, field, position);
}

/// A structure of zeros, built in the initializer of `global`.
static Value beginInitializer(ImplicitLocOpBuilder &b, LLVM::GlobalOp global) {
  b.createBlock(&global.getInitializerRegion());
  return LLVM::ZeroOp::create(b, global.getGlobalType());
}

static LLVM::GlobalOp addImage(ImplicitLocOpBuilder &b, StringRef fatbin) {
  LLVM::GlobalOp code = addBytes(b, codeName, fatbin);
  auto image = LLVM::GlobalOp::create(
      b, getImageType(b.getContext()),
      /*isConstant=*/false, LLVM::Linkage::Internal, imageName, Attribute());
  OpBuilder::InsertionGuard guard(b);
  Value fields = beginInitializer(b, image);
  LLVM::ReturnOp::create(b, insert(b, fields, addressOf(b, code), 0));
  return image;
}

/// The most dynamic shared memory that a launch of each kernel asks for.
static llvm::StringMap<int64_t> getSharedBytes(ModuleOp module) {
  llvm::StringMap<int64_t> bytes;
  for (auto function : module.getOps<LLVM::LLVMFuncOp>()) {
    auto launches = function->getAttrOfType<ArrayAttr>(launchesAttributeName);
    if (!launches)
      continue;
    for (auto launch : launches.getAsRange<DictionaryAttr>()) {
      auto kernel = launch.getAs<StringAttr>("kernel");
      auto shared = launch.getAs<IntegerAttr>("shared");
      if (kernel && shared)
        bytes[kernel] = std::max(bytes[kernel], shared.getInt());
    }
  }
  return bytes;
}

static void defineKernel(LLVM::GlobalOp kernel, LLVM::GlobalOp image,
                         StringRef name, int64_t sharedBytes) {
  ImplicitLocOpBuilder b(kernel.getLoc(), kernel);
  LLVM::GlobalOp text =
      addBytes(b, "amos.gpu.name." + name, (name + Twine('\0')).str());
  kernel.setLinkage(LLVM::Linkage::Internal);
  Value fields = beginInitializer(b, kernel);
  fields = insert(b, fields, addressOf(b, text), 0);
  fields = insert(b, fields, addressOf(b, image), 1);
  Value shared =
      LLVM::ConstantOp::create(b, b.getI32Type(), int32_t(sharedBytes));
  LLVM::ReturnOp::create(b, insert(b, fields, shared, 4));
}

/// The globals of kernels that hold nothing yet.
static SmallVector<LLVM::GlobalOp> findAwaited(ModuleOp module) {
  std::string prefix = getKernelGlobalName("");
  SmallVector<LLVM::GlobalOp> kernels;
  for (auto global : module.getOps<LLVM::GlobalOp>())
    if (global.getSymName().starts_with(prefix) &&
        !global.getInitializerBlock())
      kernels.push_back(global);
  return kernels;
}

bool amos::awaitsKernels(ModuleOp module) {
  return !findAwaited(module).empty();
}

void amos::embedKernels(ModuleOp module, StringRef fatbin) {
  SmallVector<LLVM::GlobalOp> kernels = findAwaited(module);
  if (kernels.empty())
    return;
  auto b =
      ImplicitLocOpBuilder::atBlockBegin(module.getLoc(), module.getBody());
  LLVM::GlobalOp image = addImage(b, fatbin);
  llvm::StringMap<int64_t> sharedBytes = getSharedBytes(module);
  size_t prefix = getKernelGlobalName("").size();
  for (LLVM::GlobalOp kernel : kernels) {
    StringRef name = kernel.getSymName().drop_front(prefix);
    defineKernel(kernel, image, name, sharedBytes.lookup(name));
  }
}
