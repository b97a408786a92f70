//===- Signature.cpp - What a function looks like from C ------------------===//

#include "amos/Report/Signature.h"
#include "ArgumentUses.h"
#include "amos/Report/Identifier.h"
#include "mlir/Dialect/Tosa/IR/TosaOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace amos {

//===----------------------------------------------------------------------===//
// Spelling
//===----------------------------------------------------------------------===//

static constexpr ElementType elementTypes[] = {
    {"f64", "double", 8},       {"f32", "float", 4},
    {"f16", "uint16_t", 2},     {"bf16", "uint16_t", 2},
    {"f8E4M3FN", "uint8_t", 1}, {"f8E5M2", "uint8_t", 1},
    {"i1", "uint8_t", 1},       {"i8", "int8_t", 1},
    {"i16", "int16_t", 2},      {"i32", "int32_t", 4},
    {"i64", "int64_t", 8},      {"u8", "uint8_t", 1},
    {"u16", "uint16_t", 2},     {"u32", "uint32_t", 4},
    {"u64", "uint64_t", 8},
};

const ElementType *findElementType(StringRef name) {
  for (const ElementType &type : elementTypes)
    if (type.name == name)
      return &type;
  return nullptr;
}

StringRef spell(Role role) {
  switch (role) {
  case Role::In:
    return "in";
  case Role::Out:
    return "out";
  case Role::InOut:
    return "inout";
  }
  llvm_unreachable("every role is spelled");
}

static std::optional<Role> parseRole(StringRef text) {
  for (Role role : {Role::In, Role::Out, Role::InOut})
    if (spell(role) == text)
      return role;
  return std::nullopt;
}

/// "x_extent0", "x_extent2".. for the dynamic ones of `values`.
static void appendDynamic(ArrayRef<int64_t> values, const Twine &name,
                          int64_t least, SmallVectorImpl<Number> &numbers) {
  for (auto [dimension, value] : llvm::enumerate(values))
    if (ShapedType::isDynamic(value))
      numbers.push_back({(name + Twine(dimension)).str(), least});
}

SmallVector<Number> Parameter::getExtents() const {
  SmallVector<Number> extents;
  appendDynamic(shape, name + "_extent", /*least=*/0, extents);
  return extents;
}

SmallVector<Number> Parameter::getNumbers() const {
  SmallVector<Number> numbers = getExtents();
  if (!layout)
    return numbers;
  if (ShapedType::isDynamic(layout->offset))
    numbers.push_back({name + "_offset", /*least=*/0});
  appendDynamic(layout->strides, name + "_stride", /*least=*/1, numbers);
  return numbers;
}

//===----------------------------------------------------------------------===//
// The attribute
//===----------------------------------------------------------------------===//

static DictionaryAttr encode(const Parameter &parameter, Builder &builder) {
  NamedAttrList fields;
  fields.append("name", builder.getStringAttr(parameter.name));
  fields.append("dtype", builder.getStringAttr(parameter.type->name));
  fields.append("role", builder.getStringAttr(spell(parameter.role)));
  if (!parameter.isScalar)
    fields.append("shape", builder.getDenseI64ArrayAttr(parameter.shape));
  if (parameter.below)
    fields.append("below", builder.getI64IntegerAttr(*parameter.below));
  if (const std::optional<StridedLayout> &layout = parameter.layout) {
    fields.append("offset", builder.getI64IntegerAttr(layout->offset));
    fields.append("strides", builder.getDenseI64ArrayAttr(layout->strides));
  }
  if (const std::optional<Packing> &packing = parameter.packing) {
    fields.append("packer", FlatSymbolRefAttr::get(builder.getContext(),
                                                   packing->packer));
    fields.append("packed_bytes", builder.getI64IntegerAttr(packing->bytes));
  }
  return fields.getDictionary(builder.getContext());
}

static std::optional<Parameter> decode(Attribute attribute) {
  auto fields = dyn_cast<DictionaryAttr>(attribute);
  if (!fields)
    return std::nullopt;
  auto name = fields.getAs<StringAttr>("name");
  auto dtype = fields.getAs<StringAttr>("dtype");
  auto role = fields.getAs<StringAttr>("role");
  if (!name || !dtype || !role)
    return std::nullopt;
  auto shape = fields.getAs<DenseI64ArrayAttr>("shape");
  Parameter parameter;
  parameter.name = name.str();
  parameter.type = findElementType(dtype);
  parameter.isScalar = !shape;
  if (shape)
    parameter.shape = llvm::to_vector(shape.asArrayRef());
  if (auto below = fields.getAs<IntegerAttr>("below"))
    parameter.below = below.getInt();
  auto offset = fields.getAs<IntegerAttr>("offset");
  auto strides = fields.getAs<DenseI64ArrayAttr>("strides");
  if (offset && strides)
    parameter.layout = {offset.getInt(), llvm::to_vector(strides.asArrayRef())};
  auto packer = fields.getAs<FlatSymbolRefAttr>("packer");
  auto packedBytes = fields.getAs<IntegerAttr>("packed_bytes");
  if (packer && packedBytes)
    parameter.packing = {packer.getValue().str(), packedBytes.getInt()};
  std::optional<Role> parsedRole = parseRole(role);
  if (!parsedRole || !parameter.type)
    return std::nullopt;
  parameter.role = *parsedRole;
  return parameter;
}

ArrayAttr Signature::getAttr(MLIRContext *context) const {
  Builder builder(context);
  SmallVector<Attribute> encoded;
  for (const Parameter &parameter : parameters)
    encoded.push_back(encode(parameter, builder));
  return builder.getArrayAttr(encoded);
}

FailureOr<Signature> Signature::get(Operation *function) {
  auto encoded = function->getAttrOfType<ArrayAttr>(attributeName);
  if (!encoded)
    return function->emitError() << "expected the attribute '" << attributeName
                                 << "'; run 'amos-record-signature' first";
  Signature signature;
  for (Attribute attribute : encoded) {
    std::optional<Parameter> parameter = decode(attribute);
    if (!parameter)
      return function->emitError()
             << "malformed entry in '" << attributeName << "': " << attribute;
    signature.parameters.push_back(std::move(*parameter));
  }
  return signature;
}

//===----------------------------------------------------------------------===//
// Reading a function
//===----------------------------------------------------------------------===//

static std::string nameElement(Type type, bool isUnsigned) {
  if (type.isIndex())
    return "i64";
  auto integer = dyn_cast<IntegerType>(type);
  bool hasSign = integer && integer.getWidth() > 1;
  if (hasSign && (isUnsigned || integer.isUnsigned()))
    return ("u" + Twine(integer.getWidth())).str();
  if (integer)
    return ("i" + Twine(integer.getWidth())).str();
  std::string name;
  llvm::raw_string_ostream(name) << type;
  return name;
}

/// Elements that share memory, or lie before the pointer, are refused; of
/// numbers that callers pass the entries check the same.
static LogicalResult readLayout(Parameter &parameter, MemRefType type,
                                func::FuncOp function) {
  if (type.getLayout().isIdentity())
    return success();
  StridedLayout layout;
  if (failed(type.getStridesAndOffset(layout.strides, layout.offset)))
    return function.emitError()
           << "'" << parameter.name << "' is " << type
           << "; a C caller can be told an offset and strides only";
  auto isBelow = [](int64_t least) {
    return [=](int64_t n) { return !ShapedType::isDynamic(n) && n < least; };
  };
  if (isBelow(0)(layout.offset) || llvm::any_of(layout.strides, isBelow(1)))
    return function.emitError()
           << "'" << parameter.name << "' is " << type
           << "; expected an offset of at least 0 and strides of at least 1";
  parameter.layout = std::move(layout);
  return success();
}

static LogicalResult readType(Parameter &parameter, Type type, bool isUnsigned,
                              func::FuncOp function) {
  auto shaped = dyn_cast<ShapedType>(type);
  if (shaped && !shaped.hasRank())
    return function.emitError() << "'" << parameter.name << "' is " << type
                                << "; a C caller needs a known rank";
  if (shaped && !isa<TensorType, MemRefType>(type))
    return function.emitError()
           << "'" << parameter.name << "' is " << type
           << ", which has no C type; expected a number, a tensor or a memref";
  auto memref = dyn_cast<MemRefType>(type);
  if (memref && failed(readLayout(parameter, memref, function)))
    return failure();
  parameter.isScalar = !shaped;
  if (shaped)
    parameter.shape = llvm::to_vector(shaped.getShape());
  Type element = getElementTypeOrSelf(type);
  parameter.type = findElementType(nameElement(element, isUnsigned));
  if (!parameter.type)
    return function.emitError() << "'" << parameter.name << "' has elements of "
                                << element << ", which have no C type";
  return success();
}

static FailureOr<Parameter> readArgument(func::FuncOp function, unsigned n) {
  Value argument = function.getArgument(n);
  ArgumentUses uses = findUses(argument);
  Parameter parameter;
  auto name = function.getArgAttrOfType<StringAttr>(n, "amos.name");
  parameter.name = name ? name.str() : ("arg" + Twine(n)).str();
  parameter.role = uses.isWritten ? Role::InOut : Role::In;
  parameter.below = uses.indexBound;
  bool isUnsigned = uses.isExtendedUnsigned && !uses.isUsedOtherwise;
  if (failed(readType(parameter, argument.getType(), isUnsigned, function)))
    return failure();
  return parameter;
}

static bool isUnsignedResult(func::FuncOp function, unsigned n) {
  Operation *terminator = function.getBody().back().getTerminator();
  auto rescale = terminator->getOperand(n).getDefiningOp<tosa::RescaleOp>();
  return rescale && rescale.getOutputUnsigned();
}

static FailureOr<Parameter> readResult(func::FuncOp function, unsigned n) {
  Parameter parameter;
  auto name = function.getResultAttrOfType<StringAttr>(n, "amos.name");
  parameter.name = name ? name.str() : ("result" + Twine(n)).str();
  parameter.role = Role::Out;
  Type type = function.getResultTypes()[n];
  if (!isa<ShapedType>(type))
    return function.emitError()
           << "'" << function.getName() << "' returns " << type
           << ", but C functions return a status; return a tensor of rank 0";
  if (failed(
          readType(parameter, type, isUnsignedResult(function, n), function)))
    return failure();
  return parameter;
}

static LogicalResult checkNames(func::FuncOp function,
                                const Signature &signature) {
  if (!isIdentifier(function.getName()))
    return function.emitError() << "'" << function.getName()
                                << "' is no identifier of C and C++; rename "
                                   "the function or make it private";
  llvm::StringSet<> names;
  names.insert("workspace");
  names.insert("stream");
  auto add = [&](StringRef name) -> LogicalResult {
    if (names.insert(name).second)
      return success();
    return function.emitError() << "the parameter name '" << name
                                << "' is taken; change its 'amos.name'";
  };
  for (const Parameter &parameter : signature.parameters) {
    if (!isIdentifier(parameter.name))
      return function.emitError()
             << "'" << parameter.name
             << "' is no identifier of C and C++; change its 'amos.name'";
    if (failed(add(parameter.name)))
      return failure();
    for (const Number &number : parameter.getNumbers())
      if (failed(add(number.name)))
        return failure();
  }
  return success();
}

/// Another dialect's return would do for upstream's verifier.
static LogicalResult checkReturns(func::FuncOp function) {
  for (Block &block : function.getBody()) {
    Operation *terminator = block.getTerminator();
    if (terminator->getNumSuccessors() == 0 && !isa<func::ReturnOp>(terminator))
      return terminator->emitError() << "expected 'func.return' where '"
                                     << function.getName() << "' ends";
  }
  return success();
}

FailureOr<Signature> readSignature(func::FuncOp function) {
  Signature signature;
  if (failed(checkReturns(function)))
    return failure();
  auto append = [&](FailureOr<Parameter> parameter) {
    if (succeeded(parameter))
      signature.parameters.push_back(std::move(*parameter));
    return LogicalResult(parameter);
  };
  for (unsigned n = 0; n < function.getNumArguments(); ++n)
    if (failed(append(readArgument(function, n))))
      return failure();
  for (unsigned n = 0; n < function.getNumResults(); ++n)
    if (failed(append(readResult(function, n))))
      return failure();
  if (failed(checkNames(function, signature)))
    return failure();
  return signature;
}

} // namespace amos
