//===- ReorderOperand.cpp - A tensor written anew in another order --------===//
//
// What lies side by side before and what does afterwards are different
// dimensions. Parts that work side by side take neighbours of the first, so
// that they read together; each writes a run of the second.
//
//===----------------------------------------------------------------------===//

#include "MappedNest.h"
#include "amos/Mapping/Reorder.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Bytes that one part writes: a sector of the memory behind.
static constexpr int64_t runBytes = 32;

/// The most that one access writes.
static constexpr int64_t accessBytes = 16;

/// Elements that fill `bytes` as nearly as an extent allows.
static int64_t getRun(int64_t extent, int64_t bytes, Type element) {
  int64_t run = std::max<int64_t>(
      bytes * 8 / std::max<int64_t>(element.getIntOrFloatBitWidth(), 8), 1);
  while (extent % run)
    run /= 2;
  return run;
}

namespace {
/// The loops that write `target`, whose dimension n is dimension `order[n]` of
/// `source`.
class Reordering {
public:
  Reordering(OpBuilder &builder, Location loc, Value source, Value target,
             ArrayRef<int64_t> order);
  void emit();

private:
  void writeRun(OpBuilder &nested, ValueRange steps) const;
  SmallVector<Value> getPlace(OpBuilder &nested, ValueRange steps,
                              int64_t behind) const;

  OpBuilder &builder;
  Location loc;
  Value source, target;
  SmallVector<int64_t> order;
  SmallVector<unsigned> loops; ///< of the target's dimensions, slowest first
  int64_t run;                 ///< elements of the last one that a part writes
};
} // namespace

Reordering::Reordering(OpBuilder &builder, Location loc, Value source,
                       Value target, ArrayRef<int64_t> order)
    : builder(builder), loc(loc), source(source), target(target),
      order(order) {
  auto type = cast<MemRefType>(target.getType());
  unsigned fastest = llvm::find(order, type.getRank() - 1) - order.begin();
  for (unsigned d = 0; d < order.size(); ++d)
    if (d != fastest)
      loops.push_back(d);
  loops.push_back(fastest);
  run = getRun(type.getShape().back(), runBytes, type.getElementType());
}

/// The element of the target `behind` the one where a part's run begins.
SmallVector<Value> Reordering::getPlace(OpBuilder &nested, ValueRange steps,
                                        int64_t behind) const {
  SmallVector<Value> place(order.size());
  for (auto [d, step] : llvm::zip_equal(loops, steps)) {
    bool isLast = d + 1 == order.size();
    AffineExpr at = nested.getAffineDimExpr(0);
    place[d] = isLast ? affine::makeComposedAffineApply(
                            nested, loc, at * run + behind, OpFoldResult(step))
                      : step;
  }
  return place;
}

void Reordering::writeRun(OpBuilder &nested, ValueRange steps) const {
  auto type = cast<MemRefType>(target.getType());
  Type element = type.getElementType();
  int64_t together = getRun(run, accessBytes, element);
  SmallVector<Value> elements;
  for (int64_t n = 0; n < run; ++n) {
    SmallVector<Value> place = getPlace(nested, steps, n), from(order.size());
    for (auto [value, d] : llvm::zip_equal(place, order))
      from[d] = value;
    elements.push_back(memref::LoadOp::create(nested, loc, source, from));
  }
  for (int64_t n = 0; n < run; n += together) {
    SmallVector<Value> place = getPlace(nested, steps, n);
    if (together == 1) {
      memref::StoreOp::create(nested, loc, elements[n], target, place);
      continue;
    }
    Value whole = vector::FromElementsOp::create(
        nested, loc, VectorType::get(together, element),
        ValueRange(elements).slice(n, together));
    vector::StoreOp::create(
        nested, loc, whole, target, place, /*nontemporal=*/false,
        llvm::MaybeAlign(together * element.getIntOrFloatBitWidth() / 8));
  }
}

void Reordering::emit() {
  ArrayRef<int64_t> shape = cast<MemRefType>(target.getType()).getShape();
  SmallVector<Value> low, high, step;
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  for (unsigned d : loops) {
    low.push_back(constant(0));
    high.push_back(
        constant(d + 1 == shape.size() ? shape[d] / run : shape[d]));
    step.push_back(constant(1));
  }
  scf::ParallelOp::create(builder, loc, low, high, step,
                          [&](OpBuilder &nested, Location, ValueRange steps) {
                            writeRun(nested, steps);
                          });
}

void MappedNest::reorderOperand(unsigned operand) {
  std::optional<ReorderedSource> reordered =
      reorderSource(intrinsicOp, mapped, operand);
  if (!reordered)
    return;
  SmallVector<OpFoldResult> shape =
      getAsIndexOpFoldResult(builder.getContext(), reordered->access.shape);
  Value target =
      createBuffer(builder, loc, shape, reordered->access.elementType);
  Reordering(builder, loc, buffers[operand], target, reordered->order).emit();
  buffers[operand] = target;
  mapped.fragments[operand] = reordered->access;
}
