//===- CheckLayout.cpp - Can a matching be laid out as it says? -----------===//

#include "amos/Mapping/MappedAccesses.h"
#include "llvm/Support/CheckedArithmetic.h"

using namespace mlir;
using namespace amos;

/// Row numbers and strides stay exact far below this, also when an index
/// function multiplies them.
static constexpr int64_t maxFusedExtent = int64_t(1) << 40;

static Reason refuse(ReasonCode code, const Twine &message,
                     StringRef fix = "") {
  return {code, message.str(), fix.str()};
}

/// The product, or nothing above `maxFusedExtent`. Factors are positive.
static std::optional<int64_t> multiply(ArrayRef<int64_t> factors) {
  int64_t product = 1;
  for (int64_t factor : factors) {
    std::optional<int64_t> next = llvm::checkedMul(product, factor);
    if (!next || *next > maxFusedExtent)
      return std::nullopt;
    product = *next;
  }
  return product;
}

static std::optional<Reason> checkMembers(const Contraction &op,
                                          const Contraction &intrinsic,
                                          const Matching &matching) {
  if (matching.size() != intrinsic.iterations.size())
    return refuse(ReasonCode::Struct,
                  "the matching has " + Twine(matching.size()) +
                      " groups, expected one for each of the intrinsic's " +
                      Twine(intrinsic.iterations.size()) + " iterations");
  SmallVector<bool> isTaken(op.iterations.size());
  for (ArrayRef<int64_t> group : matching)
    for (int64_t v : group) {
      if (v < 0 || v >= int64_t(isTaken.size()))
        return refuse(ReasonCode::Struct, "there is no iteration " + Twine(v) +
                                              ", the operator has " +
                                              Twine(isTaken.size()));
      if (std::exchange(isTaken[v], true))
        return refuse(ReasonCode::Struct, "iteration '" +
                                              op.iterations[v].name +
                                              "' is matched twice");
    }
  return std::nullopt;
}

static std::optional<Reason> checkExtents(const Contraction &op) {
  for (const Iteration &iteration : op.iterations)
    if (!iteration.isUnknown() && iteration.extent < 1)
      return refuse(ReasonCode::Extent,
                    "'" + iteration.name + "' has no steps");
  return std::nullopt;
}

/// Fused, the strides of slower iterations are products of faster extents.
static std::optional<Reason> checkUnknown(const Contraction &op,
                                          const Schedule &schedule) {
  for (ArrayRef<int64_t> group : schedule.order)
    for (int64_t v : group.empty() ? group : group.drop_front())
      if (op.iterations[v].isUnknown())
        return refuse(ReasonCode::Dynamic,
                      "the extent of '" + op.iterations[v].name +
                          "' is unknown and it is not the slowest of its "
                          "fused group",
                      "give '" + op.iterations[v].name +
                          "' a static extent, make it the slowest or tile the "
                          "group as a box");
  return std::nullopt;
}

static std::optional<Reason> checkTiles(const Contraction &op,
                                        const Contraction &intrinsic,
                                        const Schedule &schedule) {
  if (schedule.tiles.size() != schedule.order.size())
    return refuse(ReasonCode::Extent,
                  "the schedule has tiles for " + Twine(schedule.tiles.size()) +
                      " groups, expected " + Twine(schedule.order.size()));
  for (auto [h, tiles] : llvm::enumerate(schedule.tiles)) {
    const Iteration &iteration = intrinsic.iterations[h];
    if (tiles.size() != schedule.order[h].size())
      return refuse(ReasonCode::Extent, "the tile of '" + iteration.name +
                                            "' has " + Twine(tiles.size()) +
                                            " extents, expected " +
                                            Twine(schedule.order[h].size()));
    if (llvm::any_of(tiles, [](int64_t extent) { return extent < 1; }))
      return refuse(ReasonCode::Extent,
                    "a tile of '" + iteration.name + "' has an extent below 1");
    std::optional<int64_t> size = multiply(tiles);
    if (!size || *size > iteration.extent)
      return refuse(ReasonCode::Extent,
                    "the tile of '" + iteration.name +
                        "' exceeds the intrinsic's extent " +
                        Twine(iteration.extent));
  }
  return std::nullopt;
}

static std::optional<Reason> checkOrder(const Contraction &op,
                                        const Matching &matching,
                                        const Schedule &schedule) {
  bool areGroups =
      schedule.order.size() == matching.size() &&
      llvm::all_of_zip(schedule.order, matching,
                       [](ArrayRef<int64_t> order, ArrayRef<int64_t> group) {
                         return order.size() == group.size() &&
                                std::is_permutation(order.begin(), order.end(),
                                                    group.begin());
                       });
  if (!areGroups)
    return refuse(ReasonCode::Struct,
                  "the schedule orders other iterations than are matched");
  for (ArrayRef<int64_t> group : schedule.order) {
    auto extents = llvm::map_to_vector(group, [&](int64_t v) {
      const Iteration &iteration = op.iterations[v];
      return iteration.isUnknown() ? 1 : iteration.extent;
    });
    if (!multiply(extents))
      return refuse(ReasonCode::Extent,
                    "the extents of a group multiply to more than " +
                        Twine(maxFusedExtent));
  }
  return std::nullopt;
}

std::optional<Reason> amos::checkLayout(const Contraction &op,
                                        const Contraction &intrinsic,
                                        const Matching &matching,
                                        const Schedule &schedule) {
  if (auto reason = checkMembers(op, intrinsic, matching))
    return reason;
  if (auto reason = checkExtents(op))
    return reason;
  if (auto reason = checkOrder(op, matching, schedule))
    return reason;
  if (!schedule.tiles.empty())
    return checkTiles(op, intrinsic, schedule);
  return checkUnknown(op, schedule);
}
