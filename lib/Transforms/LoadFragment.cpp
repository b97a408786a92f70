//===- LoadFragment.cpp - From memory to registers ------------------------===//

#include "FragmentAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include <map>

using namespace mlir;
using namespace amos;

/// Elements that lie next to each other in memory: where they start, counted
/// from element 0, and how many they are.
using Run = std::pair<int64_t, int64_t>;

/// The runs that the elements form which are there, by offset. Nothing when an
/// offset is unknown, a condition is left, or no element is there.
static std::optional<SmallVector<Run>> getRuns(const FragmentAccess &access) {
  SmallVector<int64_t> offsets;
  for (const FragmentAccess::Element &element : access.elements) {
    if (!element.offset || !element.guards.empty())
      return std::nullopt;
    if (!element.isAbsent)
      offsets.push_back(*element.offset);
  }
  llvm::sort(offsets);
  offsets.erase(llvm::unique(offsets), offsets.end());
  SmallVector<Run> runs;
  for (int64_t offset : offsets) {
    if (runs.empty() || runs.back().first + runs.back().second != offset)
      runs.push_back({offset, 0});
    ++runs.back().second;
  }
  return runs.empty() ? std::nullopt : std::optional(runs);
}

static const FragmentAccess::Element &getElementAt(const FragmentAccess &access,
                                                   int64_t offset) {
  return *llvm::find_if(access.elements,
                        [&](const FragmentAccess::Element &element) {
                          return !element.isAbsent && element.offset == offset;
                        });
}

/// `length` elements that lie together, `element` first: one access, also
/// where no vector is as long as they are.
static Value loadRun(OpBuilder &builder, Location loc,
                     const FragmentAccess &access,
                     const FragmentAccess::Element &element, int64_t length) {
  auto [buffer, index] = access.emitRun(builder, loc, element, length);
  auto type = VectorType::get(llvm::PowerOf2Ceil(length), access.elementType);
  if (type.getNumElements() == length)
    return vector::LoadOp::create(builder, loc, type, buffer, index,
                                  /*nontemporal=*/false,
                                  access.getAlignment(element, length));
  Value mask = vector::ConstantMaskOp::create(
      builder, loc, type.clone(builder.getI1Type()), length);
  Value zero =
      arith::ConstantOp::create(builder, loc, type, builder.getZeroAttr(type));
  return vector::MaskedLoadOp::create(builder, loc, type, buffer, index, mask,
                                      zero);
}

/// A run that fits a machine word, as one integer.
static Value loadWord(OpBuilder &builder, Location loc,
                      const FragmentAccess &access,
                      const FragmentAccess::Element &first, int64_t length) {
  Value run = loadRun(builder, loc, access, first, length);
  auto type = cast<VectorType>(run.getType());
  Type word = builder.getIntegerType(length * type.getElementTypeBitWidth());
  run = vector::BitCastOp::create(builder, loc, VectorType::get(1, word), run);
  return vector::ExtractOp::create(builder, loc, run, 0);
}

/// Whether runs of `length` elements are words that fill a register.
static bool isWord(VectorType type, int64_t length) {
  int64_t bits = length * type.getElementTypeBitWidth();
  return bits == 16 || bits == 32 || bits == 64;
}

/// One run repeated over the whole fragment. Repeating a machine word keeps it
/// one broadcast instruction.
static Value repeatRun(OpBuilder &builder, Location loc,
                       const FragmentAccess &access, int64_t offset,
                       int64_t length, VectorType type) {
  Value word =
      loadWord(builder, loc, access, getElementAt(access, offset), length);
  auto words = VectorType::get(type.getNumElements() / length, word.getType());
  return vector::BitCastOp::create(
      builder, loc, type,
      vector::BroadcastOp::create(builder, loc, words, word));
}

/// Whether the fragment is a sequence of parts of `length` elements that lie
/// together and are there as a whole or not at all.
static bool isSequence(const FragmentAccess &access, int64_t length) {
  if (access.elements.size() % length)
    return false;
  for (auto [e, element] : llvm::enumerate(access.elements)) {
    const int64_t place = int64_t(e) % length;
    const FragmentAccess::Element &start = access.elements[e - place];
    if (element.isAbsent && start.isAbsent)
      continue;
    if (element.isAbsent || start.isAbsent || !element.offset ||
        !start.offset || *element.offset != *start.offset + place ||
        element.guards != start.guards)
      return false;
  }
  return true;
}

/// How many elements the largest words have that the fragment is a sequence of.
/// Elements that are no whole bytes lie apart in memory.
static int64_t getWordLength(const FragmentAccess &access, VectorType type) {
  Type element = type.getElementType();
  if (!element.isIntOrFloat() || element.getIntOrFloatBitWidth() % 8 != 0)
    return 1;
  int64_t length = std::max(64 / element.getIntOrFloatBitWidth(), 1u);
  while (length > 1 && !(isWord(type, length) && isSequence(access, length)))
    length /= 2;
  return length;
}

/// Whether element e is element e mod `length` of a run that starts at `low`.
static bool isRepetition(const FragmentAccess &access, int64_t low,
                         int64_t length) {
  if (access.elements.size() % length)
    return false;
  for (auto [e, element] : llvm::enumerate(access.elements))
    if (*element.offset != low + int64_t(e) % length)
      return false;
  return true;
}

/// The runs one after the other, each in a part of its own of the vector. There
/// is a power of two of parts, since other vectors are taken to pieces.
static Value concatenate(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, ArrayRef<Run> runs) {
  SmallVector<Value> loaded;
  for (auto [offset, length] : runs)
    loaded.push_back(
        loadRun(builder, loc, access, getElementAt(access, offset), length));
  if (loaded.size() == 1)
    return loaded.front();
  auto part = cast<VectorType>(loaded.front().getType());
  auto whole = VectorType::get(part.getNumElements() *
                                   int64_t(llvm::PowerOf2Ceil(loaded.size())),
                               access.elementType);
  Value all = arith::ConstantOp::create(builder, loc, whole,
                                        builder.getZeroAttr(whole));
  for (auto [number, run] : llvm::enumerate(loaded))
    all = vector::InsertStridedSliceOp::create(
        builder, loc, run, all,
        ArrayRef<int64_t>(number * part.getNumElements()),
        ArrayRef<int64_t>(1));
  return all;
}

/// Concatenates runs of equal length and puts their elements in fragment order,
/// zeros where they are absent.
static Value shuffleRuns(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, ArrayRef<Run> runs,
                         VectorType type) {
  Value all = concatenate(builder, loc, access, runs);
  auto whole = cast<VectorType>(all.getType());
  int64_t part = llvm::PowerOf2Ceil(runs.front().second);
  std::map<int64_t, int64_t> positions;
  for (auto [number, run] : llvm::enumerate(runs))
    for (int64_t i = 0; i < run.second; ++i)
      positions[run.first + i] = number * part + i;
  SmallVector<int64_t> order;
  for (const FragmentAccess::Element &element : access.elements)
    order.push_back(element.isAbsent ? whole.getNumElements()
                                     : positions[*element.offset]);
  Value zero = arith::ConstantOp::create(builder, loc, whole,
                                         builder.getZeroAttr(whole));
  return vector::ShuffleOp::create(builder, loc, type, all, zero, order);
}

/// What `load` brings if `element` is there, else `zero`.
static Value
loadIf(OpBuilder &builder, Location loc, const FragmentAccess &access,
       const FragmentAccess::Element &element, Value zero,
       llvm::function_ref<Value(OpBuilder &, const FragmentAccess::Element &)>
           load) {
  return scf::IfOp::create(
             builder, loc, access.emitCondition(builder, loc, element.guards),
             [&](OpBuilder &nested, Location) {
               scf::YieldOp::create(nested, loc, load(nested, element));
             },
             [&](OpBuilder &nested, Location) {
               scf::YieldOp::create(nested, loc, zero);
             })
      .getResult(0);
}

/// Word by word, or element by element; what is absent is zero.
static Value gatherElements(OpBuilder &builder, Location loc,
                            const FragmentAccess &access, VectorType type) {
  const int64_t length = getWordLength(access, type);
  Type word =
      length == 1
          ? access.elementType
          : builder.getIntegerType(length * type.getElementTypeBitWidth());
  auto load = [&](OpBuilder &nested,
                  const FragmentAccess::Element &first) -> Value {
    if (length > 1)
      return loadWord(nested, loc, access, first, length);
    return memref::LoadOp::create(nested, loc, access.memref,
                                  access.emitIndex(nested, loc, first));
  };
  Value zero =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(word));
  std::map<int64_t, Value> loaded;
  SmallVector<Value> words;
  for (size_t e = 0; e < access.elements.size(); e += length) {
    const FragmentAccess::Element &first = access.elements[e];
    Value value = zero;
    if (!first.isAbsent && first.guards.empty()) {
      Value &known = first.offset ? loaded[*first.offset] : value;
      if (!first.offset || !known)
        known = load(builder, first);
      value = known;
    } else if (!first.isAbsent) {
      // What lanes compute of addresses is shared by their loads.
      bool isShared = length == 1 && first.ofLane;
      auto index = isShared ? access.emitIndex(builder, loc, first)
                            : SmallVector<Value>();
      auto loadAt = [&](OpBuilder &nested,
                        const FragmentAccess::Element &element) -> Value {
        return isShared ? Value(memref::LoadOp::create(nested, loc,
                                                       access.memref, index))
                        : load(nested, element);
      };
      value = loadIf(builder, loc, access, first, zero, loadAt);
    }
    words.push_back(value);
  }
  Value all = vector::FromElementsOp::create(
      builder, loc, VectorType::get(words.size(), word), words);
  return length == 1 ? all : vector::BitCastOp::create(builder, loc, type, all);
}

/// From the first to the last of the runs, when no more than a fragment of
/// `numElements` lies there: a single access, although it brings more than is
/// wanted.
static std::optional<Run> getSpan(ArrayRef<Run> runs, int64_t numElements) {
  int64_t low = runs.front().first;
  int64_t span = runs.back().first + runs.back().second - low;
  return span <= numElements ? std::optional(Run{low, span}) : std::nullopt;
}

/// What several loads of equal length bring, in another order or only in part.
static Value loadSegments(OpBuilder &builder, Location loc,
                          const FragmentAccess &access, ArrayRef<Run> runs,
                          VectorType type) {
  if (auto span = getSpan(runs, type.getNumElements());
      span && span->second > 1)
    return shuffleRuns(builder, loc, access, *span, type);
  int64_t length = runs.front().second;
  bool isEven =
      llvm::all_of(runs, [&](const Run &run) { return run.second == length; });
  if (!isEven || length == 1 ||
      (access.isUnguarded() && isWord(type, length) &&
       isSequence(access, length)))
    return gatherElements(builder, loc, access, type);
  return shuffleRuns(builder, loc, access, runs, type);
}

/// A scalar placement is a fragment of one element.
static Value loadVector(OpBuilder &builder, Location loc,
                        const FragmentAccess &access, VectorType type) {
  std::optional<SmallVector<Run>> runs = getRuns(access);
  if (!runs)
    return gatherElements(builder, loc, access, type);
  int64_t numElements = type.getNumElements();
  auto [low, length] = runs->front();
  if (runs->size() > 1 || !access.isUnguarded())
    return loadSegments(builder, loc, access, *runs, type);
  if (length == 1) {
    Value scalar = memref::LoadOp::create(
        builder, loc, access.memref,
        access.emitIndex(builder, loc, access.elements.front()));
    return vector::BroadcastOp::create(builder, loc, type, scalar);
  }
  if (isRepetition(access, low, length)) {
    if (length == numElements)
      return loadRun(builder, loc, access, getElementAt(access, low), length);
    if (isWord(type, length))
      return repeatRun(builder, loc, access, low, length, type);
  }
  return loadSegments(builder, loc, access, *runs, type);
}

/// `type` with scalars of type `element`.
static Type withElements(Type type, Type element) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? vector.cloneWith(std::nullopt, element) : element;
}

Value amos::loadFragment(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, Type type) {
  if (getElementTypeOrSelf(type) != access.elementType) {
    Value narrow = loadFragment(builder, loc, access,
                                withElements(type, access.elementType));
    return arith::ExtFOp::create(builder, loc, type, narrow);
  }
  if (std::optional<SmallVector<AffineExpr>> guards = access.getCommonGuards();
      guards && !guards->empty()) {
    FragmentAccess present = access.withoutGuards();
    return scf::IfOp::create(
               builder, loc, access.emitCondition(builder, loc, *guards),
               [&](OpBuilder &nested, Location) {
                 scf::YieldOp::create(nested, loc,
                                      loadFragment(nested, loc, present, type));
               },
               [&](OpBuilder &nested, Location) {
                 Value zero = arith::ConstantOp::create(
                     nested, loc, cast<TypedAttr>(nested.getZeroAttr(type)));
                 scf::YieldOp::create(nested, loc, zero);
               })
        .getResult(0);
  }
  if (auto vector = dyn_cast<VectorType>(type))
    return loadVector(builder, loc, access, vector);
  Value single = loadVector(builder, loc, access, VectorType::get(1, type));
  return vector::ExtractOp::create(builder, loc, single, 0);
}
