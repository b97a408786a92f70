//===- CopyOperand.cpp - A padded, reordered copy of an operand -----------===//

#include "MappedNest.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;
using namespace amos;

namespace {
/// The values one tensor coordinate takes over the domain, both ends included.
struct Hull {
  int64_t low, high;
  int64_t size() const { return high - low + 1; }
};
} // namespace

static SmallVector<Hull> getHulls(const Access &access,
                                  ArrayRef<Iteration> iterations) {
  SmallVector<std::optional<int64_t>> low(iterations.size(), 0), high;
  for (const Iteration &iteration : iterations)
    high.push_back(iteration.extent - 1);
  SmallVector<Hull> hulls;
  for (AffineExpr e : access.index.getResults()) {
    auto bound = [&](bool isUpper) {
      return *getBoundForAffineExpr(e, iterations.size(), 0, low, high,
                                    isUpper);
    };
    hulls.push_back({bound(false), bound(true)});
  }
  return hulls;
}

/// `buffer[offsets .. offsets + sizes)`.
static Value createSubView(OpBuilder &builder, Location loc, Value buffer,
                           ArrayRef<int64_t> offsets, ArrayRef<int64_t> sizes) {
  auto attrs = [&](ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(builder.getContext(), values);
  };
  SmallVector<int64_t> ones(sizes.size(), 1);
  return memref::SubViewOp::create(builder, loc, buffer, attrs(offsets),
                                   attrs(sizes), attrs(ones));
}

Value amos::copyOperand(OpBuilder &builder, Location loc, Value buffer,
                        Access &access, ArrayRef<Iteration> iterations,
                        ArrayRef<unsigned> order) {
  SmallVector<Hull> hulls = getHulls(access, iterations);
  SmallVector<int64_t> shape, from, to, sizes;
  SmallVector<AffineExpr> index;
  bool isPadded = false;
  for (unsigned d : order) {
    const Hull &hull = hulls[d];
    shape.push_back(hull.size());
    index.push_back(access.index.getResult(d) - hull.low);
    int64_t first = std::max<int64_t>(hull.low, 0);
    int64_t last = std::min(hull.high, access.shape[d] - 1);
    to.push_back(first - hull.low);
    from.push_back(first);
    sizes.push_back(std::max<int64_t>(last - first + 1, 0));
    isPadded |= sizes.back() != hull.size();
  }
  Value copy = memref::AllocOp::create(
      builder, loc, MemRefType::get(shape, access.elementType));
  if (isPadded)
    linalg::FillOp::create(
        builder, loc,
        Value(arith::ConstantOp::create(
            builder, loc, builder.getZeroAttr(access.elementType))),
        copy);
  if (!llvm::is_contained(sizes, 0)) {
    SmallVector<int64_t> fromInPlace(from), sizesInPlace(sizes);
    for (auto [position, d] : llvm::enumerate(order)) {
      fromInPlace[d] = from[position];
      sizesInPlace[d] = sizes[position];
    }
    linalg::TransposeOp::create(
        builder, loc,
        createSubView(builder, loc, buffer, fromInPlace, sizesInPlace),
        createSubView(builder, loc, copy, to, sizes),
        llvm::to_vector_of<int64_t>(order));
  }
  access.index =
      AffineMap::get(iterations.size(), 0, index, access.index.getContext());
  access.shape = shape;
  access.guards.clear();
  return copy;
}
