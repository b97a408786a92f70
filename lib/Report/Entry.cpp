//===- Entry.cpp - The functions a module exports to C --------------------===//

#include "amos/Report/Entry.h"

using namespace mlir;

namespace amos {

static std::string findSymbol(Operation *function, StringRef prefix) {
  if (auto symbol = function->getAttrOfType<StringAttr>(entryAttributeName))
    return symbol.str();
  return (prefix + SymbolTable::getSymbolName(function).getValue()).str();
}

FailureOr<SmallVector<Entry>> readEntries(ModuleOp module, StringRef prefix) {
  SmallVector<Entry> entries;
  for (Operation &function : module.getOps()) {
    if (!function.hasAttr(Signature::attributeName))
      continue;
    FailureOr<Signature> signature = Signature::get(&function);
    if (failed(signature))
      return failure();
    std::string symbol = findSymbol(&function, prefix);
    StringRef name = symbol;
    name.consume_front(prefix);
    entries.push_back({&function, name.str(), symbol, std::move(*signature)});
  }
  return entries;
}

} // namespace amos
