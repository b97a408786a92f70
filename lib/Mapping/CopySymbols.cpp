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

CopySymbols::CopySymbols(const FragmentRead &read, const CopyFunction &copy)
    : read(read), copy(copy), samples(read.numOuter + 2),
      fits(copy.map.getNumResults()), refuting(read.numOuter + 2, 0),
      frozen(copy.map.getNumSymbols()), advances(read.numOuter) {
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
  for (unsigned k = 0; k < read.numOuter; ++k)
    addSamples(k);
  addSamples(std::nullopt);
  addScattered();
  for (auto [dim, loop] : llvm::enumerate(read.repeats))
    if (loop)
      addNeighbours(dim, *loop);
}

/// Strides, dilations and pads occur as constants; extents may be hidden by
/// simplification.
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
}

CopySymbols::Sample CopySymbols::getSample(ArrayRef<int64_t> point) const {
  Sample sample;
  for (unsigned d : read.dims)
    sample.tile.push_back(point[d]);
  sample.steps = llvm::to_vector(point.take_front(read.numOuter));
  for (AffineExpr e : read.access.index.getResults())
    sample.index.push_back(evaluate(e, point, {}).value_or(0));
  return sample;
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

/// Every lane of each dimension of the tile with the others at 0 (the first
/// sample is lane 0, one step on), and the last ones of all together.
void CopySymbols::addSamples(std::optional<unsigned> loop) {
  SmallVector<int64_t> steps{0};
  if (loop) {
    int64_t extent = getExtent(*loop);
    steps = {1, extent - 1, extent / 2, std::min<int64_t>(extent - 1, 3)};
  }
  std::vector<Sample> &list = samples[loop.value_or(read.numOuter)];
  SmallVector<int64_t> point(read.extents.size());
  for (int64_t at : steps) {
    if (loop)
      point[*loop] = at;
    list.push_back(getSample(point));
    for (unsigned d : read.dims)
      point[d] = read.extents[d] - 1;
    list.push_back(getSample(point));
    for (unsigned d : read.dims)
      point[d] = 0;
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

/// Tries the values that occur for every symbol that shows. One that is only
/// added is what the first sample makes it.
CopySymbols::Fits CopySymbols::getFits(unsigned coordinate) {
  const std::vector<Sample> &list = samples[read.numOuter];
  MLIRContext *context = copy.map.getContext();
  SmallVector<AffineExpr> start;
  for (unsigned s = 0; s < copy.map.getNumSymbols(); ++s)
    start.push_back(s < copy.numRunTime ? getAffineConstantExpr(0, context)
                                        : getAffineSymbolExpr(s, context));
  AffineExpr e = copy.map.getResult(coordinate).replaceSymbols(start);
  Fits found;
  std::optional<unsigned> added;
  for (unsigned s : llvm::seq(copy.numRunTime, copy.map.getNumSymbols())) {
    if (!e.isFunctionOfSymbol(s))
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
    return evaluate(e, sample.tile, symbols) == sample.index[coordinate];
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
    if (budget == 0)
      return;
    if (added && next + 1 == found.symbols.size()) {
      --budget;
      testAdded();
    } else if (next == found.symbols.size()) {
      --budget;
      test();
    } else {
      for (int64_t value : candidates) {
        symbols[found.symbols[next]] = value;
        self(self, next + 1);
      }
    }
  };
  search(search, 0);
  return found;
}

bool CopySymbols::agrees(unsigned coordinate, unsigned axis) {
  if (budget == 0)
    return false;
  --budget;
  AffineExpr e = copy.map.getResult(coordinate);
  SmallVector<int64_t> constants;
  for (const std::optional<int64_t> &value : frozen)
    constants.push_back(value.value_or(0));
  SmallVector<int64_t> symbols;
  auto agreesAt = [&](const Sample &sample) {
    symbols = constants;
    for (auto [advance, steps] : llvm::zip_equal(advances, sample.steps))
      if (advance)
        symbols[advance->symbol] += advance->step * steps;
    auto value = evaluate(e, sample.tile, symbols);
    return value && *value == sample.index[coordinate];
  };
  // What refuted the last values often refutes the next ones.
  ArrayRef<Sample> list = samples[axis];
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

bool CopySymbols::agreesWhereKnown(unsigned axis) {
  return llvm::all_of(order, [&](unsigned coordinate) {
    return !isKnown(coordinate) || agrees(coordinate, axis);
  });
}

bool CopySymbols::isMovedBy(unsigned coordinate, unsigned loop) const {
  return read.access.index.getResult(coordinate).isFunctionOfDim(loop);
}

/// The width of the tiles it sets side by side, else what one step adds to the
/// coordinate, or a number that occurs, or (an image being rows times columns)
/// a product of two extents.
SmallVector<int64_t> CopySymbols::getSteps(unsigned coordinate,
                                           unsigned loop) const {
  auto atOrigin = [&](unsigned axis) {
    return samples[axis].front().index[coordinate];
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
      if (agrees(coordinate, loop) && agreesWhereKnown(loop) &&
          solveLoops(rank, loop + 1))
        return true;
    }
  advances[loop].reset();
  return false;
}

/// Those that multiply what only loops move.
bool CopySymbols::solveHidden(unsigned rank, unsigned symbol) {
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
    return agreesWhereKnown(read.numOuter + 1);
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
