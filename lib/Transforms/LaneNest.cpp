//===- LaneNest.cpp - The loops of an op, one of them on lanes ------------===//

#include "LaneNest.h"
#include "ApplyToLanes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

namespace {
/// Neighbouring vectors that are computed at once.
struct Block {
  int64_t width, units;
};

/// A part of the lanes' loop, in blocks of one kind.
struct Piece {
  Value from, to;
  Block block;
};

/// What goes through a loop: the sums so far.
using Sums = SmallVector<Value>;

class LaneNest {
public:
  LaneNest(OpBuilder &builder, linalg::GenericOp op, const LanePlan &plan);
  void emit();

private:
  SmallVector<Piece> cutKnown(int64_t extent);
  SmallVector<Piece> cutUnknown();
  void emitParallel(ArrayRef<unsigned> loops);
  void emitPoint();
  Sums emitReductions(ArrayRef<unsigned> loops, const Sums &sums);
  Sums emitPieces(const Sums &sums);
  Sums emitBody(Block block, const Sums &sums);
  Sums loop(unsigned number, const Piece &piece, const Sums &sums,
            llvm::function_ref<Sums(const Sums &)> body);

  Sums getStart();
  void finish(const Sums &sums);
  void finishSums(const Sums &sums);
  Value addUp(unsigned result, const Sums &sums);

  SmallVector<Value> getPlace(OpOperand &operand, int64_t offset);
  Value read(OpOperand &operand, int64_t width, int64_t offset);
  void write(OpOperand &operand, Value value, int64_t offset);
  Value getIndex(unsigned number, int64_t width, int64_t offset);
  Value index(int64_t value) {
    return arith::ConstantIndexOp::create(b, loc, value);
  }

  OpBuilder &b;
  Location loc;
  linalg::GenericOp op;
  LanePlan plan;
  unsigned results;
  SmallVector<Value> ends; ///< of each loop
  SmallVector<Value> at;   ///< the place, by loop
  SmallVector<unsigned> reductions;
  SmallVector<Piece> pieces; ///< of the lanes' loop
  Block block = {1, 1};      ///< the one at hand where lanes are parallel
};
} // namespace

LaneNest::LaneNest(OpBuilder &b, linalg::GenericOp op, const LanePlan &plan)
    : b(b), loc(op.getLoc()), op(op), plan(plan), results(op.getNumDpsInits()),
      at(op.getNumLoops()) {}

//===----------------------------------------------------------------------===//
// Loops
//===----------------------------------------------------------------------===//

/// Blocks, single vectors, and what is left in vectors of half the width, and
/// so on: any machine has these.
SmallVector<Piece> LaneNest::cutKnown(int64_t extent) {
  SmallVector<Piece> result;
  int64_t done = 0;
  auto add = [&](Block block) {
    int64_t step = block.width * block.units;
    int64_t count = (extent - done) / step;
    if (count)
      result.push_back({index(done), index(done + count * step), block});
    done += count * step;
  };
  add({plan.width, plan.units});
  for (int64_t width = plan.width; width > 0; width /= 2)
    add({width, 1});
  return result;
}

SmallVector<Piece> LaneNest::cutUnknown() {
  SmallVector<Piece> result;
  Value end = ends[plan.lane], done = index(0);
  for (Block block : {Block{plan.width, plan.units}, Block{plan.width, 1}}) {
    Value rest =
        arith::RemUIOp::create(b, loc, end, index(block.width * block.units));
    Value to = arith::SubIOp::create(b, loc, end, rest);
    result.push_back({done, to, block});
    done = to;
  }
  result.push_back({done, end, {1, 1}});
  return result;
}

Sums LaneNest::loop(unsigned number, const Piece &piece, const Sums &sums,
                    llvm::function_ref<Sums(const Sums &)> body) {
  OpBuilder::InsertionGuard guard(b);
  Value step = index(piece.block.width * piece.block.units);
  auto loop = scf::ForOp::create(b, loc, piece.from, piece.to, step, sums);
  b.setInsertionPointToStart(loop.getBody());
  at[number] = loop.getInductionVar();
  Sums next = body(Sums(loop.getRegionIterArgs()));
  if (!sums.empty()) {
    b.setInsertionPointToEnd(loop.getBody());
    scf::YieldOp::create(b, loc, next);
  }
  return Sums(loop.getResults());
}

void LaneNest::emitParallel(ArrayRef<unsigned> loops) {
  if (loops.empty())
    return emitPoint();
  unsigned number = loops.front();
  auto inside = [&](const Sums &) {
    emitParallel(loops.drop_front());
    return Sums();
  };
  if (number != plan.lane) {
    loop(number, {index(0), ends[number], {1, 1}}, {}, inside);
    return;
  }
  for (const Piece &piece : pieces) {
    block = piece.block;
    loop(number, piece, {}, inside);
  }
}

/// Whatever the reductions do at one place of the parallel loops.
void LaneNest::emitPoint() { finish(emitReductions(reductions, getStart())); }

Sums LaneNest::emitReductions(ArrayRef<unsigned> loops, const Sums &sums) {
  if (loops.empty())
    return emitBody(block, sums);
  unsigned number = loops.front();
  if (number == plan.lane)
    return emitPieces(sums);
  return loop(number, {index(0), ends[number], {1, 1}}, sums,
              [&](const Sums &inner) {
                return emitReductions(loops.drop_front(), inner);
              });
}

/// The lanes' loop as a reduction, which is the innermost one.
Sums LaneNest::emitPieces(const Sums &sums) {
  Sums done;
  for (const Piece &piece : pieces) {
    auto own = ArrayRef(sums).slice(done.size(), piece.block.units * results);
    done.append(loop(plan.lane, piece, Sums(own), [&](const Sums &inner) {
      return emitBody(piece.block, inner);
    }));
  }
  return done;
}

Sums LaneNest::emitBody(Block block, const Sums &sums) {
  Sums next;
  for (int64_t unit = 0; unit < block.units; ++unit) {
    int64_t offset = unit * block.width;
    SmallVector<Value> arguments;
    for (OpOperand *operand : op.getDpsInputOperands())
      arguments.push_back(read(*operand, block.width, offset));
    llvm::append_range(arguments,
                       ArrayRef(sums).slice(unit * results, results));
    next.append(applyToLanes(b, loc, *op.getBlock(), arguments, block.width,
                             [&](unsigned number) {
                               return getIndex(number, block.width, offset);
                             }));
  }
  return next;
}

void LaneNest::emit() {
  SmallVector<Range> ranges =
      cast<linalg::LinalgOp>(*op).createLoopRanges(b, loc);
  for (Range range : ranges)
    ends.push_back(getValueOrCreateConstantIndexOp(b, loc, range.size));
  int64_t extent = op.getStaticLoopRanges()[plan.lane];
  pieces = ShapedType::isDynamic(extent) ? cutUnknown() : cutKnown(extent);
  SmallVector<unsigned> parallel;
  for (auto [number, kind] : llvm::enumerate(op.getIteratorTypesArray()))
    if (number != plan.lane)
      (linalg::isParallelIterator(kind) ? parallel : reductions)
          .push_back(number);
  // Neighbours in memory come one after the other.
  (plan.isSum ? reductions : parallel).push_back(plan.lane);
  emitParallel(parallel);
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

Sums LaneNest::getStart() {
  Sums start;
  if (plan.isSum) {
    for (const Piece &piece : pieces)
      for (int64_t n = 0; n < piece.block.units * results; ++n) {
        Operation *combiner = getCombiner(op, n % results);
        auto neutral = *arith::getNeutralElement(combiner);
        auto type = VectorType::get(piece.block.width, neutral.getType());
        start.push_back(arith::ConstantOp::create(
            b, loc, SplatElementsAttr::get(type, neutral)));
      }
    return start;
  }
  for (int64_t unit = 0; unit < block.units; ++unit)
    for (OpOperand &result : op.getDpsInitsMutable())
      start.push_back(read(result, block.width, unit * block.width));
  return start;
}

void LaneNest::finish(const Sums &sums) {
  if (plan.isSum)
    return finishSums(sums);
  for (int64_t unit = 0; unit < block.units; ++unit)
    for (auto [n, result] : llvm::enumerate(op.getDpsInitsMutable()))
      write(result, sums[unit * results + n], unit * block.width);
}

/// The sum of the lanes. Types that LLVM has no arithmetic for everywhere are
/// summed in f32.
static Value addLanes(OpBuilder &b, Location loc, vector::CombiningKind kind,
                      Value vector) {
  auto type = cast<VectorType>(vector.getType());
  Type element = type.getElementType();
  bool isNarrow =
      isa<FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
  if (isNarrow)
    vector = arith::ExtFOp::create(b, loc, type.clone(b.getF32Type()), vector);
  Value sum = vector::ReductionOp::create(b, loc, kind, vector,
                                          arith::FastMathFlags::reassoc);
  return isNarrow ? arith::TruncFOp::create(b, loc, element, sum) : sum;
}

/// The sum of all lanes of all vectors. An order of its elements is not given.
Value LaneNest::addUp(unsigned result, const Sums &sums) {
  vector::CombiningKind kind =
      *linalg::getCombinerOpKind(getCombiner(op, result));
  Value total;
  for (size_t n = result; n < sums.size();) {
    Value sum = sums[n];
    for (n += results; n < sums.size() && sums[n].getType() == sum.getType();
         n += results)
      sum = vector::makeArithReduction(b, loc, kind, sums[n], sum);
    Value scalar = addLanes(b, loc, kind, sum);
    total = total ? vector::makeArithReduction(b, loc, kind, scalar, total)
                  : scalar;
  }
  return total;
}

void LaneNest::finishSums(const Sums &sums) {
  for (auto [n, result] : llvm::enumerate(op.getDpsInitsMutable())) {
    vector::CombiningKind kind = *linalg::getCombinerOpKind(getCombiner(op, n));
    Value before = read(result, 1, 0);
    Value after =
        vector::makeArithReduction(b, loc, kind, addUp(n, sums), before);
    write(result, after, 0);
  }
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

/// Where the operand is read or written, `offset` lanes further.
SmallVector<Value> LaneNest::getPlace(OpOperand &operand, int64_t offset) {
  AffineMap map = op.getMatchingIndexingMap(&operand);
  AffineExpr lane = b.getAffineDimExpr(plan.lane);
  SmallVector<OpFoldResult> loops;
  for (auto [number, value] : llvm::enumerate(at))
    loops.push_back(map.isFunctionOfDim(number) ? OpFoldResult(value)
                                                : b.getIndexAttr(0));
  SmallVector<Value> place;
  for (AffineExpr expr : map.getResults()) {
    AffineMap one =
        AffineMap::get(map.getNumDims(), 0, expr.replace(lane, lane + offset));
    place.push_back(getValueOrCreateConstantIndexOp(
        b, loc, affine::makeComposedFoldedAffineApply(b, loc, one, loops)));
  }
  return place;
}

Value LaneNest::read(OpOperand &operand, int64_t width, int64_t offset) {
  if (op.isScalar(&operand))
    return operand.get();
  Reach reach = getReach(op, operand, plan.lane);
  if (reach == Reach::Uniform)
    return memref::LoadOp::create(b, loc, operand.get(),
                                  getPlace(operand, offset));
  if (reach == Reach::Contiguous)
    return vector::LoadOp::create(
        b, loc,
        VectorType::get(width, getElementTypeOrSelf(operand.get().getType())),
        operand.get(), getPlace(operand, offset));
  SmallVector<Value> elements;
  for (int64_t lane = 0; lane < width; ++lane)
    elements.push_back(memref::LoadOp::create(
        b, loc, operand.get(), getPlace(operand, offset + lane)));
  return makeVector(b, loc, elements);
}

void LaneNest::write(OpOperand &operand, Value value, int64_t offset) {
  auto type = dyn_cast<VectorType>(value.getType());
  if (!type) {
    memref::StoreOp::create(b, loc, value, operand.get(),
                            getPlace(operand, offset));
    return;
  }
  if (getReach(op, operand, plan.lane) == Reach::Contiguous) {
    vector::StoreOp::create(b, loc, value, operand.get(),
                            getPlace(operand, offset));
    return;
  }
  for (int64_t lane = 0; lane < type.getNumElements(); ++lane)
    memref::StoreOp::create(b, loc,
                            vector::ExtractOp::create(b, loc, value, lane),
                            operand.get(), getPlace(operand, offset + lane));
}

/// The number of a loop: on the lanes' own, one more at each lane.
Value LaneNest::getIndex(unsigned number, int64_t width, int64_t offset) {
  if (number != plan.lane)
    return at[number];
  auto type = VectorType::get(width, b.getIndexType());
  Value first = arith::AddIOp::create(b, loc, at[number], index(offset));
  return arith::AddIOp::create(b, loc,
                               vector::BroadcastOp::create(b, loc, type, first),
                               vector::StepOp::create(b, loc, type));
}

void amos::emitLaneNest(OpBuilder &builder, linalg::GenericOp op,
                        const LanePlan &plan) {
  OpBuilder::InsertionGuard guard(builder);
  LaneNest(builder, op, plan).emit();
}
