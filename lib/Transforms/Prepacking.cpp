//===- Prepacking.cpp - Arguments that callers pack -----------------------===//

#include "Prepacking.h"
#include "amos/Mapping/PackedTiles.h"
#include "amos/Report/Signature.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Iterators.h"
#include "mlir/Interfaces/DataLayoutInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace amos;

/// The dense buffer that a tensor, or buffer, is for callers.
static MemRefType getPlainType(Type type) {
  auto shaped = cast<ShapedType>(type);
  return MemRefType::get(shaped.getShape(), shaped.getElementType());
}

static MemRefType getBytesType(Builder &builder, int64_t bytes) {
  return MemRefType::get(bytes, builder.getI8Type());
}

/// What the argument is called in C.
static std::string getName(func::FuncOp function, unsigned n) {
  if (function->hasAttr(Signature::attributeName))
    if (FailureOr<Signature> signature = Signature::get(function);
        succeeded(signature) && n < signature->parameters.size())
      return signature->parameters[n].name;
  return ("arg" + Twine(n)).str();
}

func::FuncOp Prepacking::createPacker(OpBuilder &builder, unsigned n) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointAfter(function);
  Type source = getPlainType(function.getArgument(n).getType());
  auto packer = func::FuncOp::create(
      builder, function.getLoc(),
      (function.getName() + ".pack." + getName(function, n)).str(),
      builder.getFunctionType(
          {source, getBytesType(builder, ShapedType::kDynamic)}, {}));
  packer.setPrivate();
  builder.setInsertionPointToStart(packer.addEntryBlock());
  func::ReturnOp::create(builder, function.getLoc());
  return packer;
}

LogicalResult Prepacking::verify(func::FuncOp function) {
  for (unsigned n = 0; n < function.getNumArguments(); ++n) {
    Type type = function.getArgument(n).getType();
    auto shaped = dyn_cast<ShapedType>(type);
    bool canBe =
        isa<RankedTensorType, MemRefType>(type) && shaped.hasStaticShape();
    if (function.getArgAttr(n, prepackedAttributeName) && !canBe)
      return function.emitError()
             << "argument " << n << " is marked '" << prepackedAttributeName
             << "', expected a tensor or memref of static shape, got " << type;
  }
  return success();
}

Prepacking::Prepacking(func::FuncOp function) : function(function) {
  OpBuilder builder(function.getContext());
  SmallVector<unsigned> marked;
  for (unsigned n = 0; n < function.getNumArguments(); ++n)
    if (function.getArgAttr(n, prepackedAttributeName))
      marked.push_back(n);
  Type bytes = getBytesType(builder, ShapedType::kDynamic);
  for (unsigned n : marked)
    arguments[function.getArgument(n)] = {
        function.getBody().addArgument(bytes, function.getLoc()),
        createPacker(builder, n)};
}

Value Prepacking::add(OpBuilder &builder, Value value, MemRefType type,
                      Filler fill) {
  Argument &argument = arguments.find(value)->second;
  Location loc = function.getLoc();
  int64_t offset = llvm::alignTo(argument.bytes, packedAlignment);
  auto view = [&](OpBuilder &b, Value packed) -> Value {
    Value start = arith::ConstantIndexOp::create(b, loc, offset);
    return memref::ViewOp::create(b, loc, type, packed, start, ValueRange());
  };
  OpBuilder inside(argument.packer.getBody().front().getTerminator());
  fill(inside, argument.packer.getArgument(0),
       view(inside, argument.packer.getArgument(1)));
  DataLayout layout = DataLayout::closest(function);
  argument.bytes =
      offset + type.getNumElements() *
                   int64_t(layout.getTypeSize(type.getElementType()));
  return view(builder, argument.packed);
}

/// Pads and the like that mappings have seen through.
static void eraseDead(func::FuncOp function) {
  function.walk<WalkOrder::PostOrder, ReverseIterator>([](Operation *op) {
    if (isOpTriviallyDead(op))
      op->erase();
  });
}

/// For what else reads `argument`.
void Prepacking::keepPlain(BlockArgument argument) {
  OpBuilder builder(function.getContext());
  builder.setInsertionPointToStart(&function.getBody().front());
  Location loc = function.getLoc();
  Value plain = add(builder, argument, getPlainType(argument.getType()),
                    [&](OpBuilder &b, Value source, Value packed) {
                      memref::CopyOp::create(b, loc, source, packed);
                    });
  if (isa<TensorType>(argument.getType()))
    plain = bufferization::ToTensorOp::create(builder, loc, argument.getType(),
                                              plain, /*restrict=*/true);
  argument.replaceAllUsesWith(plain);
}

/// Argument `n` becomes its packed form.
void Prepacking::replace(unsigned n) {
  Argument &argument = arguments.find(function.getArgument(n))->second;
  OpBuilder builder(function.getContext());
  Type bytes = getBytesType(builder, argument.bytes);
  argument.packed.setType(bytes);
  argument.packer.getArgument(1).setType(bytes);
  argument.packer.setFunctionType(builder.getFunctionType(
      argument.packer.getBody().getArgumentTypes(), {}));
  function.getArgument(n).setType(bytes);
  argument.packed.replaceAllUsesWith(function.getArgument(n));
  function.removeArgAttr(n, prepackedAttributeName);
}

void Prepacking::finish() {
  if (arguments.empty())
    return;
  FailureOr<Signature> signature = failure();
  if (function->hasAttr(Signature::attributeName))
    signature = Signature::get(function);
  eraseDead(function);
  for (auto &[value, argument] : arguments) {
    if (!value.use_empty())
      keepPlain(cast<BlockArgument>(value));
    unsigned n = cast<BlockArgument>(value).getArgNumber();
    // What says too little is refused with the entries.
    if (succeeded(signature) && n < signature->parameters.size())
      signature->parameters[n].packing = {argument.packer.getName().str(),
                                          argument.bytes};
  }
  for (auto &[value, argument] : arguments)
    replace(cast<BlockArgument>(value).getArgNumber());
  Block &body = function.getBody().front();
  body.eraseArguments(body.getNumArguments() - arguments.size(),
                      arguments.size());
  function.setFunctionType(FunctionType::get(function.getContext(),
                                             body.getArgumentTypes(),
                                             function.getResultTypes()));
  if (succeeded(signature))
    function->setAttr(Signature::attributeName,
                      signature->getAttr(function.getContext()));
}
