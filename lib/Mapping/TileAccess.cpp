//===- TileAccess.cpp - How the elements of a tile lie in memory ----------===//

#include "amos/Mapping/TileAccess.h"
#include "Amos/Placement.h"
#include "amos/Mapping/Bounds.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/Support/MathExtras.h"
#include <numeric>

using namespace mlir;
using namespace amos;

SmallVector<unsigned> amos::getCoordinateDims(const Contraction &intrinsic,
                                              unsigned t, unsigned numOuter) {
  SmallVector<unsigned> dims;
  for (AffineExpr result : intrinsic.operands[t].index.getResults())
    dims.push_back(numOuter + cast<AffineDimExpr>(result).getPosition());
  return dims;
}

AffineMap amos::getRowMajorFragment(MLIRContext *context,
                                    ArrayRef<int64_t> shape) {
  SmallVector<AffineExpr> coordinates;
  AffineExpr rest = getAffineDimExpr(0, context);
  for (int64_t extent : llvm::reverse(shape)) {
    coordinates.push_back(rest % extent);
    rest = rest.floorDiv(extent);
  }
  std::reverse(coordinates.begin(), coordinates.end());
  return AffineMap::get(1, 0, coordinates, context);
}

/// The strides of a dense row-major tensor; nothing when one is not known.
static std::optional<SmallVector<int64_t>>
getRowMajorStrides(ArrayRef<int64_t> shape) {
  if (llvm::any_of(shape.drop_front(shape.empty() ? 0 : 1),
                   ShapedType::isDynamic))
    return std::nullopt;
  return computeSuffixProduct(shape);
}

/// `access.strides` with those that are not known assumed to be so long that
/// runs of the other dimensions do not touch.
static SmallVector<int64_t> assumeStrides(const Access &access) {
  constexpr uint64_t longest = uint64_t(1) << 40;
  SmallVector<int64_t> strides(access.strides);
  uint64_t span = 1;
  auto widen = [&](int64_t stride, int64_t extent) {
    uint64_t rows = std::max<int64_t>(extent, 1);
    span = std::min(llvm::SaturatingMultiplyAdd(uint64_t(stride), rows, span),
                    longest);
  };
  for (auto [stride, extent] : llvm::zip_equal(strides, access.shape))
    if (!ShapedType::isDynamic(stride))
      widen(std::abs(stride), extent);
  for (unsigned d = strides.size(); d-- > 0;)
    if (ShapedType::isDynamic(strides[d])) {
      strides[d] = 2 * span;
      widen(strides[d], access.shape[d]);
    }
  return strides;
}

std::optional<AffineExpr> amos::linearizeAccess(const Access &access) {
  std::optional<SmallVector<int64_t>> strides =
      access.strides.empty() ? getRowMajorStrides(access.shape)
                             : assumeStrides(access);
  if (!strides)
    return std::nullopt;
  AffineExpr sum = getAffineConstantExpr(0, access.index.getContext());
  for (auto [e, stride] : llvm::zip_equal(access.index.getResults(), *strides))
    sum = sum + e * stride;
  return simplifyAffineExpr(sum, access.index.getNumDims(),
                            access.index.getNumSymbols());
}

//===----------------------------------------------------------------------===//
// Offsets
//===----------------------------------------------------------------------===//

/// `lhs op divisor` with the part of a constant summand that cannot carry taken
/// out of a `mod` and dropped from a `floordiv`: with everything else in `lhs`
/// a multiple of g, and g dividing the divisor, that part is the constant
/// modulo g.
static AffineExpr divideWithoutCarry(AffineExprKind kind, AffineExpr lhs,
                                     AffineExpr rhs) {
  auto divisor = dyn_cast<AffineConstantExpr>(rhs);
  auto sum = dyn_cast<AffineBinaryOpExpr>(lhs);
  if (!divisor || divisor.getValue() <= 0 || !sum ||
      sum.getKind() != AffineExprKind::Add)
    return getAffineBinaryOpExpr(kind, lhs, rhs);
  auto constant = dyn_cast<AffineConstantExpr>(sum.getRHS());
  if (!constant)
    return getAffineBinaryOpExpr(kind, lhs, rhs);
  int64_t g =
      std::gcd(sum.getLHS().getLargestKnownDivisor(), divisor.getValue());
  int64_t carry = llvm::divideFloorSigned(constant.getValue(), g) * g;
  AffineExpr whole = getAffineBinaryOpExpr(kind, sum.getLHS() + carry, rhs);
  return kind == AffineExprKind::Mod ? whole + (constant.getValue() - carry)
                                     : whole;
}

/// `lhs + rhs` with a constant last, also one that `rhs` ends in.
static AffineExpr addConstantLast(AffineExpr lhs, AffineExpr rhs) {
  auto sum = dyn_cast<AffineBinaryOpExpr>(rhs);
  if (sum && sum.getKind() == AffineExprKind::Add &&
      isa<AffineConstantExpr>(sum.getRHS()))
    return (lhs + sum.getLHS()) + sum.getRHS();
  return lhs + rhs;
}

AffineExpr amos::pullConstants(AffineExpr expr) {
  auto binary = dyn_cast<AffineBinaryOpExpr>(expr);
  if (!binary)
    return expr;
  AffineExpr lhs = pullConstants(binary.getLHS());
  AffineExpr rhs = pullConstants(binary.getRHS());
  if (expr.getKind() == AffineExprKind::Mod ||
      expr.getKind() == AffineExprKind::FloorDiv)
    return divideWithoutCarry(expr.getKind(), lhs, rhs);
  if (expr.getKind() == AffineExprKind::Add)
    return addConstantLast(lhs, rhs);
  return getAffineBinaryOpExpr(expr.getKind(), lhs, rhs);
}

/// `address` at element `e` of the fragment, over the outer loops.
static AffineExpr placeElement(AffineExpr address, AffineMap fragment,
                               int64_t e, ArrayRef<unsigned> dims,
                               unsigned numOuter, unsigned numDims) {
  MLIRContext *context = address.getContext();
  SmallVector<int64_t> point(fragment.getNumDims(), 0);
  point.back() = e;
  SmallVector<int64_t> coordinates = fragment.compose(point);
  SmallVector<AffineExpr> values(numDims, getAffineConstantExpr(0, context));
  for (unsigned o = 0; o < numOuter; ++o)
    values[o] = getAffineDimExpr(o, context);
  for (auto [dim, coordinate] : llvm::zip(dims, coordinates))
    values[dim] = getAffineConstantExpr(coordinate, context);
  return pullConstants(address.replaceDims(values));
}

/// The factor of each dimension in `address`; nothing unless it is a sum of
/// multiples of them.
static std::optional<SmallVector<int64_t>> getFactors(AffineExpr address,
                                                      const Access &access) {
  unsigned numDims = access.index.getNumDims();
  unsigned numSymbols = access.index.getNumSymbols();
  SmallVector<int64_t> factors;
  if (failed(getFlattenedAffineExpr(address, numDims, numSymbols, &factors)) ||
      factors.size() != numDims + numSymbols + 1)
    return std::nullopt;
  return factors;
}

/// Of such an address, the offsets by numbers alone: tiles may have many
/// elements. Nothing if some number is too large.
static SmallVector<int64_t> addOffsets(ArrayRef<int64_t> factors,
                                       AffineMap fragment, int64_t elements,
                                       ArrayRef<unsigned> dims) {
  SmallVector<int64_t> offsets, point(fragment.getNumDims(), 0);
  for (int64_t e = 0; e < elements; ++e) {
    point.back() = e;
    std::optional<SmallVector<int64_t>> coordinates = evaluate(fragment, point);
    if (!coordinates)
      return {};
    int64_t offset = 0, part;
    for (auto [dim, coordinate] : llvm::zip(dims, *coordinates))
      if (llvm::MulOverflow(factors[dim], coordinate, part) ||
          llvm::AddOverflow(offset, part, offset))
        return {};
    offsets.push_back(offset);
  }
  int64_t first = offsets.empty() ? 0 : offsets.front();
  for (int64_t &offset : offsets)
    if (llvm::SubOverflow(offset, first, offset))
      return {};
  return offsets;
}

static SmallVector<int64_t> getOffsets(const Access &access, AffineMap fragment,
                                       int64_t elements,
                                       ArrayRef<unsigned> dims,
                                       unsigned numOuter) {
  std::optional<AffineExpr> address = linearizeAccess(access);
  if (!address || fragment.getNumDims() == 0)
    return {};
  if (auto factors = getFactors(*address, access))
    return addOffsets(*factors, fragment, elements, dims);
  unsigned numDims = access.index.getNumDims();
  SmallVector<int64_t> offsets;
  AffineExpr first;
  for (int64_t e = 0; e < elements; ++e) {
    AffineExpr here =
        placeElement(*address, fragment, e, dims, numOuter, numDims);
    first = first ? first : here;
    auto offset = dyn_cast<AffineConstantExpr>(
        simplifyAffineExpr(here - first, numDims, 0));
    if (!offset)
      return {};
    offsets.push_back(offset.getValue());
  }
  return offsets;
}

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

/// Length and number of the runs that the elements form in memory; a length of
/// 1 when they differ.
static std::pair<int64_t, int64_t> getRuns(ArrayRef<int64_t> offsets) {
  SmallVector<int64_t> sorted(offsets), lengths;
  llvm::sort(sorted);
  sorted.erase(llvm::unique(sorted), sorted.end());
  for (auto [i, offset] : llvm::enumerate(sorted)) {
    if (i == 0 || sorted[i - 1] + 1 != offset)
      lengths.push_back(0);
    ++lengths.back();
  }
  if (!llvm::all_equal(lengths))
    return {1, sorted.size()};
  return {lengths.front(), lengths.size()};
}

/// Elements from the lowest to the highest, where that is no more than the
/// fragment holds and some lie between that it does not need: one access brings
/// them all.
static std::optional<int64_t> getSpan(ArrayRef<int64_t> offsets) {
  auto [low, high] = std::minmax_element(offsets.begin(), offsets.end());
  int64_t span = *high - *low + 1;
  return span <= int64_t(offsets.size()) ? std::optional(span) : std::nullopt;
}

static bool isRepeated(ArrayRef<int64_t> offsets, int64_t run) {
  for (auto [e, offset] : llvm::enumerate(offsets))
    if (offset != int64_t(e) % run)
      return false;
  return offsets.size() % run == 0;
}

static TileForm getForm(const TileAccess &tile, int64_t elementBits) {
  if (tile.runs == 1 && isRepeated(tile.offsets, tile.run)) {
    int64_t bits = tile.run * elementBits;
    if (tile.run == int64_t(tile.offsets.size()))
      return TileForm::Contiguous;
    if (tile.run == 1 || bits == 16 || bits == 32 || bits == 64)
      return TileForm::Splat;
  }
  return tile.run > 1 ? TileForm::Segments : TileForm::Gather;
}

TileAccess amos::classifyTile(const Access &access, AffineMap fragment,
                              int64_t elements, ArrayRef<unsigned> dims,
                              unsigned numOuter) {
  TileAccess tile;
  tile.runs = elements;
  tile.offsets = getOffsets(access, fragment, elements, dims, numOuter);
  if (tile.offsets.empty())
    return tile;
  std::tie(tile.run, tile.runs) = getRuns(tile.offsets);
  tile.form = getForm(tile, access.elementType.getIntOrFloatBitWidth());
  bool isKnown = llvm::none_of(access.strides, ShapedType::isDynamic);
  if (std::optional<int64_t> span = getSpan(tile.offsets);
      span && tile.runs > 1 && isKnown) {
    tile.form = TileForm::Segments;
    tile.run = *span;
    tile.runs = 1;
  }
  return tile;
}

const TileAccess &TileMemory::classify(const Access &access, AffineMap fragment,
                                       int64_t elements,
                                       ArrayRef<unsigned> dims,
                                       unsigned numOuter) {
  // Maps and types are unique in their context.
  auto number = [](const void *unique) { return int64_t(intptr_t(unique)); };
  std::vector<int64_t> key = {number(access.index.getAsOpaquePointer()),
                              number(access.elementType.getAsOpaquePointer()),
                              number(fragment.getAsOpaquePointer()), elements,
                              int64_t(numOuter)};
  key.insert(key.end(), dims.begin(), dims.end());
  key.insert(key.end(), access.shape.begin(), access.shape.end());
  key.insert(key.end(), access.strides.begin(), access.strides.end());
  auto found = known.find(key);
  if (found == known.end())
    found = known
                .emplace(std::move(key), classifyTile(access, fragment,
                                                      elements, dims, numOuter))
                .first;
  return found->second;
}

//===----------------------------------------------------------------------===//
// Hulls
//===----------------------------------------------------------------------===//

/// How far a lane must move to change a coordinate; 0 when it never does.
static int64_t getLaneStep(AffineExpr coordinate, ArrayRef<int64_t> extents,
                           unsigned numOuter) {
  AffineMap map = AffineMap::get(extents.size(), 0, coordinate);
  SmallVector<int64_t> point(extents.size(), 0);
  int64_t origin = map.compose(point).front(), step = 0;
  for (unsigned lane = numOuter; lane < extents.size(); ++lane) {
    for (int64_t i = 1; i < extents[lane] && (step == 0 || i < step); ++i) {
      point[lane] = i;
      if (map.compose(point).front() != origin)
        step = i;
    }
    point[lane] = 0;
  }
  return step;
}

/// Dimensions that only outer loops index, then those that lanes index too, the
/// one that changes from lane to lane last.
static SmallVector<unsigned>
orderDimensions(AffineMap index, ArrayRef<int64_t> extents, unsigned numOuter) {
  SmallVector<std::pair<int64_t, unsigned>> ranks;
  for (unsigned d = 0; d < index.getNumResults(); ++d) {
    int64_t step = getLaneStep(index.getResult(d), extents, numOuter);
    ranks.push_back({step ? -step : std::numeric_limits<int64_t>::min(), d});
  }
  llvm::sort(ranks);
  return llvm::map_to_vector(ranks, [](auto rank) { return rank.second; });
}

/// Whether `guard` only keeps a coordinate of `access` inside its tensor: the
/// zeros around a copy say the same.
static bool isBound(AffineExpr guard, const Access &access) {
  unsigned numDims = access.index.getNumDims();
  for (auto [coordinate, extent] :
       llvm::zip_equal(access.index.getResults(), access.shape)) {
    if (ShapedType::isDynamic(extent))
      continue;
    for (AffineExpr bound : {coordinate, extent - 1 - coordinate})
      if (simplifyAffineExpr(guard - bound, numDims,
                             access.index.getNumSymbols()) == 0)
        return true;
  }
  return false;
}

/// A bound of a coordinate of a tensor of this extent; looked at twice where it
/// seems to be outside.
static std::optional<int64_t> getHullBound(AffineExpr coordinate,
                                           ArrayRef<int64_t> extents,
                                           int64_t extent, bool isUpper) {
  std::optional<int64_t> bound = getBound(coordinate, extents, isUpper);
  if (bound && *bound >= 0 && *bound < extent)
    return bound;
  std::optional<int64_t> tight = getTightBound(coordinate, extents, isUpper);
  if (!bound || !tight)
    return bound ? bound : tight;
  return isUpper ? std::min(*bound, *tight) : std::max(*bound, *tight);
}

std::optional<CopiedHull> amos::copyHull(const Access &access,
                                         ArrayRef<int64_t> extents,
                                         unsigned numOuter) {
  CopiedHull hull;
  hull.order = orderDimensions(access.index, extents, numOuter);
  hull.access.elementType = access.elementType;
  SmallVector<AffineExpr> index;
  for (unsigned d : hull.order) {
    AffineExpr expr = access.index.getResult(d);
    if (ShapedType::isDynamic(access.shape[d])) {
      hull.lower.push_back(0);
      hull.access.shape.push_back(ShapedType::kDynamic);
      index.push_back(expr);
      continue;
    }
    auto lower = getHullBound(expr, extents, access.shape[d], false);
    auto upper = getHullBound(expr, extents, access.shape[d], true);
    if (!lower || !upper)
      return std::nullopt;
    hull.lower.push_back(*lower);
    hull.access.shape.push_back(*upper - *lower + 1);
    index.push_back(expr - *lower);
  }
  hull.access.index =
      AffineMap::get(access.index.getNumDims(), access.index.getNumSymbols(),
                     index, access.index.getContext());
  for (AffineExpr guard : access.guards)
    if (!isBound(guard, access))
      hull.access.guards.push_back(guard);
  return hull;
}
