//===- VariationOps.cpp - Machines made from others -----------------------===//

#include "Amos/Families.h"
#include "Amos/Verify.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

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
constexpr StringLiteral wordsName = "amos.words";

ArrayRef<Attribute> amos::getWordLists(FamilyOp family) {
  auto lists = family->getAttrOfType<ArrayAttr>(wordsName);
  return lists ? lists.getValue() : ArrayRef<Attribute>();
}

/// A number, a word, a type, an attribute, or several of them in parentheses.
static ParseResult parseMember(OpAsmParser &parser, ArrayAttr &member) {
  SmallVector<Attribute> items;
  auto parseItem = [&] { return parser.parseAttribute(items.emplace_back()); };
  bool isTuple = succeeded(parser.parseOptionalLParen());
  if (isTuple ? failed(parser.parseCommaSeparatedList(parseItem)) ||
                    failed(parser.parseRParen())
              : failed(parseItem()))
    return failure();
  member = parser.getBuilder().getArrayAttr(items);
  return success();
}

/// `stand-in in [member, ..]`, the stand-in first.
static ParseResult parseList(OpAsmParser &parser,
                             SmallVectorImpl<Attribute> &list) {
  auto parseOne = [&]() -> ParseResult {
    ArrayAttr member;
    if (parseMember(parser, member))
      return failure();
    list.push_back(member);
    return success();
  };
  return failure(
      parseOne() || parser.parseKeyword("in") ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne));
}

/// The number that a member consists of, if it does.
static std::optional<int64_t> getNumber(Attribute member) {
  auto items = cast<ArrayAttr>(member);
  auto number =
      items.size() == 1 ? dyn_cast<IntegerAttr>(items[0]) : IntegerAttr();
  return number && number.getType().isInteger(64)
             ? std::optional(number.getInt())
             : std::nullopt;
}

ParseResult amos::parseMembers(OpAsmParser &parser, IntegerAttr &standIn,
                               DenseI64ArrayAttr &sizes,
                               NamedAttrList &attributes) {
  Builder &builder = parser.getBuilder();
  SmallVector<Attribute> words;
  auto parseOne = [&]() -> ParseResult {
    SmallVector<Attribute> list;
    SMLoc location = parser.getCurrentLocation();
    if (parseList(parser, list))
      return failure();
    if (!getNumber(list.front())) {
      words.push_back(builder.getArrayAttr(list));
      return success();
    }
    if (standIn)
      return parser.emitError(location, "expected one number to stand in");
    SmallVector<int64_t> numbers;
    for (Attribute member : list) {
      std::optional<int64_t> number = getNumber(member);
      if (!number)
        return parser.emitError(location, "expected sizes in the list that a "
                                          "number stands for");
      numbers.push_back(*number);
    }
    standIn = builder.getI64IntegerAttr(numbers.front());
    sizes = builder.getDenseI64ArrayAttr(ArrayRef(numbers).drop_front());
    return success();
  };
  if (parser.parseCommaSeparatedList(parseOne) ||
      parser.parseOptionalAttrDictWithKeyword(attributes))
    return failure();
  if (!standIn) {
    standIn = builder.getI64IntegerAttr(0);
    sizes = builder.getDenseI64ArrayAttr({});
  }
  if (!words.empty())
    attributes.set(wordsName, builder.getArrayAttr(words));
  return success();
}

static void printMember(OpAsmPrinter &printer, Attribute member) {
  ArrayRef<Attribute> items = cast<ArrayAttr>(member).getValue();
  printer << (items.size() == 1 ? "" : "(");
  llvm::interleaveComma(items, printer);
  printer << (items.size() == 1 ? "" : ")");
}

void amos::printMembers(OpAsmPrinter &printer, FamilyOp family, IntegerAttr,
                        DenseI64ArrayAttr sizes, DictionaryAttr attributes) {
  if (family.getStandIn() != 0) {
    printer << family.getStandIn() << " in [";
    llvm::interleaveComma(sizes.asArrayRef(), printer);
    printer << "]";
  }
  for (auto [n, list] : llvm::enumerate(getWordLists(family))) {
    printer << (n > 0 || family.getStandIn() != 0 ? ", " : "");
    printMember(printer, cast<ArrayAttr>(list)[0]);
    printer << " in [";
    llvm::interleaveComma(cast<ArrayAttr>(list).getValue().drop_front(),
                          printer,
                          [&](Attribute m) { printMember(printer, m); });
    printer << "]";
  }
  printer.printOptionalAttrDictWithKeyword(attributes.getValue(),
                                           {"stand_in", "sizes", wordsName});
}

int64_t FamilyOp::getPrime() {
  int64_t rest = getStandIn();
  for (int64_t factor = 2; factor * factor <= rest; ++factor)
    while (rest > factor && rest % factor == 0)
      rest /= factor;
  return rest;
}

static LogicalResult verifySizes(FamilyOp family) {
  if (family.getStandIn() <= 0 || family.getStandIn() > mostPlaces ||
      family.getPrime() < leastPrime)
    return family.emitOpError("expects a stand-in of at most ")
           << mostPlaces << " with a prime factor of at least " << leastPrime
           << ", such as 104, which is 8 * 13, got " << family.getStandIn();
  if (family.getSizes().empty())
    return family.emitOpError("expects a size");
  for (auto [index, size] : llvm::enumerate(family.getSizes())) {
    if (size <= 0 || size > mostPlaces)
      return family.emitOpError("expects sizes of 1 to ")
             << mostPlaces << ", got " << size;
    if (llvm::is_contained(family.getSizes().take_front(index), size))
      return family.emitOpError("expects different sizes, ")
             << size << " is there twice";
  }
  return success();
}

/// A list holds what stands in and a member at least, all of as many words.
static LogicalResult verifyWords(FamilyOp family, Attribute attribute) {
  auto list = dyn_cast<ArrayAttr>(attribute);
  auto isMember = [](Attribute member) {
    auto items = dyn_cast<ArrayAttr>(member);
    return items && !items.empty() && llvm::none_of(items, [](Attribute item) {
             auto word = dyn_cast<StringAttr>(item);
             return word && word.getValue().empty();
           });
  };
  if (!list || list.size() < 2 || !llvm::all_of(list, isMember))
    return family.emitOpError("expects a member for each list, and no empty "
                              "word");
  llvm::SmallPtrSet<Attribute, 8> seen;
  for (Attribute member : list.getValue().drop_front()) {
    size_t count = cast<ArrayAttr>(list[0]).size();
    if (cast<ArrayAttr>(member).size() != count)
      return family.emitOpError("expects as many words in each member as stand "
                                "in for them, ")
             << count << ", got " << member;
    if (!seen.insert(member).second)
      return family.emitOpError("expects different members, ")
             << member << " is there twice";
  }
  return success();
}

LogicalResult FamilyOp::verify() {
  bool hasWords = !getWordLists(*this).empty();
  bool hasSizes = getStandIn() != 0 || !getSizes().empty();
  if ((hasSizes || !hasWords) && failed(verifySizes(*this)))
    return failure();
  for (Attribute list : getWordLists(*this))
    if (failed(verifyWords(*this, list)))
      return failure();
  return success();
}

LogicalResult FamilyOp::verifyRegions() {
  for (Operation &part : *getBody())
    if (!isa<IntrinsicOp, CopyOp, LayoutOp, FunctionOpInterface>(part))
      return part.emitOpError(
          "expects to stand beside a family, which holds intrinsics, copies "
          "and layouts");
  return success();
}
