//===- PartialSums.cpp - Groups that share a reduction --------------------===//
//
// Each group has sums of its own, of its part of the reduction; a loop over the
// results adds those of all parts, always in the same order.
//
//===----------------------------------------------------------------------===//

#include "MappedNest.h"
#include "amos/Model/Machine.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace amos;

/// The memory of all parts, if the loops over groups deal out a reduction.
void MappedNest::allocatePartials(Loops groups) {
  int64_t parts = 1;
  for (const Schedule::Loop &loop : groups)
    if (!mapped.outer[loop.outer].isParallel)
      parts *= llvm::divideCeil(mapped.outer[loop.outer].extent, loop.step);
  if (parts == 1)
    return;
  const Access &destination = op.operands.back();
  SmallVector<OpFoldResult> shape = {builder.getIndexAttr(parts)};
  for (int64_t extent : destination.shape)
    shape.push_back(builder.getIndexAttr(extent));
  partials = createBuffer(builder, loc, shape, destination.elementType);
  if (isWrittenWhole())
    return;
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getZeroAttr(destination.elementType));
  linalg::FillOp::create(builder, loc, zero, partials);
}

/// The part of the group whose loops are at `ranges`.
void MappedNest::numberPart(Loops groups, const OuterRanges &ranges) {
  if (!partials)
    return;
  AffineExpr number = builder.getAffineConstantExpr(0);
  SmallVector<OpFoldResult> steps;
  for (const Schedule::Loop &loop : groups) {
    const OuterLoop &outer = mapped.outer[loop.outer];
    int64_t parts = llvm::divideCeil(outer.extent, loop.step);
    if (outer.isParallel || parts == 1)
      continue;
    AffineExpr own = builder.getAffineDimExpr(steps.size());
    number = number * parts + own.floorDiv(loop.step);
    steps.push_back(ranges[loop.outer].base);
  }
  part = affine::makeComposedAffineApply(builder, loc, number, steps);
}

/// The one loop whose steps groups share, if there is one: the number of a part
/// is a step of it.
std::optional<unsigned> MappedNest::getSharedLoop() const {
  std::optional<unsigned> shared;
  IntrinsicModel model = readModel(intrinsicOp);
  for (const Schedule::Loop &loop : schedule.nest) {
    const OuterLoop &outer = mapped.outer[loop.outer];
    if (loop.scope != model.groupScope || outer.isParallel ||
        llvm::divideCeil(outer.extent, loop.step) == 1)
      continue;
    if (shared)
      return std::nullopt;
    shared = loop.outer;
  }
  return shared;
}

/// Partial sums as the destination's fragment, `shared` counting parts.
Access MappedNest::getPartialAccess(unsigned shared) const {
  Access access = mapped.fragments.back();
  SmallVector<AffineExpr> index = {builder.getAffineDimExpr(shared)};
  llvm::append_range(index, access.index.getResults());
  access.index =
      AffineMap::get(access.index.getNumDims(), access.index.getNumSymbols(),
                     index, builder.getContext());
  access.strides.clear();
  access.shape =
      llvm::to_vector(cast<MemRefType>(partials.getType()).getShape());
  return access;
}

void MappedNest::storePartial(Value tile, OuterRanges ranges,
                              ArrayRef<int64_t> offsets) {
  TileIndex at = indexTile(op.getDestination(), ranges, offsets);
  SmallVector<Value> coordinates = at.coordinates;
  unsigned numDims = coordinates.size();
  coordinates.push_back(part);
  SmallVector<AffineExpr> index = {builder.getAffineDimExpr(numDims)};
  llvm::append_range(index, at.map.getResults());
  IntegerSetAttr guards;
  if (at.guards)
    guards = IntegerSetAttr::get(
        IntegerSet::get(numDims + 1, at.guards->getNumSymbols(),
                        at.guards->getConstraints(), at.guards->getEqFlags()));
  auto store = StoreOp::create(
      builder, loc, tile, partials, coordinates,
      AffineMapAttr::get(AffineMap::get(numDims + 1, at.map.getNumSymbols(),
                                        index, builder.getContext())),
      guards);
  std::optional<unsigned> shared = getSharedLoop();
  if (!storeCopy || !shared)
    return;
  ranges[*shared] = OuterRange();
  ranges[*shared].base = part;
  ranges[*shared].last =
      cast<MemRefType>(partials.getType()).getShape().front() - 1;
  nameCopy(store, ranges, offsets);
}

static Value add(OpBuilder &builder, Location loc, Value a, Value b) {
  if (isa<FloatType>(a.getType()))
    return arith::AddFOp::create(builder, loc, a, b);
  return arith::AddIOp::create(builder, loc, a, b);
}

static SmallVector<Value> applyMap(OpBuilder &builder, Location loc,
                                   AffineMap map, ValueRange index) {
  return llvm::map_to_vector(map.getResults(), [&](AffineExpr e) -> Value {
    return affine::makeComposedAffineApply(
        builder, loc, AffineMap::get(map.getNumDims(), 0, e),
        getAsOpFoldResult(index));
  });
}

/// What becomes of the whole sum for `element` of the contraction's result.
void MappedNest::storeWhole(OpBuilder &nested, Value sum, ValueRange element) {
  if (!epilogue) {
    memref::StoreOp::create(nested, loc, sum, buffers.back(), element);
    return;
  }
  const Epilogue &steps = epilogue->epilogue;
  SmallVector<Value> place = applyMap(nested, loc, steps.place, element);
  SmallVector<Value> values = {sum};
  for (auto [source, buffer] :
       llvm::zip_equal(steps.sources, epilogue->sources))
    values.push_back(memref::LoadOp::create(
        nested, loc, buffer, applyMap(nested, loc, source.map, place)));
  Region body;
  steps.buildBody(body);
  Value result = inlineRegion(body, values, nested).front();
  memref::StoreOp::create(nested, loc, result, epilogue->target, place);
}

/// The sums of all parts, and what they start from, become the result.
void MappedNest::addPartials() {
  if (!partials)
    return;
  auto type = cast<MemRefType>(partials.getType());
  SmallVector<Value> low, high, step;
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  for (int64_t extent : type.getShape().drop_front()) {
    low.push_back(constant(0));
    high.push_back(constant(extent));
    step.push_back(constant(1));
  }
  scf::ParallelOp::create(
      builder, loc, low, high, step,
      [&](OpBuilder &nested, Location at, ValueRange element) {
        Value sum;
        if (init)
          sum =
              memref::LoadOp::create(nested, at, init->buffer,
                                     applyMap(nested, at, init->map, element));
        for (int64_t n = 0; n < type.getShape().front(); ++n) {
          SmallVector<Value> index = {
              arith::ConstantIndexOp::create(nested, at, n)};
          llvm::append_range(index, element);
          Value own = memref::LoadOp::create(nested, at, partials, index);
          sum = sum ? add(nested, at, sum, own) : own;
        }
        storeWhole(nested, sum, element);
      });
}
