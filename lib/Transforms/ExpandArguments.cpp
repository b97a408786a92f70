//===- ExpandArguments.cpp - Pointers and numbers for descriptors ---------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Utils/MemRefUtils.h"

namespace amos {
#define GEN_PASS_DEF_EXPANDARGUMENTS
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct ExpandArguments : impl::ExpandArgumentsBase<ExpandArguments> {
  void runOnOperation() override;
};
} // namespace

/// Whether a pointer alone does not say where the elements lie.
static bool needsNumbers(MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t offset;
  return succeeded(type.getStridesAndOffset(strides, offset)) &&
         (!type.hasStaticShape() || ShapedType::isDynamic(offset) ||
          llvm::any_of(strides, ShapedType::isDynamic));
}

static void expand(func::FuncOp function, unsigned place, MemRefType type) {
  BlockArgument pointer = function.getArgument(place);
  Location loc = pointer.getLoc();
  auto b = OpBuilder::atBlockBegin(&function.getBody().front());
  auto get = [&](int64_t number) -> OpFoldResult {
    if (!ShapedType::isDynamic(number))
      return b.getIndexAttr(number);
    (void)function.insertArgument(++place, b.getI64Type(), {}, loc);
    return arith::IndexCastOp::create(b, loc, b.getIndexType(),
                                      function.getArgument(place))
        .getResult();
  };
  SmallVector<int64_t> strides;
  int64_t offset;
  (void)type.getStridesAndOffset(strides, offset);
  SmallVector<OpFoldResult> sizes = llvm::map_to_vector(type.getShape(), get);
  OpFoldResult start = get(offset);
  SmallVector<OpFoldResult> steps =
      type.getLayout().isIdentity()
          ? memref::computeStridesIRBlock(loc, b, sizes)
          : llvm::map_to_vector(strides, get);
  auto view = memref::ReinterpretCastOp::create(b, loc, type, pointer, start,
                                                sizes, steps);
  pointer.replaceAllUsesExcept(view, view);
  ArrayRef<int64_t> noExtents;
  pointer.setType(MemRefType::get(noExtents, type.getElementType(),
                                  MemRefLayoutAttrInterface(),
                                  type.getMemorySpace()));
}

void ExpandArguments::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal())
    return;
  for (unsigned n = function.getNumArguments(); n-- > 0;)
    if (auto type = dyn_cast<MemRefType>(function.getArgument(n).getType()))
      if (needsNumbers(type))
        expand(function, n, type);
  function.setFunctionType(
      FunctionType::get(&getContext(), function.getBody().getArgumentTypes(),
                        function.getResultTypes()));
}

} // namespace amos
