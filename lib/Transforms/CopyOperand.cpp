//===- CopyOperand.cpp - A padded, reordered copy of an operand -----------===//

#include "MappedNest.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

using namespace mlir;
using namespace amos;

namespace {
/// The part of a hull that lies in the tensor, one entry per dimension.
struct Inside {
  SmallVector<int64_t> from;  ///< where it starts in the tensor
  SmallVector<int64_t> to;    ///< where it starts in the copy
  SmallVector<int64_t> sizes; ///< dynamic where it is all there is
};
} // namespace

/// In the order of the copy's dimensions.
static Inside intersect(const Access &access, const CopiedHull &hull) {
  Inside inside;
  for (auto [position, d] : llvm::enumerate(hull.order)) {
    int64_t low = hull.lower[position];
    if (ShapedType::isDynamic(access.shape[d])) {
      inside.from.push_back(0);
      inside.to.push_back(0);
      inside.sizes.push_back(ShapedType::kDynamic);
      continue;
    }
    int64_t high = low + hull.access.shape[position];
    int64_t first = std::max<int64_t>(low, 0);
    inside.from.push_back(first);
    inside.to.push_back(first - low);
    inside.sizes.push_back(
        std::max<int64_t>(std::min(high, access.shape[d]) - first, 0));
  }
  return inside;
}

Value amos::createBuffer(OpBuilder &builder, Location loc,
                         ArrayRef<OpFoldResult> shape, Type element) {
  return memref::AllocOp::create(builder, loc, shape, element);
}

/// `buffer[offsets .. offsets + sizes)`.
static Value createSubView(OpBuilder &builder, Location loc, Value buffer,
                           ArrayRef<int64_t> offsets,
                           ArrayRef<OpFoldResult> sizes) {
  auto attrs = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(builder.getContext(), values);
  };
  SmallVector<int64_t> ones(sizes.size(), 1);
  return memref::SubViewOp::create(builder, loc, buffer, attrs(offsets), sizes,
                                   attrs(ones));
}

/// `values`, from the order of the copy to that of the tensor.
template <typename Value>
static SmallVector<Value> unpermute(ArrayRef<Value> values,
                                    ArrayRef<unsigned> order) {
  SmallVector<Value> result(values);
  for (auto [position, d] : llvm::enumerate(order))
    result[d] = values[position];
  return result;
}

/// Copies `source`, dimensions in another order, to `target`, which may be of
/// wider floats.
static void copyTransposed(OpBuilder &builder, Location loc, Value source,
                           Value target, ArrayRef<int64_t> order) {
  auto from = cast<MemRefType>(source.getType());
  auto to = cast<MemRefType>(target.getType());
  if (from.getElementType() == to.getElementType()) {
    linalg::TransposeOp::create(builder, loc, source, target, order);
    return;
  }
  AffineMap transposed = AffineMap::getPermutationMap(
      invertPermutationVector(order), builder.getContext());
  SmallVector<AffineMap> maps = {
      transposed,
      AffineMap::getMultiDimIdentityMap(to.getRank(), builder.getContext())};
  SmallVector<utils::IteratorType> loops(to.getRank(),
                                         utils::IteratorType::parallel);
  linalg::GenericOp::create(
      builder, loc, source, target, maps, loops,
      [&](OpBuilder &nested, Location, ValueRange elements) {
        Value wide = arith::ExtFOp::create(nested, loc, to.getElementType(),
                                           elements.front());
        linalg::YieldOp::create(nested, loc, wide);
      });
}

Value amos::copyOperand(OpBuilder &builder, Location loc, Value buffer,
                        const Access &access, const CopiedHull &hull) {
  Inside inside = intersect(access, hull);
  // In the order of the copy, as numbers or what the buffer says.
  auto mix = [&](ArrayRef<int64_t> extents) {
    SmallVector<OpFoldResult> mixed;
    for (auto [extent, d] : llvm::zip_equal(extents, hull.order))
      mixed.push_back(ShapedType::isDynamic(extent)
                          ? OpFoldResult(memref::DimOp::create(
                                             builder, loc, buffer, int64_t(d))
                                             .getResult())
                          : builder.getIndexAttr(extent));
    return mixed;
  };
  SmallVector<OpFoldResult> sizes = mix(inside.sizes);
  Type element = hull.access.elementType;
  Value copy = createBuffer(builder, loc, mix(hull.access.shape), element);
  if (inside.sizes != hull.access.shape) {
    Value zero =
        arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
    linalg::FillOp::create(builder, loc, zero, copy);
  }
  if (llvm::is_contained(inside.sizes, 0))
    return copy;
  Value source = createSubView(builder, loc, buffer,
                               unpermute(ArrayRef(inside.from), hull.order),
                               unpermute(ArrayRef(sizes), hull.order));
  Value target = createSubView(builder, loc, copy, inside.to, sizes);
  SmallVector<int64_t> order(hull.order.begin(), hull.order.end());
  copyTransposed(builder, loc, source, target, order);
  return copy;
}
