//===- TileHandle.cpp - Tiles that stay in memory, and structures ---------===//

#include "TileHandle.h"
#include "Amos/Placement.h"
#include "amos/Mapping/StageCopy.h"
#include "amos/Transforms/InlineRegion.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Handles
//===----------------------------------------------------------------------===//

/// Elements from the start of the panels, over coordinates and the tile's own.
static AffineExpr linearize(ArrayRef<AffineExpr> index,
                            ArrayRef<int64_t> shape) {
  AffineExpr element = index.front();
  for (auto [e, extent] :
       llvm::zip_equal(index.drop_front(), shape.drop_front()))
    element = element * extent + e;
  return element;
}

/// Whether the distance of two elements of the tile is the same at all
/// coordinates.
static bool isRigid(AffineMap index, ArrayRef<int64_t> shape) {
  MLIRContext *context = index.getContext();
  AffineExpr address = linearize(index.getResults(), shape);
  SmallVector<AffineExpr> noDims(index.getNumDims(),
                                 getAffineConstantExpr(0, context));
  SmallVector<AffineExpr> noSymbols(index.getNumSymbols(),
                                    getAffineConstantExpr(0, context));
  AffineExpr difference = address - address.replaceDims(noDims) -
                          (address.replaceSymbols(noSymbols) -
                           address.replaceDimsAndSymbols(noDims, noSymbols));
  return simplifyAffineExpr(difference, index.getNumDims(),
                            index.getNumSymbols()) == 0;
}

/// Whether tiles start where no bit that a swizzle reads is set.
static bool startsAtom(AffineMap index, ArrayRef<int64_t> shape,
                       int64_t elementBytes, int64_t align) {
  MLIRContext *context = index.getContext();
  SmallVector<AffineExpr> noSymbols(index.getNumSymbols(),
                                    getAffineConstantExpr(0, context));
  SmallVector<AffineExpr> start =
      llvm::map_to_vector(index.getResults(), [&](AffineExpr e) {
        return e.replaceSymbols(noSymbols);
      });
  start.back() = getAffineConstantExpr(0, context);
  AffineExpr row = simplifyAffineExpr(linearize(start, shape) * elementBytes,
                                      index.getNumDims(), 0);
  return row.getLargestKnownDivisor() % align == 0;
}

/// The map of tile coordinates alone, as its dimensions.
static AffineMap getTileMap(AffineMap index) {
  MLIRContext *context = index.getContext();
  SmallVector<AffineExpr> noDims(index.getNumDims(),
                                 getAffineConstantExpr(0, context));
  SmallVector<AffineExpr> dims;
  for (unsigned s = 0; s < index.getNumSymbols(); ++s)
    dims.push_back(getAffineDimExpr(s, context));
  return index.replaceDimsAndSymbols(noDims, dims, dims.size(), 0);
}

FailureOr<Value> amos::emitHandle(OpBuilder &builder, LoadOp load,
                                  IntrinsicOp intrinsic, Value memref,
                                  ValueRange coordinates) {
  Location loc = load.getLoc();
  TileType tile = load.getTile().getType();
  auto place =
      cast<MemoryAttr>((*intrinsic.getPlacements())[tile.getOperand()]);
  auto layout = cast<LayoutOp>(SymbolTable::lookupSymbolIn(
      intrinsic->getParentOp(), place.getLayout().getAttr()));
  auto type = cast<MemRefType>(memref.getType());
  int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  AffineMap index = load.getIndex();
  if (type.getRank() != 3 || !type.getLayout().isIdentity() ||
      load.getGuards() || !isRigid(index, type.getShape()) ||
      !startsAtom(index, type.getShape(), bytes, layout.getAlign().value_or(1)))
    return load.emitError("expected whole panels of rows, from which '")
           << intrinsic.getSymName() << "' could read its operand "
           << tile.getOperand();
  auto strides = solveStrides(place, layout, getTileMap(index), tile.getShape(),
                              type.getShape(), bytes);
  if (auto *reason = std::get_if<Reason>(&strides))
    return load.emitError() << reason->message;

  SmallVector<AffineExpr> noSymbols(index.getNumSymbols(),
                                    builder.getAffineConstantExpr(0));
  AffineExpr start =
      linearize(index.getResults(), type.getShape()).replaceSymbols(noSymbols) *
      bytes;
  Value offset = getValueOrCreateConstantIndexOp(
      builder, loc,
      affine::makeComposedFoldedAffineApply(
          builder, loc, AffineMap::get(index.getNumDims(), 0, start),
          getAsOpFoldResult(coordinates)));
  Value address =
      memref::ExtractAlignedPointerAsIndexOp::create(builder, loc, memref);
  address = arith::AddIOp::create(builder, loc, address, offset);
  address =
      arith::IndexCastOp::create(builder, loc, builder.getI64Type(), address);
  auto level = cast<LevelOp>(SymbolTable::lookupSymbolIn(
      intrinsic->getParentOp(), layout.getLevelAttr().getAttr()));
  SmallVector<Value> values = {
      LLVM::IntToPtrOp::create(builder, loc, *level.getAddress(), address)};
  if (layout.getHandle().empty())
    return load.emitError("expected a 'handle' of layout '")
           << layout.getSymName() << "'";
  for (int64_t stride : std::get<SmallVector<int64_t>>(strides)) {
    Type wanted = layout.getHandle().getArgument(values.size()).getType();
    values.push_back(arith::ConstantOp::create(
        builder, loc, builder.getIntegerAttr(wanted, stride)));
  }
  return inlineRegion(layout.getHandle(), values, builder).front();
}

//===----------------------------------------------------------------------===//
// Structures
//===----------------------------------------------------------------------===//

Type amos::getVectorType(Type fragment) {
  if (!isa<LLVM::LLVMStructType>(fragment))
    return fragment;
  std::optional<Scalars> scalars = getScalars(fragment);
  return scalars ? VectorType::get(scalars->count, scalars->type) : fragment;
}

static SmallVector<Value> getElements(OpBuilder &builder, Location loc,
                                      Value fragment) {
  SmallVector<Value> elements;
  auto type = cast<VectorType>(getVectorType(fragment.getType()));
  for (int64_t n = 0; n < type.getNumElements(); ++n)
    elements.push_back(
        isa<VectorType>(fragment.getType())
            ? Value(vector::ExtractOp::create(builder, loc, fragment, n))
            : Value(LLVM::ExtractValueOp::create(builder, loc, fragment, n)));
  return elements;
}

Value amos::toVector(OpBuilder &builder, Location loc, Value fragment) {
  if (!isa<LLVM::LLVMStructType>(fragment.getType()))
    return fragment;
  return vector::FromElementsOp::create(
      builder, loc, cast<VectorType>(getVectorType(fragment.getType())),
      getElements(builder, loc, fragment));
}

Value amos::fromVector(OpBuilder &builder, Location loc, Value vector,
                       Type fragment) {
  if (!isa<LLVM::LLVMStructType>(fragment))
    return vector;
  Value result = LLVM::UndefOp::create(builder, loc, fragment);
  for (auto [n, element] : llvm::enumerate(getElements(builder, loc, vector)))
    result = LLVM::InsertValueOp::create(builder, loc, result, element, n);
  return result;
}

/// The letter of a register in PTX's inline assembly (CUDA's guide to it,
/// section 2.1), 0 if there is none.
static char getRegisterLetter(Type type) {
  if (type.isF32())
    return 'f';
  if (type.isF64())
    return 'd';
  if (type.isInteger(32))
    return 'r';
  return type.isInteger(64) ? 'l' : 0;
}

Value amos::emitSettled(OpBuilder &builder, Location loc, Value fragment) {
  auto type = dyn_cast<VectorType>(getVectorType(fragment.getType()));
  char letter = type ? getRegisterLetter(type.getElementType()) : 0;
  if (!letter)
    return nullptr;
  SmallVector<std::string> constraints;
  for (int64_t n = 0; n < type.getNumElements(); ++n)
    constraints.push_back(std::string("=") + letter);
  for (int64_t n = 0; n < type.getNumElements(); ++n)
    constraints.push_back(std::to_string(n));
  SmallVector<Type> members(type.getNumElements(), type.getElementType());
  auto record = LLVM::LLVMStructType::getLiteral(builder.getContext(), members);
  auto settled = LLVM::InlineAsmOp::create(
      builder, loc, record, getElements(builder, loc, fragment), "",
      llvm::join(constraints, ","), /*has_side_effects=*/true,
      /*is_align_stack=*/false, LLVM::tailcallkind::TailCallKind::None,
      LLVM::AsmDialectAttr::get(builder.getContext(), LLVM::AsmDialect::AD_ATT),
      ArrayAttr());
  Value result = settled.getResult(0);
  if (fragment.getType() == record)
    return result;
  return fromVector(builder, loc, toVector(builder, loc, result),
                    fragment.getType());
}
