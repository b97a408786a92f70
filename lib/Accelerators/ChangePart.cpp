//===- ChangePart.cpp - Other numbers in a part of a machine --------------===//

#include "amos/Driver/ChangePart.h"
#include "amos/Driver/Suggest.h"
#include "mlir/IR/Builders.h"
#include "llvm/Support/GlobPattern.h"

using namespace mlir;
using namespace amos;

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string amos::suggestPart(AcceleratorOp machine, StringRef name) {
  std::vector<std::string> names;
  for (auto part : machine.getOps<SymbolOpInterface>())
    names.push_back("@" + part.getName().str());
  return suggest(("@" + name).str(), names);
}

SmallVector<Operation *> amos::findParts(AcceleratorOp machine,
                                         StringRef glob) {
  SmallVector<Operation *> parts;
  auto pattern = llvm::GlobPattern::create(glob);
  if (!pattern) {
    llvm::consumeError(pattern.takeError());
    return parts;
  }
  for (auto part : machine.getOps<SymbolOpInterface>())
    if (pattern->match(part.getName()))
      parts.push_back(part);
  return parts;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

std::vector<std::string> amos::getFields(Operation *part) {
  std::vector<std::string> fields;
  for (StringAttr name : part->getName().getAttributeNames())
    if (name != SymbolTable::getSymbolAttrName())
      fields.push_back(name.str());
  return fields;
}

/// Whether an argument of this name may have this value.
static bool accepts(Operation *part, StringRef field, Attribute value) {
  NamedAttrList attributes(part->getAttrDictionary());
  attributes.set(field, value);
  auto ignore = [&] {
    // A diagnostic that is dropped before it is given to anybody.
    InFlightDiagnostic diagnostic = part->getContext()->getDiagEngine().emit(
        part->getLoc(), DiagnosticSeverity::Error);
    diagnostic.abandon();
    return diagnostic;
  };
  return succeeded(part->getName().verifyInherentAttrs(attributes, ignore));
}

static Attribute makeFloat(Attribute value) {
  auto number = dyn_cast<IntegerAttr>(value);
  if (!number)
    return {};
  return FloatAttr::get(Float64Type::get(value.getContext()),
                        number.getValue().roundToDouble(/*isSigned=*/true));
}

/// Verifies `part` on its own, as if it stood at `location`.
static LogicalResult verifyAt(Operation *part, Location location) {
  Location own = part->getLoc();
  part->setLoc(location);
  LogicalResult result = part->getName().verifyInvariants(part);
  part->setLoc(own);
  return result;
}

LogicalResult amos::changePart(Operation *part, StringRef field,
                               Attribute value, Location location) {
  std::vector<std::string> fields = getFields(part);
  if (!llvm::is_contained(fields, field))
    return emitError(location)
           << "expects an argument of '" << part->getName() << "', got '"
           << field << "'" << suggest(field, fields);
  if (Attribute number = makeFloat(value);
      number && !accepts(part, field, value))
    value = number;
  if (!accepts(part, field, value)) {
    InFlightDiagnostic diagnostic =
        emitError(location) << "'" << field << "' of '" << part->getName()
                            << "' cannot be '" << value << "'";
    if (Attribute present = part->getAttr(field))
      diagnostic << "; it is '" << present << "'";
    return diagnostic;
  }
  part->setAttr(field, value);
  return verifyAt(part, location);
}
