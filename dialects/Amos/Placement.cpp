//===- Placement.cpp - What a placement says, as numbers ------------------===//

#include "Amos/Placement.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

static std::optional<int64_t> combine(AffineExprKind kind, int64_t left,
                                      int64_t right) {
  int64_t result;
  if (kind == AffineExprKind::Add)
    return llvm::AddOverflow(left, right, result) ? std::nullopt
                                                  : std::optional(result);
  if (kind == AffineExprKind::Mul)
    return llvm::MulOverflow(left, right, result) ? std::nullopt
                                                  : std::optional(result);
  if (right <= 0)
    return std::nullopt;
  if (kind == AffineExprKind::FloorDiv)
    return llvm::divideFloorSigned(left, right);
  if (kind == AffineExprKind::CeilDiv)
    return llvm::divideCeilSigned(left, right);
  return llvm::mod(left, right);
}

std::optional<int64_t> amos::evaluate(AffineExpr expr, ArrayRef<int64_t> dims,
                                      ArrayRef<int64_t> symbols) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return constant.getValue();
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return dims[dim.getPosition()];
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return symbols[symbol.getPosition()];
  auto binary = cast<AffineBinaryOpExpr>(expr);
  std::optional<int64_t> left = evaluate(binary.getLHS(), dims, symbols);
  std::optional<int64_t> right = evaluate(binary.getRHS(), dims, symbols);
  if (!left || !right)
    return std::nullopt;
  return combine(expr.getKind(), *left, *right);
}

std::optional<SmallVector<int64_t>> amos::evaluate(AffineMap map,
                                                   ArrayRef<int64_t> point) {
  SmallVector<int64_t> values;
  for (AffineExpr expr : map.getResults()) {
    std::optional<int64_t> value =
        evaluate(expr, point.take_front(map.getNumDims()),
                 point.drop_front(map.getNumDims()));
    if (!value)
      return std::nullopt;
    values.push_back(*value);
  }
  return values;
}

static std::optional<Scalars> getScalars(ArrayRef<Type> members) {
  Scalars all{Type(), 0};
  for (Type member : members) {
    std::optional<Scalars> part = amos::getScalars(member);
    if (!part || (all.type && all.type != part->type))
      return std::nullopt;
    all = {part->type, all.count + part->count};
  }
  return all.type ? std::optional(all) : std::nullopt;
}

std::optional<Scalars> amos::getScalars(Type type) {
  if (type.isIntOrFloat())
    return Scalars{type, 1};
  if (auto vector = dyn_cast<VectorType>(type)) {
    if (vector.isScalable() || !vector.getElementType().isIntOrFloat())
      return std::nullopt;
    return Scalars{vector.getElementType(), vector.getNumElements()};
  }
  if (auto structure = dyn_cast<LLVM::LLVMStructType>(type))
    return ::getScalars(structure.getBody());
  return std::nullopt;
}

/// The row-major number of an element, nothing outside of the tile.
static std::optional<int64_t> linearize(ArrayRef<int64_t> at,
                                        ArrayRef<int64_t> shape) {
  int64_t position = 0;
  for (auto [index, extent] : llvm::zip_equal(at, shape)) {
    if (index < 0 || index >= extent)
      return std::nullopt;
    position = position * extent + index;
  }
  return position;
}

static SmallVector<int64_t> delinearize(int64_t position,
                                        ArrayRef<int64_t> shape) {
  SmallVector<int64_t> at(shape.size());
  for (int64_t dim = shape.size() - 1; dim >= 0; --dim) {
    at[dim] = position % shape[dim];
    position /= shape[dim];
  }
  return at;
}

std::optional<Gap> amos::findGap(AffineMap map, int64_t lanes, int64_t elements,
                                 ArrayRef<int64_t> shape, int64_t contiguous) {
  int64_t size = 1;
  for (int64_t extent : shape)
    size *= extent;
  llvm::BitVector held(size);
  for (int64_t lane = 0; lane < lanes; ++lane)
    for (int64_t element = 0; element < elements; ++element) {
      int64_t place[] = {lane, element};
      auto at = evaluate(map, ArrayRef(place).take_back(map.getNumDims()));
      for (int64_t next = 0; next < contiguous; ++next) {
        std::optional<int64_t> position;
        if (at)
          position = linearize(*at, shape);
        if (!position)
          return Gap{true, lane, element,
                     at.value_or(SmallVector<int64_t>(shape.size(), -1))};
        held.set(*position);
        if (!at->empty())
          ++at->back();
      }
    }
  int missing = held.find_first_unset();
  if (missing < 0)
    return std::nullopt;
  return Gap{false, 0, 0, delinearize(missing, shape)};
}
