//===- AmosAttrs.cpp - Placements and decisions ---------------------------===//

#include "Amos/AmosDialect.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace amos;

/// `[[0, 2], [1]]`, or `[]`.
static ParseResult parseIntLists(AsmParser &parser,
                                 SmallVector<DenseI64ArrayAttr> &lists) {
  return parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
    SmallVector<int64_t> list;
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
          return parser.parseInteger(list.emplace_back());
        }))
      return failure();
    lists.push_back(parser.getBuilder().getDenseI64ArrayAttr(list));
    return success();
  });
}

static void printIntLists(AsmPrinter &printer,
                          ArrayRef<DenseI64ArrayAttr> lists) {
  printer << '[';
  llvm::interleaveComma(lists, printer, [&](DenseI64ArrayAttr list) {
    printer << '[';
    llvm::interleaveComma(list.asArrayRef(), printer);
    printer << ']';
  });
  printer << ']';
}

/// `[[0, 4] @core, [1, 2]]`. Without any scope `scopes` stays empty, else the
/// loops without one have an empty name.
static ParseResult parseNest(AsmParser &parser,
                             SmallVector<DenseI64ArrayAttr> &nest,
                             SmallVector<StringAttr> &scopes) {
  auto parseLoop = [&]() -> ParseResult {
    SmallVector<int64_t> loop;
    StringAttr scope = parser.getBuilder().getStringAttr("");
    if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, [&] {
          return parser.parseInteger(loop.emplace_back());
        }))
      return failure();
    (void)parser.parseOptionalSymbolName(scope);
    nest.push_back(parser.getBuilder().getDenseI64ArrayAttr(loop));
    scopes.push_back(scope);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseLoop))
    return failure();
  if (llvm::all_of(scopes, [](StringAttr scope) { return scope.empty(); }))
    scopes.clear();
  return success();
}

static void printNest(AsmPrinter &printer, ArrayRef<DenseI64ArrayAttr> nest,
                      ArrayRef<StringAttr> scopes) {
  printer << '[';
  llvm::interleaveComma(llvm::seq<size_t>(0, nest.size()), printer,
                        [&](size_t n) {
                          printer << '[';
                          llvm::interleaveComma(nest[n].asArrayRef(), printer);
                          printer << ']';
                          if (!scopes.empty() && !scopes[n].empty()) {
                            printer << ' ';
                            printer.printSymbolName(scopes[n]);
                          }
                        });
  printer << ']';
}

/// A property that is there when its name, `amos_rule`, is printed.
static ParseResult parseFlag(AsmParser &parser, bool &flag) {
  flag = succeeded(parser.parseOptionalKeyword("amos_rule"));
  return success();
}
static void printFlag(AsmPrinter &printer, bool flag) {
  if (flag)
    printer << " amos_rule";
}

#include "Amos/AmosEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "Amos/AmosAttrs.cpp.inc"

void AmosDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "Amos/AmosAttrs.cpp.inc"
      >();
}

int64_t MappingAttr::getSource(unsigned t) const {
  return getOperands() ? getOperands()[t] : t;
}

std::string MappingAttr::getId() const {
  std::string text;
  llvm::raw_string_ostream(text) << *this;
  return "m" + llvm::utohexstr(llvm::xxh3_64bits(text) & 0xffffff,
                               /*LowerCase=*/true, /*Width=*/6);
}
