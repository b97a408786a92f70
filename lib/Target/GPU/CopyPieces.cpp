//===- CopyPieces.cpp - Filling a buffer by asynchronous copies -----------===//
//
// A copy that one thread issues, of bytes that lie side by side in both
// memories, moves a piece without passing through registers. Addresses are a
// part that pieces have in common and a constant.
//
//===----------------------------------------------------------------------===//

#include "Filling.h"
#include "amos/Mapping/FragmentCopy.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace amos;

/// Whether one lane points at that many bytes somewhere.
static bool isLine(RowsAttr rows, int64_t bytes) {
  return rows && rows.getMap().getNumDims() == 0 && rows.getBytes() == bytes;
}

/// What is not there can be left out, and is zero then.
static bool zeroFills(CopyOp copy) {
  return copy.getBounds() == "zero" && copy.getPartial();
}

CopyOp Filling::findCopy() const {
  StringRef level = getLevelName(target);
  int64_t bytes = width * elementBytes;
  if (!linearize(index, cast<MemRefType>(source.getType())) ||
      llvm::any_of(strides, ShapedType::isDynamic))
    return nullptr;
  AcceleratorOp machine = group.machine;
  for (auto copy : machine.getOps<CopyOp>()) {
    auto from = dyn_cast<RowsAttr>(copy.getFrom());
    auto to = dyn_cast<RowsAttr>(copy.getTo());
    auto group = copy.getCompletes()
                     ? SymbolTable::lookupNearestSymbolFrom<GroupOp>(
                           copy, copy.getCompletesAttr())
                     : GroupOp();
    bool arrives = isLine(from, bytes) && isLine(to, bytes) &&
                   from.getLevel().getValue() != level &&
                   to.getLevel().getValue() == level;
    if (arrives && group && bytes % copy.getElement() == 0 &&
        (guards.empty() || zeroFills(copy)) && !copy.getState() &&
        copy.getEpilogue().empty())
      return copy;
  }
  return nullptr;
}

/// The address of element `position` of a memref.
Value Filling::emitAddress(OpBuilder &builder, Value memref,
                           AffineExpr position, Type pointer,
                           Value thread) const {
  auto [variable, constant] = splitConstant(position);
  Type word = builder.getI64Type(), byte = builder.getI8Type();
  Value base =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, memref);
  base = arith::IndexCastOp::create(builder, loc, word, base);
  auto metadata =
      memref::ExtractStridedMetadataOp::create(builder, loc, memref);
  Value start = arith::MulIOp::create(
      builder, loc, metadata.getOffset(),
      arith::ConstantIndexOp::create(builder, loc, elementBytes));
  Value there = apply(builder, variable * elementBytes, thread);
  base = LLVM::IntToPtrOp::create(builder, loc, pointer, base);
  for (Value offset : {there, start})
    base = LLVM::GEPOp::create(builder, loc, pointer, byte, base,
                               LLVM::GEPArg(Value(arith::IndexCastOp::create(
                                   builder, loc, word, offset))));
  return LLVM::GEPOp::create(builder, loc, pointer, byte, base,
                             LLVM::GEPArg(int32_t(constant * elementBytes)));
}

void Filling::emitCopies(OpBuilder &builder, CopyOp copy, Value thread) {
  Region &lowering = copy.getLowering();
  Type fromType = lowering.getArgument(0).getType();
  Type toType = lowering.getArgument(1).getType();
  AffineExpr from = linearize(index, cast<MemRefType>(source.getType()));
  AffineExpr to = getAffineConstantExpr(0, op.getContext());
  for (auto [d, stride] : llvm::enumerate(strides))
    to = to + getAffineSymbolExpr(d, op.getContext()) * stride;
  auto emit = [&](OpBuilder &nested, const Piece &piece) {
    SmallVector<Value> values = {
        emitAddress(nested, source, put(from, piece), fromType, thread),
        emitAddress(nested, target, put(to, piece), toType, thread)};
    Value isThere = emitCondition(nested, piece, thread);
    auto partial = copy.getPartial().value_or(ArrayRef<int64_t>());
    for (int64_t dimension : partial) {
      Type type = lowering.getArgument(values.size()).getType();
      auto constant = [&](int64_t value) -> Value {
        return arith::ConstantIntOp::create(nested, loc, type, value);
      };
      Value extent = constant(copy.getExtents()[dimension]);
      values.push_back(isThere ? arith::SelectOp::create(nested, loc, isThere,
                                                         extent, constant(0))
                               : extent);
    }
    inlineRegion(lowering, values, nested);
  };
  for (const Piece &piece : dealOut(builder, thread)) {
    if (!piece.isMine) {
      emit(builder, piece);
      continue;
    }
    scf::IfOp::create(builder, loc, piece.isMine,
                      [&](OpBuilder &nested, Location) {
                        emit(nested, piece);
                        scf::YieldOp::create(nested, loc);
                      });
  }
}
