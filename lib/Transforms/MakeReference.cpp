//===- MakeReference.cpp - Compute in wider types, by plain loops ---------===//
//
// Floats become f64 throughout, so that the rounding of the compiled program is
// what a comparison measures. Only read-only arguments keep their type: both
// programs are given the very same bits.
//
//===----------------------------------------------------------------------===//

#include "SampledLoops.h"
#include "amos/Mapping/PackedTiles.h"
#include "amos/Report/Signature.h"
#include "amos/Transforms/Passes.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AsmState.h"
#include "mlir/IR/AttrTypeSubElements.h"
#include "mlir/IR/DialectResourceBlobManager.h"

namespace amos {
#define GEN_PASS_DEF_MAKEREFERENCE
#include "amos/Transforms/Passes.h.inc"
} // namespace amos

using namespace mlir;

namespace amos {
namespace {
struct MakeReference : impl::MakeReferenceBase<MakeReference> {
  void runOnOperation() override;
  void makeReference(func::FuncOp function, ArrayRef<Type> types,
                     const Signature &signature);
};
} // namespace

//===----------------------------------------------------------------------===//
// Widening
//===----------------------------------------------------------------------===//

static FloatAttr widen(FloatAttr attribute) {
  Type wide = Float64Type::get(attribute.getContext());
  return FloatAttr::get(wide, attribute.getValueAsDouble());
}

static Attribute widen(DenseFPElementsAttr attribute) {
  Type wide = Float64Type::get(attribute.getContext());
  return attribute.mapValues(wide, [](const APFloat &value) {
    APFloat widened = value;
    bool losesInfo;
    widened.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven,
                    &losesInfo);
    return widened.bitcastToAPInt();
  });
}

static void widenFloats(Operation *op) {
  AttrTypeReplacer replacer;
  replacer.addReplacement([](FloatType type) -> Type {
    return Float64Type::get(type.getContext());
  });
  replacer.addReplacement(
      [](FloatAttr attribute) -> Attribute { return widen(attribute); });
  replacer.addReplacement(
      [](DenseFPElementsAttr attribute) { return widen(attribute); });
  replacer.recursivelyReplaceElementsIn(op, /*replaceAttrs=*/true,
                                        /*replaceLocs=*/false,
                                        /*replaceTypes=*/true);
}

/// Between f64 and f64 there is nothing to convert.
static void eraseFloatCasts(Operation *op) {
  op->walk([](Operation *cast) {
    if (!isa<arith::ExtFOp, arith::TruncFOp>(cast))
      return;
    cast->getResult(0).replaceAllUsesWith(cast->getOperand(0));
    cast->erase();
  });
}

/// Weights that front ends keep beside the program become part of it, where
/// they are widened like other constants.
static LogicalResult inlineResources(Operation *op) {
  auto result = op->walk([](Operation *inner) {
    for (NamedAttribute attribute : inner->getAttrs()) {
      auto resource = dyn_cast<DenseResourceElementsAttr>(attribute.getValue());
      if (!resource || !isa<FloatType>(resource.getElementType()))
        continue;
      AsmResourceBlob *blob = resource.getRawHandle().getBlob();
      bool isSplat = false;
      if (!blob || !DenseElementsAttr::isValidRawBuffer(
                       resource.getType(), blob->getData(), isSplat)) {
        inner->emitError("no reference can be made: the resource '")
            << resource.getRawHandle().getKey() << "' has not the data of "
            << resource.getType();
        return WalkResult::interrupt();
      }
      inner->setAttr(attribute.getName(),
                     DenseElementsAttr::getFromRawBuffer(resource.getType(),
                                                         blob->getData()));
    }
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// What reads or makes the bits of a float means nothing after widening.
static LogicalResult checkWidening(Operation *op) {
  auto result = op->walk([](Operation *inner) -> WalkResult {
    if (isa<arith::BitcastOp, tensor::BitcastOp>(inner))
      return inner->emitError("no reference can be made: '")
             << inner->getName() << "' depends on the width of floats";
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

static linalg::GenericOp createWidening(OpBuilder &b, Location loc,
                                        TypeRange results, Value from,
                                        Value to) {
  int64_t rank = cast<ShapedType>(from.getType()).getRank();
  AffineMap identity = b.getMultiDimIdentityMap(rank);
  SmallVector<utils::IteratorType> parallel(rank,
                                            utils::IteratorType::parallel);
  return linalg::GenericOp::create(
      b, loc, results, from, to, ArrayRef{identity, identity}, parallel,
      [](OpBuilder &body, Location loc, ValueRange values) {
        Value wide =
            arith::ExtFOp::create(body, loc, body.getF64Type(), values.front());
        linalg::YieldOp::create(body, loc, wide);
      });
}

/// A buffer of `element` of the extents and strides of `buffer`, since views of
/// it have types that follow from those.
static Value createLike(OpBuilder &b, Value buffer, Type element) {
  Location loc = buffer.getLoc();
  auto type = MemRefType::Builder(cast<MemRefType>(buffer.getType()))
                  .setElementType(element);
  if (MemRefType(type).getLayout().isIdentity())
    return memref::AllocOp::create(
        b, loc, memref::getMixedSizes(b, loc, buffer), element);
  auto layout = memref::ExtractStridedMetadataOp::create(b, loc, buffer);
  Value one = arith::ConstantIndexOp::create(b, loc, 1);
  Value room = arith::AddIOp::create(b, loc, layout.getOffset(), one);
  for (auto [size, stride] :
       llvm::zip_equal(layout.getSizes(), layout.getStrides())) {
    Value span = arith::MulIOp::create(b, loc, size, stride);
    room = arith::AddIOp::create(b, loc, room, span);
  }
  auto flat = MemRefType::get({ShapedType::kDynamic}, element);
  Value memory = memref::AllocOp::create(b, loc, flat, room);
  return memref::ReinterpretCastOp::create(
      b, loc, type, memory, layout.getConstifiedMixedOffset(),
      layout.getConstifiedMixedSizes(), layout.getConstifiedMixedStrides());
}

static Value widenArgument(OpBuilder &b, Value argument) {
  Location loc = argument.getLoc();
  Type f64 = b.getF64Type();
  if (isa<FloatType>(argument.getType()))
    return arith::ExtFOp::create(b, loc, f64, argument);
  auto shaped = cast<ShapedType>(argument.getType());
  if (isa<TensorType>(shaped)) {
    Value empty = tensor::EmptyOp::create(
        b, loc, tensor::getMixedSizes(b, loc, argument), f64);
    return createWidening(b, loc, empty.getType(), argument, empty)
        .getResult(0);
  }
  Value buffer = createLike(b, argument, f64);
  createWidening(b, loc, {}, argument, buffer);
  return buffer;
}

static bool isNarrowFloat(Type type) {
  Type element = getElementTypeOrSelf(type);
  return isa<FloatType>(element) && !element.isF64();
}

/// Gives argument `n` its type back and widens its elements on entry.
static void narrowArgument(func::FuncOp function, unsigned n, Type type) {
  BlockArgument argument = function.getArgument(n);
  auto b = OpBuilder::atBlockBegin(&function.getBody().front());
  SmallVector<Operation *> users(argument.getUsers());
  argument.setType(type);
  Value wide = widenArgument(b, argument);
  for (Operation *user : users)
    user->replaceUsesOfWith(argument, wide);
}

/// A program that was resumed may say of itself what is not so.
static LogicalResult checkArguments(func::FuncOp function,
                                    const Signature &signature) {
  size_t expected = function.getNumArguments() + function.getNumResults();
  if (signature.parameters.size() != expected)
    return function.emitError("no reference can be made: '")
           << Signature::attributeName << "' has "
           << signature.parameters.size() << " parameters, expected "
           << expected << ": the arguments and the results";
  for (Type type : function.getArgumentTypes())
    if (isa<ShapedType>(type) && !isa<RankedTensorType, MemRefType>(type))
      return function.emitError("no reference can be made: an argument is ")
             << type
             << ", expected a number, a tensor or a memref of known rank";
  return success();
}

/// What C callers pass to the reference.
static Signature widen(Signature signature) {
  for (Parameter &parameter : signature.parameters) {
    bool isFloat = !StringRef("iu").contains(parameter.type->name.front());
    if (isFloat && parameter.role != Role::In)
      parameter.type = findElementType("f64");
  }
  auto results = llvm::find_if(signature.parameters, [](const Parameter &p) {
    return p.role == Role::Out;
  });
  for (StringRef name : {"step", "first"}) {
    Parameter parameter;
    parameter.name = name.str();
    parameter.type = findElementType("i64");
    parameter.isScalar = true;
    results = signature.parameters.insert(results, parameter);
  }
  return signature;
}

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

/// The place of the loop that runs along the rows of the result.
static std::optional<unsigned> findRowLoop(linalg::GenericOp op) {
  AffineMap output = op.getIndexingMapsArray().back();
  if (output.getNumResults() == 0)
    return std::nullopt;
  auto row = dyn_cast<AffineDimExpr>(output.getResults().back());
  if (!row)
    return std::nullopt;
  return row.getPosition();
}

/// Makes the loop along the rows of the result the innermost one: each sum is
/// still formed in the same order, but memory is read in order as well.
static void walkRows(linalg::GenericOp op, IRRewriter &rewriter) {
  std::optional<unsigned> row = findRowLoop(op);
  if (!row || op.getNumReductionLoops() == 0)
    return;
  SmallVector<unsigned> order;
  for (unsigned loop = 0; loop < op.getNumLoops(); ++loop)
    if (loop != *row)
      order.push_back(loop);
  order.push_back(*row);
  rewriter.setInsertionPoint(op);
  (void)linalg::interchangeGenericOp(rewriter, op, order);
}

void MakeReference::makeReference(func::FuncOp function, ArrayRef<Type> types,
                                  const Signature &signature) {
  for (auto [n, type] : llvm::enumerate(types))
    if (isNarrowFloat(type) && signature.parameters[n].role == Role::In)
      narrowArgument(function, n, type);
  function.setFunctionType(
      FunctionType::get(&getContext(), function.getBody().getArgumentTypes(),
                        function.getResultTypes()));
  function->setAttr(Signature::attributeName,
                    widen(signature).getAttr(&getContext()));
  for (unsigned n = 0; n < function.getNumArguments(); ++n)
    function.removeArgAttr(n, prepackedAttributeName);
  IRRewriter rewriter(&getContext());
  SmallVector<linalg::GenericOp> ops;
  function.walk([&](linalg::GenericOp op) { ops.push_back(op); });
  for (linalg::GenericOp op : ops)
    walkRows(op, rewriter);
  addSampling(function);
  function.setName((function.getName() + "_reference").str());
}

void MakeReference::runOnOperation() {
  ModuleOp module = getOperation();
  for (auto op : llvm::make_early_inc_range(module.getOps<AcceleratorOp>()))
    op.erase();
  SmallVector<func::FuncOp> functions;
  for (auto function : module.getOps<func::FuncOp>())
    if (!function.isExternal())
      functions.push_back(function);
  SmallVector<Signature> signatures;
  SmallVector<SmallVector<Type>> types;
  for (func::FuncOp function : functions) {
    FailureOr<Signature> signature = Signature::get(function);
    if (failed(signature) || failed(checkArguments(function, *signature)) ||
        failed(checkWidening(function)) || failed(inlineResources(function)))
      return signalPassFailure();
    signatures.push_back(std::move(*signature));
    types.emplace_back(function.getArgumentTypes());
  }
  widenFloats(module);
  eraseFloatCasts(module);
  for (auto [function, type, signature] :
       llvm::zip(functions, types, signatures))
    makeReference(function, type, signature);
}

} // namespace amos
