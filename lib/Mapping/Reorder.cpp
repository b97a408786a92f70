//===- Reorder.cpp - Sources whose dimensions change places ---------------===//

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

/// The only dimension that `dim` steps through, one element at a time.
static std::optional<unsigned> findSteppedDimension(AffineMap index,
                                                    unsigned dim) {
  SmallVector<int64_t> point(index.getNumDims(), 0);
  SmallVector<int64_t> origin = index.compose(point);
  point[dim] = 1;
  SmallVector<int64_t> next = index.compose(point);
  std::optional<unsigned> stepped;
  for (unsigned d = 0; d < index.getNumResults(); ++d) {
    if (!index.getResult(d).isFunctionOfDim(dim))
      continue;
    if (stepped || next[d] - origin[d] != 1)
      return std::nullopt;
    stepped = d;
  }
  return stepped;
}

std::optional<ReorderedSource>
amos::reorderSource(IntrinsicOp intrinsic, const MappedAccesses &mapped,
                    unsigned source) {
  const Access &access = mapped.fragments[source];
  std::optional<unsigned> lane = findContiguousLane(intrinsic, source);
  if (!lane || !access.strides.empty() || access.index.getNumSymbols() > 0 ||
      llvm::any_of(access.shape, ShapedType::isDynamic))
    return std::nullopt;
  std::optional<unsigned> last =
      findSteppedDimension(access.index, mapped.outer.size() + *lane);
  if (!last || *last + 1 == access.shape.size())
    return std::nullopt;
  ReorderedSource reordered;
  for (unsigned d = 0; d < access.shape.size(); ++d)
    if (d != *last)
      reordered.order.push_back(d);
  reordered.order.push_back(*last);
  reordered.access = access;
  reordered.access.shape.clear();
  SmallVector<AffineExpr> index;
  for (int64_t d : reordered.order) {
    index.push_back(access.index.getResult(d));
    reordered.access.shape.push_back(access.shape[d]);
  }
  reordered.access.index = AffineMap::get(access.index.getNumDims(), 0, index,
                                          access.index.getContext());
  return reordered;
}

std::variant<MappedAccesses, Reason>
amos::reorderSources(IntrinsicOp intrinsic, const MappedAccesses &mapped,
                     const Schedule &schedule) {
  MappedAccesses result = mapped;
  for (auto [t, staging] : llvm::enumerate(schedule.staging)) {
    if (staging != Staging::Reorder)
      continue;
    std::optional<ReorderedSource> reordered =
        reorderSource(intrinsic, mapped, t);
    if (!reordered)
      return Reason{ReasonCode::Layout,
                    "source " + std::to_string(t) +
                        " has no one dimension that '" +
                        intrinsic.getSymName().str() +
                        "' would want to be the last",
                    "stage it as 'chunk'"};
    result.fragments[t] = reordered->access;
  }
  return result;
}
