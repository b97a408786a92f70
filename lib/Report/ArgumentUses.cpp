//===- ArgumentUses.cpp - How a function uses an argument -----------------===//

#include "ArgumentUses.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;

namespace amos {
namespace {
/// Follows the elements of one argument to the ops that read or write them.
struct UseWalk {
  ArgumentUses found;
  llvm::DenseSet<Value> visited;

  void follow(Value value);
  void visit(OpOperand &use);
  void visitBody(linalg::LinalgOp op, OpOperand &use);
  void visitYield(linalg::YieldOp op, OpOperand &use);
  void visitIndex(OpOperand &use);
  void bound(ShapedType indexed, int64_t dimension);
};
} // namespace

/// Ops whose results hold the elements of their operands unchanged.
static bool movesElements(Operation *op) {
  Dialect *dialect = op->getDialect();
  return isa_and_nonnull<tensor::TensorDialect, memref::MemRefDialect,
                         vector::VectorDialect,
                         bufferization::BufferizationDialect>(dialect) ||
         isa<tosa::TransposeOp, tosa::ReshapeOp, tosa::SliceOp, tosa::PadOp,
             tosa::ConcatOp, tosa::ReverseOp, tosa::TileOp, tosa::GatherOp>(op);
}

static bool extendsUnsigned(Operation *op) {
  if (auto rescale = dyn_cast<tosa::RescaleOp>(op))
    return rescale.getInputUnsigned();
  return isa<arith::ExtUIOp, arith::UIToFPOp>(op);
}

static bool mayWrite(OpOperand &use) {
  if (!isa<BaseMemRefType>(use.get().getType()))
    return false;
  auto effects = dyn_cast<MemoryEffectOpInterface>(use.getOwner());
  return !effects ||
         effects.getEffectOnValue<MemoryEffects::Write>(use.get()).has_value();
}

void UseWalk::visitBody(linalg::LinalgOp op, OpOperand &use) {
  if (op.payloadUsesValueFromOperand(&use))
    follow(op.getMatchingBlockArgument(&use));
}

void UseWalk::visitYield(linalg::YieldOp op, OpOperand &use) {
  Operation *parent = op->getParentOp();
  if (use.getOperandNumber() < parent->getNumResults())
    follow(parent->getResult(use.getOperandNumber()));
}

void UseWalk::bound(ShapedType indexed, int64_t dimension) {
  if (dimension >= 0 && indexed.hasRank() && !indexed.isDynamicDim(dimension) &&
      indexed.getDimSize(dimension) > 0)
    found.indexBound = std::min(found.indexBound.value_or(INT64_MAX),
                                indexed.getDimSize(dimension));
}

/// Notes where the elements are places in other tensors.
void UseWalk::visitIndex(OpOperand &use) {
  Operation *op = use.getOwner();
  int64_t number = use.getOperandNumber();
  if (auto extract = dyn_cast<tensor::ExtractOp>(op))
    bound(extract.getTensor().getType(), number - 1);
  else if (auto load = dyn_cast<memref::LoadOp>(op))
    bound(load.getMemRefType(), number - 1);
  else if (auto insert = dyn_cast<tensor::InsertOp>(op))
    bound(insert.getDest().getType(), number - 2);
  else if (auto store = dyn_cast<memref::StoreOp>(op))
    bound(store.getMemRefType(), number - 2);
  else if (isa<arith::IndexCastOp, arith::IndexCastUIOp, arith::ExtSIOp,
               arith::ExtUIOp>(op))
    for (OpOperand &next : op->getUses())
      visitIndex(next);
}

/// Of TOSA's ops on places: `indices`, in the second dimension of the values.
static bool isPlace(OpOperand &use) {
  return use.getOperandNumber() == 1 &&
         isa<tosa::GatherOp, tosa::ScatterOp>(use.getOwner());
}

void UseWalk::visit(OpOperand &use) {
  Operation *op = use.getOwner();
  visitIndex(use);
  if (isPlace(use))
    return bound(cast<ShapedType>(op->getOperand(0).getType()), 1);
  found.isWritten |= mayWrite(use);
  if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op))
    return visitBody(linalgOp, use);
  if (auto yield = dyn_cast<linalg::YieldOp>(op))
    return visitYield(yield, use);
  if (extendsUnsigned(op)) {
    found.isExtendedUnsigned = true;
    return;
  }
  if (isa<func::ReturnOp, tensor::DimOp, memref::DimOp>(op))
    return;
  if (!movesElements(op)) {
    found.isUsedOtherwise = true;
    return;
  }
  for (Value result : op->getResults())
    follow(result);
}

void UseWalk::follow(Value value) {
  if (!visited.insert(value).second)
    return;
  for (OpOperand &use : value.getUses())
    visit(use);
}

ArgumentUses findUses(Value argument) {
  UseWalk walk;
  walk.follow(argument);
  return walk.found;
}

} // namespace amos
