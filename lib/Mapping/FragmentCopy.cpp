//===- FragmentCopy.cpp - Copies that bring fragments whole ---------------===//

#include "amos/Mapping/FragmentCopy.h"
#include <map>

using namespace mlir;
using namespace amos;

using Point = SmallVector<int64_t>;

namespace {
/// Compares one copy with what is wanted, its coordinates permuted by `axes`:
/// coordinate n of the copy is coordinate `axes[n]` of the tile.
class Fit {
public:
  Fit(CopyOp copy, const WantedFragment &wanted, ArrayRef<unsigned> axes)
      : copy(copy), extents(copy.getExtents()),
        to(cast<FragmentAttr>(copy.getTo()).getMap()),
        from(cast<RowsAttr>(copy.getFrom())), wanted(wanted), axes(axes),
        narrow(copy.getElement() / wanted.elementBytes) {}

  std::optional<FragmentCopy> run();

private:
  bool placeTiles(FragmentCopy &fit) const;
  Point getBrought(int64_t lane, int64_t number) const;
  int64_t countBrought() const;
  bool findOrder(FragmentCopy &fit) const;

  CopyOp copy;
  SmallVector<int64_t> extents; ///< of the copy
  AffineMap to;
  RowsAttr from;
  const WantedFragment &wanted;
  ArrayRef<unsigned> axes;
  int64_t narrow; ///< elements of the operand in one of the copy's
};
} // namespace

/// The copy's extents are those of the tile but along at most one coordinate,
/// where they are a multiple.
bool Fit::placeTiles(FragmentCopy &fit) const {
  for (auto [n, extent] : llvm::enumerate(extents)) {
    int64_t elements = n + 1 == extents.size() ? extent * narrow : extent;
    int64_t tile = wanted.shape[axes[n]];
    if (elements % tile || (elements != tile && fit.count != 1))
      return false;
    if (elements == tile)
      continue;
    fit.count = elements / tile;
    fit.side = axes[n];
  }
  return true;
}

/// Elements of the operand that each lane gets.
int64_t Fit::countBrought() const {
  int64_t total = narrow;
  for (int64_t extent : extents)
    total *= extent;
  return total / wanted.lanes;
}

/// Where element `number` of what lane `lane` gets comes from.
Point Fit::getBrought(int64_t lane, int64_t number) const {
  Point place = to.compose({lane, number / narrow});
  place.back() = place.back() * narrow + number % narrow;
  Point permuted(place.size());
  for (auto [n, coordinate] : llvm::enumerate(place))
    permuted[axes[n]] = coordinate;
  return permuted;
}

/// Every lane finds each element that it wants, all under the same number.
bool Fit::findOrder(FragmentCopy &fit) const {
  int64_t brought = countBrought();
  for (unsigned tile = 0; tile < fit.count; ++tile)
    for (int64_t e = 0; e < wanted.elements; ++e) {
      auto isAt = [&](int64_t lane, int64_t number) {
        Point place = wanted.map.compose({lane, e});
        place[fit.side] += tile * wanted.shape[fit.side];
        return getBrought(lane, number) == place;
      };
      auto suits = [&](int64_t number) {
        return llvm::all_of(llvm::seq<int64_t>(0, wanted.lanes),
                            [&](int64_t lane) { return isAt(lane, number); });
      };
      auto numbers = llvm::seq<int64_t>(0, brought);
      auto found = llvm::find_if(numbers, suits);
      if (found == numbers.end())
        return false;
      fit.order.push_back(*found);
    }
  return true;
}

std::optional<FragmentCopy> Fit::run() {
  FragmentCopy fit;
  fit.copy = copy;
  if (!placeTiles(fit) || !findOrder(fit))
    return std::nullopt;
  fit.runSide = axes.back();
  fit.run = from.getBytes() / wanted.elementBytes;
  AffineMap map = from.getMap();
  SmallVector<AffineExpr> rows(map.getNumResults());
  for (auto [n, place] : llvm::enumerate(map.getResults()))
    rows[axes[n]] = n + 1 == rows.size() ? place * narrow : place;
  fit.rows = AffineMap::get(1, 0, rows, map.getContext());
  return fit;
}

/// Whether the copy is one from rows to fragments of as many lanes and
/// coordinates, and nothing more has to be handed to it.
static bool isComparable(CopyOp copy, const WantedFragment &wanted) {
  auto from = dyn_cast<RowsAttr>(copy.getFrom());
  auto to = dyn_cast<FragmentAttr>(copy.getTo());
  return from && to && from.getMap().getNumDims() == 1 &&
         to.getMap().getNumDims() == 2 && wanted.map.getNumDims() == 2 &&
         copy.getExtents().size() == wanted.shape.size() &&
         wanted.elementBytes > 0 &&
         copy.getElement() % wanted.elementBytes == 0 && !copy.getCompletes() &&
         !copy.getPartial() && !copy.getState() && copy.getEpilogue().empty();
}

std::optional<FragmentCopy>
amos::fitFragmentCopy(CopyOp copy, const WantedFragment &wanted) {
  if (!isComparable(copy, wanted))
    return std::nullopt;
  SmallVector<unsigned> axes =
      llvm::to_vector(llvm::seq<unsigned>(0, wanted.shape.size()));
  do {
    if (auto fit = Fit(copy, wanted, axes).run())
      return fit;
  } while (std::next_permutation(axes.begin(), axes.end()));
  return std::nullopt;
}

SmallVector<FragmentCopy>
amos::findFragmentCopies(AcceleratorOp machine, StringRef level,
                         const WantedFragment &wanted) {
  SmallVector<FragmentCopy> fits;
  for (auto copy : machine.getOps<CopyOp>()) {
    auto from = dyn_cast<RowsAttr>(copy.getFrom());
    if (!from || from.getLevel().getValue() != level)
      continue;
    if (auto fit = fitFragmentCopy(copy, wanted))
      fits.push_back(std::move(*fit));
  }
  llvm::sort(fits, [](const FragmentCopy &a, const FragmentCopy &b) {
    return a.count > b.count;
  });
  return fits;
}

std::pair<AffineExpr, int64_t> amos::splitConstant(AffineExpr position) {
  if (auto constant = dyn_cast<AffineConstantExpr>(position))
    return {getAffineConstantExpr(0, position.getContext()),
            constant.getValue()};
  auto sum = dyn_cast<AffineBinaryOpExpr>(position);
  if (sum && sum.getKind() == AffineExprKind::Add)
    if (auto constant = dyn_cast<AffineConstantExpr>(sum.getRHS()))
      return {sum.getLHS(), constant.getValue()};
  return {position, 0};
}
