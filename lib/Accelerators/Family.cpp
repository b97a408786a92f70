//===- Family.cpp - Parts written once for many sizes ---------------------===//
//
// Numbers stand in names, types and attributes, also in those of other dialects
// that keep them to themselves. All of them can be printed and parsed, so the
// numbers are exchanged in their text.
//
//===----------------------------------------------------------------------===//

#include "Extend.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace amos;

/// Larger numbers are masks and addresses, which mean what they are.
constexpr uint64_t largestFactor = 65536;

namespace {
/// Exchanges the numbers that grow with the size of a family.
class Resizer {
public:
  Resizer(FamilyOp family, int64_t size)
      : standIn(family.getStandIn()), prime(family.getPrime()), size(size) {}

  /// Gives `op` and all in it the size; reports numbers that do not fit.
  LogicalResult resize(Operation *op);

private:
  std::string resizeText(StringRef text);
  std::string resizeNumber(StringRef digits, StringRef fraction);
  std::string resizeMembers(StringRef members);
  Attribute resize(Attribute attribute);
  Type resize(Type type);
  LogicalResult resizeOne(Operation *op);
  LogicalResult reportMisfit(Operation *op);

  int64_t standIn, prime, size;
  /// A number that is no whole one at this size, or a text that does not parse.
  std::string misfit;
};
} // namespace

/// The rest of a float as MLIR prints it, ".200000e+01". Anything else after a
/// point is a number of its own: part of a name.
static StringRef takeFraction(StringRef text) {
  if (!text.starts_with("."))
    return "";
  StringRef fraction =
      text.take_front(text.find_first_not_of("0123456789e+-", 1));
  return fraction.contains('e') ? fraction : "";
}

std::string Resizer::resizeNumber(StringRef digits, StringRef fraction) {
  std::string text = (digits + fraction).str();
  double value;
  uint64_t whole;
  if (StringRef(text).getAsDouble(value) ||
      value > double(prime) * largestFactor)
    return text;
  whole = static_cast<uint64_t>(value);
  if (whole == 0 || double(whole) != value || whole % prime != 0)
    return text;
  if (!fraction.empty())
    return llvm::formatv("{0:E}", value * size / standIn).str();
  if (whole * size % standIn != 0)
    misfit =
        llvm::formatv("{0} would be {1:F1}", whole, value * size / standIn);
  return std::to_string(whole * size / standIn);
}

/// Makes a list of equal members longer or shorter.
std::string Resizer::resizeMembers(StringRef members) {
  SmallVector<StringRef> words;
  members.split(words, ", ");
  if (words.size() % prime != 0 || !llvm::all_equal(words))
    return members.str();
  if (words.size() * size % standIn != 0)
    misfit = llvm::formatv("a struct of {0} members would have {1:F1}",
                           words.size(), double(words.size()) * size / standIn);
  SmallVector<StringRef> resized(words.size() * size / standIn, words[0]);
  return llvm::join(resized, ", ");
}

std::string Resizer::resizeText(StringRef text) {
  constexpr StringRef digits = "0123456789";
  std::string result;
  while (!text.empty()) {
    if (text.starts_with("0x")) { // the bits of something
      StringRef bits = text.take_while(llvm::isAlnum);
      result += bits;
      text = text.drop_front(bits.size());
    } else if (text.starts_with("struct<(") && text.contains(")>")) {
      size_t end = text.find(")>");
      result += "struct<(" + resizeMembers(text.slice(8, end));
      text = text.drop_front(end);
    } else if (llvm::isDigit(text.front())) {
      StringRef whole = text.take_while(llvm::isDigit);
      text = text.drop_front(whole.size());
      StringRef fraction = takeFraction(text);
      text = text.drop_front(fraction.size());
      result += resizeNumber(whole, fraction);
    } else {
      size_t next = std::max<size_t>(
          1, std::min(text.find_first_of(digits), text.find("struct<(")));
      result += text.take_front(next);
      text = text.drop_front(next);
    }
  }
  return result;
}

Attribute Resizer::resize(Attribute attribute) {
  std::string text;
  llvm::raw_string_ostream(text) << attribute;
  std::string resized = resizeText(text);
  if (resized == text)
    return attribute;
  Attribute parsed = parseAttribute(resized, attribute.getContext());
  if (!parsed)
    misfit = "'" + resized + "' is not right";
  return parsed ? parsed : attribute;
}

Type Resizer::resize(Type type) {
  std::string text;
  llvm::raw_string_ostream(text) << type;
  std::string resized = resizeText(text);
  if (resized == text)
    return type;
  Type parsed = parseType(resized, type.getContext());
  if (!parsed)
    misfit = "'" + resized + "' is not right";
  return parsed ? parsed : type;
}

LogicalResult Resizer::resizeOne(Operation *op) {
  for (NamedAttribute attribute : op->getAttrs()) {
    // Of operands, not of what they mean.
    if (attribute.getName().strref().ends_with("SegmentSizes"))
      continue;
    Attribute resized = resize(attribute.getValue());
    if (resized != attribute.getValue())
      op->setAttr(attribute.getName(), resized);
  }
  for (OpResult result : op->getResults())
    result.setType(resize(result.getType()));
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      argument.setType(resize(argument.getType()));
  return misfit.empty() ? success() : reportMisfit(op);
}

LogicalResult Resizer::reportMisfit(Operation *op) {
  return op->emitError("at size ")
         << size << " of the family, which is written for " << standIn << ", "
         << misfit;
}

LogicalResult Resizer::resize(Operation *op) {
  WalkResult result = op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    return failed(resizeOne(inner)) ? WalkResult::interrupt()
                                    : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// A member takes no name that is there, not even that of another member.
static LogicalResult verifyName(Operation *member, int64_t size) {
  StringAttr name = SymbolTable::getSymbolName(member);
  Operation *present = SymbolTable::lookupSymbolIn(member->getParentOp(), name);
  if (present == member)
    return success();
  InFlightDiagnostic diagnostic =
      member->emitError("at size ")
      << size << " of the family, expects a name of its own, '@"
      << name.getValue() << "' is taken";
  diagnostic.attachNote(present->getLoc()) << "by this";
  return diagnostic;
}

static LogicalResult expand(FamilyOp family) {
  OpBuilder builder(family);
  for (int64_t size : family.getSizes())
    for (Operation &part : *family.getBody()) {
      Operation *member = builder.clone(part);
      if (failed(Resizer(family, size).resize(member)) ||
          failed(verifyName(member, size)))
        return failure();
    }
  family.erase();
  return success();
}

LogicalResult amos::expandFamilies(AcceleratorOp machine) {
  for (auto family : llvm::make_early_inc_range(machine.getOps<FamilyOp>()))
    if (failed(expand(family)))
      return failure();
  return success();
}
