//===- CopySymbols.cpp - Symbols of a copy, by evaluation -----------------===//
//
// Coordinate by coordinate: frozen symbols from the numbers that occur, then,
// for every loop that moves the coordinate, the symbol it advances. Loops are
// first looked at one at a time, the others being at their start.
//
//===----------------------------------------------------------------------===//

#include "CopySymbols.h"
#include "Amos/Placement.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

CopySymbols::CopySymbols(const FragmentRead &read, const CopyFunction &copy,
                         bool asksGuards)
    : read(read), copy(copy), asksGuards(asksGuards),
      samples(read.numOuter + 2), fits(copy.map.getNumResults()),
      refuting(read.numOuter + 2, 0), frozen(copy.map.getNumSymbols()),
      advances(read.numOuter) {
  collectCandidates();
  order = llvm::to_vector(llvm::seq<unsigned>(0, copy.map.getNumResults()));
  auto countFrozen = [&](unsigned coordinate) {
    return llvm::count_if(
        llvm::seq(copy.numRunTime, copy.map.getNumSymbols()), [&](unsigned s) {
          return copy.map.getResult(coordinate).isFunctionOfSymbol(s);
        });
  };
  llvm::sort(order, [&](unsigned a, unsigned b) {
    return std::pair(countFrozen(a), a) < std::pair(countFrozen(b), b);
  });
}

/// Strides, dilations and pads occur as constants; extents may be hidden by
/// simplification. One and zero are tried first.
void CopySymbols::collectCandidates() {
  auto add = [&](int64_t value) {
    if (!ShapedType::isDynamic(value) && !llvm::is_contained(candidates, value))
      candidates.push_back(value);
  };
  add(1);
  add(0);
  for (int64_t extent : read.hints)
    add(extent);
  for (unsigned d : read.dims)
    add(read.extents[d]);
  auto addConstants = [&](AffineExpr e) {
    e.walk([&](AffineExpr part) {
      if (auto constant = dyn_cast<AffineConstantExpr>(part))
        add(std::abs(constant.getValue()));
    });
  };
  for (AffineExpr e : read.access.index.getResults())
    addConstants(e);
  // Of one image any number of rows fits that is large enough: the least is
  // what an engine has bits for, and what lies behind it is outside.
  llvm::sort(MutableArrayRef(candidates).drop_front(2));
}

/// The factor of a symbol that is only added; nothing where it is more.
static std::optional<int64_t> getFactor(AffineExpr e, unsigned symbol) {
  if (!e.isFunctionOfSymbol(symbol))
    return 0;
  if (isa<AffineSymbolExpr>(e))
    return 1;
  auto binary = cast<AffineBinaryOpExpr>(e);
  auto lhs = getFactor(binary.getLHS(), symbol);
  if (auto times = dyn_cast<AffineConstantExpr>(binary.getRHS());
      times && lhs && e.getKind() == AffineExprKind::Mul)
    return *lhs * times.getValue();
  auto rhs = getFactor(binary.getRHS(), symbol);
  if (!lhs || !rhs || e.getKind() != AffineExprKind::Add)
    return std::nullopt;
  return *lhs + *rhs;
}

/// The coordinate looked at before that shows most of the symbols of `e`; null
/// if none shows any.
const CopySymbols::Fits *CopySymbols::findShared(AffineExpr e) const {
  const Fits *best = nullptr;
  int64_t most = 0;
  for (const Fits &other : fits) {
    int64_t shared = llvm::count_if(
        other.symbols, [&](unsigned s) { return e.isFunctionOfSymbol(s); });
    if (shared > most)
      best = &other;
    most = std::max(most, shared);
  }
  return best;
}

/// The values, each once, that `known` has for the first of `symbols`, which
/// are all that both have; one empty list if it is null.
std::set<SmallVector<int64_t>> CopySymbols::pick(const Fits *known,
                                                 ArrayRef<unsigned> symbols) {
  if (!known)
    return {{}};
  std::set<SmallVector<int64_t>> lists;
  for (ArrayRef<int64_t> values : known->values) {
    SmallVector<int64_t> list;
    for (auto [symbol, value] : llvm::zip_equal(known->symbols, values))
      if (llvm::is_contained(symbols, symbol))
        list.push_back(value);
    lists.insert(std::move(list));
  }
  return lists;
}

/// Tries the values that occur for every symbol that shows, of those that
/// another coordinate shows too only what fits there. One that is only added is
/// what the first sample makes it.
CopySymbols::Fits CopySymbols::getFits(unsigned coordinate) {
  ArrayRef<Sample> list = getSamples(read.numOuter);
  MLIRContext *context = copy.map.getContext();
  SmallVector<AffineExpr> start;
  for (unsigned s = 0; s < copy.map.getNumSymbols(); ++s)
    start.push_back(s < copy.numRunTime ? getAffineConstantExpr(0, context)
                                        : getAffineSymbolExpr(s, context));
  AffineExpr e = copy.map.getResult(coordinate).replaceSymbols(start);
  const Fits *known = findShared(e);
  Fits found;
  if (known)
    llvm::copy_if(known->symbols, std::back_inserter(found.symbols),
                  [&](unsigned s) { return e.isFunctionOfSymbol(s); });
  const size_t numKnown = found.symbols.size();
  std::optional<unsigned> added;
  for (unsigned s : llvm::seq(copy.numRunTime, copy.map.getNumSymbols())) {
    if (!e.isFunctionOfSymbol(s) || llvm::is_contained(found.symbols, s))
      continue;
    if (!added && getFactor(e, s).value_or(0) != 0)
      added = s;
    else
      found.symbols.push_back(s);
  }
  if (added)
    found.symbols.push_back(*added);

  SmallVector<int64_t> symbols(copy.map.getNumSymbols());
  size_t last = 0; ///< the sample that refuted something
  auto fitsAt = [&](const Sample &sample) {
    return mayCompare() &&
           evaluate(e, sample.tile, symbols) == sample.index[coordinate];
  };
  auto test = [&] {
    if (!fitsAt(list[last]))
      return;
    auto wrong = llvm::find_if_not(list, fitsAt);
    if (wrong == list.end())
      found.values.push_back(llvm::map_to_vector(
          found.symbols, [&](unsigned s) { return symbols[s]; }));
    else
      last = wrong - list.begin();
  };
  auto testAdded = [&] {
    symbols[*added] = 0;
    auto rest = evaluate(e, list.front().tile, symbols);
    int64_t factor = *getFactor(e, *added), by;
    if (!rest || llvm::SubOverflow(list.front().index[coordinate], *rest, by) ||
        by == INT64_MIN || by % factor != 0 ||
        !llvm::is_contained(candidates, by / factor))
      return;
    symbols[*added] = by / factor;
    test();
  };
  auto search = [&](auto &self, unsigned next) -> void {
    if (!mayCompare())
      return;
    if (added && next + 1 == found.symbols.size()) {
      testAdded();
    } else if (next == found.symbols.size()) {
      test();
    } else {
      for (int64_t value : candidates) {
        symbols[found.symbols[next]] = value;
        self(self, next + 1);
      }
    }
  };
  for (const SmallVector<int64_t> &values : pick(known, found.symbols)) {
    for (auto [symbol, value] : llvm::zip(found.symbols, values))
      symbols[symbol] = value;
    search(search, numKnown);
  }
  return found;
}

bool CopySymbols::Fits::keepShared(const Fits &other) {
  SmallVector<std::pair<size_t, size_t>> shared;
  for (auto [i, symbol] : llvm::enumerate(symbols))
    if (auto found = llvm::find(other.symbols, symbol);
        found != other.symbols.end())
      shared.push_back({i, found - other.symbols.begin()});
  std::set<SmallVector<int64_t>> theirs;
  for (ArrayRef<int64_t> list : other.values)
    theirs.insert(
        llvm::map_to_vector(shared, [&](auto at) { return list[at.second]; }));
  const size_t before = values.size();
  llvm::erase_if(values, [&](ArrayRef<int64_t> list) {
    return !theirs.count(
        llvm::map_to_vector(shared, [&](auto at) { return list[at.first]; }));
  });
  return values.size() < before;
}

/// What two coordinates cannot agree on need not be tried in every combination
/// with the others.
bool CopySymbols::joinFits() {
  for (bool isChanged = true; isChanged;) {
    isChanged = false;
    for (unsigned a = 0; a < order.size(); ++a)
      for (unsigned b = 0; b < order.size(); ++b) {
        isChanged |= fits[order[a]].keepShared(fits[order[b]]);
        deepest = std::min(a, b);
        if (fits[order[a]].values.empty())
          return false;
      }
  }
  return true;
}

bool CopySymbols::mayCompare() {
  if (budget > 0)
    --budget;
  return budget > 0;
}

bool CopySymbols::agrees(unsigned coordinate, unsigned axis) {
  AffineExpr e = copy.map.getResult(coordinate);
  SmallVector<int64_t> constants;
  for (const std::optional<int64_t> &value : frozen)
    constants.push_back(value.value_or(0));
  SmallVector<int64_t> symbols;
  auto agreesAt = [&](const Sample &sample) {
    if (!mayCompare())
      return false;
    symbols = constants;
    for (auto [advance, steps] : llvm::zip_equal(advances, sample.steps))
      if (advance)
        symbols[advance->symbol] += advance->step * steps;
    auto value = evaluate(e, sample.tile, symbols);
    return value && *value == sample.index[coordinate];
  };
  // What refuted the last values often refutes the next ones.
  ArrayRef<Sample> list = getSamples(axis);
  if (!agreesAt(list[refuting[axis]]))
    return false;
  auto wrong = llvm::find_if_not(list, agreesAt);
  if (wrong == list.end())
    return true;
  refuting[axis] = wrong - list.begin();
  return false;
}

bool CopySymbols::isKnown(unsigned coordinate) const {
  return llvm::all_of(
      llvm::seq(copy.numRunTime, copy.map.getNumSymbols()), [&](unsigned s) {
        return frozen[s] ||
               !copy.map.getResult(coordinate).isFunctionOfSymbol(s);
      });
}

/// Coordinates before `rank` agreed before the loop advanced its symbol.
bool CopySymbols::agreesWhereKnown(unsigned rank, unsigned loop) {
  return llvm::all_of(llvm::enumerate(order), [&](auto at) {
    auto [other, coordinate] = at;
    bool isTouched =
        other >= rank || copy.map.getResult(coordinate)
                             .isFunctionOfSymbol(advances[loop]->symbol);
    return !isTouched || !isKnown(coordinate) || agrees(coordinate, loop);
  });
}

bool CopySymbols::isMovedBy(unsigned coordinate, unsigned loop) const {
  return read.access.index.getResult(coordinate).isFunctionOfDim(loop);
}

/// The width of the tiles it sets side by side, else what one step adds to the
/// coordinate, or a number that occurs, or (an image being rows times columns)
/// a product of two extents.
SmallVector<int64_t> CopySymbols::getSteps(unsigned coordinate, unsigned loop) {
  auto atOrigin = [&](unsigned axis) {
    return getSamples(axis).front().index[coordinate];
  };
  SmallVector<int64_t> steps;
  for (auto [dim, repeats] : llvm::enumerate(read.repeats))
    if (repeats == loop)
      steps.push_back(read.extents[read.dims[dim]]);
  steps.push_back(atOrigin(loop) - atOrigin(read.numOuter));
  llvm::append_range(steps, candidates);
  int64_t product;
  for (auto [i, a] : llvm::enumerate(read.hints))
    for (int64_t b : ArrayRef(read.hints).drop_front(i + 1))
      if (!ShapedType::isDynamic(a) && !ShapedType::isDynamic(b) &&
          !llvm::MulOverflow(a, b, product) &&
          !llvm::is_contained(steps, product))
        steps.push_back(product);
  llvm::erase(steps, 0);
  return steps;
}

bool CopySymbols::solveLoops(unsigned rank, unsigned loop) {
  const unsigned coordinate = order[rank];
  if (loop == read.numOuter)
    return agrees(coordinate, read.numOuter + 1) && solveCoordinate(rank + 1);
  if (advances[loop] || !isMovedBy(coordinate, loop))
    return (!advances[loop] || agrees(coordinate, loop)) &&
           solveLoops(rank, loop + 1);
  for (int64_t step : getSteps(coordinate, loop))
    for (unsigned s = 0; s < copy.numRunTime; ++s) {
      if (!copy.map.getResult(coordinate).isFunctionOfSymbol(s))
        continue;
      advances[loop] = Advance{s, step};
      if (agrees(coordinate, loop) && agreesWhereKnown(rank, loop) &&
          solveLoops(rank, loop + 1))
        return true;
    }
  advances[loop].reset();
  return false;
}

/// Those that multiply what only loops move.
bool CopySymbols::solveHidden(unsigned rank, unsigned symbol) {
  if (budget == 0)
    return false;
  if (symbol == copy.map.getNumSymbols())
    return solveLoops(rank, 0);
  if (frozen[symbol] ||
      !copy.map.getResult(order[rank]).isFunctionOfSymbol(symbol))
    return solveHidden(rank, symbol + 1);
  for (int64_t value : candidates) {
    frozen[symbol] = value;
    if (solveHidden(rank, symbol + 1))
      return true;
  }
  frozen[symbol].reset();
  return false;
}

bool CopySymbols::solveShown(unsigned rank) {
  const Fits &list = fits[order[rank]];
  const SmallVector<std::optional<int64_t>> before = frozen;
  auto set = [&](ArrayRef<int64_t> values) {
    frozen = before;
    for (auto [symbol, value] : llvm::zip_equal(list.symbols, values)) {
      if (frozen[symbol] && *frozen[symbol] != value)
        return false;
      frozen[symbol] = value;
    }
    return true;
  };
  for (ArrayRef<int64_t> values : list.values)
    if (set(values) && solveHidden(rank, copy.numRunTime))
      return true;
  frozen = before;
  return false;
}

bool CopySymbols::solveCoordinate(unsigned rank) {
  if (rank == order.size())
    return llvm::all_of(order, [&](unsigned coordinate) {
      return agrees(coordinate, read.numOuter + 1);
    });
  deepest = std::max(deepest, rank);
  return solveShown(rank);
}

std::optional<SmallVector<AffineExpr>> CopySymbols::solve() {
  for (unsigned coordinate : order) {
    fits[coordinate] = getFits(coordinate);
    if (fits[coordinate].values.empty())
      return std::nullopt;
    ++deepest;
  }
  if (!joinFits())
    return std::nullopt;
  deepest = 0;
  if (!solveCoordinate(0))
    return std::nullopt;
  MLIRContext *context = copy.map.getContext();
  SmallVector<AffineExpr> symbols;
  for (const std::optional<int64_t> &value : frozen)
    symbols.push_back(getAffineConstantExpr(value.value_or(0), context));
  for (auto [k, advance] : llvm::enumerate(advances))
    if (advance)
      symbols[advance->symbol] = symbols[advance->symbol] +
                                 getAffineDimExpr(k, context) * advance->step;
  return symbols;
}
