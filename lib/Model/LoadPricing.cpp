//===- LoadPricing.cpp - Bringing tiles into registers --------------------===//

#include "LoadPricing.h"
#include "Traffic.h"
#include <cmath>

using namespace mlir;
using namespace amos;

double LoadPricing::getPort(double bytes) const {
  double bandwidth =
      intrinsic.memories.empty() ? 0 : intrinsic.memories.front().bandwidth;
  return bandwidth > 0 ? std::max(bytes / bandwidth, onePort) : 0;
}

/// Whether the rows of a block meet in more ways than the cache has.
bool LoadPricing::isAliased(const Stream &stream) const {
  int64_t rows = 1;
  for (auto [o, stride] : llvm::enumerate(stream.strides))
    if (stride != 0 && stride % pageBytes == 0)
      rows *= schedule.block[o];
  int64_t ways = countWays(intrinsic);
  return ways > 0 && rows > ways;
}

double amos::getLoadedBytes(const Stream &stream) {
  return stream.tile.form == TileForm::Contiguous
             ? stream.tileBytes * stream.elementBytes / stream.heldBytes
             : stream.tile.runs * stream.tile.run * stream.elementBytes;
}

double LoadPricing::getLoadCycles(const Stream &stream) const {
  // Each element: compared, branched on, loaded.
  if (stream.isGuardedByElement(schedule.block))
    return stream.elements * (3 + stream.divisions) * onePort;
  double cycles = 0;
  switch (stream.tile.form) {
  case TileForm::Contiguous:
    cycles = std::ceil(getLoadedBytes(stream) / plan.access) *
             getPort(std::min<double>(getLoadedBytes(stream), plan.access));
    break;
  case TileForm::Splat:
  case TileForm::Segments:
  case TileForm::Gather:
    cycles = stream.tile.runs * getPort(stream.tile.run * stream.elementBytes);
    break;
  }
  if (isAliased(stream) && intrinsic.memories.size() > 1 &&
      intrinsic.memories[1].bandwidth > 0)
    cycles *= plan.access / intrinsic.memories[1].bandwidth / onePort;
  unsigned guards = stream.countGuards(schedule.block);
  return cycles + (2 * guards + stream.divisions) * onePort;
}

double LoadPricing::getShuffleCycles(const Stream &stream) const {
  bool isPlain = stream.tile.form == TileForm::Contiguous ||
                 stream.tile.form == TileForm::Splat;
  double cycles = isPlain ? 0 : stream.tile.runs * onePort;
  if (stream.isGuardedByElement(schedule.block))
    cycles = stream.elements * onePort;
  if (stream.heldBytes != stream.elementBytes)
    cycles += 2 * onePort * std::ceil(stream.tileBytes / plan.access);
  return cycles;
}
