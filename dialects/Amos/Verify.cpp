//===- Verify.cpp - What the verifiers of the parts share -----------------===//

#include "Amos/Verify.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace amos;

bool Expected::accepts(Type actual) const {
  switch (kind) {
  case Anything:
    return true;
  case Integer:
    return actual.isIntOrIndex();
  case Address:
    return isa<LLVM::LLVMPointerType, MemRefType>(actual) ||
           actual.isIntOrIndex();
  case Exactly:
    return actual == type;
  }
  return false;
}

std::string Expected::describe() const {
  if (kind == Integer)
    return "an integer";
  if (kind == Address)
    return "a pointer, a memref or an integer";
  std::string text;
  llvm::raw_string_ostream(text) << "'" << type << "'";
  return text;
}

static std::string listMeanings(ArrayRef<Expected> values) {
  if (values.empty())
    return "";
  std::string text = " (";
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(values, os,
                        [&](const Expected &value) { os << value.meaning; });
  return text + ")";
}

static LogicalResult verifyTypes(Region &region, StringRef name,
                                 StringRef direction, ValueRange values,
                                 std::optional<Location> location,
                                 ArrayRef<Expected> expected) {
  for (auto [index, value] : llvm::enumerate(values))
    if (!expected[index].accepts(value.getType()))
      return emitError(location.value_or(value.getLoc()))
             << "expects " << direction << ' ' << index << " of '" << name
             << "', " << expected[index].meaning << ", to be "
             << expected[index].describe() << ", got " << value.getType();
  return success();
}

LogicalResult amos::verifyRegion(Operation *op, Region &region, StringRef name,
                                 ArrayRef<Expected> arguments,
                                 ArrayRef<Expected> results) {
  if (!llvm::hasSingleElement(region))
    return op->emitOpError("expects one block in '") << name << "'";
  if (region.getNumArguments() != arguments.size())
    return op->emitOpError("expects '")
           << name << "' to take " << arguments.size() << " arguments"
           << listMeanings(arguments) << ", got " << region.getNumArguments();
  if (failed(verifyTypes(region, name, "argument", region.getArguments(),
                         std::nullopt, arguments)))
    return failure();
  auto yield = dyn_cast<YieldOp>(region.front().back());
  if (!yield)
    return region.front().back().emitOpError("expects 'amos.yield' to end '")
           << name << "'";
  if (yield.getNumOperands() != results.size())
    return yield.emitOpError("expects '")
           << name << "' to yield " << results.size() << " values"
           << listMeanings(results) << ", got " << yield.getNumOperands();
  return verifyTypes(region, name, "result", yield.getOperands(),
                     yield.getLoc(), results);
}

/// The name of the same kind that differs least from a misspelt one, if any is
/// near.
static StringRef findNearest(Operation *accelerator, StringRef kind,
                             StringRef name) {
  StringRef nearest;
  unsigned least = name.size() / 2 + 1;
  for (Operation &part : accelerator->getRegion(0).front()) {
    auto symbol = part.getAttrOfType<StringAttr>("sym_name");
    if (!symbol || part.getName().getStringRef() != kind)
      continue;
    unsigned distance = symbol.getValue().edit_distance(name);
    if (distance < least) {
      least = distance;
      nearest = symbol.getValue();
    }
  }
  return nearest;
}

LogicalResult amos::reportNoPart(Operation *op, FlatSymbolRefAttr ref,
                                 StringRef kind, Operation *found) {
  if (found)
    return op->emitOpError("expects '")
           << ref << "' to be an '" << kind << "', it is an '"
           << found->getName() << "'";
  InFlightDiagnostic report = op->emitOpError("expects an '")
                              << kind << "', found none named '" << ref << "'";
  StringRef nearest = findNearest(op->getParentOp(), kind, ref.getValue());
  if (!nearest.empty())
    report << "; did you mean '@" << nearest << "'?";
  return report;
}

LogicalResult amos::verifyPositive(Operation *op, StringRef name,
                                   std::optional<int64_t> value) {
  if (value && *value <= 0)
    return op->emitOpError("expects '")
           << name << "' to be positive, got " << *value;
  return success();
}

LogicalResult amos::verifyPositive(Operation *op, StringRef name,
                                   const std::optional<APFloat> &value) {
  if (value && !(value->isFinite() && !value->isNegative() && !value->isZero()))
    return op->emitOpError("expects '")
           << name << "' to be positive, got " << value->convertToDouble();
  return success();
}

LogicalResult amos::verifyPowerOfTwo(Operation *op, StringRef name,
                                     std::optional<int64_t> value) {
  if (value && (*value <= 0 || !llvm::isPowerOf2_64(*value)))
    return op->emitOpError("expects '")
           << name << "' to be a power of two, got " << *value;
  return success();
}

LogicalResult amos::verifyTogether(Operation *op, Attribute first,
                                   StringRef firstName, Attribute second,
                                   StringRef secondName) {
  if (!first == !second)
    return success();
  return op->emitOpError("expects both '")
         << firstName << "' and '" << secondName << "' or none of them";
}

LogicalResult
amos::verifyDimensions(Operation *op, StringRef name,
                       std::optional<ArrayRef<int64_t>> dimensions,
                       int64_t end) {
  int64_t least = 0;
  for (int64_t dimension : dimensions.value_or(ArrayRef<int64_t>())) {
    if (dimension < least || dimension >= end)
      return op->emitOpError("expects '")
             << name << "' to be ascending numbers below " << end << ", got "
             << dimension;
    least = dimension + 1;
  }
  return success();
}

LogicalResult amos::verifyUnit(Operation *op, ScopeOp issue,
                               FlatSymbolRefAttr unit,
                               SymbolTableCollection &symbols) {
  if (!unit)
    return success();
  FailureOr<ScopeOp> shared = findPart<ScopeOp>(op, unit, symbols);
  if (failed(shared))
    return failure();
  if (!shared->contains(issue))
    return op->emitOpError("expects 'interval' per '@")
           << issue.getSymName() << "', which issues it, or per a scope that "
           << "contains it, got '" << unit << "'";
  return success();
}
