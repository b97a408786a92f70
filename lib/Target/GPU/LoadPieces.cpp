//===- LoadPieces.cpp - Pieces that pass through registers ----------------===//

#include "Filling.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Loads
//===----------------------------------------------------------------------===//

/// `loaded` elements from where `part` begins, zero where `isThere` does not
/// hold.
Value Filling::loadIf(OpBuilder &builder, Value isThere, const Piece &part,
                      Value thread) const {
  Type element = cast<MemRefType>(target.getType()).getElementType();
  Type type = loaded == 1 ? element : VectorType::get(loaded, element);
  auto load = [&](OpBuilder &nested) -> Value {
    SmallVector<Value> at;
    for (AffineExpr e : index)
      at.push_back(apply(nested, put(e, part), thread));
    if (loaded == 1)
      return memref::LoadOp::create(nested, loc, source, at);
    return vector::LoadOp::create(nested, loc, cast<VectorType>(type), source,
                                  at, /*nontemporal=*/false,
                                  llvm::MaybeAlign(loaded * elementBytes));
  };
  if (!isThere)
    return load(builder);
  return scf::IfOp::create(
             builder, loc, isThere,
             [&](OpBuilder &nested, Location) {
               scf::YieldOp::create(nested, loc, load(nested));
             },
             [&](OpBuilder &nested, Location) {
               Value zero = arith::ConstantOp::create(
                   nested, loc, cast<TypedAttr>(nested.getZeroAttr(type)));
               scf::YieldOp::create(nested, loc, zero);
             })
      .getResult(0);
}

/// `value`, a part, with zeros where `width` elements of it are not there,
/// which `conditions` tell in order. Whole words are cleared as such, where a
/// select of each element would take it out of its register.
Value Filling::clear(OpBuilder &builder, Value value,
                     ArrayRef<Value> conditions) const {
  constexpr int64_t wordBytes = 4;
  auto type = cast<VectorType>(value.getType());
  int64_t partBytes = width * elementBytes;
  bool hasWords = partBytes % wordBytes == 0;
  int64_t step = hasWords ? partBytes / wordBytes : width;
  VectorType word = type;
  if (hasWords)
    word = VectorType::get(loaded * elementBytes / wordBytes,
                           builder.getI32Type());
  Value bits =
      word == type
          ? value
          : Value(vector::BitCastOp::create(builder, loc, word, value));
  auto part = VectorType::get(step, word.getElementType());
  Value zero = arith::ConstantOp::create(
      builder, loc, cast<TypedAttr>(builder.getZeroAttr(part)));
  for (auto [n, isThere] : llvm::enumerate(conditions)) {
    int64_t first = int64_t(n) * step;
    Value own = vector::ExtractStridedSliceOp::create(
        builder, loc, bits, ArrayRef<int64_t>{first}, ArrayRef<int64_t>{step},
        ArrayRef<int64_t>{1});
    own = arith::SelectOp::create(builder, loc, isThere, own, zero);
    bits = vector::InsertStridedSliceOp::create(builder, loc, own, bits,
                                                ArrayRef<int64_t>{first},
                                                ArrayRef<int64_t>{1});
  }
  return word == type
             ? bits
             : Value(vector::BitCastOp::create(builder, loc, type, bits));
}

/// What of a piece is read at once, zero where it is not there or not this
/// thread's.
Value Filling::loadPart(OpBuilder &builder, const Piece &part,
                        Value thread) const {
  SmallVector<Value> conditions;
  for (int64_t first = 0; first < loaded; first += width) {
    Piece guarded = part;
    if (first)
      guarded.at.back() = guarded.at.back() + first;
    conditions.push_back(emitCondition(builder, guarded, thread));
  }
  Value isThere = conditions.front();
  for (Value other : ArrayRef(conditions).drop_front())
    isThere =
        isThere && other
            ? arith::OrIOp::create(builder, loc, isThere, other).getResult()
            : Value();
  if (part.isMine)
    isThere = isThere
                  ? arith::AndIOp::create(builder, loc, isThere, part.isMine)
                  : part.isMine;
  Value value = loadIf(builder, isThere, part, thread);
  return loaded > width && conditions.front()
             ? clear(builder, value, conditions)
             : value;
}

Value Filling::loadPiece(OpBuilder &builder, const Piece &piece,
                         Value thread) const {
  if (loaded == written)
    return loadPart(builder, piece, thread);
  auto type = VectorType::get(
      written, cast<MemRefType>(target.getType()).getElementType());
  Value whole = arith::ConstantOp::create(
      builder, loc, cast<TypedAttr>(builder.getZeroAttr(type)));
  for (int64_t first = 0; first < written; first += loaded) {
    Piece part = piece;
    part.at.back() = part.at.back() + first;
    Value value = loadPart(builder, part, thread);
    whole =
        loaded == 1
            ? Value(vector::InsertOp::create(builder, loc, value, whole, first))
            : Value(vector::InsertStridedSliceOp::create(
                  builder, loc, value, whole, ArrayRef<int64_t>{first},
                  ArrayRef<int64_t>{1}));
  }
  return whole;
}

void Filling::load(OpBuilder &builder, Value thread) {
  this->thread = thread;
  pieces = dealOut(builder, thread);
  for (Piece &piece : pieces)
    piece.value = loadPiece(builder, piece, thread);
}

//===----------------------------------------------------------------------===//
// Stores
//===----------------------------------------------------------------------===//

/// The target with as few dimensions as the pieces have, one if it is swizzled.
Value Filling::flatten(OpBuilder &builder) const {
  auto type = cast<MemRefType>(target.getType());
  SmallVector<ReassociationIndices> groups = merged;
  if (!swizzle.empty()) {
    groups.assign(1, {});
    for (int64_t d = 0; d < type.getRank(); ++d)
      groups.front().push_back(d);
  }
  if (groups.size() == size_t(type.getRank()))
    return target;
  return memref::CollapseShapeOp::create(builder, loc, target, groups);
}

/// Where an element of a swizzled target lies, its number before given.
Value Filling::emitSwizzled(OpBuilder &builder, Value element) const {
  int64_t shift = llvm::Log2_64(elementBytes);
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  Value bits = arith::ShRUIOp::create(builder, loc, element,
                                      constant(swizzle[1] - shift));
  bits = arith::AndIOp::create(builder, loc, bits,
                               constant((int64_t(1) << swizzle[0]) - 1));
  bits =
      arith::ShLIOp::create(builder, loc, bits, constant(swizzle[2] - shift));
  return arith::XOrIOp::create(builder, loc, element, bits);
}

void Filling::storePiece(OpBuilder &builder, Value flat,
                         const Piece &piece) const {
  SmallVector<Value> at;
  if (swizzle.empty()) {
    for (AffineExpr e : piece.at)
      at.push_back(apply(builder, e, thread));
  } else {
    AffineExpr element = builder.getAffineConstantExpr(0);
    for (auto [e, stride] : llvm::zip_equal(piece.at, strides))
      element = element + e * stride;
    at.push_back(emitSwizzled(builder, apply(builder, element, thread)));
  }
  if (written == 1)
    memref::StoreOp::create(builder, loc, piece.value, flat, at);
  else
    vector::StoreOp::create(builder, loc, piece.value, flat, at,
                            /*nontemporal=*/false,
                            llvm::MaybeAlign(written * elementBytes));
}

void Filling::store(OpBuilder &builder) {
  Value flat = flatten(builder);
  for (Piece &piece : pieces) {
    if (!piece.isMine) {
      storePiece(builder, flat, piece);
      continue;
    }
    scf::IfOp::create(builder, loc, piece.isMine,
                      [&](OpBuilder &nested, Location) {
                        storePiece(nested, flat, piece);
                        scf::YieldOp::create(nested, loc);
                      });
  }
}

/// Pieces of a lane that are on their way at a time, and reads of those.
static constexpr int64_t mostPieces = 8, mostReads = 32;

void Filling::fill(OpBuilder &builder, Value thread) {
  this->thread = thread;
  size_t most = std::min(mostPieces, mostReads * loaded / written);
  SmallVector<Piece> all = dealOut(builder, thread);
  for (size_t first = 0; first < all.size(); first += most) {
    pieces.assign(all.begin() + first,
                  all.begin() + std::min(first + most, all.size()));
    for (Piece &piece : pieces)
      piece.value = loadPiece(builder, piece, thread);
    store(builder);
  }
}
