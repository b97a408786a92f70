//===- Reorder.cpp - Sources that are written anew first ------------------===//

#include "amos/Mapping/Reorder.h"
#include "Amos/Placement.h"
#include "amos/Mapping/StageCopy.h"

using namespace mlir;
using namespace amos;

/// The intrinsic's iteration along which a tile of `source` is contiguous in
/// the memory it is read from.
static std::optional<unsigned> findContiguousLane(IntrinsicOp intrinsic,
                                                  unsigned source) {
  if (!intrinsic.getPlacements())
    return std::nullopt;
  auto place = dyn_cast<MemoryAttr>((*intrinsic.getPlacements())[source]);
  LayoutOp layout = place ? findLayout(intrinsic, place) : LayoutOp();
  std::optional<unsigned> along =
      layout ? layout.getByteDimension() : std::optional<unsigned>();
  if (!along)
    return std::nullopt;
  AffineMap index = readIntrinsic(intrinsic).operands[source].index;
  return index.getDimPosition(place.getDims()[*along]);
}

namespace {
/// How far the contiguous coordinate of a tile, continued over the loops that
/// repeat it, goes until it moves a dimension of the tensor.
class RunSteps {
public:
  RunSteps(const MappedAccesses &mapped, ArrayRef<int64_t> lanes,
           AffineMap index, unsigned lane)
      : mapped(mapped), lanes(lanes), index(index), lane(lane) {}

  /// Nothing for a dimension that it never moves, or not alone where the tile
  /// itself does not.
  std::optional<int64_t> get(unsigned dimension) const;

private:
  bool movesByOthers(AffineExpr coordinate) const;

  const MappedAccesses &mapped;
  ArrayRef<int64_t> lanes; ///< extents of the intrinsic's iterations
  AffineMap index;
  unsigned lane;
};
} // namespace

/// Whether another lane, or a loop that repeats none or another one, moves it.
bool RunSteps::movesByOthers(AffineExpr coordinate) const {
  for (auto [o, loop] : llvm::enumerate(mapped.outer))
    if (loop.group != int64_t(lane) && coordinate.isFunctionOfDim(o))
      return true;
  for (unsigned other = 0; other < lanes.size(); ++other)
    if (other != lane &&
        coordinate.isFunctionOfDim(mapped.outer.size() + other))
      return true;
  return false;
}

std::optional<int64_t> RunSteps::get(unsigned dimension) const {
  AffineExpr coordinate = index.getResult(dimension);
  AffineMap map = AffineMap::get(index.getNumDims(), 0, coordinate);
  SmallVector<int64_t> point(index.getNumDims(), 0);
  int64_t origin = map.compose(point).front();
  unsigned numOuter = mapped.outer.size();
  for (int64_t &n = point[numOuter + lane]; n < lanes[lane]; ++n)
    if (map.compose(point).front() != origin)
      return n;
  if (movesByOthers(coordinate))
    return std::nullopt;
  // Loops are numbered from the slowest of a group on.
  for (unsigned o = 0; o < numOuter; ++o)
    if (coordinate.isFunctionOfDim(o))
      return lanes[lane] * int64_t(numOuter - o);
  return std::nullopt;
}

/// Dimensions by the steps of the run, those that it does not move first.
static SmallVector<unsigned> orderDimensions(const RunSteps &steps,
                                             unsigned rank) {
  constexpr int64_t most = std::numeric_limits<int64_t>::max();
  SmallVector<std::pair<int64_t, unsigned>> keyed;
  for (unsigned d = 0; d < rank; ++d)
    keyed.emplace_back(-steps.get(d).value_or(most), d);
  llvm::sort(keyed);
  return llvm::map_to_vector(keyed, [](auto &key) { return key.second; });
}

/// A copy that is larger than the tensor by more than this is not worth it.
constexpr int64_t mostGrowth = 2;

/// The tensor itself, all of it, as a hull.
static CopiedHull getWhole(const Access &access) {
  CopiedHull whole;
  whole.order = llvm::to_vector(llvm::seq<unsigned>(0, access.shape.size()));
  whole.lower.assign(access.shape.size(), 0);
  whole.access = access;
  return whole;
}

/// The hull with zeros around it where more is read of dimension `last` than
/// there is, so that all of it moves at once; else the tensor as it is, which
/// the access's guards stay inside of and whose padding engines know.
static CopiedHull getHull(const Access &access, ArrayRef<int64_t> extents,
                          unsigned numOuter, unsigned last) {
  std::optional<CopiedHull> hull = copyHull(access, extents, numOuter);
  if (!hull)
    return getWhole(access);
  double growth = 1;
  bool isPadded = false;
  for (auto [extent, d] : llvm::zip_equal(hull->access.shape, hull->order)) {
    growth *= double(extent) / double(std::max<int64_t>(access.shape[d], 1));
    isPadded |= d == last && extent > access.shape[d];
  }
  return isPadded && growth <= mostGrowth ? *hull : getWhole(access);
}

/// The widest access to a memory of the machine, in bytes.
static int64_t getAccessBytes(IntrinsicOp intrinsic) {
  int64_t widest = 1;
  for (auto level :
       cast<AcceleratorOp>(intrinsic->getParentOp()).getOps<LevelOp>())
    widest = std::max<int64_t>(widest, level.getAccess().value_or(1));
  return widest;
}

/// Ends rows of the last two dimensions where accesses of so many bytes do, if
/// those of the last one do not, so that steps of several rows stay aligned.
static void alignRows(CopiedHull &hull, int64_t accessBytes) {
  SmallVector<int64_t> &shape = hull.access.shape;
  if (shape.size() < 2)
    return;
  int64_t bytes =
      shape.back() * hull.access.elementType.getIntOrFloatBitWidth() / 8;
  if (bytes > 0 && bytes < accessBytes && accessBytes % bytes == 0)
    shape[shape.size() - 2] =
        llvm::alignTo(shape[shape.size() - 2], accessBytes / bytes);
}

/// `hull`, whose dimensions are in another order, in the order `order`.
static CopiedHull permute(const CopiedHull &hull, ArrayRef<unsigned> order) {
  CopiedHull result = hull;
  SmallVector<AffineExpr> index;
  for (auto [position, d] : llvm::enumerate(order)) {
    size_t from = llvm::find(hull.order, d) - hull.order.begin();
    result.order[position] = d;
    result.lower[position] = hull.lower[from];
    result.access.shape[position] = hull.access.shape[from];
    index.push_back(hull.access.index.getResult(from));
  }
  const AffineMap &map = hull.access.index;
  result.access.index = AffineMap::get(map.getNumDims(), map.getNumSymbols(),
                                       index, map.getContext());
  return result;
}

std::optional<CopiedHull> amos::reorderSource(IntrinsicOp intrinsic,
                                              const MappedAccesses &mapped,
                                              unsigned source) {
  const Access &access = mapped.fragments[source];
  std::optional<unsigned> lane = findContiguousLane(intrinsic, source);
  if (!lane || !access.strides.empty() || access.index.getNumSymbols() > 0 ||
      llvm::any_of(access.shape, ShapedType::isDynamic))
    return std::nullopt;
  SmallVector<int64_t> lanes = readIntrinsic(intrinsic).getExtents(), extents;
  for (const OuterLoop &loop : mapped.outer)
    extents.push_back(loop.extent);
  llvm::append_range(extents, lanes);
  RunSteps steps(mapped, lanes, access.index, *lane);
  SmallVector<unsigned> order = orderDimensions(steps, access.shape.size());
  if (order.empty() || !steps.get(order.back()))
    return std::nullopt;
  CopiedHull hull = permute(
      getHull(access, extents, mapped.outer.size(), order.back()), order);
  if (hull.access.shape.back() != access.shape[order.back()])
    alignRows(hull, getAccessBytes(intrinsic));
  return hull;
}

std::variant<MappedAccesses, Reason>
amos::reorderSources(IntrinsicOp intrinsic, const MappedAccesses &mapped,
                     const Schedule &schedule) {
  MappedAccesses result = mapped;
  for (auto [t, staging] : llvm::enumerate(schedule.staging)) {
    if (staging != Staging::Reorder)
      continue;
    std::optional<CopiedHull> reordered = reorderSource(intrinsic, mapped, t);
    if (!reordered)
      return Reason{ReasonCode::Layout,
                    "source " + std::to_string(t) + " has no dimension that '" +
                        intrinsic.getSymName().str() +
                        "' would rather have as the last one",
                    "stage it as 'chunk'"};
    result.fragments[t] = reordered->access;
  }
  return result;
}
