//===- EnumerateMatchings.cpp - Every matching the rules allow ------------===//

#include "amos/Mapping/EnumerateMatchings.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace mlir;
using namespace amos;

namespace {
/// What decides about a matching: the columns of both access matrices.
struct Columns {
  Columns(const Contraction &op, const Contraction &intrinsic)
      : destination(1u << op.getDestination()),
        everyOperand((1u << op.operands.size()) - 1) {
    for (unsigned v = 0; v < op.iterations.size(); ++v)
      software.push_back(op.getSignature(v));
    for (unsigned h = 0; h < intrinsic.iterations.size(); ++h)
      hardware.push_back(intrinsic.getSignature(h));
    iterations = op.iterations;
    widths = intrinsic.getExtents();
  }

  bool areEqual(unsigned v, unsigned h) const {
    return software[v] == hardware[h];
  }
  /// A source without v is repeated along h, which every operand has.
  bool canRepeat(unsigned v, unsigned h) const {
    return hardware[h] == everyOperand && software[v] != everyOperand &&
           (software[v] & destination);
  }
  /// A group has one column, or one iteration of another beside those that all
  /// operands have: more would be many, and none of them faster.
  bool canJoin(unsigned v, ArrayRef<int64_t> group) const {
    SmallVector<int64_t> all(group);
    all.push_back(v);
    auto hasFirst = [&](int64_t member) {
      return software[member] == software[all.front()];
    };
    auto isRepeated = [&](int64_t member) {
      return software[member] != everyOperand;
    };
    return llvm::all_of(all, hasFirst) || llvm::count_if(all, isRepeated) == 1;
  }
  /// A phase is no dimension of memory: it joins only what leaves lanes idle.
  bool leavesIdle(unsigned v, unsigned h, ArrayRef<int64_t> group) const {
    int64_t points = 1;
    for (int64_t member : group) {
      const Iteration &other = iterations[member];
      bool isWide = other.isUnknown() || other.extent >= widths[h];
      points = isWide ? widths[h] : std::min(widths[h], points * other.extent);
    }
    return !iterations[v].isPhase || points < widths[h];
  }
  /// How many groups with h's column the iterations of that column can fill.
  int64_t countFillable(unsigned h) const {
    return std::min(llvm::count(software, hardware[h]),
                    llvm::count(hardware, hardware[h]));
  }

  SmallVector<uint32_t> software, hardware;
  SmallVector<Iteration> iterations;
  SmallVector<int64_t> widths;
  uint32_t destination, everyOperand;
};

using MayPlay = llvm::function_ref<bool(unsigned v, unsigned h)>;
using IsWanted = llvm::function_ref<bool(const Matching &)>;

/// Places one iteration after another: on every h it may play, then nowhere.
class Enumeration {
public:
  Enumeration(const Columns &columns, MayPlay mayPlay, IsWanted isWanted)
      : mayPlay(mayPlay), isWanted(isWanted), columns(columns),
        current(columns.hardware.size()) {
    place(0);
  }
  std::vector<Matching> found;

private:
  void place(unsigned v) {
    if (found.size() == maxMatchings || ++numSteps > maxSteps)
      return;
    if (v == columns.software.size()) {
      if (isWanted(current))
        found.push_back(current);
      return;
    }
    for (unsigned h = 0; h < current.size(); ++h) {
      if (!mayPlay(v, h) || !columns.canJoin(v, current[h]) ||
          !columns.leavesIdle(v, h, current[h]))
        continue;
      current[h].push_back(v);
      place(v + 1);
      current[h].pop_back();
    }
    place(v + 1);
  }

  MayPlay mayPlay;
  IsWanted isWanted;
  const Columns &columns;
  Matching current;
  /// Of an operator with dozens of loops nearly nothing may be wanted.
  static constexpr unsigned maxSteps = 1u << 20;
  unsigned numSteps = 0;
};
} // namespace

static bool haveEqualOperands(const Contraction &op,
                              const Contraction &intrinsic) {
  return op.operands.size() == intrinsic.operands.size() &&
         op.operands.size() <= maxOperands;
}

std::vector<Matching> amos::enumerateMatchings(const Contraction &op,
                                               const Contraction &intrinsic) {
  if (!haveEqualOperands(op, intrinsic))
    return {};
  Columns columns(op, intrinsic);
  for (uint32_t column : columns.hardware)
    if (llvm::count(columns.software, column) <
        llvm::count(columns.hardware, column))
      return {};
  auto isFull = [](const Matching &matching) {
    return llvm::none_of(matching, [](const auto &g) { return g.empty(); });
  };
  auto areEqual = [&](unsigned v, unsigned h) {
    return columns.areEqual(v, h);
  };
  return Enumeration(columns, areEqual, isFull).found;
}

/// Groups stay empty only where the operator has no iteration left for them.
static std::vector<Matching> enumerateUnit(const Columns &columns) {
  auto isFilled = [&](const Matching &matching) {
    bool isAnyFilled = false;
    for (unsigned h = 0; h < matching.size(); ++h) {
      int64_t numFilled = 0;
      for (unsigned other = 0; other < matching.size(); ++other)
        numFilled += columns.hardware[other] == columns.hardware[h] &&
                     !matching[other].empty();
      if (numFilled != columns.countFillable(h))
        return false;
      isAnyFilled |= numFilled > 0;
    }
    return isAnyFilled;
  };
  auto areEqual = [&](unsigned v, unsigned h) {
    return columns.areEqual(v, h);
  };
  return Enumeration(columns, areEqual, isFilled).found;
}

/// At least one group repeats a source.
static std::vector<Matching> enumerateBroadcast(const Columns &columns) {
  auto mayPlay = [&](unsigned v, unsigned h) {
    return columns.areEqual(v, h) || columns.canRepeat(v, h);
  };
  auto isRepeating = [&](const Matching &matching) {
    bool isAnyRepeated = false;
    for (unsigned h = 0; h < matching.size(); ++h) {
      ArrayRef<int64_t> group = matching[h];
      if (group.empty() && columns.countFillable(h) > 0)
        return false;
      isAnyRepeated |= llvm::any_of(
          group, [&](int64_t v) { return !columns.areEqual(v, h); });
    }
    return isAnyRepeated;
  };
  return Enumeration(columns, mayPlay, isRepeating).found;
}

/// Whether renaming the intrinsic's iterations by `names` turns its sources
/// into those that `sources` names, the destination into itself.
static bool isRenamed(const Contraction &intrinsic, ArrayRef<int64_t> sources,
                      ArrayRef<unsigned> names) {
  for (auto [h, name] : llvm::enumerate(names))
    if (intrinsic.iterations[h].extent != intrinsic.iterations[name].extent)
      return false;
  MLIRContext *context = intrinsic.operands[0].index.getContext();
  auto dims = llvm::map_to_vector(
      names, [&](unsigned name) { return getAffineDimExpr(name, context); });
  auto renaming = AffineMap::get(names.size(), 0, dims, context);
  Contraction permuted = permuteSources(intrinsic, sources);
  return llvm::all_of_zip(intrinsic.operands, permuted.operands,
                          [&](const Access &plain, const Access &other) {
                            return plain.elementType == other.elementType &&
                                   plain.index.compose(renaming) == other.index;
                          });
}

/// Exchanging sources as `sources` says gives the code of the identity again.
static bool isAutomorphism(const Contraction &intrinsic,
                           ArrayRef<int64_t> sources) {
  auto names =
      llvm::to_vector(llvm::seq<unsigned>(0, intrinsic.iterations.size()));
  constexpr unsigned maxRenamed = 6; // 720 renamings
  if (names.size() > maxRenamed)
    return false;
  do {
    if (isRenamed(intrinsic, sources, names))
      return true;
  } while (std::next_permutation(names.begin(), names.end()));
  return false;
}

std::vector<Proposal>
amos::enumerateProposals(const Contraction &op, const Contraction &intrinsic,
                         ArrayRef<SmallVector<int64_t>> permutations) {
  std::vector<Proposal> proposals;
  if (!haveEqualOperands(op, intrinsic))
    return proposals;
  SmallVector<ArrayRef<int64_t>> orders;
  for (const auto &sources : permutations)
    if (orders.empty() || !isAutomorphism(intrinsic, sources))
      orders.push_back(sources);
  auto propose = [&](ArrayRef<int64_t> sources, Family family, auto &&list) {
    for (Matching &matching : list)
      proposals.push_back(
          {std::move(matching), llvm::to_vector(sources), family});
  };
  for (ArrayRef<int64_t> sources : orders)
    propose(sources,
            llvm::is_sorted(sources) ? Family::Direct : Family::Commuted,
            enumerateMatchings(permuteSources(op, sources), intrinsic));
  auto proposeByColumns = [&](Family family, auto &&enumerate) {
    for (ArrayRef<int64_t> sources : orders)
      propose(sources, family,
              enumerate(Columns(permuteSources(op, sources), intrinsic)));
  };
  proposeByColumns(Family::Broadcast, enumerateBroadcast);
  if (proposals.empty())
    proposeByColumns(Family::Unit, enumerateUnit);
  return proposals;
}
