//===- Layouts.cpp - Orders and forms of groups worth pricing -------------===//

#include "TileSpace.h"

using namespace mlir;
using namespace amos;

/// More than this many orders or boxes of one mapping are not looked at.
constexpr size_t maxOrders = 4, maxBoxes = 3;

/// Longer iterations are not padded to a power of two.
constexpr int64_t mostPadded = 4;

//===----------------------------------------------------------------------===//
// Orders
//===----------------------------------------------------------------------===//

/// Elements that one step of `iteration` moves in the memory of `access`.
static int64_t getStride(const Access &access, unsigned iteration) {
  std::optional<AffineExpr> address = linearizeAccess(access);
  if (!address)
    return 0;
  unsigned numDims = access.index.getNumDims();
  AffineMap map = AffineMap::get(numDims, 0, *address);
  SmallVector<int64_t> point(numDims, 0);
  int64_t origin = map.compose(point).front();
  point[iteration] = 1;
  return std::abs(map.compose(point).front() - origin);
}

/// `group` with the steps in the memory of operand `t` descending; an unknown
/// extent can only be the slowest.
static SmallVector<int64_t> orderFor(const Contraction &op, unsigned t,
                                     ArrayRef<int64_t> group) {
  SmallVector<std::tuple<bool, int64_t, int64_t>> keyed;
  for (int64_t v : group)
    keyed.emplace_back(!op.iterations[v].isUnknown(),
                       -getStride(op.operands[t], v), v);
  llvm::sort(keyed);
  return llvm::map_to_vector(keyed, [](auto &k) { return std::get<2>(k); });
}

/// The orders of group `h`, without repetition.
static IntLists getOrders(const MappedProblem &problem, unsigned h) {
  ArrayRef<int64_t> group = problem.matching[h];
  IntLists orders;
  for (unsigned t = 0; t < problem.op.operands.size(); ++t) {
    if (!problem.intrinsic.contraction.dependsOn(t, h))
      continue;
    SmallVector<int64_t> order = orderFor(problem.op, t, group);
    if (!llvm::is_contained(orders, order))
      orders.push_back(order);
  }
  if (orders.empty())
    orders.push_back(llvm::to_vector(group));
  return orders;
}

/// Every combination of the groups' orders, up to a limit.
static std::vector<IntLists> combineOrders(const MappedProblem &problem) {
  std::vector<IntLists> combined = {{}};
  for (unsigned h = 0; h < problem.matching.size(); ++h) {
    std::vector<IntLists> next;
    for (const IntLists &head : combined)
      for (const auto &order : getOrders(problem, h))
        if (next.size() < maxOrders) {
          next.push_back(head);
          next.back().push_back(order);
        }
    combined = std::move(next);
  }
  return combined;
}

//===----------------------------------------------------------------------===//
// Boxes
//===----------------------------------------------------------------------===//

namespace {
struct Box {
  SmallVector<int64_t> tiles;
  double work = 1; ///< points performed for each useful one
};
} // namespace

/// Points of the fastest iteration side by side.
static int64_t getRun(const Box &box) {
  return box.tiles.empty() ? 1 : box.tiles.back();
}

/// Boxes over `order` whose tiles divide `width` between them, the one with
/// the least padding first.
static SmallVector<Box> getBoxes(const Contraction &op, ArrayRef<int64_t> order,
                                 int64_t width) {
  SmallVector<Box> boxes = {{{}, double(width)}};
  for (int64_t v : order) {
    int64_t extent = op.iterations[v].extent;
    SmallVector<Box> next;
    for (const Box &box : boxes) {
      int64_t size = 1;
      for (int64_t tile : box.tiles)
        size *= tile;
      int64_t padded = llvm::PowerOf2Ceil(extent);
      for (int64_t tile = 1; tile <= std::min(padded, width / size); ++tile) {
        // A few channels more than there are move as one access.
        if (tile != extent &&
            (width % tile != 0 || (tile > extent && extent > mostPadded)))
          continue;
        next.push_back(box);
        next.back().tiles.push_back(tile);
        next.back().work *= double(llvm::divideCeil(extent, tile)) / extent;
      }
    }
    boxes = std::move(next);
  }
  llvm::sort(boxes, [](const Box &a, const Box &b) {
    // Between equals, long runs of what lies side by side.
    auto reversed = [](const Box &box) {
      return SmallVector<int64_t>(llvm::reverse(box.tiles));
    };
    return a.work != b.work ? a.work < b.work : reversed(a) > reversed(b);
  });
  // Beside those with little padding, the one with the longest run.
  auto longest = std::max_element(
      boxes.begin(), boxes.end(), [](const Box &a, const Box &b) {
        return std::pair(getRun(a), -a.work) < std::pair(getRun(b), -b.work);
      });
  SmallVector<Box> chosen(boxes.begin(),
                          boxes.begin() + std::min(boxes.size(), maxBoxes));
  if (longest != boxes.end() &&
      size_t(longest - boxes.begin()) >= chosen.size())
    chosen.push_back(*longest);
  return chosen;
}

/// Boxes for all groups, varied one group at a time.
static std::vector<IntLists> combineBoxes(const MappedProblem &problem,
                                          const IntLists &order) {
  SmallVector<SmallVector<Box>> choices;
  IntLists best;
  for (auto [h, group] : llvm::enumerate(order)) {
    int64_t width = problem.intrinsic.contraction.iterations[h].extent;
    choices.push_back(getBoxes(problem.op, group, width));
    if (choices.back().empty())
      return {};
    best.push_back(choices.back().front().tiles);
  }
  std::vector<IntLists> combined = {best};
  for (auto [h, boxes] : llvm::enumerate(choices))
    for (const Box &box : llvm::drop_begin(boxes)) {
      combined.push_back(best);
      combined.back()[h] = box.tiles;
    }
  return combined;
}

/// `order` with the iteration of each group last that is padded to one access,
/// where tensors can be written anew so that this is one.
static IntLists putShortLast(const MappedProblem &problem, IntLists order) {
  if (!problem.intrinsic.isSpread() || !problem.intrinsic.readsBoxes())
    return order;
  auto isShort = [&](int64_t v) {
    int64_t extent = problem.op.iterations[v].extent;
    return extent <= mostPadded && !llvm::isPowerOf2_64(extent);
  };
  for (SmallVector<int64_t> &group : order) {
    SmallVector<int64_t> last = llvm::filter_to_vector(group, isShort);
    llvm::erase_if(group, isShort);
    llvm::append_range(group, last);
  }
  return order;
}

std::vector<Schedule> amos::enumerateLayouts(const MappedProblem &problem) {
  std::vector<Schedule> layouts;
  auto add = [&](Schedule schedule) {
    if (!checkLayout(problem.op, problem.intrinsic.contraction,
                     problem.matching, schedule))
      layouts.push_back(std::move(schedule));
  };
  Schedule schedule;
  schedule.staging.assign(problem.op.getDestination(), Staging::Direct);
  bool hasGroups = llvm::any_of(problem.matching,
                                [](auto &group) { return group.size() > 1; });
  std::vector<IntLists> orders = combineOrders(problem);
  for (const IntLists &order : orders) {
    schedule.order = order;
    add(schedule);
  }
  if (!hasGroups)
    return layouts;
  orders.resize(1);
  IntLists paddedLast = putShortLast(problem, orders.front());
  if (paddedLast != orders.front())
    orders.push_back(paddedLast);
  for (const IntLists &order : orders) {
    schedule.order = order;
    for (const IntLists &tiles : combineBoxes(problem, order)) {
      schedule.tiles = tiles;
      add(schedule);
    }
  }
  return layouts;
}
