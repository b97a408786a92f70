//===- ReorderOperand.cpp - A tensor written anew in another order --------===//
//
// What lies side by side before and what does afterwards are different
// dimensions. Parts that work side by side take a few neighbours of the first,
// so that they read together, and a few runs of the second, each one's to
// write.
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

/// Parts that read and write lines of memory together: so many neighbours by so
/// many runs.
static constexpr int64_t neighbours = 8, runsTogether = 4;

/// `most`, a power of two, or the largest smaller one that divides an extent.
static int64_t fit(int64_t extent, int64_t most) {
  while (extent % most)
    most /= 2;
  return most;
}

/// Elements that fill `bytes` as nearly as an extent allows.
static int64_t getRun(int64_t extent, int64_t bytes, Type element) {
  int64_t bits = std::max<int64_t>(element.getIntOrFloatBitWidth(), 8);
  return fit(extent, std::max<int64_t>(bytes * 8 / bits, 1));
}

namespace {
/// The loops that fill `target` with a hull of `source`.
class Reordering {
public:
  Reordering(OpBuilder &builder, Location loc, Value source, Value target,
             const CopiedHull &hull);
  void emit();

private:
  void writeRun(OpBuilder &nested, ValueRange steps) const;
  SmallVector<int64_t> getTrips() const;
  SmallVector<Value> getPlace(OpBuilder &nested, ValueRange steps,
                              int64_t behind) const;
  Value readElement(OpBuilder &nested, ArrayRef<Value> place) const;
  Value emitIsInside(OpBuilder &nested, Value coordinate, int64_t extent,
                     Value others) const;

  OpBuilder &builder;
  Location loc;
  Value source, target;
  const CopiedHull &hull;
  unsigned fastest; ///< of the target's dimensions, that of the source's runs
  int64_t run;      ///< elements of the last one that a part writes
  /// Steps of `fastest` and runs of the last one that neighbouring parts do.
  int64_t columns = 1, rows = 1;
};
} // namespace

Reordering::Reordering(OpBuilder &builder, Location loc, Value source,
                       Value target, const CopiedHull &hull)
    : builder(builder), loc(loc), source(source), target(target), hull(hull) {
  auto type = cast<MemRefType>(target.getType());
  unsigned last = type.getRank() - 1;
  fastest = llvm::find(hull.order, last) - hull.order.begin();
  run = getRun(type.getShape().back(), runBytes, type.getElementType());
  if (fastest == last)
    return;
  columns = fit(type.getShape()[fastest], neighbours);
  rows = fit(type.getShape().back() / run, runsTogether);
}

/// The loops over `target`: its dimensions, the last by runs, those of lines
/// that are read and written together by blocks; then what is in a block.
SmallVector<int64_t> Reordering::getTrips() const {
  ArrayRef<int64_t> shape = cast<MemRefType>(target.getType()).getShape();
  SmallVector<int64_t> trips(shape);
  trips.back() /= run * rows;
  trips[fastest] /= columns;
  trips.append({rows, columns});
  return trips;
}

/// The element of the target `behind` the one where a part's run begins.
SmallVector<Value> Reordering::getPlace(OpBuilder &nested, ValueRange steps,
                                        int64_t behind) const {
  unsigned rank = steps.size() - 2, last = rank - 1;
  Value row = steps[rank], column = steps[rank + 1];
  SmallVector<Value> place(steps.take_front(rank));
  AffineExpr block = nested.getAffineDimExpr(0),
             in = nested.getAffineDimExpr(1);
  auto compute = [&](AffineExpr e, Value outer, Value inner) -> Value {
    return affine::makeComposedAffineApply(
        nested, loc, AffineMap::get(2, 0, e),
        ArrayRef<OpFoldResult>{outer, inner});
  };
  place[last] = compute((block * rows + in) * run + behind, place[last], row);
  if (fastest != last)
    place[fastest] = compute(block * columns + in, place[fastest], column);
  return place;
}

/// `others` and whether `coordinate` is one of `extent`.
Value Reordering::emitIsInside(OpBuilder &nested, Value coordinate,
                               int64_t extent, Value others) const {
  Value end = arith::ConstantIndexOp::create(nested, loc, extent);
  // A negative one is large without its sign.
  Value own = arith::CmpIOp::create(nested, loc, arith::CmpIPredicate::ult,
                                    coordinate, end);
  return others ? arith::AndIOp::create(nested, loc, others, own) : own;
}

/// What the source has for an element of the target, zero outside of it.
Value Reordering::readElement(OpBuilder &nested, ArrayRef<Value> place) const {
  ArrayRef<int64_t> extents = cast<MemRefType>(source.getType()).getShape();
  SmallVector<Value> from(place.size());
  Value isInside;
  for (auto [n, d] : llvm::enumerate(hull.order)) {
    int64_t low = hull.lower[n], high = low + hull.access.shape[n];
    AffineExpr at = nested.getAffineDimExpr(0) + low;
    from[d] = affine::makeComposedAffineApply(nested, loc, at,
                                              OpFoldResult(place[n]));
    if (low < 0 || high > extents[d])
      isInside = emitIsInside(nested, from[d], extents[d], isInside);
  }
  if (!isInside)
    return memref::LoadOp::create(nested, loc, source, from);
  Type element = cast<MemRefType>(source.getType()).getElementType();
  return scf::IfOp::create(
             nested, loc, isInside,
             [&](OpBuilder &inner, Location) {
               Value value = memref::LoadOp::create(inner, loc, source, from);
               scf::YieldOp::create(inner, loc, value);
             },
             [&](OpBuilder &inner, Location) {
               Value zero = arith::ConstantOp::create(
                   inner, loc, inner.getZeroAttr(element));
               scf::YieldOp::create(inner, loc, zero);
             })
      .getResult(0);
}

void Reordering::writeRun(OpBuilder &nested, ValueRange steps) const {
  Type element = cast<MemRefType>(target.getType()).getElementType();
  int64_t together = getRun(run, accessBytes, element);
  SmallVector<Value> elements;
  for (int64_t n = 0; n < run; ++n)
    elements.push_back(readElement(nested, getPlace(nested, steps, n)));
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
  SmallVector<Value> low, high, step;
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  for (int64_t trips : getTrips()) {
    low.push_back(constant(0));
    high.push_back(constant(trips));
    step.push_back(constant(1));
  }
  scf::ParallelOp::create(builder, loc, low, high, step,
                          [&](OpBuilder &nested, Location, ValueRange steps) {
                            writeRun(nested, steps);
                          });
}

void MappedNest::reorderOperand(unsigned operand) {
  std::optional<CopiedHull> hull = reorderSource(intrinsicOp, mapped, operand);
  if (!hull)
    return;
  SmallVector<OpFoldResult> shape =
      getAsIndexOpFoldResult(builder.getContext(), hull->access.shape);
  Value target = createBuffer(builder, loc, shape, hull->access.elementType);
  Reordering(builder, loc, buffers[operand], target, *hull).emit();
  buffers[operand] = target;
  mapped.fragments[operand] = hull->access;
}
