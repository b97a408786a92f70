//===- LoadFragment.cpp - From memory to registers ------------------------===//

#include "FragmentAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Runs of elements that lie next to each other in memory, by offset. Nothing
/// when an offset is unknown or an element is absent.
static std::optional<SmallVector<std::pair<int64_t, int64_t>>>
getRuns(const FragmentAccess &access) {
  SmallVector<int64_t> offsets;
  for (const FragmentAccess::Element &element : access.elements) {
    if (!element.offset || element.isAbsent)
      return std::nullopt;
    offsets.push_back(*element.offset);
  }
  llvm::sort(offsets);
  offsets.erase(llvm::unique(offsets), offsets.end());
  SmallVector<std::pair<int64_t, int64_t>> runs;
  for (int64_t offset : offsets) {
    if (runs.empty() || runs.back().first + runs.back().second != offset)
      runs.push_back({offset, 0});
    ++runs.back().second;
  }
  return runs;
}

static const FragmentAccess::Element &getElementAt(const FragmentAccess &access,
                                                   int64_t offset) {
  return *llvm::find_if(access.elements,
                        [&](const FragmentAccess::Element &element) {
                          return element.offset == offset;
                        });
}

/// `length` elements that lie together, from `offset` on.
static Value loadRun(OpBuilder &builder, Location loc,
                     const FragmentAccess &access, int64_t offset,
                     int64_t length) {
  const FragmentAccess::Element &element = getElementAt(access, offset);
  auto [buffer, index] = access.emitRun(builder, loc, element, length);
  return vector::LoadOp::create(
      builder, loc, VectorType::get(length, access.elementType), buffer, index,
      /*nontemporal=*/false, access.getAlignment(element, length));
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
  if (access.elements.size() % length)
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

/// Concatenates the runs and puts their elements in fragment order.
static Value shuffleRuns(OpBuilder &builder, Location loc,
                         const FragmentAccess &access,
                         ArrayRef<std::pair<int64_t, int64_t>> runs,
                         VectorType type) {
  int64_t length = runs.front().second;
  auto whole = VectorType::get(length * runs.size(), access.elementType);
  Value all = arith::ConstantOp::create(builder, loc, whole,
                                        builder.getZeroAttr(whole));
  llvm::DenseMap<int64_t, int64_t> positions;
  for (auto [number, run] : llvm::enumerate(runs)) {
    Value loaded = loadRun(builder, loc, access, run.first, length);
    all = vector::InsertStridedSliceOp::create(
        builder, loc, loaded, all, ArrayRef<int64_t>(number * length),
        ArrayRef<int64_t>(1));
    for (int64_t i = 0; i < length; ++i)
      positions[run.first + i] = number * length + i;
  }
  SmallVector<int64_t> order;
  for (const FragmentAccess::Element &element : access.elements)
    order.push_back(positions[*element.offset]);
  return vector::ShuffleOp::create(builder, loc, type, all, all, order);
}

/// Element by element; absent elements are zero.
static Value gatherElements(OpBuilder &builder, Location loc,
                            const FragmentAccess &access, VectorType type) {
  Value zero = arith::ConstantOp::create(
      builder, loc, builder.getZeroAttr(access.elementType));
  llvm::DenseMap<int64_t, Value> loaded;
  SmallVector<Value> elements;
  for (const FragmentAccess::Element &element : access.elements) {
    auto load = [&](OpBuilder &nested) -> Value {
      return memref::LoadOp::create(nested, loc, access.memref,
                                    access.emitIndex(nested, loc, element));
    };
    Value value = zero;
    if (!element.isAbsent && element.guards.empty()) {
      Value known = element.offset ? loaded.lookup(*element.offset) : Value();
      value = known ? known : load(builder);
      if (element.offset)
        loaded[*element.offset] = value;
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

/// A scalar placement is a fragment of one element.
static Value loadVector(OpBuilder &builder, Location loc,
                        const FragmentAccess &access, VectorType type) {
  std::optional<SmallVector<std::pair<int64_t, int64_t>>> runs =
      getRuns(access);
  if (!runs || !access.isUnguarded())
    return gatherElements(builder, loc, access, type);
  int64_t numElements = type.getNumElements();
  int64_t low = runs->front().first, length = runs->front().second;
  if (runs->size() == 1 && length == 1) {
    Value scalar = memref::LoadOp::create(
        builder, loc, access.memref,
        access.emitIndex(builder, loc, access.elements.front()));
    return vector::BroadcastOp::create(builder, loc, type, scalar);
  }
  if (runs->size() == 1 && isRepetition(access, low, length)) {
    if (length == numElements)
      return loadRun(builder, loc, access, low, length);
    if (isWord(type, length))
      return repeatRun(builder, loc, access, low, length, type);
  }
  bool isEven =
      llvm::all_of(*runs, [&](auto &run) { return run.second == length; });
  if (isEven && length > 1 && isWord(type, length) &&
      isSequence(access, length))
    return gatherWords(builder, loc, access, length, type);
  if (isEven && length > 1)
    return shuffleRuns(builder, loc, access, *runs, type);
  return gatherElements(builder, loc, access, type);
}

Value amos::loadFragment(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, Type type) {
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
