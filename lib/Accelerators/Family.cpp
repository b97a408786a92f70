//===- Family.cpp - Parts written once for many members -------------------===//
//
// Numbers and words stand in names, types and attributes, also in those of
// other dialects that keep them to themselves. All of them can be printed and
// parsed, so they are exchanged in their text.
//
//===----------------------------------------------------------------------===//

#include "Amos/Families.h"
#include "Extend.h"
#include "mlir/AsmParser/AsmParser.h"
#include "mlir/IR/Builders.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

using namespace mlir;
using namespace amos;

/// Larger numbers are masks and addresses, which mean what they are.
constexpr uint64_t largestFactor = 65536;

namespace {
/// Exchanges what stands in a family for what one member has.
class Member {
public:
  explicit Member(FamilyOp family)
      : standIn(std::max<int64_t>(family.getStandIn(), 1)),
        prime(family.getStandIn() ? family.getPrime() : 1) {}

  void setSize(int64_t value) { size = value; }
  /// Has the items of `to` where those of `from` stand.
  void setWords(ArrayAttr from, ArrayAttr to);

  /// Makes `op` and all in it the member's; reports what does not fit.
  LogicalResult apply(Operation *op);
  /// The member as diagnostics call it.
  std::string getName() const;

private:
  std::string exchange(StringRef text);
  std::optional<std::pair<StringRef, StringRef>> findWord(StringRef text,
                                                          size_t at) const;
  size_t exchangeNumber(StringRef text, std::string &result);
  std::string resizeNumber(StringRef digits, StringRef fraction);
  std::string resizeMembers(StringRef members);
  template <typename T>
  T exchange(T entity, llvm::function_ref<T(StringRef, MLIRContext *)> parse);
  LogicalResult applyTo(Operation *op);
  LogicalResult reportMisfit(Operation *op);

  SmallVector<std::pair<std::string, std::string>> words;
  /// No number stands in where they are 1.
  int64_t standIn, prime, size = 1;
  /// A number that is no whole one at this size, or a text that does not parse.
  std::string misfit;
};
} // namespace

/// A word, or an attribute as it is written.
static std::string getText(Attribute item) {
  if (auto word = dyn_cast<StringAttr>(item))
    return word.str();
  std::string text;
  llvm::raw_string_ostream(text) << item;
  return text;
}

void Member::setWords(ArrayAttr from, ArrayAttr to) {
  for (auto [standIn, item] : llvm::zip_equal(from, to))
    words.emplace_back(getText(standIn), getText(item));
  // A word may begin another.
  llvm::sort(words, [](const auto &a, const auto &b) {
    return std::pair(b.first.size(), a.first) <
           std::pair(a.first.size(), b.first);
  });
}

std::string Member::getName() const {
  std::string name = prime > 1 ? "size " + std::to_string(size) : "";
  for (const auto &[from, to] : words)
    name += (name.empty() ? "'" : ", '") + to + "' for '" + from + "'";
  return name;
}

/// The rest of a float as MLIR prints it, ".200000e+01". Anything else after a
/// point is a number of its own: part of a name.
static StringRef takeFraction(StringRef text) {
  if (!text.starts_with("."))
    return "";
  StringRef fraction =
      text.take_front(text.find_first_not_of("0123456789e+-", 1));
  return fraction.contains('e') ? fraction : "";
}

std::string Member::resizeNumber(StringRef digits, StringRef fraction) {
  std::string text = (digits + fraction).str();
  double value;
  uint64_t whole;
  if (StringRef(text).getAsDouble(value) ||
      value > double(prime) * largestFactor)
    return text;
  whole = static_cast<uint64_t>(value);
  if (prime == 1 || whole == 0 || double(whole) != value || whole % prime != 0)
    return text;
  if (!fraction.empty())
    return llvm::formatv("{0:E}", value * size / standIn).str();
  if (whole * size % standIn != 0)
    misfit =
        llvm::formatv("{0} would be {1:F1}", whole, value * size / standIn);
  return std::to_string(whole * size / standIn);
}

/// Makes a list of equal members longer or shorter.
std::string Member::resizeMembers(StringRef members) {
  SmallVector<StringRef> types;
  members.split(types, ", ");
  if (prime == 1 || types.size() % prime != 0 || !llvm::all_equal(types))
    return exchange(members);
  if (types.size() * size % standIn != 0)
    misfit = llvm::formatv("a struct of {0} members would have {1:F1}",
                           types.size(), double(types.size()) * size / standIn);
  SmallVector<std::string> resized(types.size() * size / standIn,
                                   exchange(types[0]));
  return llvm::join(resized, ", ");
}

/// Whether something may begin or end at `at`: `_` ends a word, and the `x` of
/// a shape.
static bool isBoundary(StringRef text, size_t at) {
  if (at == 0 || at == text.size() || !llvm::isAlnum(text[at - 1]) ||
      !llvm::isAlnum(text[at]))
    return true;
  if (text[at] == 'x' && llvm::isDigit(text[at - 1]))
    return true;
  return at > 1 && text[at - 1] == 'x' && llvm::isDigit(text[at - 2]);
}

/// The word that stands at `at`, and what it is exchanged for.
std::optional<std::pair<StringRef, StringRef>>
Member::findWord(StringRef text, size_t at) const {
  if (isBoundary(text, at))
    for (const auto &[from, to] : words)
      if (text.substr(at).starts_with(from) &&
          isBoundary(text, at + from.size()))
        return std::pair<StringRef, StringRef>(from, to);
  return std::nullopt;
}

/// Appends what `text` begins with, a number or what is between numbers, at the
/// member's size; returns its length.
size_t Member::exchangeNumber(StringRef text, std::string &result) {
  if (text.starts_with("0x")) { // the bits of something
    StringRef bits = text.take_while(llvm::isAlnum);
    result += bits;
    return bits.size();
  }
  if (text.starts_with("struct<(") && text.contains(")>")) {
    size_t end = text.find(")>");
    result += "struct<(" + resizeMembers(text.slice(8, end));
    return end;
  }
  if (!llvm::isDigit(text.front())) {
    result += text.front();
    return 1;
  }
  StringRef whole = text.take_while(llvm::isDigit);
  StringRef fraction = takeFraction(text.drop_front(whole.size()));
  result += resizeNumber(whole, fraction);
  return whole.size() + fraction.size();
}

std::string Member::exchange(StringRef text) {
  std::string result;
  for (size_t at = 0; at < text.size();) {
    if (auto word = findWord(text, at)) {
      result += word->second;
      at += word->first.size();
    } else {
      at += exchangeNumber(text.substr(at), result);
    }
  }
  return result;
}

/// An attribute or type as the member has it.
template <typename T>
T Member::exchange(T entity,
                   llvm::function_ref<T(StringRef, MLIRContext *)> parse) {
  std::string text;
  llvm::raw_string_ostream(text) << entity;
  std::string exchanged = exchange(text);
  if (exchanged == text)
    return entity;
  T parsed = parse(exchanged, entity.getContext());
  if (!parsed)
    misfit = "'" + exchanged + "' is not right";
  return parsed ? parsed : entity;
}

LogicalResult Member::applyTo(Operation *op) {
  auto exchangeType = [&](Type type) {
    return exchange<Type>(type, [](StringRef text, MLIRContext *context) {
      return parseType(text, context);
    });
  };
  for (NamedAttribute attribute : op->getAttrs()) {
    // Of operands, not of what they mean.
    if (attribute.getName().strref().ends_with("SegmentSizes"))
      continue;
    auto exchanged = exchange<Attribute>(
        attribute.getValue(), [](StringRef text, MLIRContext *context) {
          return parseAttribute(text, context);
        });
    if (exchanged != attribute.getValue())
      op->setAttr(attribute.getName(), exchanged);
  }
  for (OpResult result : op->getResults())
    result.setType(exchangeType(result.getType()));
  for (Region &region : op->getRegions())
    for (BlockArgument argument : region.getArguments())
      argument.setType(exchangeType(argument.getType()));
  return misfit.empty() ? success() : reportMisfit(op);
}

LogicalResult Member::reportMisfit(Operation *op) {
  auto report = op->emitError("at ") << getName() << " of the family, ";
  if (prime > 1)
    report << "which is written for " << standIn << ", ";
  return report << misfit;
}

LogicalResult Member::apply(Operation *op) {
  WalkResult result = op->walk<WalkOrder::PreOrder>([&](Operation *inner) {
    return failed(applyTo(inner)) ? WalkResult::interrupt()
                                  : WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

/// A part takes no name that is there, not even that of another member's.
static LogicalResult verifyName(Operation *part, const Member &member) {
  StringAttr name = SymbolTable::getSymbolName(part);
  Operation *present = SymbolTable::lookupSymbolIn(part->getParentOp(), name);
  if (present == part)
    return success();
  InFlightDiagnostic diagnostic =
      part->emitError("at ")
      << member.getName() << " of the family, expects a name of its own, '@"
      << name.getValue() << "' is taken";
  diagnostic.attachNote(present->getLoc()) << "by this";
  return diagnostic;
}

/// Every combination of a size and of a member of each list.
static std::vector<Member> listMembers(FamilyOp family) {
  std::vector<Member> members = {Member(family)};
  auto combine = [&](auto choices, auto set) {
    std::vector<Member> combined;
    for (const Member &member : members)
      for (auto choice : choices) {
        combined.push_back(member);
        set(combined.back(), choice);
      }
    members = std::move(combined);
  };
  if (family.getStandIn())
    combine(family.getSizes(),
            [](Member &member, int64_t size) { member.setSize(size); });
  for (Attribute attribute : getWordLists(family)) {
    ArrayRef<Attribute> list = cast<ArrayAttr>(attribute).getValue();
    combine(list.drop_front(), [&](Member &member, Attribute to) {
      member.setWords(cast<ArrayAttr>(list[0]), cast<ArrayAttr>(to));
    });
  }
  return members;
}

static LogicalResult expand(FamilyOp family) {
  OpBuilder builder(family);
  for (Member &member : listMembers(family))
    for (Operation &part : *family.getBody()) {
      // What parts call is the same for all.
      if (isa<FunctionOpInterface>(part)) {
        if (!SymbolTable::lookupSymbolIn(family->getParentOp(),
                                         SymbolTable::getSymbolName(&part)))
          builder.clone(part);
        continue;
      }
      Operation *clone = builder.clone(part);
      if (failed(member.apply(clone)) || failed(verifyName(clone, member)))
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
