//===- ApplyToLanes.cpp - Scalar code on all elements of vectors ----------===//

#include "ApplyToLanes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace amos;

namespace {
/// A block on its way from scalars to vectors of `length` lanes. What depends
/// on no lane stays a scalar.
class Lanes {
public:
  Lanes(OpBuilder &builder, Location loc, int64_t length, GetLoopIndex getIndex)
      : builder(builder), loc(loc), length(length), getIndex(getIndex) {}

  void apply(Operation &op);
  Value spread(Value value);
  IRMapping map;

private:
  Type widen(Type type) const { return VectorType::get(length, type); }
  bool isSpread(Value value) const {
    Value mapped = map.lookupOrNull(value);
    return mapped && isa<VectorType>(mapped.getType());
  }
  bool readsRow(Operation &op) const;
  void readRow(memref::LoadOp load);
  void applyAtOnce(Operation &op);
  void applyOneByOne(Operation &op);

  OpBuilder &builder;
  Location loc;
  int64_t length;
  GetLoopIndex getIndex;
};
} // namespace

/// The type whose values move through registers as they are.
static Type getMoved(Type type) {
  bool isNarrow = isa<FloatType>(type) && type.getIntOrFloatBitWidth() < 32;
  return isNarrow
             ? IntegerType::get(type.getContext(), type.getIntOrFloatBitWidth())
             : type;
}

static Value toMoved(OpBuilder &builder, Location loc, Value element) {
  Type moved = getMoved(element.getType());
  return moved == element.getType()
             ? element
             : arith::BitcastOp::create(builder, loc, moved, element);
}

static Value fromMoved(OpBuilder &builder, Location loc, Value vector,
                       Type element) {
  auto type = cast<VectorType>(vector.getType());
  return type.getElementType() == element
             ? vector
             : vector::BitCastOp::create(builder, loc, type.clone(element),
                                         vector);
}

Value amos::makeVector(OpBuilder &builder, Location loc, ValueRange elements) {
  Type element = elements.front().getType();
  SmallVector<Value> moved;
  for (Value value : elements)
    moved.push_back(toMoved(builder, loc, value));
  auto type =
      VectorType::get(static_cast<int64_t>(moved.size()), getMoved(element));
  return fromMoved(builder, loc,
                   vector::FromElementsOp::create(builder, loc, type, moved),
                   element);
}

Value amos::makeSplat(OpBuilder &builder, Location loc, Value element,
                      int64_t length) {
  Type type = element.getType();
  Value splat = vector::BroadcastOp::create(
      builder, loc, VectorType::get(length, getMoved(type)),
      toMoved(builder, loc, element));
  return fromMoved(builder, loc, splat, type);
}

Value Lanes::spread(Value value) {
  value = map.lookupOrDefault(value);
  if (isa<VectorType>(value.getType()))
    return value;
  return makeSplat(builder, loc, value, length);
}

void Lanes::applyAtOnce(Operation &op) {
  OperationState state(loc, op.getName());
  for (Value operand : op.getOperands())
    state.addOperands(spread(operand));
  for (Type type : op.getResultTypes())
    state.addTypes(widen(type));
  state.addAttributes(op.getAttrs());
  map.map(op.getResults(), builder.create(state)->getResults());
}

void Lanes::applyOneByOne(Operation &op) {
  SmallVector<SmallVector<Value>> results(op.getNumResults());
  for (int64_t lane = 0; lane < length; ++lane) {
    IRMapping own;
    for (Value operand : op.getOperands()) {
      Value value = map.lookupOrDefault(operand);
      if (isSpread(operand))
        value = vector::ExtractOp::create(builder, loc, value, lane);
      own.map(operand, value);
    }
    for (auto [all, result] :
         llvm::zip_equal(results, builder.clone(op, own)->getResults()))
      all.push_back(result);
  }
  for (auto [result, all] : llvm::zip_equal(op.getResults(), results))
    map.map(result, makeVector(builder, loc, all));
}

bool amos::hasWholeBytes(Type type) {
  return type.isIntOrFloat() && type.getIntOrFloatBitWidth() % 8 == 0;
}

/// Functions that are exact on vectors, or polynomials as good as a library's.
/// Of others, and of what is wider, each lane is a call.
static bool isVectorFunction(Operation &op) {
  if (!isa_and_nonnull<math::MathDialect>(op.getDialect()))
    return true;
  if (isa<math::AbsFOp, math::AbsIOp, math::CeilOp, math::FloorOp,
          math::TruncOp, math::RoundOp, math::RoundEvenOp, math::SqrtOp,
          math::RsqrtOp, math::CopySignOp, math::FmaOp>(op))
    return true;
  Type type = op.getResult(0).getType();
  return isa<FloatType>(type) && type.getIntOrFloatBitWidth() <= 32 &&
         isa<math::ExpOp, math::TanhOp, math::ErfOp, math::LogOp>(op);
}

/// Whether the lanes read neighbours of a row: only its last place is another
/// one on each, and that is the number of their loop.
bool Lanes::readsRow(Operation &op) const {
  auto load = dyn_cast<memref::LoadOp>(op);
  if (!load || load.getIndices().empty() ||
      !load.getMemRefType().isLastDimUnitStride() ||
      !hasWholeBytes(load.getType()))
    return false;
  return load.getIndices().back().getDefiningOp<linalg::IndexOp>() &&
         llvm::none_of(load.getIndices().drop_back(),
                       [&](Value place) { return isSpread(place); });
}

void Lanes::readRow(memref::LoadOp load) {
  SmallVector<Value> places;
  for (Value place : load.getIndices())
    places.push_back(map.lookupOrDefault(place));
  places.back() = vector::ExtractOp::create(builder, loc, places.back(), 0);
  map.map(load.getResult(),
          vector::LoadOp::create(builder, loc, widen(load.getType()),
                                 load.getMemRef(), places));
}

void Lanes::apply(Operation &op) {
  if (auto index = dyn_cast<linalg::IndexOp>(op); index && getIndex)
    map.map(index.getResult(), getIndex(index.getDim()));
  else if (llvm::none_of(op.getOperands(),
                         [&](Value v) { return isSpread(v); }))
    builder.clone(op, map);
  else if (readsRow(op))
    readRow(cast<memref::LoadOp>(op));
  else if (OpTrait::hasElementwiseMappableTraits(&op) && isVectorFunction(op))
    applyAtOnce(op);
  else
    applyOneByOne(op);
}

bool amos::canApplyToLanes(Block &body) {
  return llvm::all_of(body.without_terminator(), [](Operation &op) {
    return op.getNumRegions() == 0 &&
           (isMemoryEffectFree(&op) || isa<memref::LoadOp>(op));
  });
}

SmallVector<Value> amos::applyToLanes(OpBuilder &builder, Location loc,
                                      Block &body, ValueRange arguments,
                                      int64_t length, GetLoopIndex getIndex) {
  Lanes lanes(builder, loc, length, getIndex);
  lanes.map.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    lanes.apply(op);
  return llvm::map_to_vector(body.getTerminator()->getOperands(),
                             [&](Value value) { return lanes.spread(value); });
}
