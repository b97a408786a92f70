//===- PlanWorkspace.cpp - One caller-owned block holds every buffer ------===//

#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/ImplicitLocOpBuilder.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace amos {
#define GEN_PASS_DEF_PLANWORKSPACE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;
using namespace amos;

/// The contract's alignment of a workspace, kept by every buffer in it.
static constexpr int64_t alignment = 256;

/// Bytes of one element; vectors are stored whole.
static int64_t getElementBytes(MemRefType type, const DataLayout &layout) {
  return layout.getTypeSize(type.getElementType()).getFixedValue();
}

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

namespace {
struct PlanWorkspacePass : amos::impl::PlanWorkspaceBase<PlanWorkspacePass> {
  void runOnOperation() override;
};

/// The workspace of one function.
class Workspace {
public:
  explicit Workspace(func::FuncOp function)
      : function(function), layout(DataLayout::closest(function)),
        b(function.getLoc(), function.getContext()) {}
  LogicalResult plan();

private:
  int64_t placeKnown();
  Value placeUnknown(int64_t end);
  void replace(memref::AllocOp alloc, Value offset);
  FailureOr<func::FuncOp> addSize(Value end);
  LogicalResult freeInner();

  func::FuncOp function;
  DataLayout layout;
  ImplicitLocOpBuilder b;
  Value workspace;
  SmallVector<std::pair<memref::AllocOp, int64_t>> placed;
};
} // namespace

/// Chooses an offset for every buffer of known extents; returns the end of the
/// last.
int64_t Workspace::placeKnown() {
  int64_t end = 0;
  for (auto alloc : function.getBody().getOps<memref::AllocOp>()) {
    MemRefType type = alloc.getType();
    if (!type.hasStaticShape())
      continue;
    int64_t offset =
        placed.empty() ? 0 : getNextOffset(end, placed.back().second);
    placed.push_back({alloc, offset});
    end = offset + type.getNumElements() * getElementBytes(type, layout);
  }
  return end;
}

void Workspace::replace(memref::AllocOp alloc, Value offset) {
  Value view = memref::ViewOp::create(b, alloc.getType(), workspace, offset,
                                      alloc.getDynamicSizes());
  for (Operation *user : llvm::make_early_inc_range(alloc->getUsers()))
    if (isa<memref::DeallocOp>(user))
      user->erase();
  alloc.replaceAllUsesWith(view);
  alloc.erase();
}

/// Replaces the buffers whose size is known when the function runs, one after
/// the other from `end` on. Their end, or null if there are none.
Value Workspace::placeUnknown(int64_t end) {
  Value reached;
  auto index = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(b, value);
  };
  for (auto alloc : llvm::make_early_inc_range(
           function.getBody().getOps<memref::AllocOp>())) {
    b.setInsertionPoint(alloc);
    MemRefType type = alloc.getType();
    Value last = reached ? reached : index(end);
    Value offset = arith::AndIOp::create(
        b, arith::AddIOp::create(b, last, index(2 * alignment - 1)),
        index(-alignment));
    int64_t bytes = getElementBytes(type, layout);
    for (int64_t extent : type.getShape())
      bytes *= ShapedType::isDynamic(extent) ? 1 : extent;
    Value size = index(bytes);
    for (Value extent : alloc.getDynamicSizes())
      size = arith::MulIOp::create(b, size, extent);
    reached = arith::AddIOp::create(b, offset, size);
    replace(alloc, offset);
  }
  return reached;
}

/// Repeats the computation of `value` where `known` tells the values of
/// extents; null when it needs more than those.
static Value repeat(OpBuilder &b, Value value, IRMapping &known) {
  if (Value done = known.lookupOrNull(value))
    return done;
  Operation *op = value.getDefiningOp();
  if (!op || op->getNumRegions() || !isPure(op))
    return nullptr;
  for (Value operand : op->getOperands())
    if (!repeat(b, operand, known))
      return nullptr;
  b.clone(*op, known);
  return known.lookup(value);
}

/// The function that computes `end` from the dynamic extents of the arguments.
FailureOr<func::FuncOp> Workspace::addSize(Value end) {
  auto size = func::FuncOp::create(
      b.getLoc(), (function.getName() + ".workspace_size").str(),
      b.getFunctionType({}, {b.getI64Type()}));
  size.setPrivate();
  Block *body = size.addEntryBlock();
  b.setInsertionPointToStart(body);
  IRMapping known;
  for (Value argument : function.getArguments()) {
    auto type = dyn_cast<MemRefType>(argument.getType());
    for (int64_t d = 0, rank = type ? type.getRank() : 0; d < rank; ++d) {
      if (!type.isDynamicDim(d))
        continue;
      Value extent = body->addArgument(b.getIndexType(), argument.getLoc());
      for (Operation *user : argument.getUsers())
        if (auto dim = dyn_cast<memref::DimOp>(user))
          if (dim.getConstantIndex() == d)
            known.map(dim.getResult(), extent);
    }
  }
  Value bytes = repeat(b, end, known);
  if (!bytes) {
    size.erase();
    return function.emitError()
           << "'" << function.getName()
           << "' needs a buffer whose size depends on more than the extents of "
              "its arguments (E-DYNAMIC)";
  }
  func::ReturnOp::create(
      b, Value(arith::IndexCastOp::create(b, b.getI64Type(), bytes)));
  size.setFunctionType(
      b.getFunctionType(body->getArgumentTypes(), {b.getI64Type()}));
  SymbolTable(function->getParentOp()).insert(size);
  return size;
}

/// Frees what loops and branches make for themselves, of a size that changes
/// there, before they end.
LogicalResult Workspace::freeInner() {
  BufferViewFlowAnalysis views(function);
  WalkResult result = function.walk([&](memref::AllocOp alloc) {
    if (llvm::any_of(alloc->getUsers(), llvm::IsaPred<memref::DeallocOp>))
      return WalkResult::advance();
    Block *block = alloc->getBlock();
    for (Value view : views.resolve(alloc))
      if (!block->getParent()->isAncestor(view.getParentRegion())) {
        alloc.emitError() << "'" << function.getName()
                          << "' needs a buffer whose size changes while it "
                             "runs, outside of where it does (E-DYNAMIC)";
        return WalkResult::interrupt();
      }
    b.setInsertionPoint(block->getTerminator());
    memref::DeallocOp::create(b, alloc);
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult Workspace::plan() {
  int64_t bytes = placeKnown();
  auto type = MemRefType::get(bytes, b.getI8Type());
  if (failed(function.insertArgument(function.getNumArguments(), type, {},
                                     function.getLoc())))
    return failure();
  workspace = function.getArguments().back();
  for (auto [alloc, offset] : placed) {
    b.setInsertionPoint(alloc);
    replace(alloc, arith::ConstantIndexOp::create(b, offset));
  }
  function->setAttr("amos.workspace", b.getI64IntegerAttr(bytes));
  Value end = placeUnknown(bytes);
  if (failed(freeInner()))
    return failure();
  if (!end)
    return success();
  FailureOr<func::FuncOp> size = addSize(end);
  if (failed(size))
    return failure();
  function->setAttr("amos.workspace_size", FlatSymbolRefAttr::get(*size));
  return success();
}

/// Private functions are questions about extents by now.
static bool needsWorkspace(func::FuncOp function) {
  return !function.isExternal() && !function.isPrivate();
}

void PlanWorkspacePass::runOnOperation() {
  for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
    if (needsWorkspace(function) && failed(Workspace(function).plan()))
      return signalPassFailure();
}
