//===- HostDescriptor.cpp - What the host tells a copy engine -------------===//

#include "HostDescriptor.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace amos;

/// Descriptors lie at multiples of this many bytes: the most that CUDA's driver
/// asks for (cuTensorMapEncodeTiled), and it is the only one there is.
static constexpr int64_t descriptorAlignment = 64;

/// Memory of the host that lives as long as the call.
static Value allocate(OpBuilder &builder, Location loc, int64_t words,
                      int64_t alignment) {
  OpBuilder::InsertionGuard guard(builder);
  auto function = builder.getInsertionBlock()
                      ->getParentOp()
                      ->getParentOfType<func::FuncOp>();
  if (!function)
    function = cast<func::FuncOp>(builder.getInsertionBlock()->getParentOp());
  builder.setInsertionPointToStart(&function.getBody().front());
  Type type = LLVM::LLVMArrayType::get(builder.getI64Type(), words);
  Value one = LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), 1);
  return LLVM::AllocaOp::create(
      builder, loc, LLVM::LLVMPointerType::get(builder.getContext()), type, one,
      alignment);
}

static Value storeWords(OpBuilder &builder, Location loc,
                        ArrayRef<int64_t> words) {
  Value memory = allocate(builder, loc, words.size(), /*alignment=*/8);
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  for (auto [n, word] : llvm::enumerate(words)) {
    Value at = LLVM::GEPOp::create(builder, loc, pointer, builder.getI64Type(),
                                   memory, ArrayRef<LLVM::GEPArg>{int32_t(n)});
    Value value =
        LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), word);
    LLVM::StoreOp::create(builder, loc, value, at);
  }
  return memory;
}

/// Extents of the tensor, its neighbouring dimensions merged, and bytes from
/// one step of each to the next.
static std::pair<SmallVector<int64_t>, SmallVector<int64_t>>
getTensor(const DescribedTensor &tensor, int64_t elementBytes) {
  ArrayRef<int64_t> shape =
      cast<MemRefType>(tensor.memref.getType()).getShape();
  SmallVector<int64_t> sizes;
  size_t d = 0;
  for (int64_t group : tensor.merged) {
    sizes.push_back(1);
    for (int64_t n = 0; n < group; ++n)
      sizes.back() *= shape[d++];
  }
  SmallVector<int64_t> strides(sizes.size(), elementBytes);
  for (size_t n = sizes.size() - 1; n-- > 0;)
    strides[n] = strides[n + 1] * sizes[n + 1];
  return {sizes, strides};
}

Value amos::makeHostDescriptor(OpBuilder &builder, Location loc, CopyOp copy,
                               const DescribedTensor &tensor) {
  auto pointer = LLVM::LLVMPointerType::get(builder.getContext());
  int64_t words =
      llvm::divideCeil(copy.getDescriptorBytes().value_or(0), sizeof(int64_t));
  Value out = allocate(builder, loc, words, descriptorAlignment);
  auto type = cast<MemRefType>(tensor.memref.getType());
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  auto [sizes, strides] = getTensor(tensor, bytes);
  Value address = memref::ExtractAlignedPointerAsIndexOp::create(builder, loc,
                                                                 tensor.memref);
  address =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), address);
  SmallVector<Value> values = {
      out, LLVM::IntToPtrOp::create(builder, loc, pointer, address),
      storeWords(builder, loc, sizes), storeWords(builder, loc, strides),
      storeWords(builder, loc, tensor.box)};
  auto place = dyn_cast<TensorAttr>(copy.getFrom());
  if (!place)
    place = cast<TensorAttr>(copy.getTo());
  for (AffineExpr symbol :
       tensor.symbols.getResults().drop_front(place.getCoordinates())) {
    Type type = copy.getDescriptor().getArgument(values.size()).getType();
    values.push_back(arith::ConstantOp::create(
        builder, loc,
        builder.getIntegerAttr(type,
                               cast<AffineConstantExpr>(symbol).getValue())));
  }
  inlineRegion(copy.getDescriptor(), values, builder);
  return out;
}
