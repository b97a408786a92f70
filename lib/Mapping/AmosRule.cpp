//===- AmosRule.cpp - The matchings that AMOS counts ----------------------===//
//
// AMOS (ISCA 2022) unites base matches: one iteration per iteration of the
// intrinsic, under which the indices of the sources become the intrinsic's when
// every other iteration stays at zero. docs/Mapping.md compares the rules.
//
//===----------------------------------------------------------------------===//

#include "amos/Mapping/EnumerateMatchings.h"

using namespace mlir;
using namespace amos;

/// The factor of dimension v in `e` when all others are zero, or nothing where
/// `e` is not linear in it.
static std::optional<int64_t> getFactor(AffineExpr e, unsigned v) {
  if (!e.isFunctionOfDim(v))
    return 0;
  if (isa<AffineDimExpr>(e))
    return 1;
  auto binary = cast<AffineBinaryOpExpr>(e);
  std::optional<int64_t> left = getFactor(binary.getLHS(), v),
                         right = getFactor(binary.getRHS(), v);
  if (!left || !right)
    return std::nullopt;
  if (e.getKind() == AffineExprKind::Add)
    return *left + *right;
  auto times = dyn_cast<AffineConstantExpr>(binary.getRHS());
  if (e.getKind() == AffineExprKind::Mul && times)
    return *left * times.getValue();
  return std::nullopt;
}

namespace {
/// Which base matches an operator has with an intrinsic.
class BaseMatches {
public:
  BaseMatches(const Contraction &op, const Contraction &intrinsic);

  /// Calls `visit` with every base match that takes iteration h from
  /// choices[h].
  void forEach(const Matching &choices,
               llvm::function_ref<void(ArrayRef<int64_t>)> visit) const {
    SmallVector<int64_t> chosen;
    extend(choices, visit, chosen);
  }

private:
  void extend(const Matching &choices,
              llvm::function_ref<void(ArrayRef<int64_t>)> visit,
              SmallVector<int64_t> &chosen) const;
  bool mayStandFor(unsigned v, unsigned h) const;
  bool isBase(ArrayRef<int64_t> chosen) const;

  enum class Use { None, Plain, Other };
  const Contraction &op, &intrinsic;
  /// How dimension d of source t uses iteration v: uses[t][d][v].
  SmallVector<SmallVector<SmallVector<Use>>> uses;
};
} // namespace

BaseMatches::BaseMatches(const Contraction &op, const Contraction &intrinsic)
    : op(op), intrinsic(intrinsic), uses(op.getDestination()) {
  for (unsigned t = 0; t < op.getDestination(); ++t)
    for (AffineExpr e : op.operands[t].index.getResults()) {
      SmallVector<Use> &row = uses[t].emplace_back();
      for (unsigned v = 0; v < op.iterations.size(); ++v) {
        std::optional<int64_t> factor = getFactor(e, v);
        row.push_back(factor == 0             ? Use::None
                      : factor && *factor > 0 ? Use::Plain
                                              : Use::Other);
      }
    }
}

void BaseMatches::extend(const Matching &choices,
                         llvm::function_ref<void(ArrayRef<int64_t>)> visit,
                         SmallVector<int64_t> &chosen) const {
  unsigned h = chosen.size();
  if (h == choices.size()) {
    if (isBase(chosen))
      visit(chosen);
    return;
  }
  for (int64_t v : choices[h]) {
    if (!mayStandFor(v, h) || llvm::is_contained(chosen, v))
      continue;
    chosen.push_back(v);
    extend(choices, visit, chosen);
    chosen.pop_back();
  }
}

/// What `isBase` implies, to look at few choices.
bool BaseMatches::mayStandFor(unsigned v, unsigned h) const {
  if (op.iterations[v].isReduction != intrinsic.iterations[h].isReduction)
    return false;
  for (unsigned t = 0; t < uses.size(); ++t) {
    auto isUsed = [&](ArrayRef<Use> row) { return row[v] != Use::None; };
    if (llvm::any_of(uses[t], isUsed) != intrinsic.dependsOn(t, h))
      return false;
  }
  return true;
}

/// Every iteration of the intrinsic that a source has stands alone in exactly
/// one dimension, up to a positive factor; all other dimensions are constant.
bool BaseMatches::isBase(ArrayRef<int64_t> chosen) const {
  for (unsigned t = 0; t < uses.size(); ++t) {
    SmallVector<unsigned> timesFound(chosen.size());
    for (ArrayRef<Use> row : uses[t]) {
      bool isTaken = false;
      for (auto [h, v] : llvm::enumerate(chosen)) {
        if (row[v] == Use::None)
          continue;
        if (row[v] == Use::Other || isTaken)
          return false;
        isTaken = true;
        ++timesFound[h];
      }
    }
    for (unsigned h = 0; h < chosen.size(); ++h)
      if (timesFound[h] != intrinsic.dependsOn(t, h))
        return false;
  }
  return true;
}

/// The union of the base matches inside `choices`, and how many there are.
static std::pair<Matching, unsigned> unite(const BaseMatches &base,
                                           const Matching &choices) {
  Matching all(choices.size());
  unsigned count = 0;
  base.forEach(choices, [&](ArrayRef<int64_t> chosen) {
    ++count;
    for (auto [group, v] : llvm::zip_equal(all, chosen))
      if (!llvm::is_contained(group, v))
        group.push_back(v);
  });
  for (auto &group : all)
    llvm::sort(group);
  return {all, count};
}

bool amos::isAmosMatching(const Contraction &op, const Contraction &intrinsic,
                          const Matching &matching) {
  if (op.operands.size() != intrinsic.operands.size())
    return false;
  BaseMatches base(op, intrinsic);
  if (unite(base, matching).first != matching)
    return false;
  if (llvm::all_of(matching, [](const auto &g) { return g.size() == 1; }))
    return true;
  Matching everything(matching.size(), llvm::to_vector(llvm::seq<int64_t>(
                                           0, op.iterations.size())));
  auto [all, count] = unite(base, everything);
  return count <= maxAmosBaseMatches || matching == all;
}
