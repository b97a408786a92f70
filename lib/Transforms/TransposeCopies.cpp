//===- TransposeCopies.cpp - Copies in another order, by vectors ----------===//

#include "TransposeVectors.h"
#include "amos/Mapping/TransposedSide.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

namespace {
/// A copy that makes another dimension the last one, in blocks that are
/// transposed in registers. The last block of a row may do some of the one
/// before again.
class BlockwiseCopy {
public:
  BlockwiseCopy(OpBuilder &builder, linalg::TransposeOp op);
  bool isPossible();
  void emit();

private:
  void emitBlock(ArrayRef<Value> at);
  Value offset(Value value, int64_t steps);
  SmallVector<Value> getSourcePlace(ArrayRef<Value> at) const;

  OpBuilder &builder;
  Location loc;
  Value source, target;
  SmallVector<int64_t> order;
  MemRefType from, to;
  unsigned last;   ///< dimension of both
  unsigned across; ///< of the target, that is the last one of the source
  SmallVector<int64_t> steps; ///< along each dimension of the target
};
} // namespace

BlockwiseCopy::BlockwiseCopy(OpBuilder &builder, linalg::TransposeOp op)
    : builder(builder), loc(op.getLoc()), source(op.getInput()),
      target(op.getInit()), order(op.getPermutation()),
      from(cast<MemRefType>(source.getType())),
      to(cast<MemRefType>(target.getType())), last(order.size() - 1),
      across(llvm::find(order, int64_t(last)) - order.begin()),
      steps(order.size(), 1) {
  if (!isPossible())
    return;
  int64_t side = getTransposedSide(from.getElementTypeBitWidth());
  for (unsigned d : {across, last})
    steps[d] =
        std::min<int64_t>(side, llvm::bit_floor<uint64_t>(to.getDimSize(d)));
}

bool BlockwiseCopy::isPossible() {
  Type element = to.getElementType();
  return to.getRank() > 1 && across != last && to.hasStaticShape() &&
         to.getNumElements() > 0 && element.isIntOrFloat() &&
         element.getIntOrFloatBitWidth() % 8 == 0 &&
         from.isLastDimUnitStride() && to.isLastDimUnitStride();
}

Value BlockwiseCopy::offset(Value value, int64_t by) {
  return arith::AddIOp::create(
      builder, loc, value, arith::ConstantIndexOp::create(builder, loc, by));
}

SmallVector<Value> BlockwiseCopy::getSourcePlace(ArrayRef<Value> at) const {
  SmallVector<Value> place(at);
  for (auto [position, d] : llvm::enumerate(order))
    place[d] = at[position];
  return place;
}

void BlockwiseCopy::emitBlock(ArrayRef<Value> at) {
  int64_t rows = steps[last], columns = steps[across];
  Type element = from.getElementType();
  SmallVector<Value> vectors;
  for (int64_t row = 0; row < rows; ++row) {
    SmallVector<Value> place(at);
    place[last] = offset(place[last], row);
    vectors.push_back(vector::LoadOp::create(builder, loc,
                                             VectorType::get(columns, element),
                                             source, getSourcePlace(place)));
  }
  vectors = transposeVectors(builder, loc, std::move(vectors));
  for (int64_t column = 0; column < columns; ++column) {
    SmallVector<Value> place(at);
    place[across] = offset(place[across], column);
    Value row = getSlice(builder, loc, vectors, column * rows, rows);
    vector::StoreOp::create(builder, loc, row, target, place);
  }
}

void BlockwiseCopy::emit() {
  OpBuilder::InsertionGuard guard(builder);
  auto index = [&](int64_t value) {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  SmallVector<Value> at;
  for (auto [extent, step] : llvm::zip_equal(to.getShape(), steps)) {
    Value low = index(0), high = index(extent), by = index(step);
    auto loop = scf::ForOp::create(builder, loc, low, high, by);
    builder.setInsertionPointToStart(loop.getBody());
    Value place = loop.getInductionVar();
    if (extent % step)
      place = arith::MinSIOp::create(builder, loc, place, index(extent - step));
    at.push_back(place);
  }
  emitBlock(at);
}

void amos::transposeCopies(func::FuncOp function) {
  SmallVector<linalg::TransposeOp> copies;
  function.walk([&](linalg::TransposeOp op) {
    if (op.hasPureBufferSemantics())
      copies.push_back(op);
  });
  for (linalg::TransposeOp op : copies) {
    OpBuilder builder(op);
    BlockwiseCopy copy(builder, op);
    if (!copy.isPossible())
      continue;
    copy.emit();
    op.erase();
  }
}
