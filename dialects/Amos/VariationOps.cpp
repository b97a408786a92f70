//===- VariationOps.cpp - Machines made from others -----------------------===//

#include "Amos/Verify.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Change
//===----------------------------------------------------------------------===//

/// What follows the name of an argument: `(value)`, `[numbers]` or nothing.
static ParseResult parseValue(OpAsmParser &parser, Attribute &value) {
  if (succeeded(parser.parseOptionalLParen()))
    return failure(parser.parseAttribute(value) || parser.parseRParen());
  SmallVector<int64_t> numbers;
  bool isList = false;
  auto parseNumber = [&] {
    isList = true;
    return parser.parseInteger(numbers.emplace_back());
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalSquare,
                                     parseNumber))
    return failure();
  value = isList ? Attribute(parser.getBuilder().getDenseI64ArrayAttr(numbers))
                 : Attribute(parser.getBuilder().getUnitAttr());
  return success();
}

ParseResult amos::parseValues(OpAsmParser &parser, DictionaryAttr &values) {
  NamedAttrList list;
  auto parseOne = [&]() -> ParseResult {
    StringRef name;
    Attribute value;
    SMLoc location = parser.getCurrentLocation();
    if (parser.parseKeyword(&name) || parseValue(parser, value))
      return failure();
    if (list.set(name, value))
      return parser.emitError(location) << "'" << name << "' is given twice";
    return success();
  };
  if (parser.parseCommaSeparatedList(parseOne))
    return failure();
  values = list.getDictionary(parser.getContext());
  return success();
}

void amos::printValues(OpAsmPrinter &printer, ChangeOp, DictionaryAttr values) {
  llvm::interleaveComma(values, printer, [&](NamedAttribute value) {
    printer.printKeywordOrString(value.getName());
    if (auto numbers = dyn_cast<DenseI64ArrayAttr>(value.getValue())) {
      printer << '[';
      llvm::interleaveComma(numbers.asArrayRef(), printer);
      printer << ']';
    } else if (!isa<UnitAttr>(value.getValue())) {
      printer << '(';
      auto number = dyn_cast<TypedAttr>(value.getValue());
      // What a number is read as without its type.
      if (number &&
          (number.getType().isInteger(64) || number.getType().isF64()))
        printer.printAttributeWithoutType(number);
      else
        printer << value.getValue();
      printer << ')';
    }
  });
}

LogicalResult ChangeOp::verify() {
  if (getValues().empty())
    return emitOpError("expects an argument to change");
  if (getValues().contains("sym_name"))
    return emitOpError("expects another argument than the name of the part");
  return success();
}

//===----------------------------------------------------------------------===//
// Family
//===----------------------------------------------------------------------===//

constexpr int64_t leastPrime = 11;

int64_t FamilyOp::getPrime() {
  int64_t rest = getStandIn();
  for (int64_t factor = 2; factor * factor <= rest; ++factor)
    while (rest > factor && rest % factor == 0)
      rest /= factor;
  return rest;
}

LogicalResult FamilyOp::verify() {
  if (getStandIn() <= 0 || getStandIn() > mostPlaces || getPrime() < leastPrime)
    return emitOpError("expects a stand-in of at most ")
           << mostPlaces << " with a prime factor of at least " << leastPrime
           << ", such as 104, which is 8 * 13, got " << getStandIn();
  if (getSizes().empty())
    return emitOpError("expects a size");
  for (auto [index, size] : llvm::enumerate(getSizes())) {
    if (size <= 0 || size > mostPlaces)
      return emitOpError("expects sizes of 1 to ")
             << mostPlaces << ", got " << size;
    if (llvm::is_contained(getSizes().take_front(index), size))
      return emitOpError("expects different sizes, ")
             << size << " is there twice";
  }
  return success();
}

LogicalResult FamilyOp::verifyRegions() {
  for (Operation &part : *getBody())
    if (!isa<IntrinsicOp, CopyOp, LayoutOp>(part))
      return part.emitOpError(
          "expects to stand beside a family, which holds intrinsics, copies "
          "and layouts");
  return success();
}
