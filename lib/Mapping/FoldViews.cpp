//===- FoldViews.cpp - Read what a tensor is made from --------------------===//

#include "FoldViews.h"
#include "amos/Mapping/Bounds.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace amos;

static bool hasElements(Type type) {
  auto shaped = dyn_cast<RankedTensorType>(type);
  return shaped && !llvm::is_contained(shaped.getShape(), 0);
}

//===----------------------------------------------------------------------===//
// Pads
//===----------------------------------------------------------------------===//

/// How far a pad extends each dimension at one end, if that is known.
static std::optional<SmallVector<int64_t>>
getWidths(ArrayRef<OpFoldResult> ends) {
  std::optional<SmallVector<int64_t>> widths = getConstantIntValues(ends);
  if (widths && llvm::any_of(*widths, [](int64_t width) { return width < 0; }))
    return std::nullopt;
  return widths;
}

/// Whether guards can say where the source is: its end has to be known.
static bool hasKnownEnds(tensor::PadOp pad) {
  auto low = getWidths(pad.getMixedLowPad());
  auto high = getWidths(pad.getMixedHighPad());
  if (!low || !high)
    return false;
  for (auto [extent, before, after] :
       llvm::zip_equal(pad.getSourceType().getShape(), *low, *high))
    if (ShapedType::isDynamic(extent) && (before || after))
      return false;
  return true;
}

/// Whether reading through `pad` gives the source or a zero.
static bool isZeroPad(tensor::PadOp pad) {
  Value padding = pad.getConstantPaddingValue();
  return padding && hasElements(pad.getSourceType()) && hasKnownEnds(pad) &&
         (matchPattern(padding, m_Zero()) ||
          matchPattern(padding, m_AnyZeroFloat()));
}

//===----------------------------------------------------------------------===//
// Slices
//===----------------------------------------------------------------------===//

/// Whether `slice` is a part of its source that is known here, of as many
/// dimensions.
static bool isKnownSlice(tensor::ExtractSliceOp slice) {
  return slice && slice.getSourceType().hasStaticShape() &&
         slice.getType().hasStaticShape() && hasElements(slice.getType()) &&
         slice.getType().getRank() == slice.getSourceType().getRank() &&
         getConstantIntValues(slice.getMixedOffsets()) &&
         getConstantIntValues(slice.getMixedStrides());
}

//===----------------------------------------------------------------------===//
// Spread images
//===----------------------------------------------------------------------===//

bool amos::isZero(Value value) {
  if (Value moved = getMoved(value))
    value = moved;
  return matchPattern(value, m_Zero()) || matchPattern(value, m_AnyZeroFloat());
}

/// Whether `insert` puts a whole tensor into zeros, of as many dimensions, its
/// elements side by side or, where that is allowed, spaced.
static bool isKnownInsertion(tensor::InsertSliceOp insert, bool allowsSpaces) {
  if (!insert || !insert.getSourceType().hasStaticShape() ||
      !insert.getType().hasStaticShape() ||
      !hasElements(insert.getSourceType()) ||
      insert.getSourceType().getRank() != insert.getType().getRank() ||
      !getConstantIntValues(insert.getMixedOffsets()) ||
      !isZero(insert.getDest()))
    return false;
  auto strides = getConstantIntValues(insert.getMixedStrides());
  return strides && llvm::all_of(*strides, [&](int64_t stride) {
           return stride == 1 || (allowsSpaces && stride > 1);
         });
}

namespace {
/// One source on its way to where it comes from.
class Folding {
public:
  Folding(Access &access, ArrayRef<Iteration> iterations)
      : access(access), iterations(iterations),
        index(access.index.getResults()) {}

  void fold(tensor::PadOp pad);
  void fold(tensor::ExtractSliceOp slice);
  void fold(tensor::InsertSliceOp insert);
  void fold(linalg::LinalgOp move);
  void finish();

private:
  AffineExpr simplify(AffineExpr e) const {
    return simplifyAffineExpr(e, iterations.size(), 0);
  }
  /// Whether `e` is at least 0 wherever the operator's iterations go.
  bool isNeverNegative(AffineExpr e) const;
  void addGuard(AffineExpr guard);

  Access &access;
  ArrayRef<Iteration> iterations;
  SmallVector<AffineExpr> index;
};
} // namespace

bool Folding::isNeverNegative(AffineExpr e) const {
  auto extents = llvm::map_to_vector(
      iterations, [](const Iteration &iteration) { return iteration.extent; });
  std::optional<int64_t> bound = getBound(e, extents, /*isUpper=*/false);
  return bound && *bound >= 0;
}

/// Of two guards that differ by a constant only the stronger one is kept.
void Folding::addGuard(AffineExpr guard) {
  guard = simplify(guard);
  if (isNeverNegative(guard))
    return;
  for (AffineExpr &other : access.guards)
    if (auto surplus = dyn_cast<AffineConstantExpr>(simplify(other - guard))) {
      if (surplus.getValue() > 0)
        other = guard;
      return;
    }
  access.guards.push_back(guard);
}

void Folding::fold(tensor::PadOp pad) {
  SmallVector<int64_t> low = *getWidths(pad.getMixedLowPad());
  SmallVector<int64_t> high = *getWidths(pad.getMixedHighPad());
  access.shape = llvm::to_vector(pad.getSourceType().getShape());
  for (unsigned d = 0; d < index.size(); ++d) {
    index[d] = simplify(index[d] - low[d]);
    if (low[d] == 0 && high[d] == 0)
      continue;
    addGuard(index[d]);
    addGuard(access.shape[d] - 1 - index[d]);
  }
}

void Folding::fold(tensor::ExtractSliceOp slice) {
  auto offsets = *getConstantIntValues(slice.getMixedOffsets());
  auto strides = *getConstantIntValues(slice.getMixedStrides());
  access.shape = llvm::to_vector(slice.getSourceType().getShape());
  for (unsigned d = 0; d < index.size(); ++d)
    index[d] = simplify(index[d] * strides[d] + offsets[d]);
}

/// Between the elements there are zeros, and around them.
void Folding::fold(tensor::InsertSliceOp insert) {
  auto offsets = *getConstantIntValues(insert.getMixedOffsets());
  auto strides = *getConstantIntValues(insert.getMixedStrides());
  access.shape = llvm::to_vector(insert.getSourceType().getShape());
  for (unsigned d = 0; d < index.size(); ++d) {
    AffineExpr place = simplify(index[d] - offsets[d]);
    index[d] = simplify(place.floorDiv(strides[d]));
    if (insert.getType().getDimSize(d) == access.shape[d])
      continue;
    addGuard(place);
    addGuard((access.shape[d] - 1) * strides[d] - place);
    if (place.getLargestKnownDivisor() % strides[d] != 0)
      access.guards.push_back(-(place % strides[d]));
  }
}

/// Element `read(loops)` of the input went to `written(loops)`.
void Folding::fold(linalg::LinalgOp move) {
  AffineMap read = move.getIndexingMapsArray().front();
  AffineMap loops = inversePermutation(move.getIndexingMapsArray().back());
  AffineMap position =
      AffineMap::get(iterations.size(), 0, index, read.getContext());
  position = read.compose(loops).compose(position);
  index = llvm::map_to_vector(position.getResults(),
                              [&](AffineExpr e) { return simplify(e); });
  auto type = cast<ShapedType>(move.getDpsInputOperand(0)->get().getType());
  access.shape = llvm::to_vector(type.getShape());
}

void Folding::finish() {
  access.index =
      AffineMap::get(iterations.size(), 0, index, access.index.getContext());
}

//===----------------------------------------------------------------------===//
// Moves
//===----------------------------------------------------------------------===//

/// The op that makes `value` by moving the elements of its one input.
static linalg::LinalgOp getMove(Value value) {
  auto op = value.getDefiningOp<linalg::LinalgOp>();
  if (!op || !op.hasPureTensorSemantics() || op.getNumDpsInputs() != 1 ||
      op.getNumDpsInits() != 1 ||
      !op.getIndexingMapsArray().back().isPermutation())
    return nullptr;
  auto moved =
      dyn_cast<BlockArgument>(op.getBlock()->getTerminator()->getOperand(0));
  bool isMove =
      moved && moved.getOwner() == op.getBlock() && moved.getArgNumber() == 0;
  return isMove ? op : nullptr;
}

Value amos::getMoved(Value value) {
  linalg::LinalgOp move = getMove(value);
  return move ? move.getDpsInputOperand(0)->get() : Value();
}

MovedTensor amos::getMovedTensor(Value value) {
  auto type = cast<ShapedType>(value.getType());
  MovedTensor moved{value, AffineMap::getMultiDimIdentityMap(
                               type.getRank(), value.getContext())};
  while (linalg::LinalgOp move = getMove(moved.source)) {
    Value input = move.getDpsInputOperand(0)->get();
    if (!isa<RankedTensorType>(input.getType()))
      break;
    SmallVector<AffineMap> maps = move.getIndexingMapsArray();
    moved.map = maps.front()
                    .compose(inversePermutation(maps.back()))
                    .compose(moved.map);
    moved.source = input;
  }
  return moved;
}

/// A broadcast would take loops away from the source, and thereby matchings.
static bool isTranspose(linalg::LinalgOp move) {
  return move && move.getIndexingMapsArray().front().isPermutation() &&
         hasElements(move.getDpsInputOperand(0)->get().getType());
}

Value amos::foldViews(Value value, Access &access, const Contraction &op,
                      bool allowsSpaces) {
  Folding folding(access, op.iterations);
  while (true) {
    auto pad = value.getDefiningOp<tensor::PadOp>();
    auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
    auto insert = value.getDefiningOp<tensor::InsertSliceOp>();
    linalg::LinalgOp move = getMove(value);
    if (pad && op.ignoresZeros && isZeroPad(pad)) {
      folding.fold(pad);
      value = pad.getSource();
    } else if (isKnownSlice(slice)) {
      folding.fold(slice);
      value = slice.getSource();
    } else if (op.ignoresZeros && isKnownInsertion(insert, allowsSpaces)) {
      folding.fold(insert);
      value = insert.getSource();
    } else if (isTranspose(move)) {
      folding.fold(move);
      value = getMoved(value);
    } else {
      break;
    }
  }
  folding.finish();
  return value;
}
