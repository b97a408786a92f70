//===- UnifyCopy.cpp - Can a declared copy fetch what is read? ------------===//

#include "amos/Mapping/UnifyCopy.h"
#include "Amos/Placement.h"
#include "CopySymbols.h"
#include "Emptiness.h"
#include "amos/Mapping/TileAccess.h"

using namespace mlir;
using namespace amos;

FragmentRead amos::getFragmentRead(const Contraction &op,
                                   const Contraction &intrinsic,
                                   const MappedAccesses &mapped, unsigned t) {
  FragmentRead read;
  read.access = mapped.fragments[t];
  for (const OuterLoop &loop : mapped.outer)
    read.extents.push_back(loop.extent);
  read.extents.append(intrinsic.getExtents());
  read.numOuter = mapped.outer.size();
  read.dims = getCoordinateDims(intrinsic, t, read.numOuter);
  read.hints = op.getExtents();
  for (unsigned d : read.dims) {
    auto repeats = [&](const OuterLoop &loop) {
      return loop.group == int64_t(d) - int64_t(read.numOuter);
    };
    const OuterLoop *loop = llvm::find_if(mapped.outer, repeats);
    bool isOne = llvm::count_if(mapped.outer, repeats) == 1;
    read.repeats.push_back(
        isOne ? std::optional<unsigned>(loop - mapped.outer.begin())
              : std::nullopt);
  }
  return read;
}

static std::string print(AffineExpr e) {
  std::string text;
  llvm::raw_string_ostream(text) << e;
  return text;
}

/// How `rank` neighbouring dimensions can be `parts` groups: the sizes.
static std::vector<SmallVector<unsigned>> getGroupings(unsigned rank,
                                                       unsigned parts) {
  if (parts == 0 || rank < parts)
    return {};
  if (parts == 1)
    return {{rank}};
  std::vector<SmallVector<unsigned>> groupings;
  for (unsigned first = 1; first + parts <= rank + 1; ++first)
    for (SmallVector<unsigned> &rest : getGroupings(rank - first, parts - 1)) {
      rest.insert(rest.begin(), first);
      groupings.push_back(std::move(rest));
    }
  return groupings;
}

/// The same elements of the same memory with each group of dimensions as one;
/// nothing when an extent that a stride depends on is dynamic.
static std::optional<Access> merge(const Access &access,
                                   ArrayRef<unsigned> groups) {
  Access merged = access;
  merged.shape.clear();
  SmallVector<AffineExpr> index;
  unsigned d = 0;
  for (unsigned size : groups) {
    AffineExpr e = access.index.getResult(d);
    int64_t extent = access.shape[d];
    for (unsigned last = d + size; ++d < last;) {
      if (ShapedType::isDynamic(access.shape[d]))
        return std::nullopt;
      e = e * access.shape[d] + access.index.getResult(d);
      if (!ShapedType::isDynamic(extent))
        extent *= access.shape[d];
    }
    index.push_back(e);
    merged.shape.push_back(extent);
  }
  merged.index = AffineMap::get(access.index.getNumDims(), 0, index,
                                access.index.getContext());
  return merged;
}

/// What the copy reads under these symbols, over the dimensions of the access.
static SmallVector<AffineExpr> substitute(const FragmentRead &read,
                                          const CopyFunction &copy,
                                          ArrayRef<AffineExpr> symbols) {
  SmallVector<AffineExpr> tile;
  for (unsigned d : read.dims)
    tile.push_back(getAffineDimExpr(d, copy.map.getContext()));
  return llvm::map_to_vector(copy.map.getResults(), [&](AffineExpr e) {
    return e.replaceDimsAndSymbols(tile, symbols);
  });
}

static std::string describe(const Question::Answer &answer) {
  if (!answer.isDecided)
    return "somewhere, or that could not be ruled out";
  return "at (" +
         llvm::join(
             llvm::map_range(answer.point,
                             [](int64_t v) { return std::to_string(v); }),
             ", ") +
         ") of outer loops and lanes";
}

/// Why the copy does not fetch what is read: an element is another one, or one
/// that a guard makes zero lies inside the tensor.
static std::optional<Reason> judge(const FragmentRead &read,
                                   ArrayRef<AffineExpr> fetched,
                                   Solver::Memory &memory) {
  Sums sums(read.extents);
  SmallVector<Sum> dims;
  for (unsigned d = 0; d < sums.getNumVariables(); ++d)
    dims.push_back(sums.getVariable(d));
  SmallVector<Sum> theirs = sums.evaluate(fetched, dims);
  SmallVector<Sum> ours = sums.evaluate(read.access.index.getResults(), dims);
  SmallVector<Sum> guards = sums.evaluate(read.access.guards, dims);
  Question other(sums), inside(sums);
  for (const Sum &guard : guards) {
    other.assumeNonNegative(guard);
    inside.forbidBelow(guard, 0);
  }
  for (auto [d, extent] : llvm::enumerate(read.access.shape)) {
    other.forbidDifferent(theirs[d], ours[d]);
    inside.assumeNonNegative(theirs[d]);
    if (!ShapedType::isDynamic(extent))
      inside.assumeNonNegative(sums.plus(extent - 1, theirs[d], -1));
  }
  if (!sums.areExact())
    return Reason{ReasonCode::Proof, "the index is too large to reason about",
                  ""};
  if (auto answer = other.find(memory))
    return Reason{ReasonCode::Layout,
                  "the copy fetches another element " + describe(*answer), ""};
  if (auto answer = inside.find(memory))
    return Reason{ReasonCode::Proof,
                  "a zero is read where the copy fetches an element, " +
                      describe(*answer),
                  "pad the tensor in memory"};
  return std::nullopt;
}

static Reason explain(const FragmentRead &read, const CopyFunction &copy,
                      unsigned coordinate) {
  return {
      ReasonCode::Layout,
      "coordinate " + std::to_string(coordinate) + " is read at '" +
          print(read.access.index.getResult(coordinate)) +
          "', found no symbols for which '" +
          print(copy.map.getResult(coordinate)) + "' is that",
      "another order of the fused iterations or of the tensor's dimensions"};
}

/// All that symbols are sought by; maps and guards are unique.
static std::vector<int64_t> getKey(const FragmentRead &read,
                                   const CopyFunction &copy, bool asksGuards) {
  std::vector<int64_t> key;
  auto add = [&](const auto &list) {
    key.push_back(list.size());
    for (const auto &value : list)
      key.push_back(value);
  };
  auto getAddress = [](auto unique) {
    return int64_t(reinterpret_cast<intptr_t>(unique.getAsOpaquePointer()));
  };
  const Access &access = read.access;
  add(ArrayRef{getAddress(copy.map), int64_t(copy.numRunTime),
               getAddress(access.index), int64_t(read.numOuter)});
  add(access.shape);
  add(access.strides);
  add(read.extents);
  add(read.dims);
  add(read.hints);
  add(llvm::map_to_vector(read.repeats, [](std::optional<unsigned> loop) {
    return loop ? int64_t(*loop) : -1;
  }));
  if (asksGuards)
    add(llvm::map_to_vector(access.guards, getAddress));
  return key;
}

static const FoundSymbols &findSymbols(const FragmentRead &read,
                                       const CopyFunction &copy,
                                       Solver::Memory &memory,
                                       bool asksGuards) {
  std::vector<int64_t> key = getKey(read, copy, asksGuards);
  auto known = memory.symbols.find(key);
  if (known != memory.symbols.end())
    return known->second;
  CopySymbols search(read, copy, asksGuards);
  FoundSymbols found{search.solve(), 0, 0};
  if (!found.symbols) {
    found.numAgreed = search.getNumAgreed();
    found.obstacle = search.getObstacle();
  }
  return memory.symbols.emplace(std::move(key), std::move(found)).first->second;
}

namespace {
/// Symbols, and why the copy does not fetch what is read under them.
struct Attempt {
  const FoundSymbols *found;
  std::optional<Reason> refusal;

  bool isRight() const { return found->symbols && !refusal; }
};
} // namespace

static Attempt attempt(const FragmentRead &read, const CopyFunction &copy,
                       Solver::Memory &memory, bool asksGuards) {
  Attempt made{&findSymbols(read, copy, memory, asksGuards), std::nullopt};
  if (const auto &symbols = made.found->symbols)
    made.refusal = judge(read, substitute(read, copy, *symbols), memory);
  return made;
}

/// Points that a guard makes zero tell much, and less to compare is found
/// sooner. But a tile that ends behind the last image reads on in it, where the
/// copy may as well be in the next, which is not there.
static Attempt attempt(const FragmentRead &read, const CopyFunction &copy,
                       Solver::Memory &memory) {
  Attempt made = attempt(read, copy, memory, /*asksGuards=*/false);
  if (!made.refusal || made.refusal->code != ReasonCode::Proof)
    return made;
  Attempt other = attempt(read, copy, memory, /*asksGuards=*/true);
  return other.isRight() ? other : made;
}

static std::variant<CopyAssignment, Reason>
unifyForwards(const FragmentRead &read, const CopyFunction &copy,
              Solver &solver) {
  Reason reason{ReasonCode::Layout,
                "the tensor has " + std::to_string(read.access.shape.size()) +
                    " dimensions, the copy " +
                    std::to_string(copy.map.getNumResults()),
                ""};
  if (copy.map.getNumDims() != read.dims.size())
    return Reason{ReasonCode::Layout,
                  "the tile has " + std::to_string(read.dims.size()) +
                      " dimensions, the copy's " +
                      std::to_string(copy.map.getNumDims()),
                  ""};
  if (!read.access.strides.empty())
    return Reason{ReasonCode::Layout, "the tensor is strided",
                  "make it dense and row-major"};
  int furthest = -1;
  for (const SmallVector<unsigned> &groups :
       getGroupings(read.access.shape.size(), copy.map.getNumResults())) {
    std::optional<Access> merged = merge(read.access, groups);
    if (!merged)
      continue;
    FragmentRead view = read;
    view.access = *merged;
    Attempt made = attempt(view, copy, solver.getMemory());
    const FoundSymbols &found = *made.found;
    if (made.isRight())
      return CopyAssignment{*found.symbols, groups};
    int agreed = found.symbols ? groups.size() : found.numAgreed;
    if (agreed > furthest)
      reason =
          made.refusal ? *made.refusal : explain(view, copy, found.obstacle);
    furthest = std::max(furthest, agreed);
  }
  return reason;
}

//===----------------------------------------------------------------------===//
// Windows that run backwards
//===----------------------------------------------------------------------===//

/// The outer loops that move a coordinate backwards and none forwards, but for
/// those that set tiles side by side.
static SmallVector<unsigned> findBackwards(const FragmentRead &read) {
  AffineMap index = read.access.index;
  SmallVector<int64_t> point(index.getNumDims(), 0);
  std::optional<SmallVector<int64_t>> origin = evaluate(index, point);
  SmallVector<unsigned> loops;
  for (unsigned o = 0; origin && o < read.numOuter; ++o) {
    if (ShapedType::isDynamic(read.extents[o]) || read.extents[o] < 2 ||
        llvm::is_contained(read.repeats, o))
      continue;
    point[o] = 1;
    std::optional<SmallVector<int64_t>> next = evaluate(index, point);
    point[o] = 0;
    if (next && *next != *origin &&
        llvm::all_of(llvm::zip_equal(*next, *origin),
                     [](auto pair) { return get<0>(pair) <= get<1>(pair); }))
      loops.push_back(o);
  }
  return loops;
}

/// Step k of each of these loops becomes the k-th from its end.
static SmallVector<AffineExpr> turn(const FragmentRead &read,
                                    ArrayRef<unsigned> loops) {
  MLIRContext *context = read.access.index.getContext();
  SmallVector<AffineExpr> dims;
  for (unsigned d = 0; d < read.access.index.getNumDims(); ++d)
    dims.push_back(getAffineDimExpr(d, context));
  for (unsigned o : loops)
    dims[o] = read.extents[o] - 1 - dims[o];
  return dims;
}

std::variant<CopyAssignment, Reason> amos::unifyCopy(const FragmentRead &read,
                                                     const CopyFunction &copy,
                                                     Solver &solver) {
  SmallVector<unsigned> backwards = findBackwards(read);
  if (backwards.empty())
    return unifyForwards(read, copy, solver);
  SmallVector<AffineExpr> turned = turn(read, backwards);
  FragmentRead forwards = read;
  forwards.access.index = AffineMap::get(
      turned.size(), read.access.index.getNumSymbols(),
      llvm::map_to_vector(read.access.index.getResults(),
                          [&](AffineExpr e) { return e.replaceDims(turned); }),
      read.access.index.getContext());
  for (AffineExpr &guard : forwards.access.guards)
    guard = guard.replaceDims(turned);
  auto found = unifyForwards(forwards, copy, solver);
  if (auto *assignment = std::get_if<CopyAssignment>(&found))
    for (AffineExpr &symbol : assignment->symbols)
      symbol = simplifyAffineExpr(symbol.replaceDims(turned), turned.size(), 0);
  return found;
}
