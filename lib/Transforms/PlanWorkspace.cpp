//===- PlanWorkspace.cpp - One caller-owned block holds every buffer ------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace amos {
#define GEN_PASS_DEF_PLANWORKSPACE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// The contract's alignment of a workspace, kept by every buffer in it.
static constexpr int64_t alignment = 256;

/// Bytes of a statically shaped buffer; vectors are stored whole.
static int64_t getBytes(MemRefType type, const DataLayout &layout) {
  return type.getNumElements() *
         layout.getTypeSize(type.getElementType()).getFixedValue();
}

namespace {
struct PlanWorkspacePass : amos::impl::PlanWorkspaceBase<PlanWorkspacePass> {
  void runOnOperation() override;
  int64_t placeBuffers(func::FuncOp function,
                       SmallVectorImpl<std::pair<memref::AllocOp, int64_t>> &);
};
} // namespace

/// The first place from `end` on whose distance from the buffer before it is
/// 256 to 1024 bytes modulo 2048: on x86 a load waits for a recent store whose
/// address agrees in the low 12 bits.
static int64_t getNextOffset(int64_t end, int64_t before) {
  int64_t offset = llvm::alignTo(end, alignment);
  int64_t distance = (offset - before) % 2048;
  if (distance < 256)
    return offset + 2 * alignment;
  return distance > 1024 ? offset + 2048 - distance + 2 * alignment : offset;
}

/// Chooses an offset for every buffer of `function`; returns the end of the
/// last.
int64_t PlanWorkspacePass::placeBuffers(
    func::FuncOp function,
    SmallVectorImpl<std::pair<memref::AllocOp, int64_t>> &placed) {
  DataLayout layout = DataLayout::closest(function);
  int64_t end = 0;
  for (auto alloc : function.getBody().getOps<memref::AllocOp>()) {
    if (!alloc.getType().hasStaticShape())
      continue;
    int64_t offset =
        placed.empty() ? 0 : getNextOffset(end, placed.back().second);
    placed.push_back({alloc, offset});
    end = offset + getBytes(alloc.getType(), layout);
  }
  return end;
}

void PlanWorkspacePass::runOnOperation() {
  func::FuncOp function = getOperation();
  if (function.isExternal())
    return;
  SmallVector<std::pair<memref::AllocOp, int64_t>> placed;
  int64_t bytes = placeBuffers(function, placed);
  OpBuilder builder(&getContext());
  auto type = MemRefType::get(bytes, builder.getI8Type());
  if (failed(function.insertArgument(function.getNumArguments(), type, {},
                                     function.getLoc())))
    return signalPassFailure();
  Value workspace = function.getArguments().back();
  for (auto [alloc, offset] : placed) {
    builder.setInsertionPoint(alloc);
    Value at = arith::ConstantIndexOp::create(builder, alloc.getLoc(), offset);
    Value view = memref::ViewOp::create(
        builder, alloc.getLoc(), alloc.getType(), workspace, at, ValueRange());
    for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
      if (isa<memref::DeallocOp>(user))
        user->erase();
    alloc.replaceAllUsesWith(view);
    alloc.erase();
  }
  function->setAttr("amos.workspace", builder.getI64IntegerAttr(bytes));
}
