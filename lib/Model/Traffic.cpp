//===- Traffic.cpp - Bytes that a nest moves between levels ---------------===//

#include "Traffic.h"
#include <numeric>

using namespace mlir;
using namespace amos;

double amos::getFootprint(const Stream &stream, ArrayRef<int64_t> spans,
                          const Arrangement &plan, bool inLines) {
  double size = 1;
  if (stream.staging == Staging::Pack) {
    for (unsigned o = 0; o < plan.getNumOuter(); ++o)
      if (stream.dependsOn(o))
        size *= spans[o];
    return size * stream.getPackedTileBytes();
  }
  unsigned rank = stream.access.shape.size();
  for (unsigned d = 0; d < rank; ++d) {
    int64_t width = stream.widths[d].evaluate(spans) + 1;
    int64_t touched = std::min(width, stream.access.shape[d]);
    // A line is as long as the widest access.
    int64_t line = std::max<int64_t>(plan.access / stream.elementBytes, 1);
    size *= inLines && d + 1 == rank ? llvm::alignTo(touched, line) : touched;
  }
  return size * stream.elementBytes;
}

int64_t amos::countWays(const IntrinsicModel &intrinsic) {
  if (intrinsic.memories.empty() || !intrinsic.memories.front().isCache)
    return 0;
  return intrinsic.memories.front().capacity / pageBytes;
}

NestTraffic::Rows NestTraffic::getRows(const Stream &stream,
                                       ArrayRef<int64_t> spans) const {
  Rows rows;
  if (stream.staging == Staging::Pack || stream.access.shape.empty())
    return rows;
  double stride = stream.elementBytes;
  for (unsigned d = stream.access.shape.size(); d-- > 0;) {
    int64_t extent = stream.access.shape[d];
    int64_t width = stream.widths[d].evaluate(spans) + 1;
    double touched = std::min(width, extent);
    if (rows.bytes == 0) {
      rows.bytes = touched * stream.elementBytes;
    } else if (touched > 1) {
      rows.stride = rows.stride ? rows.stride : int64_t(stride);
      rows.count *= touched;
    }
    stride *= extent;
  }
  return rows;
}

/// Rows fall into way / gcd(stride, way) places of each way, where as many as
/// there are ways can stay. Sets are chosen by bits of the address, so that a
/// way's size is a power of two.
bool NestTraffic::collides(const Rows &rows, double capacity) const {
  int64_t ways = countWays(plan.problem->intrinsic);
  if (ways == 0 || rows.stride % pageBytes != 0 || rows.stride == 0)
    return false;
  int64_t way = llvm::bit_floor(std::max<uint64_t>(capacity / ways, 1));
  double places = double(way) / std::gcd(rows.stride, way);
  return rows.count > places * (capacity / way) && rows.bytes < rows.stride;
}

NestTraffic::NestTraffic(const Arrangement &plan, const Schedule &schedule)
    : plan(plan), schedule(schedule) {
  SmallVector<const Stream *> streams;
  for (unsigned t = 0; t < plan.sources.size(); ++t)
    streams.push_back(&plan.getSource(t, schedule));
  // Sums that are read back outlive the result, as large as they are.
  bool isReadBack = countInnerReductions(plan.mapped, schedule) <
                    size_t(llvm::count_if(
                        schedule.nest,
                        [&](auto &loop) {
                          return !plan.mapped.outer[loop.outer].isParallel;
                        }));
  streams.push_back(isReadBack ? &plan.destination : &plan.stored);
  for (const Stream &source : plan.finishing)
    streams.push_back(&source);
  for (const Stream *stream : streams)
    loops.push_back(stream->loops);

  SmallVector<int64_t> spans = plan.extents;
  for (unsigned p = 0; p <= schedule.nest.size(); ++p) {
    auto &here = footprints.emplace_back();
    auto &rowsHere = rows.emplace_back();
    double &set = workingSets.emplace_back(0);
    for (const Stream *stream : streams) {
      here.push_back(getFootprint(*stream, spans, plan));
      rowsHere.push_back(getRows(*stream, spans));
      set += getFootprint(*stream, spans, plan, /*inLines=*/true);
    }
    if (p == schedule.nest.size())
      break;
    const auto &[outer, step, scope] = schedule.nest[p];
    trips.push_back(llvm::divideCeil(spans[outer], step));
    spans[outer] = std::min(spans[outer], step);
  }
}

unsigned NestTraffic::getFit(double capacity) const {
  auto fits = [&](unsigned p) {
    return workingSets[p] <= capacity && llvm::none_of(rows[p], [&](auto &r) {
             return collides(r, capacity);
           });
  };
  unsigned p = 0;
  while (capacity > 0 && p < trips.size() && !fits(p))
    ++p;
  return p;
}

double NestTraffic::getFetched(unsigned t, unsigned fit) const {
  double bytes = footprints[fit][t];
  bool isReused = true;
  for (unsigned p = fit; p-- > 0;) {
    isReused &= !(loops[t] >> schedule.nest[p].outer & 1);
    if (!isReused)
      bytes *= trips[p];
  }
  return bytes;
}

double NestTraffic::getFetched(double capacity) const {
  unsigned fit = getFit(capacity);
  double bytes = 0;
  for (unsigned t = 0; t < loops.size(); ++t)
    bytes += getFetched(t, fit);
  return bytes;
}
