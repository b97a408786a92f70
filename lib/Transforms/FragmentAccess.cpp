//===- FragmentAccess.cpp - Moving fragments between memory and registers -===//

#include "FragmentAccess.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Where the elements lie
//===----------------------------------------------------------------------===//

/// The position in memory that memref coordinates stand for, in elements; null
/// when a stride is not a constant.
static AffineExpr linearize(AffineMap index, MemRefType type) {
  SmallVector<int64_t> strides;
  int64_t base;
  MLIRContext *context = index.getContext();
  if (failed(type.getStridesAndOffset(strides, base)) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AffineExpr position = getAffineConstantExpr(0, context);
  for (auto [e, stride] : llvm::zip_equal(index.getResults(), strides))
    position = position + e * stride;
  return simplifyAffineExpr(position, index.getNumDims(), 0);
}

/// The guards of an element; false when one fails for sure.
static bool foldGuards(ArrayRef<AffineExpr> guards,
                       SmallVectorImpl<AffineExpr> &kept) {
  for (AffineExpr guard : guards) {
    auto constant = dyn_cast<AffineConstantExpr>(guard);
    if (!constant)
      kept.push_back(guard);
    else if (constant.getValue() < 0)
      return false;
  }
  return true;
}

FragmentAccess FragmentAccess::get(Value memref, ValueRange coordinates,
                                   AffineMap index, IntegerSet guards,
                                   AffineMap fragment, unsigned numElements) {
  auto type = cast<MemRefType>(memref.getType());
  FragmentAccess access{memref, coordinates, {}, type.getElementType()};
  MLIRContext *context = index.getContext();
  unsigned numDims = index.getNumDims();
  AffineExpr origin;
  for (unsigned e = 0; e < numElements; ++e) {
    SmallVector<AffineExpr> at;
    for (AffineExpr coordinate : fragment.getResults())
      at.push_back(simplifyAffineExpr(
          coordinate.replaceDims({getAffineConstantExpr(e, context)}), 0, 0));
    auto evaluate = [&](AffineExpr expr) {
      return simplifyAffineExpr(expr.replaceSymbols(at), numDims, 0);
    };
    Element &element = access.elements.emplace_back();
    element.index = AffineMap::get(
        numDims, 0, llvm::map_to_vector(index.getResults(), evaluate), context);
    if (guards)
      element.isAbsent =
          !foldGuards(llvm::map_to_vector(guards.getConstraints(), evaluate),
                      element.guards);
    AffineExpr position = linearize(element.index, type);
    if (e == 0)
      origin = position;
    if (position)
      if (auto offset = dyn_cast<AffineConstantExpr>(
              simplifyAffineExpr(position - origin, numDims, 0)))
        element.offset = offset.getValue();
  }
  return access;
}

bool FragmentAccess::isUnguarded() const {
  return llvm::all_of(elements, [](const Element &element) {
    return !element.isAbsent && element.guards.empty();
  });
}

std::optional<SmallVector<AffineExpr>> FragmentAccess::getCommonGuards() const {
  for (const Element &element : elements)
    if (element.isAbsent || element.guards != elements.front().guards)
      return std::nullopt;
  return elements.front().guards;
}

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

static SmallVector<Value> emitIndex(OpBuilder &builder, Location loc,
                                    const FragmentAccess &access,
                                    const FragmentAccess::Element &element) {
  SmallVector<OpFoldResult> operands = getAsOpFoldResult(access.coordinates);
  return llvm::map_to_vector(
      element.index.getResults(), [&](AffineExpr expr) -> Value {
        AffineMap map = AffineMap::get(element.index.getNumDims(), 0, expr);
        return getValueOrCreateConstantIndexOp(
            builder, loc,
            affine::makeComposedFoldedAffineApply(builder, loc, map, operands));
      });
}

static Value emitCondition(OpBuilder &builder, Location loc,
                           const FragmentAccess &access,
                           ArrayRef<AffineExpr> guards) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value all;
  for (AffineExpr guard : guards) {
    Value value = affine::makeComposedAffineApply(
        builder, loc, AffineMap::get(access.coordinates.size(), 0, guard),
        getAsOpFoldResult(access.coordinates));
    Value holds = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::sge,
                                        value, zero);
    all = all ? Value(arith::AndIOp::create(builder, loc, all, holds)) : holds;
  }
  return all;
}

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

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
  return vector::LoadOp::create(
      builder, loc, VectorType::get(length, access.elementType), access.memref,
      emitIndex(builder, loc, access, getElementAt(access, offset)));
}

/// One run repeated over the whole fragment. Repeating a machine word keeps it
/// one broadcast instruction.
static Value repeatRun(OpBuilder &builder, Location loc, Value run,
                       VectorType type) {
  auto runType = cast<VectorType>(run.getType());
  int64_t bits = runType.getNumElements() * runType.getElementTypeBitWidth();
  Type word = builder.getIntegerType(bits);
  Value scalar = vector::ExtractOp::create(
      builder, loc,
      vector::BitCastOp::create(builder, loc, VectorType::get(1, word), run),
      0);
  auto words =
      VectorType::get(type.getNumElements() / runType.getNumElements(), word);
  return vector::BitCastOp::create(
      builder, loc, type,
      vector::BroadcastOp::create(builder, loc, words, scalar));
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
                                    emitIndex(nested, loc, access, element));
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
              builder, loc, emitCondition(builder, loc, access, element.guards),
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
  int64_t bits = length * type.getElementTypeBitWidth();
  if (runs->size() == 1 && length == 1) {
    Value scalar = memref::LoadOp::create(
        builder, loc, access.memref,
        emitIndex(builder, loc, access, access.elements.front()));
    return vector::BroadcastOp::create(builder, loc, type, scalar);
  }
  if (runs->size() == 1 && isRepetition(access, low, length)) {
    Value run = loadRun(builder, loc, access, low, length);
    if (length == numElements)
      return run;
    if (bits == 16 || bits == 32 || bits == 64)
      return repeatRun(builder, loc, run, type);
  }
  bool isEven =
      llvm::all_of(*runs, [&](auto &run) { return run.second == length; });
  if (isEven && length > 1)
    return shuffleRuns(builder, loc, access, *runs, type);
  return gatherElements(builder, loc, access, type);
}

/// `access` with the guards removed.
static FragmentAccess withoutGuards(FragmentAccess access) {
  for (FragmentAccess::Element &element : access.elements)
    element.guards.clear();
  return access;
}

Value amos::loadFragment(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, Type type) {
  if (std::optional<SmallVector<AffineExpr>> guards = access.getCommonGuards();
      guards && !guards->empty()) {
    FragmentAccess present = withoutGuards(access);
    return scf::IfOp::create(
               builder, loc, emitCondition(builder, loc, access, *guards),
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

//===----------------------------------------------------------------------===//
// Storing
//===----------------------------------------------------------------------===//

static void storeElements(OpBuilder &builder, Location loc,
                          const FragmentAccess &access, Value vector) {
  for (auto [e, entry] : llvm::enumerate(access.elements)) {
    const FragmentAccess::Element &element = entry;
    int64_t position = e;
    if (element.isAbsent)
      continue;
    auto store = [&](OpBuilder &nested) {
      Value scalar = vector::ExtractOp::create(nested, loc, vector, position);
      memref::StoreOp::create(nested, loc, scalar, access.memref,
                              emitIndex(nested, loc, access, element));
    };
    if (element.guards.empty()) {
      store(builder);
      continue;
    }
    scf::IfOp::create(builder, loc,
                      emitCondition(builder, loc, access, element.guards),
                      [&](OpBuilder &nested, Location) {
                        store(nested);
                        scf::YieldOp::create(nested, loc);
                      });
  }
}

/// Whether the elements lie in order, the first `present` of them there.
static bool isPrefix(const FragmentAccess &access, int64_t &present) {
  present = llvm::count_if(access.elements, [](auto &element) {
    return !element.isAbsent && element.guards.empty();
  });
  for (auto [e, element] : llvm::enumerate(access.elements)) {
    bool isThere = !element.isAbsent && element.guards.empty();
    if (element.offset != int64_t(e) || isThere != (int64_t(e) < present) ||
        (!isThere && !element.isAbsent))
      return false;
  }
  return true;
}

static void storeVector(OpBuilder &builder, Location loc,
                        const FragmentAccess &access, Value vector) {
  int64_t present;
  if (!isPrefix(access, present))
    return storeElements(builder, loc, access, vector);
  SmallVector<Value> index =
      emitIndex(builder, loc, access, access.elements.front());
  auto type = cast<VectorType>(vector.getType());
  if (present == type.getNumElements()) {
    vector::StoreOp::create(builder, loc, vector, access.memref, index);
    return;
  }
  Value mask = vector::ConstantMaskOp::create(
      builder, loc, type.clone(builder.getI1Type()), present);
  vector::MaskedStoreOp::create(builder, loc, access.memref, index, mask,
                                vector);
}

void amos::storeFragment(OpBuilder &builder, Location loc,
                         const FragmentAccess &access, Value fragment) {
  if (!isa<VectorType>(fragment.getType()))
    fragment = vector::BroadcastOp::create(
        builder, loc, VectorType::get(1, fragment.getType()), fragment);
  if (std::optional<SmallVector<AffineExpr>> guards = access.getCommonGuards();
      guards && !guards->empty()) {
    scf::IfOp::create(
        builder, loc, emitCondition(builder, loc, access, *guards),
        [&](OpBuilder &nested, Location) {
          storeVector(nested, loc, withoutGuards(access), fragment);
          scf::YieldOp::create(nested, loc);
        });
    return;
  }
  storeVector(builder, loc, access, fragment);
}
