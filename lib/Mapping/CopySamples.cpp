//===- CopySamples.cpp - Where symbols of a copy are tried ----------------===//

#include "Amos/Placement.h"
#include "CopySymbols.h"

using namespace mlir;
using namespace amos;

CopySymbols::Sample CopySymbols::getSample(ArrayRef<int64_t> point) const {
  Sample sample;
  for (unsigned d : read.dims)
    sample.tile.push_back(point[d]);
  sample.steps = llvm::to_vector(point.take_front(read.numOuter));
  for (AffineExpr e : read.access.index.getResults())
    sample.index.push_back(evaluate(e, point, {}).value_or(0));
  sample.isThere = isThere(point);
  return sample;
}

bool CopySymbols::isThere(ArrayRef<int64_t> point) const {
  return !asksGuards || llvm::all_of(read.access.guards, [&](AffineExpr e) {
    return evaluate(e, point, {}).value_or(0) >= 0;
  });
}

void CopySymbols::dropZeros(std::vector<Sample> &list) const {
  auto isThere = [](const Sample &sample) { return sample.isThere; };
  if (llvm::any_of(list, isThere))
    llvm::erase_if(list, std::not_fn(isThere));
}

int64_t CopySymbols::getExtent(unsigned dim) const {
  int64_t extent = read.extents[dim];
  return ShapedType::isDynamic(extent) ? 4 : extent;
}

/// One loop alone cannot tell, say, a filter's row from an image's.
void CopySymbols::addScattered() {
  SmallVector<int64_t> point(read.extents.size());
  for (int64_t i = 0; i < 64; ++i) {
    for (unsigned d = 0; d < point.size(); ++d)
      point[d] = getExtent(d) - 1 - i * (37 + 26 * d) / 5 % getExtent(d);
    samples.back().push_back(getSample(point));
  }
}

/// The first and the last lane (the first sample is lane 0, one step on), which
/// refute the most, then every lane of each dimension with the others at 0.
void CopySymbols::addSamples(unsigned axis) {
  const bool isLoop = axis < read.numOuter;
  SmallVector<int64_t> steps{0};
  if (isLoop) {
    int64_t extent = getExtent(axis);
    steps = {1, extent - 1, extent / 2, std::min<int64_t>(extent - 1, 3)};
  }
  std::vector<Sample> &list = samples[axis];
  SmallVector<int64_t> point(read.extents.size());
  for (int64_t at : steps) {
    if (isLoop)
      point[axis] = at;
    list.push_back(getSample(point));
    for (unsigned d : read.dims)
      point[d] = read.extents[d] - 1;
    list.push_back(getSample(point));
    for (unsigned d : read.dims)
      point[d] = 0;
  }
  for (int64_t at : steps) {
    if (isLoop)
      point[axis] = at;
    for (unsigned d : read.dims) {
      for (point[d] = 0; point[d] < read.extents[d]; ++point[d])
        list.push_back(getSample(point));
      point[d] = 0;
    }
  }
}

/// The tile of a block of steps is one tile for the copy. Without these, tiles
/// of a few rows each pass for steps of the filter.
void CopySymbols::addNeighbours(unsigned dim, unsigned loop) {
  SmallVector<int64_t> point(read.extents.size());
  const int64_t width = read.extents[read.dims[dim]];
  for (int64_t step : {int64_t(1), getExtent(loop) / 2, getExtent(loop) - 1}) {
    point[loop] = step;
    Sample sample = getSample(point);
    sample.tile[dim] += width * step;
    sample.steps[loop] = 0;
    samples[read.numOuter].push_back(std::move(sample));
  }
}

/// Made when first asked for: most searches end where no loop has moved.
ArrayRef<CopySymbols::Sample> CopySymbols::getSamples(unsigned axis) {
  if (!samples[axis].empty())
    return samples[axis];
  if (axis > read.numOuter)
    addScattered();
  else
    addSamples(axis);
  if (axis == read.numOuter)
    for (auto [dim, loop] : llvm::enumerate(read.repeats))
      if (loop)
        addNeighbours(dim, *loop);
  dropZeros(samples[axis]);
  return samples[axis];
}
