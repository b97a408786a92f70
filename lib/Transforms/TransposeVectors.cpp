//===- TransposeVectors.cpp - A matrix of vectors, transposed -------------===//

#include "TransposeVectors.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Each step takes elements of both halves in turn, which moves the first digit
/// of the position of an element to its end.
SmallVector<Value> amos::transposeVectors(OpBuilder &builder, Location loc,
                                          SmallVector<Value> vectors) {
  int64_t length = cast<VectorType>(vectors.front().getType()).getNumElements();
  if (length == 1) // a column, which is the row already
    return vectors;
  SmallVector<int64_t> low, high;
  for (int64_t e = 0; e < length; ++e) {
    low.push_back(e / 2 + e % 2 * length);
    high.push_back(low.back() + length / 2);
  }
  for (size_t steps = vectors.size(); steps > 1; steps /= 2) {
    SmallVector<Value> next;
    for (size_t i = 0, half = vectors.size() / 2; i < half; ++i)
      for (ArrayRef<int64_t> order : {ArrayRef(low), ArrayRef(high)})
        next.push_back(vector::ShuffleOp::create(builder, loc, vectors[i],
                                                 vectors[i + half], order));
    vectors = std::move(next);
  }
  return vectors;
}

Value amos::getSlice(OpBuilder &builder, Location loc, ArrayRef<Value> vectors,
                     int64_t first, int64_t length) {
  auto type = cast<VectorType>(vectors.front().getType());
  int64_t own = type.getNumElements();
  Value start = vectors[first / own];
  if (length == own)
    return start;
  if (length < own)
    return vector::ExtractStridedSliceOp::create(
        builder, loc, start, ArrayRef<int64_t>{first % own},
        ArrayRef<int64_t>{length}, ArrayRef<int64_t>{1});
  auto whole = VectorType::get(length, type.getElementType());
  Value all = arith::ConstantOp::create(builder, loc, whole,
                                        builder.getZeroAttr(whole));
  for (int64_t part = 0; part < length; part += own)
    all = vector::InsertStridedSliceOp::create(
        builder, loc, vectors[(first + part) / own], all,
        ArrayRef<int64_t>{part}, ArrayRef<int64_t>{1});
  return all;
}
