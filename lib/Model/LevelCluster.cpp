//===- LevelCluster.cpp - Chunks that neighbours bring once ---------------===//

#include "LevelPricing.h"
#include <cmath>

using namespace mlir;
using namespace amos;

/// Groups that run at the same time: clusters do not use all parts of a
/// machine.
double LevelPricing::countPlaces() const {
  double places = std::max(1.0, intrinsic.units / unitsPerGroup);
  if (schedule.cluster == 1 ||
      schedule.cluster > int64_t(intrinsic.together.size()))
    return places;
  double size = double(schedule.cluster);
  double clusters = double(intrinsic.together[schedule.cluster - 1]);
  return std::max(1.0, std::min(std::floor(places / size), clusters) * size);
}

/// Whether neighbours of a cluster need the same of a source, and each can
/// bring a share of its rows.
bool LevelPricing::isShared(unsigned t) const {
  const RegisterTile &tile = intrinsic.tiles[t];
  if (schedule.cluster == 1 || groupLoops.empty() || !tile.reachesCluster ||
      (plan.gathered >> t & 1))
    return false;
  const Stream &source = plan.getSource(t, schedule);
  int64_t rows = getChunkExtent(plan.laneOrders[t].front());
  int64_t columns =
      std::min(tile.boxColumns, getChunkExtent(plan.laneOrders[t].back()));
  double share =
      double(rows * columns) * source.elementBytes / double(schedule.cluster);
  return !source.dependsOn(groupLoops.back().first) &&
         rows % schedule.cluster == 0 &&
         std::fmod(share, double(shareBytes)) == 0;
}

/// Groups that run at the same time and want the same of a source: numbers of
/// groups follow each other as the loops over groups do.
double LevelPricing::countSharers(unsigned t) const {
  const Stream &source = plan.getSource(t, schedule);
  double left = std::min(getGroups(), countPlaces()), sharers = 1;
  for (auto [outer, trips] : llvm::reverse(groupLoops)) {
    double taken = std::min(left, double(trips));
    left /= taken;
    if (!source.dependsOn(outer))
      sharers *= taken;
  }
  return sharers;
}

/// Bytes that the memory behind, of so many ports, delivers for a chunk of one
/// group.
double LevelPricing::getBroughtBytes(int64_t ports) const {
  double bytes = 0;
  for (unsigned t = 0; t < plan.sources.size(); ++t) {
    double sharers = countSharers(t);
    double asked = sharers / (isShared(t) ? double(schedule.cluster) : 1);
    if (ports > 0)
      asked = std::min(asked, double(ports));
    bytes +=
        getFilled(plan.getSource(t, schedule), chunkSpans) * asked / sharers;
  }
  return bytes;
}

/// Groups start together for what they share.
std::optional<Reason> LevelPricing::checkCluster() const {
  if (schedule.cluster == 1)
    return std::nullopt;
  if (!hasRing())
    return Reason{ReasonCode::Layout,
                  "groups share what copies of boxes bring, and '" +
                      intrinsic.name + "' has none",
                  "leave the cluster out"};
  int64_t most = std::min<int64_t>(intrinsic.together.size(),
                                   double(intrinsic.units) / unitsPerGroup);
  if (schedule.cluster > most)
    return Reason{ReasonCode::Capacity,
                  "clusters of " + std::to_string(schedule.cluster) +
                      " groups do not start together, at most " +
                      std::to_string(most) + " do",
                  "make the cluster smaller"};
  if (llvm::none_of(llvm::seq<unsigned>(0, plan.sources.size()),
                    [&](unsigned t) { return isShared(t); }))
    return Reason{ReasonCode::Layout,
                  "groups of a cluster share no source in whole kilobytes",
                  "leave the cluster out"};
  return std::nullopt;
}
