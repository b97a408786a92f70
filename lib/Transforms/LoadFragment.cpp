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

/// `length` elements that lie together, from `offset` on: one access, also
/// where no vector is as long as they are.
static Value loadRun(OpBuilder &builder, Location loc,
                     const FragmentAccess &access, int64_t offset,
                     int64_t length) {
  const FragmentAccess::Element &element = getElementAt(access, offset);
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
                      const FragmentAccess &access, int64_t offset,
                      int64_t length) {
  Value run = loadRun(builder, loc, access, offset, length);
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
  Value word = loadWord(builder, loc, access, offset, length);
  auto words = VectorType::get(type.getNumElements() / length, word.getType());
  return vector::BitCastOp::create(
      builder, loc, type,
      vector::BroadcastOp::create(builder, loc, words, word));
}

/// Whether the fragment is a sequence of runs of `length` elements.
static bool isSequence(const FragmentAccess &access, int64_t length) {
  if (access.elements.size() % length || !access.isUnguarded())
    return false;
  for (auto [e, element] : llvm::enumerate(access.elements)) {
    int64_t place = int64_t(e) % length;
    if (*element.offset != *access.elements[e - place].offset + place)
      return false;
  }
  return true;
}

/// Words put side by side in the order of the fragment.
static Value gatherWords(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, int64_t length,
                         VectorType type) {
  SmallVector<Value> words;
  for (size_t e = 0; e < access.elements.size(); e += length)
    words.push_back(
        loadWord(builder, loc, access, *access.elements[e].offset, length));
  auto wordsType = VectorType::get(words.size(), words.front().getType());
  return vector::BitCastOp::create(
      builder, loc, type,
      vector::FromElementsOp::create(builder, loc, wordsType, words));
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
    loaded.push_back(loadRun(builder, loc, access, offset, length));
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

/// Element by element; absent elements are zero.
static Value gatherElements(OpBuilder &builder, Location loc,
                            const FragmentAccess &access, VectorType type) {
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getZeroAttr(access.elementType));
  std::map<int64_t, Value> loaded;
  SmallVector<Value> elements;
  for (const FragmentAccess::Element &element : access.elements) {
    auto load = [&](OpBuilder &nested) -> Value {
      return memref::LoadOp::create(nested, loc, access.memref,
                                    access.emitIndex(nested, loc, element));
    };
    Value value = zero;
    if (!element.isAbsent && element.guards.empty()) {
      Value &known = element.offset ? loaded[*element.offset] : value;
      if (!element.offset || !known)
        known = load(builder);
      value = known;
    } else if (!element.isAbsent) {
      value =
          scf::IfOp::create(
              builder, loc, access.emitCondition(builder, loc, element.guards),
              [&](OpBuilder &nested, Location) {
                scf::YieldOp::create(nested, loc, load(nested));
              },
              [&](OpBuilder &nested, Location) {
                scf::YieldOp::create(nested, loc, zero);
              })
              .getResult(0);
    }
    elements.push_back(value);
  }
  return vector::FromElementsOp::create(builder, loc, type, elements);
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
  if (!isEven || length == 1)
    return gatherElements(builder, loc, access, type);
  if (isWord(type, length) && isSequence(access, length))
    return gatherWords(builder, loc, access, length, type);
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
      return loadRun(builder, loc, access, low, length);
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
