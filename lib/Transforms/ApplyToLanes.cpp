//===- ApplyToLanes.cpp - Scalar code on all elements of vectors ----------===//

#include "ApplyToLanes.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace amos;

namespace {
/// A block on its way from scalars to vectors of `length` lanes. What depends
/// on no lane stays a scalar.
class Lanes {
public:
  Lanes(OpBuilder &builder, Location loc, int64_t length)
      : builder(builder), loc(loc), length(length) {}

  void apply(Operation &op);
  Value spread(Value value);
  IRMapping map;

private:
  Type widen(Type type) const { return VectorType::get(length, type); }
  bool isSpread(Value value) const {
    Value mapped = map.lookupOrNull(value);
    return mapped && isa<VectorType>(mapped.getType());
  }
  void applyAtOnce(Operation &op);
  void applyOneByOne(Operation &op);

  OpBuilder &builder;
  Location loc;
  int64_t length;
};
} // namespace

Value Lanes::spread(Value value) {
  value = map.lookupOrDefault(value);
  if (isa<VectorType>(value.getType()))
    return value;
  return vector::BroadcastOp::create(builder, loc, widen(value.getType()),
                                     value);
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
    map.map(result, vector::FromElementsOp::create(
                        builder, loc, widen(result.getType()), all));
}

void Lanes::apply(Operation &op) {
  if (llvm::none_of(op.getOperands(), [&](Value v) { return isSpread(v); }))
    builder.clone(op, map);
  else if (OpTrait::hasElementwiseMappableTraits(&op))
    applyAtOnce(op);
  else
    applyOneByOne(op);
}

Value amos::applyToLanes(OpBuilder &builder, Location loc, Block &body,
                         ValueRange vectors) {
  int64_t length = cast<VectorType>(vectors.front().getType()).getNumElements();
  Lanes lanes(builder, loc, length);
  lanes.map.map(body.getArguments(), vectors);
  for (Operation &op : body.without_terminator())
    lanes.apply(op);
  return lanes.spread(body.getTerminator()->getOperand(0));
}
