//===- Filling.cpp - A shared buffer and the threads that fill it ---------===//

#include "Filling.h"
#include "amos/Mapping/StageCopy.h"
#include "amos/Mapping/TileAccess.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

StringRef amos::getLevelName(Value buffer) {
  while (Operation *op = buffer.getDefiningOp()) {
    if (auto level = op->getAttrOfType<SymbolRefAttr>("amos.level"))
      return level.getLeafReference();
    if (op->getNumOperands() == 0)
      break;
    buffer = op->getOperand(0);
  }
  return "";
}

Filling::Filling(StageOp op, const ThreadGroup &group,
                 ArrayRef<int64_t> swizzle)
    : op(op), group(group), loc(op.getLoc()), source(op.getSource()),
      target(op.getTarget()), index(op.getIndex().getResults()),
      numCoordinates(op.getIndex().getNumDims()), swizzle(swizzle) {
  auto type = cast<MemRefType>(target.getType());
  elementBytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  if (std::optional<IntegerSet> set = op.getGuards())
    guards = llvm::to_vector(set->getConstraints());
  extents = llvm::to_vector(type.getShape());
  int64_t base;
  if (failed(type.getStridesAndOffset(strides, base)))
    strides.assign(extents.size(), ShapedType::kDynamic);
  leaveUnused();
  mergeDimensions();
  int64_t row = extents.empty() ? 1 : extents.back();
  for (int64_t w = group.access / elementBytes; w > 1 && width == 1; w /= 2)
    if (row % w == 0 && movesTogether(w))
      width = w;
  written = width;
  if (!swizzle.empty())
    written = std::min(group.access, int64_t(1) << swizzle[2]) / elementBytes;
  for (loaded = written; loaded > width; loaded /= 2)
    if (row % loaded == 0 && liesTogether(loaded) && isWholeFor(loaded))
      break;
}

//===----------------------------------------------------------------------===//
// Dimensions
//===----------------------------------------------------------------------===//

/// Whether `guard` holds wherever the group is, for all of the target.
bool Filling::holdsAlways(AffineExpr guard) const {
  SmallVector<std::optional<int64_t>> low(numCoordinates), high = low;
  for (int64_t extent : extents) {
    low.push_back(0);
    high.push_back(extent - 1);
  }
  std::optional<int64_t> least = getBoundForAffineExpr(
      guard, numCoordinates, extents.size(), low, high, /*isUpper=*/false);
  return least && *least >= 0;
}

/// Leaves out columns that nobody reads, but for those written with others.
void Filling::leaveUnused() {
  auto used = op->getAttrOfType<IntegerAttr>(usedColumnsName);
  if (!used || extents.empty())
    return;
  int64_t unit = group.access / elementBytes;
  if (!swizzle.empty())
    unit = std::min(unit, (int64_t(1) << swizzle[2]) / elementBytes);
  extents.back() = std::clamp<int64_t>(llvm::alignTo(used.getInt(), unit), 1,
                                       extents.back());
  llvm::erase_if(guards, [&](AffineExpr e) { return holdsAlways(e); });
}

/// Whether dimension `d` steps on where the next one ends, in both memories and
/// for all guards.
bool Filling::canMerge(unsigned d) const {
  if (ShapedType::isDynamic(strides[d]) ||
      strides[d] != strides[d + 1] * extents[d + 1])
    return false;
  MLIRContext *context = op.getContext();
  AffineExpr outer = getAffineSymbolExpr(d, context);
  AffineExpr inner = getAffineSymbolExpr(d + 1, context);
  auto goesOn = [&](AffineExpr expr) {
    AffineExpr one = expr.replace({{outer, getAffineConstantExpr(0, context)},
                                   {inner, outer * extents[d + 1] + inner}});
    return simplifyAffineExpr(expr - one, numCoordinates, extents.size()) == 0;
  };
  return llvm::all_of(index, goesOn) && llvm::all_of(guards, goesOn);
}

void Filling::mergeDimensions() {
  for (int64_t d = 0; d < int64_t(extents.size()); ++d)
    merged.push_back({d});
  MLIRContext *context = op.getContext();
  for (unsigned d = 0; d + 1 < extents.size();) {
    if (!canMerge(d)) {
      ++d;
      continue;
    }
    SmallVector<AffineExpr> symbols;
    for (unsigned s = 0; s < extents.size(); ++s)
      symbols.push_back(s == d
                            ? getAffineConstantExpr(0, context)
                            : getAffineSymbolExpr(s > d ? s - 1 : s, context));
    for (auto *exprs : {&index, &guards})
      for (AffineExpr &expr : *exprs)
        expr = simplifyAffineExpr(expr.replaceSymbols(symbols), numCoordinates,
                                  extents.size() - 1);
    extents[d + 1] *= extents[d];
    llvm::append_range(merged[d], merged[d + 1]);
    merged.erase(merged.begin() + d + 1);
    extents.erase(extents.begin() + d);
    strides.erase(strides.begin() + d);
  }
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

/// `expr` of the access at element `lane` of a piece, whose number replaces the
/// last symbol.
AffineExpr Filling::place(AffineExpr expr, int64_t lane, int64_t width) const {
  unsigned last = extents.size() - 1;
  SmallVector<AffineExpr> symbols;
  for (unsigned s = 0; s <= last; ++s)
    symbols.push_back(getAffineSymbolExpr(s, op.getContext()));
  symbols[last] = symbols[last] * width + lane;
  return simplifyAffineExpr(pullConstants(expr.replaceSymbols(symbols)),
                            numCoordinates, last + 1);
}

/// The element that `index` stands for, from the first of a memref on; null
/// when a stride is not constant.
AffineExpr Filling::linearize(ArrayRef<AffineExpr> index,
                              MemRefType type) const {
  SmallVector<int64_t> strides;
  int64_t base;
  if (failed(type.getStridesAndOffset(strides, base)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AffineExpr position = getAffineConstantExpr(0, op.getContext());
  for (auto [e, stride] : llvm::zip_equal(index, strides))
    position = position + e * stride;
  return position;
}

/// How much more `expr` is at element `lane` of a piece than at its first one;
/// null when that is no constant.
AffineConstantExpr Filling::getAdvance(AffineExpr expr, int64_t lane,
                                       int64_t width) const {
  return dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(place(expr, lane, width) - place(expr, 0, width),
                         numCoordinates, extents.size()));
}

/// Whether pieces of `width` elements lie side by side and aligned in both
/// memories.
bool Filling::liesTogether(int64_t width) const {
  auto from = cast<MemRefType>(source.getType());
  SmallVector<int64_t> fromStrides;
  int64_t base;
  AffineExpr address = linearize(index, from);
  if (!address || failed(from.getStridesAndOffset(fromStrides, base)) ||
      ShapedType::isDynamic(base) || base % width || strides.back() != 1)
    return false;
  for (int64_t stride : ArrayRef(strides).drop_back())
    if (stride % width)
      return false;
  if (place(address, 0, width).getLargestKnownDivisor() % width)
    return false;
  for (int64_t lane = 1; lane < width; ++lane) {
    AffineConstantExpr advance = getAdvance(address, lane, width);
    if (!advance || advance.getValue() != lane)
      return false;
  }
  return true;
}

/// Whether `guard` holds for all of every piece or for nothing of it. Falling
/// guards change sign between pieces when they are one below a multiple of the
/// width, rising ones at a multiple.
bool Filling::guardsWhole(AffineExpr guard, int64_t width) const {
  AffineExpr first = place(guard, 0, width);
  int64_t risesAt = first.getLargestKnownDivisor() % width;
  int64_t fallsAt =
      simplifyAffineExpr(first + 1, numCoordinates, extents.size())
          .getLargestKnownDivisor() %
      width;
  for (int64_t lane = 1; lane < width; ++lane) {
    AffineConstantExpr step = getAdvance(guard, lane, width);
    bool isSame = step && (step.getValue() == 0 ||
                           (step.getValue() == lane && risesAt == 0) ||
                           (step.getValue() == -lane && fallsAt == 0));
    if (!isSame)
      return false;
  }
  return true;
}

/// Whether pieces of `width` elements lie side by side and aligned in both
/// memories, and are there as a whole or not at all.
bool Filling::movesTogether(int64_t width) const {
  return liesTogether(width) && llvm::all_of(guards, [&](AffineExpr guard) {
           return guardsWhole(guard, width);
         });
}

/// Whether the source consists of whole pieces of `width` elements, so that one
/// of which anything is there can be read.
bool Filling::isWholeFor(int64_t width) const {
  auto from = cast<MemRefType>(source.getType());
  return from.hasStaticShape() && from.getLayout().isIdentity() &&
         from.getNumElements() % width == 0;
}

/// Elements of the source from the first row of the target to the second, at
/// the first of all coordinates; nothing if that is not known.
std::optional<int64_t> Filling::getRowAdvance() const {
  AffineExpr address = linearize(index, cast<MemRefType>(source.getType()));
  unsigned row = extents.size() - 2;
  if (!address)
    return std::nullopt;
  MLIRContext *context = op.getContext();
  AffineExpr zero = getAffineConstantExpr(0, context);
  SmallVector<AffineExpr> dims(numCoordinates, zero);
  SmallVector<AffineExpr> symbols(extents.size(), zero);
  AffineExpr first = address.replaceDimsAndSymbols(dims, symbols);
  symbols[row] = getAffineConstantExpr(1, context);
  auto advance = dyn_cast<AffineConstantExpr>(
      simplifyAffineExpr(address.replaceDimsAndSymbols(dims, symbols) - first,
                         numCoordinates, extents.size()));
  return advance ? std::optional(advance.getValue()) : std::nullopt;
}

/// Whether neighbouring threads take neighbouring rows: where a piece is read
/// in parts, or where rows begin no further apart in the source than pieces do.
bool Filling::goesDownRows() const {
  if (swizzle.empty() || extents.size() < 2)
    return false;
  std::optional<int64_t> advance = getRowAdvance();
  return loaded < written || (advance && std::abs(*advance) <= loaded);
}

/// The pieces of a thread. Their numbers are the thread's and constants; where
/// rows divide those, all pieces are constant distances apart. Neighbouring
/// threads have neighbouring pieces of a row, or equal ones of neighbouring
/// rows.
SmallVector<Filling::Piece> Filling::dealOut(OpBuilder &builder,
                                             Value thread) const {
  SmallVector<int64_t> counts = extents;
  if (!counts.empty())
    counts.back() /= written;
  int64_t count = 1;
  for (int64_t extent : counts)
    count *= extent;
  SmallVector<unsigned> order =
      llvm::to_vector(llvm::seq<unsigned>(0, counts.size()));
  if (goesDownRows())
    std::swap(order.back(), order[order.size() - 2]);
  SmallVector<Piece> pieces;
  for (int64_t first = 0; first < count; first += group.threads) {
    Piece &piece = pieces.emplace_back();
    AffineExpr number = builder.getAffineDimExpr(numCoordinates) + first;
    piece.at.resize(counts.size());
    for (unsigned d : llvm::reverse(order)) {
      AffineExpr at = d == order.front() ? number : number % counts[d];
      piece.at[d] =
          simplifyAffineExpr(pullConstants(at), numCoordinates + 1, 0);
      number = number.floorDiv(counts[d]);
    }
    if (!piece.at.empty())
      piece.at.back() = piece.at.back() * written;
    if (first + group.threads > count)
      piece.isMine = arith::CmpIOp::create(
          builder, loc, arith::CmpIPredicate::ult, thread,
          arith::ConstantIndexOp::create(builder, loc, count - first));
  }
  return pieces;
}

/// `expr` of the access where `piece` begins.
AffineExpr Filling::put(AffineExpr expr, const Piece &piece) const {
  return simplifyAffineExpr(pullConstants(expr.replaceSymbols(piece.at)),
                            numCoordinates + 1, 0);
}

Value Filling::apply(OpBuilder &builder, AffineExpr expr, Value thread) const {
  SmallVector<OpFoldResult> operands = getAsOpFoldResult(op.getCoordinates());
  operands.push_back(thread);
  AffineMap map = AffineMap::get(numCoordinates + 1, 0, expr, op.getContext());
  return getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(builder, loc, map, operands));
}

/// Whether the piece is inside of the tensor; null when it always is.
Value Filling::emitCondition(OpBuilder &builder, const Piece &piece,
                             Value thread) const {
  Value isThere;
  for (AffineExpr guard : guards) {
    Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
    Value holds =
        arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                              apply(builder, put(guard, piece), thread), zero);
    isThere =
        isThere ? arith::AndIOp::create(builder, loc, isThere, holds) : holds;
  }
  return isThere;
}
