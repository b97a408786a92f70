//===- StoreFragment.cpp - From registers to memory -----------------------===//

#include "ApplyToLanes.h"
#include "FragmentAccess.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

/// Stores `length` elements from number `first` on, which lie side by side.
static void storeRun(OpBuilder &builder, Location loc,
                     const FragmentAccess &access, Value vector, unsigned first,
                     unsigned length) {
  const FragmentAccess::Element &element = access.elements[first];
  if (length == 1) {
    Value scalar =
        vector::ExtractOp::create(builder, loc, vector, int64_t(first));
    memref::StoreOp::create(builder, loc, scalar, access.memref,
                            access.emitIndex(builder, loc, element));
    return;
  }
  Value run = vector::ExtractStridedSliceOp::create(
      builder, loc, vector, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{length},
      ArrayRef<int64_t>{1});
  auto [buffer, index] = access.emitRun(builder, loc, element, length);
  vector::StoreOp::create(builder, loc, run, buffer, index,
                          /*nontemporal=*/false,
                          access.getAlignment(element, length));
}

static void storeElements(OpBuilder &builder, Location loc,
                          const FragmentAccess &access, Value vector) {
  for (unsigned e = 0, length = 1; e < access.elements.size(); e += length) {
    const FragmentAccess::Element &element = access.elements[e];
    length = 1;
    if (element.isAbsent)
      continue;
    length = access.getRun(e);
    if (element.guards.empty()) {
      storeRun(builder, loc, access, vector, e, length);
      continue;
    }
    scf::IfOp::create(builder, loc,
                      access.emitCondition(builder, loc, element.guards),
                      [&](OpBuilder &nested, Location) {
                        storeRun(nested, loc, access, vector, e, length);
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
  // One element may lie in a memref of rank 0, which no vector fits.
  if (access.elements.size() == 1 || !isPrefix(access, present))
    return storeElements(builder, loc, access, vector);
  auto type = cast<VectorType>(vector.getType());
  auto [buffer, index] = access.emitRun(builder, loc, access.elements.front(),
                                        type.getNumElements());
  if (present == type.getNumElements()) {
    vector::StoreOp::create(
        builder, loc, vector, buffer, index, /*nontemporal=*/false,
        access.getAlignment(access.elements.front(), present));
    return;
  }
  Value mask = vector::ConstantMaskOp::create(
      builder, loc, type.clone(builder.getI1Type()), present);
  vector::MaskedStoreOp::create(builder, loc, buffer, index, mask, vector);
}

/// The elements that a fragment begins with and then repeats.
static size_t countDistinct(const FragmentAccess &access) {
  auto getOffset = [&](size_t e) { return access.elements[e].offset; };
  size_t period = 1, count = access.elements.size();
  while (period < count && getOffset(period) != getOffset(0))
    ++period;
  for (size_t e = 0; e < count; ++e)
    if (!getOffset(e) || getOffset(e) != getOffset(e % period))
      return count;
  return period;
}

/// Sources first, as nothing that is read later moves in front of a store.
Value amos::finishFragment(OpBuilder &builder, Location loc, Value vector,
                           const StoreBody &body) {
  if (!isa<VectorType>(vector.getType()))
    vector = vector::BroadcastOp::create(
        builder, loc, VectorType::get(1, vector.getType()), vector);
  if (body.region.empty())
    return vector;
  SmallVector<Value> values = {vector};
  auto type = cast<VectorType>(vector.getType());
  for (const FragmentAccess &source : body.sources)
    values.push_back(
        loadFragment(builder, loc, source, type.clone(source.elementType)));
  return applyToLanes(builder, loc, body.region.front(), values,
                      type.getNumElements())
      .front();
}

void amos::storeFragment(OpBuilder &builder, Location loc,
                         FragmentAccess access, Value fragment,
                         const StoreBody &body) {
  if (!isa<VectorType>(fragment.getType()))
    fragment = vector::BroadcastOp::create(
        builder, loc, VectorType::get(1, fragment.getType()), fragment);
  SmallVector<FragmentAccess> sources = body.sources;
  if (size_t distinct = countDistinct(access);
      distinct < access.elements.size()) {
    access.elements.truncate(distinct);
    for (FragmentAccess &source : sources)
      source.elements.truncate(distinct);
    fragment = vector::ExtractStridedSliceOp::create(
        builder, loc, fragment, ArrayRef<int64_t>{0},
        ArrayRef<int64_t>(int64_t(distinct)), ArrayRef<int64_t>{1});
  }
  if (std::optional<SmallVector<AffineExpr>> guards = access.getCommonGuards();
      guards && !guards->empty()) {
    StoreBody present{body.region, {}};
    for (const FragmentAccess &source : sources)
      present.sources.push_back(source.withoutGuards());
    scf::IfOp::create(builder, loc, access.emitCondition(builder, loc, *guards),
                      [&](OpBuilder &nested, Location) {
                        storeVector(
                            nested, loc, access.withoutGuards(),
                            finishFragment(nested, loc, fragment, present));
                        scf::YieldOp::create(nested, loc);
                      });
    return;
  }
  storeVector(builder, loc, access,
              finishFragment(builder, loc, fragment, {body.region, sources}));
}
