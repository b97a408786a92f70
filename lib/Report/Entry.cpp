//===- Entry.cpp - The functions a module exports to C --------------------===//

#include "amos/Report/Entry.h"

using namespace mlir;

namespace amos {

StringRef getSourceName(Operation *function) {
  if (auto name = function->getAttrOfType<StringAttr>(variantAttributeName))
    return name;
  return SymbolTable::getSymbolName(function);
}

bool usesThreads(ModuleOp module) {
  return module.lookupSymbol("GOMP_parallel") ||
         module.lookupSymbol("omp_get_max_threads");
}

static std::string findSymbol(Operation *function, StringRef prefix) {
  if (auto symbol = function->getAttrOfType<StringAttr>(entryAttributeName))
    return symbol.str();
  return (prefix + getSourceName(function)).str();
}

/// What is packed for one machine lies where it would for any other.
static void widenPackings(Signature &known, const Signature &other) {
  for (auto [mine, its] : llvm::zip(known.parameters, other.parameters))
    if (mine.packing && its.packing)
      mine.packing->bytes = std::max(mine.packing->bytes, its.packing->bytes);
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
    auto known = llvm::find_if(
        entries, [&](const Entry &entry) { return entry.symbol == symbol; });
    if (known != entries.end()) {
      known->variants.push_back(&function);
      widenPackings(known->signature, *signature);
      continue;
    }
    StringRef name = symbol;
    name.consume_front(prefix);
    entries.push_back(
        {&function, {&function}, name.str(), symbol, std::move(*signature)});
  }
  return entries;
}

} // namespace amos
